"""Whom events of every kind name."""

from __future__ import annotations

import pytest

from partnerleads.events import KINDS, Event, fields_of
from partnerleads.events.naming import partner_named, recipients_named, speaks_for
from partnerleads.testing import history

NAMED = [
    # a partner's own events
    ("acme onboarded parent=holding", "acme", "acme"),
    ("acme partner_updated parent=holding", "acme", "acme"),
    ("acme terminated", "acme", "acme"),
    ("acme training basics", "acme", "acme"),
    ("acme certified gold", "acme", "acme"),
    ("acme certification_revoked gold", "acme", "acme"),
    ("acme campaign spring", "acme", "acme"),
    ("acme co_sell fair", "acme", "acme"),
    ("acme business_plan growth", "acme", "acme"),
    ("acme rated score=4 scale_min=1 scale_max=5 lead=L1", "acme", "acme"),
    # bookkeeping
    ("acme cost marketing 10 EUR", "acme", "acme"),
    ("- cost marketing 10 EUR", None, ""),
    ("e1 retracted", None, ""),
    # who brought or claims a lead
    ("L1 captured by acme", "acme", ""),
    ("L1 captured", None, ""),
    ("L1 lead_updated region=DACH", None, ""),
    ("L1 registered by acme", "acme", "acme"),
    ("L1 approved by acme", "acme", "acme"),
    ("L1 rejected by acme", "acme", "acme"),
    ("L1 registration_withdrawn by acme", "acme", "acme"),
    # who spoke or helped
    ("L1 contact by acme agent=ann", "acme", "acme ann"),
    ("L1 contact by own_team agent=ann", None, "ann"),
    ("L1 contact by own_team partner=acme", "acme", "acme"),
    ("L1 influenced by acme demo", "acme", "acme"),
    ("L1 activity visit", None, ""),
    # a choice names nobody yet
    ("L1 routed eligible=acme,beta chosen=acme propensities.acme=1", None, ""),
    ("L1 routed eligible=acme", None, ""),
    # offers, answers, assignments
    ("L1 offered to acme", "acme", "acme"),
    ("L1 offered agent=ann", None, "ann"),
    ("L1 offered to acme agent=ann", "acme", "acme ann"),
    ("L1 declined by acme agent=ann", "acme", "acme ann"),
    ("L1 declined offer=o1", None, ""),
    ("L1 expired by acme agent=ann", "acme", "acme ann"),
    ("L1 expired offer=o1", None, ""),
    ("L1 offer_withdrawn by acme agent=ann", "acme", "acme ann"),
    ("L1 offer_withdrawn offer=o1", None, ""),
    ("L1 accepted by acme agent=ann", "acme", "acme ann"),
    ("L1 accepted", None, ""),
    ("L1 returned by acme agent=ann", "acme", "acme ann"),
    ("L1 returned agent=ann", None, "ann"),
    ("L1 returned", None, ""),
    ("L1 assigned to acme agent=ann", "acme", "acme ann"),
    ("L1 assigned agent=ann", None, "ann"),
    # work and close
    ("L1 responded by acme agent=ann", "acme", "acme ann"),
    ("L1 responded", None, ""),
    ("L1 progressed demo by acme agent=ann", "acme", "acme ann"),
    ("L1 progressed demo", None, ""),
    ("L1 qualified", None, ""),
    ("L1 disqualified", None, ""),
    ("L1 reopened", None, ""),
    ("L1 lost by acme agent=ann", "acme", "acme ann"),
    ("L1 lost", None, ""),
    ("L1 won 10 EUR by acme agent=ann", "acme", "acme ann"),
    ("L1 won 10 EUR agent=ann", None, "ann"),
    ("L1 won", None, ""),
    ("L1 refunded 10 EUR", None, ""),
]


def event(words: str) -> Event:
    return history(f"2026-01-01 {words}")[0]


@pytest.mark.parametrize(("words", "partner", "_recipients"), NAMED)
def test_an_event_names_the_partner_in_its_role(
    words: str, partner: str | None, _recipients: str
) -> None:
    assert partner == partner_named(event(words))


@pytest.mark.parametrize(("words", "partner", "_recipients"), NAMED)
def test_an_event_speaks_for_the_partner_it_names_but_a_contact_of_the_own_team(
    words: str, partner: str | None, _recipients: str
) -> None:
    expected = None if words == "L1 contact by own_team partner=acme" else partner

    assert expected == speaks_for(event(words))


@pytest.mark.parametrize(("words", "_partner", "recipients"), NAMED)
def test_its_recipients_are_its_partner_and_its_person(
    words: str, _partner: str | None, recipients: str
) -> None:
    assert frozenset(recipients.split()) == recipients_named(event(words))


def test_every_kind_is_asked_with_and_without_what_it_may_leave_out() -> None:
    asked = [event(words) for words, _, _ in NAMED]
    naming = {"partner_id", "originator", "agent_id"}
    optional = {
        (kind, spec.name)
        for kind, cls in KINDS.items()
        for spec in fields_of(cls)
        if spec.name in naming and not spec.required
    }
    stated = {(one.type, name) for one in asked for name in naming if getattr(one, name, None)}
    left_out = {
        (one.type, name) for one in asked for name in naming if getattr(one, name, "") is None
    }

    assert set(KINDS) == {one.type for one in asked}
    assert optional == left_out
    assert optional <= stated


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_names_two_partners(kind: str) -> None:
    names = {spec.name for spec in fields_of(KINDS[kind])}

    assert not names.issuperset({"partner_id", "originator"})


def test_no_event_has_no_recipients() -> None:
    assert frozenset() == recipients_named(None)
