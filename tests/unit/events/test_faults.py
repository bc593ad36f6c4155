"""What no type can say: each rule of a kind refuses, with the path and what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from partnerleads.errors import Fault, InvalidEventError, NaiveInstantError
from partnerleads.events import KINDS, CustomerRated, LeadCaptured, LeadOffered, LeadRouted, LeadWon

NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 - to be refused
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def faults(kind: str, **fields: Any) -> list[str]:
    with pytest.raises(InvalidEventError) as caught:
        KINDS[kind](event_id="e", occurred_at=NOON, **fields)
    assert caught.value.kind == kind
    assert all(isinstance(fault, Fault) for fault in caught.value.faults)
    return [f"{fault.path} {fault.value} {fault.reason}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (
            "contact_made",
            {"lead_id": "L1", "by": "partner"},
            ["$.partner_id  is needed when by is 'partner'"],
        ),
        (
            "lead_activity",
            {"lead_id": "L1", "activity": "visit", "count": 0},
            ["$.count 0 must lie between 1 and 1000000000"],
        ),
        (
            "lead_offered",
            {"lead_id": "L1"},
            ["$  names neither partner_id nor agent_id; one of them is needed"],
        ),
        (
            "lead_progressed",
            {"lead_id": "L1", "probability": 1.5},
            ["$.probability 1.5 must lie between 0.0 and 1.0"],
        ),
        (
            "lead_progressed",
            {"lead_id": "L1", "probability": float("nan")},
            ["$.probability nan must lie between 0.0 and 1.0"],
        ),
        (
            "lead_routed",
            {"lead_id": "L1", "eligible": ("acme",), "chosen": "beta", "propensities": {"a": -1}},
            [
                "$.chosen 'beta' is not among the eligible",
                "$.propensities.a -1.0 must lie between 0.0 and 1.0",
            ],
        ),
    ],
)
def test_a_fault_is_refused_when_the_event_is_made(
    kind: str, fields: dict[str, Any], expected: list[str]
) -> None:
    assert expected == faults(kind, **fields)


@pytest.mark.parametrize("kind", ["partner_onboarded", "partner_updated"])
def test_capacity_and_weight_are_not_negative(kind: str) -> None:
    told = faults(kind, partner_id="acme", capacity=-1, weight=-0.5)

    assert ["$.capacity", "$.weight"] == [text.split()[0] for text in told]


def test_a_time_zone_and_working_hours_can_be_read() -> None:
    told = faults(
        "partner_onboarded",
        partner_id="acme",
        time_zone="Nowhere/Land",
        working_hours={"someday": "9-5"},
    )

    assert ["$.time_zone", "$.working_hours"] == [text.split()[0] for text in told]


@pytest.mark.parametrize(
    ("score", "low", "high"), [(0.0, 1.0, 5.0), (6.0, 1.0, 5.0), (3.0, 5.0, 1.0), (1.0, 1.0, 1.0)]
)
def test_a_rating_lies_on_a_scale_that_has_a_length(score: float, low: float, high: float) -> None:
    told = faults("customer_rated", partner_id="acme", score=score, scale_min=low, scale_max=high)

    assert told


def test_what_obeys_the_rules_is_accepted() -> None:
    routed = LeadRouted(
        event_id="e", occurred_at=NOON, lead_id="L1", eligible=["acme", "beta"], chosen="acme"
    )
    rated = CustomerRated(
        event_id="e", occurred_at=NOON, partner_id="acme", score=5, scale_min=1, scale_max=5
    )

    assert routed.eligible == ("acme", "beta")
    assert list(routed.faults()) == []
    assert list(rated.faults()) == []
    assert LeadOffered(event_id="e", occurred_at=NOON, lead_id="L1", agent_id="ann").agent_id
    assert list(LeadWon(event_id="e", occurred_at=NOON, lead_id="L1").faults()) == []


@pytest.mark.parametrize("name", ["occurred_at", "recorded_at"])
def test_a_naive_instant_is_refused_with_the_fix(name: str) -> None:
    fields = {"occurred_at": NOON, name: NAIVE}

    with pytest.raises(NaiveInstantError, match=rf"{name}: .*'2026-01-01T00:00:00\+00:00'"):
        LeadWon(event_id="e", lead_id="L1", **fields)


def test_a_naive_instant_is_refused_in_an_optional_field_too() -> None:
    with pytest.raises(NaiveInstantError):
        LeadCaptured(event_id="e", lead_id="L1", occurred_at=NOON, expected_close_at=NAIVE)


def test_instants_are_kept_in_utc() -> None:
    local = NOON.astimezone(timezone(timedelta(hours=9)))
    won = LeadWon(event_id="e", lead_id="L1", occurred_at=local)

    assert won.occurred_at.tzinfo is UTC
    assert won.recorded_at == NOON


def test_an_event_cannot_be_changed() -> None:
    won = LeadWon(event_id="e", lead_id="L1", occurred_at=NOON)

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        won.lead_id = "L2"  # type: ignore[misc]
