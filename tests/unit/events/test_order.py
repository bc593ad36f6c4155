"""The one order of events."""

from __future__ import annotations

from itertools import permutations

from partnerleads.events import FIRST_LEAD_RANK, KINDS, LeadFact, order_key
from partnerleads.testing import history

NATURAL_ORDER = [
    "partner_onboarded",
    "partner_updated",
    "partner_terminated",
    "training_completed",
    "certification_earned",
    "certification_revoked",
    "campaign_joined",
    "co_sell_held",
    "business_plan_filed",
    "customer_rated",
    "cost_incurred",
    "event_retracted",
    "lead_captured",
    "lead_updated",
    "deal_registered",
    "registration_approved",
    "registration_rejected",
    "registration_withdrawn",
    "contact_made",
    "partner_influenced",
    "lead_activity",
    "lead_routed",
    "lead_offered",
    "lead_declined",
    "offer_expired",
    "offer_withdrawn",
    "lead_accepted",
    "lead_returned",
    "lead_assigned",
    "lead_responded",
    "lead_qualified",
    "lead_progressed",
    "lead_reopened",
    "lead_disqualified",
    "lead_lost",
    "lead_won",
    "deal_refunded",
]


def ids_in_order(text: str) -> list[str]:
    return [event.event_id for event in sorted(history(text), key=order_key)]


def test_the_kinds_stand_in_their_natural_order() -> None:
    assert list(KINDS) == NATURAL_ORDER
    assert list(range(len(NATURAL_ORDER))) == [KINDS[name].rank for name in NATURAL_ORDER]


def test_every_kind_has_the_name_of_its_class_in_snake_case() -> None:
    assert KINDS["co_sell_held"].__name__ == "CoSellHeld"
    assert all(kind.type == name for name, kind in KINDS.items())


def test_the_events_of_leads_are_the_kinds_from_one_rank_on() -> None:
    expected = [name for name, kind in KINDS.items() if issubclass(kind, LeadFact)]

    assert expected == [name for name, kind in KINDS.items() if kind.rank >= FIRST_LEAD_RANK]


def test_time_comes_first() -> None:
    text = """
        2026-01-02 L1 captured id=b seq=9
        2026-01-01 L1 won      id=a seq=10
    """

    assert ids_in_order(text) == ["a", "b"]


def test_the_sequence_of_the_source_comes_before_the_natural_order() -> None:
    text = """
        2026-01-01 L1 captured id=c seq=3
        2026-01-01 L1 won      id=b seq=2
        2026-01-01 L1 lost     id=a
    """

    assert ids_in_order(text) == ["a", "b", "c"]


def test_the_natural_order_comes_before_the_identity() -> None:
    text = """
        2026-01-01 L1 won      id=a source=a
        2026-01-01 L1 captured id=b source=b
    """

    assert ids_in_order(text) == ["b", "a"]


def test_the_source_comes_before_the_event_id() -> None:
    text = """
        2026-01-01 L1 won id=a source=x
        2026-01-01 L1 won id=c source=w
        2026-01-01 L1 won id=b source=w
    """

    assert ids_in_order(text) == ["b", "c", "a"]


def test_the_order_of_a_day_is_the_order_of_work() -> None:
    day = history("""
        2026-01-01 L1 reopened
        2026-01-01 L1 won
        2026-01-01 L1 returned by acme
        2026-01-01 L1 accepted by acme
        2026-01-01 L1 captured
        2026-01-01 L1 offered to acme
    """)
    expected = ["captured", "offered", "accepted", "returned", "reopened", "won"]

    for shuffled in list(permutations(day))[::97]:
        kinds = [e.type.removeprefix("lead_") for e in sorted(shuffled, key=order_key)]
        assert expected == kinds


def test_instants_of_different_zones_compare_as_instants() -> None:
    text = """
        2026-01-01 09:00+02:00 L1 won id=a
        2026-01-01 08:00+00:00 L1 won id=b
    """

    assert ids_in_order(text) == ["a", "b"]
