"""The events that a fold kept, and whom they name."""

from __future__ import annotations

from partnerleads import fold
from partnerleads.lifecycle.settled_events import partners_named, settled_events, unnamed_partner
from partnerleads.testing import at, history

LOG = history("""
    2026-01-01 acme onboarded
    2026-01-02 L1 captured by beta
    2026-01-03 L1 offered agent=ann
    2026-01-03 L1 routed eligible=idle chosen=idle
    2026-01-04 L2 accepted by gamma id=never-captured
    2026-01-05 delta cost marketing 10 EUR
    2026-01-05 - cost software 10 EUR
    2026-01-06 L1 won 10 EUR by wrong id=w
    2026-01-06 L1 won 10 EUR by right id=w recorded=2026-01-07
    2026-01-06 L1 lost by undone id=x
    2026-01-08 x retracted
    2026-03-01 L1 refunded 10 EUR
    2026-03-01 late onboarded
""")

LIVES = fold(LOG, as_of=at("2026-02-01"))


def test_settled_events_are_the_versions_that_stand_of_leads_partners_and_costs() -> None:
    ids = {"e1", "e2", "e3", "e4", "never-captured", "e6", "e7", "w"}
    standing = [one for one in LOG if one.event_id in ids and one != LOG[7]]

    assert standing == sorted(settled_events(LIVES), key=LOG.index)


def test_settled_events_tell_every_earlier_moment() -> None:
    for day in ("2026-01-01", "2026-01-03", "2026-01-06", "2026-02-01"):
        assert fold(LOG, as_of=at(day)) == fold(settled_events(LIVES), as_of=at(day))


def test_partners_are_named_by_settled_events_alone() -> None:
    assert frozenset({"acme", "beta", "gamma", "delta", "right"}) == partners_named(LIVES)


def test_who_is_named_by_no_event_is_told_the_likeliest_by_id_or_name() -> None:
    events = history("2026-01-02 P-1 onboarded name=Nordwind")
    lives = fold(events, as_of=at("2026-02-01"))

    for asked, hint in (("P1", "; did you mean 'P-1'?"), ("Nordwind", "; did you mean 'P-1'?")):
        assert str(unnamed_partner(asked, lives)).endswith(f"by no event by then{hint}")
    assert str(unnamed_partner("zz", lives)).endswith("by no event by then")
