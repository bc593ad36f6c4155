"""What offers and registrations say themselves when a measure ranges over them."""

from __future__ import annotations

from typing import Any

import pytest

from partnerleads import fold, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.kpis import CountOf, EndsOf, Has, Is, define
from partnerleads.kpis.measuring.members import Members
from partnerleads.kpis.measuring.units import OWN, OfferedLead
from partnerleads.testing import at, history

NOW = at("2026-06-01")
OFFERS = fold(
    history("""
        2026-01-02 L1 captured region=DACH
        2026-01-03 L1 offered  by acme agent=ann id=o1
        2026-01-04 L1 declined by acme agent=ann reason=busy id=a1
        2026-01-05 L1 offered  by bolt id=o2
        2026-01-06 L1 accepted by bolt agent=bob id=a2
        2026-01-02 L2 captured
        2026-01-03 L2 offered  by acme id=o3
        2026-01-04 L2 expired  by acme id=a3
        2026-01-05 L2 offered  by bolt id=o4
        2026-01-06 L2 offer_withdrawn by bolt
        2026-01-07 L2 offered  by cora id=o5
        2026-01-08 L2 offer_withdrawn by cora
        2026-01-09 L2 accepted by cora id=a5
        2026-01-10 L2 offered  by acme id=o6
        2026-01-03 L3 offered  by acme
    """),
    as_of=NOW,
)
CLAIMS = fold(
    history("""
        2026-01-02 L1 registered by acme id=r1
        2026-01-03 L1 approved   by acme reason=first id=d1
        2026-01-04 L1 captured region=DACH
        2026-01-05 L1 registered by bolt id=r2
        2026-01-06 L1 rejected   by bolt reason=taken id=d2
        2026-01-02 L2 registered by acme id=r3
        2026-01-03 L2 registration_withdrawn by acme reason=typo id=d3
        2026-01-02 L3 captured
        2026-01-04 L2 registered by acme id=r4
        2026-01-05 L2 progressed
    """),
    as_of=NOW,
)


def ids(members: Members, name: str) -> list[str | None]:
    return [None if event is None else event.event_id for event in members.column(name)]


def test_offers_of_captured_leads_with_their_answers() -> None:
    offers = Members("offers", OFFERS)

    assert ["o1", "o2", "o3", "o4", "o5", "o6"] == ids(offers, "offered")
    assert ["a1", "a2", "a3", None, "a5", None] == ids(offers, "answered")
    assert [None, "a2", None, None, "a5", None] == ids(offers, "accepted")
    assert ["a1", None, None, None, None, None] == ids(offers, "declined")
    assert [None, None, "a3", None, None, None] == ids(offers, "expired")
    assert ["a1", "a2", None, None, "a5", None] == ids(offers, "replied")


def test_offers_that_were_withdrawn_without_an_answer_are_taken_back() -> None:
    offers = Members("offers", OFFERS)

    assert [False, False, False, True, False, False] == offers.column("taken_back")


def test_an_offer_says_who_was_asked_and_why_it_was_answered_so() -> None:
    offers = Members("offers", OFFERS)

    assert ["ann", None, None, None, None, None] == offers.column("agent")
    assert ["busy", None, None, None, None, None] == offers.column("reason")
    assert ["DACH", "DACH", None, None, None, None] == offers.column("region")


def test_registrations_of_all_leads_with_their_decisions() -> None:
    claims = Members("registrations", CLAIMS)

    assert ["r1", "r2", "r3", "r4"] == ids(claims, "registered")
    assert ["d1", "d2", None, None] == ids(claims, "decided")
    assert ["d1", None, None, None] == ids(claims, "approved")
    assert [None, "d2", None, None] == ids(claims, "rejected")
    assert [None, "d2", "d3", None] == ids(claims, "ended")
    assert [False, True, False, False] == claims.column("conflicted")
    assert ["first", "taken", None, None] == claims.column("reason")


@pytest.mark.parametrize("key", [*kpis.KEYS, "attributes.colour", "latest.region"])
def test_a_claim_on_a_lead_that_was_never_captured_has_every_key(key: str) -> None:
    submitted = define(
        "own", CountOf(), counted="claims", anchor="registered", over="registrations"
    )
    by_key = submitted(CLAIMS, by=key).segments

    assert 4 == sum(one.value for one in by_key.values())  # type: ignore[attr-defined]


def test_facts_of_a_lead_that_was_never_captured_are_not_stated() -> None:
    claims = Members("registrations", CLAIMS)

    assert ["DACH", "DACH", None, None] == claims.column("region")
    assert [None] * 4 == claims.column("attributes.colour")
    assert ["sourced", "sourced", "sourced", "sourced"] == claims.column("attribution")


def test_what_is_a_claim_is_for_the_policy_to_say() -> None:
    events = history("""
        2026-01-02 L1 captured by acme
        2026-01-03 L1 registered by bolt
    """)
    policy = AttributionPolicy(claims="registration")

    assert [True] == Members("registrations", fold(events, as_of=NOW)).column("conflicted")
    strict = fold(events, as_of=NOW, policy=policy)
    assert [False] == Members("registrations", strict).column("conflicted")


def test_a_claim_is_of_the_one_who_claims() -> None:
    rate = kpis.registration_approval_rate(CLAIMS, by="holder")

    assert {"acme": (1, 1), "bolt": (0, 1)} == {
        partner: (one.hits, one.of) for partner, one in rate.segments.items()
    }


@pytest.mark.parametrize("over", ["offers", "registrations"])
def test_a_measure_of_ones_own_reads_what_its_members_say(over: Any) -> None:
    for column in OWN[over]:
        there = define("own", CountOf(), counted="members", of=Has(column), over=over)
        lives = OFFERS if over == "offers" else CLAIMS
        said = [one is not None for one in Members(over, lives).column(column)]

        assert sum(said) == there(lives).value  # type: ignore[attr-defined]


def test_only_offers_say_what_offers_say() -> None:
    of_leads = define("own", CountOf(), counted="leads", of=Has("answered"))
    of_offers = define("own", CountOf(), counted="offers", of=Has("answerd"), over="offers")

    with pytest.raises(OptionError, match="column='answered'"):
        of_leads(OFFERS)
    with pytest.raises(OptionError, match="did you mean 'answered'"):
        of_offers(OFFERS)


def test_ends_of_offers() -> None:
    ended = define(
        "own",
        EndsOf("offered", "accepted", "answered"),
        counted="offers",
        anchor="offered",
        of=Is("taken_back", value=False),
        over="offers",
    )
    rate = ended(OFFERS)

    assert (2, 5) == (rate.hits, rate.of)  # type: ignore[attr-defined]


def test_members_of_no_lead_are_none() -> None:
    nobody = fold((), as_of=NOW)

    assert [0] * len(OWN) == [len(Members(over, nobody)) for over in OWN]


def test_an_offer_is_shown_by_its_lead_and_offer() -> None:
    offer = OFFERS["L1"].offers[0]

    assert OfferedLead(OFFERS["L1"], offer) == Members("offers", OFFERS).units[0]
