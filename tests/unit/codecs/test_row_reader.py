from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from partnerleads.codecs import read_row
from partnerleads.errors import Fault
from partnerleads.events import KINDS, LeadCaptured, LeadRouted, LeadWon, fields_of
from partnerleads.model import FrozenMap, Lead, Money
from tests.fuzz.valid_rows import a_row

WON: dict[str, Any] = {
    "type": "lead_won",
    "event_id": "w1",
    "occurred_at": "2026-03-04T09:12:00+01:00",
    "lead_id": "L1",
}
ONBOARDED = {**WON, "type": "partner_onboarded", "partner_id": "p1"}
del ONBOARDED["lead_id"]


def faults_of(row: dict[str, Any], **changes: Any) -> list[str]:
    found = read_row({**row, **changes})
    assert isinstance(found, tuple)
    return [str(fault) for fault in found]


def test_a_row_states_an_event_in_utc_with_its_defaults() -> None:
    event = read_row({**WON, "value": {"amount": "12.5", "currency": "EUR"}})

    expected = LeadWon(
        event_id="w1",
        occurred_at=datetime(2026, 3, 4, 8, 12, tzinfo=UTC),
        lead_id="L1",
        value=Money("12.50", "EUR"),
    )
    assert expected == event
    assert hash(expected) == hash(event)


def test_null_is_absent_and_any_mapping_is_a_row() -> None:
    row = OrderedDict({**WON, "recorded_at": None, "source": None, "sequence": None, "value": None})

    assert read_row(WON) == read_row(row)


def test_a_lead_and_its_maps_are_read() -> None:
    row = {**WON, "type": "lead_captured", "lead": {"region": "DACH", "attributes": {"a": "b"}}}
    event = read_row(row)

    assert isinstance(event, LeadCaptured)
    assert Lead(region="DACH", attributes=FrozenMap({"a": "b"})) == event.lead


def test_integers_become_floats_where_numbers_belong() -> None:
    row = {**WON, "type": "lead_routed", "eligible": ["p1"], "propensities": {"p1": 1}}
    event = read_row(row)

    assert isinstance(event, LeadRouted)
    assert event.propensities is not None
    assert isinstance(event.propensities["p1"], float)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_names_each_field_that_is_missing(kind: str) -> None:
    found = read_row({"type": kind})

    assert isinstance(found, tuple)
    required = [f"$.{spec.name}" for spec in fields_of(KINDS[kind]) if spec.required]
    assert required == [fault.path for fault in found]
    assert {f"is missing; every {kind} states it"} == {fault.reason for fault in found}


def test_every_drawn_row_is_accepted() -> None:
    rng = Random(1)

    assert not [row for row in (a_row(rng) for _ in range(500)) if type(read_row(row)) is tuple]


def test_all_faults_of_a_row_come_together() -> None:
    row = {**WON, "occurred_at": "2026-03-04T09:12:00", "leed_id": 1, "event_id": ""}
    del row["lead_id"]
    found = read_row({**row, "value": {"amount": 12.5, "currency": "eur", "x": 1}})

    assert isinstance(found, tuple)
    assert [
        "$.event_id",
        "$.leed_id",
        "$.lead_id",
        "$.occurred_at",
        "$.value.amount",
        "$.value.currency",
        "$.value.x",
    ] == sorted((fault.path for fault in found), key=lambda path: path.replace("leed", "lea"))


CASES: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    (WON, {"value": 12.5}, "$.value", 'write money as {"amount": "12.5", "currency": "EUR"}'),
    (WON, {"value": "12"}, "$.value", 'is a text; write money as {"amount": "1200.50"'),
    (WON, {"value": {"currency": "EUR"}}, "$.value.amount", "is missing; write money as"),
    (WON, {"value": {"amount": "1", "currency": None}}, "$.value.currency", "is missing"),
    (WON, {"value": {"amount": 12.5, "currency": "EUR"}}, "$.value.amount", 'text: "12.5"'),
    (WON, {"value": {"amount": [], "currency": "EUR"}}, "$.value.amount", "is a list"),
    (WON, {"value": {"amount": True, "currency": "EUR"}}, "$.value.amount", "is true or false"),
    (WON, {"value": {"amount": "1e3", "currency": "EUR"}}, "$.value.amount", "is no amount"),
    (WON, {"value": {"amount": "1_000", "currency": "EUR"}}, "$.value.amount", "is no amount"),
    (WON, {"value": {"amount": "1.505", "currency": "EUR"}}, "$.value.amount", "is finer than"),
    (WON, {"value": {"amount": "1.5", "currency": "JPY"}}, "$.value.amount", "is finer than"),
    (WON, {"value": {"amount": "1", "currency": "EURO"}}, "$.value.currency", "is no ISO 4217"),
    (WON, {"value": {"amount": "1", "currency": 978}}, "$.value.currency", "three capitals"),
    (WON, {"lead_id": 7}, "$.lead_id", 'is a number; write a text in quotes: "7"'),
    (WON, {"lead_id": "\ud800"}, "$.lead_id", "half a surrogate pair"),
    (WON, {"lead_id": "x" * 10_001}, "$.lead_id", "has 10001 characters"),
    (WON, {"partner_id": ""}, "$.partner_id", "is empty"),
    (WON, {"source": ["crm"]}, "$.source", "is a list; write a text in quotes"),
    (WON, {"source": {"a": 1}}, "$.source", "is an object"),
    (WON, {"source": True}, "$.source", "true is true or false"),
    (WON, {"sequence": 3.0}, "$.sequence", "3.0 is not whole; write an integer"),
    (WON, {"sequence": "3"}, "$.sequence", "'3' is a text; write an integer"),
    (WON, {"sequence": True}, "$.sequence", "true is true or false; write an integer"),
    (WON, {"sequence": 2**63}, "$.sequence", "does not fit into 64 bits"),
    (WON, {"sequence": 10**5000}, "$.sequence", "thousands of digits"),
    (WON, {"precision": "hour"}, "$.precision", "is none of 'instant', 'day'"),
    (WON, {"precision": 1}, "$.precision", "is none of"),
    (WON, {"occurred_at": 3}, "$.occurred_at", "is a number; write an instant like"),
    (WON, {"occurred_at": "2026-03-04"}, "$.occurred_at", "is only a date"),
    (WON, {"occurred_at": "2026-03-04T09:12:00"}, "$.occurred_at", "is a naive instant; add an"),
    (WON, {"occurred_at": "2026-02-30T09:12:00Z"}, "$.occurred_at", "is no instant of the years"),
    (WON, {"occurred_at": "2026-03-04T09:12:00.1234567Z"}, "$.occurred_at", "microsecond"),
    (WON, {"occurred_at": "yesterday"}, "$.occurred_at", "is no instant; write one like"),
    (WON, {"type": "lead_captured", "lead": 3}, "$.lead", 'write the lead as {"region": "DACH"}'),
    (WON, {"type": "lead_updated", "lead": {"regoin": "x"}}, "$.lead.regoin", "mean 'region'?"),
    (WON, {"type": "lead_captured", "lead": {"company_size": "5"}}, "$.lead.company_size", "text"),
    (WON, {"type": "lead_responded", "qualified": 1}, "$.qualified", "write true or false"),
    (WON, {"type": "lead_progressed", "probability": True}, "$.probability", "write a number"),
    (WON, {"type": "lead_progressed", "probability": float("nan")}, "$.probability", "not finite"),
    (WON, {"type": "lead_progressed", "probability": 1e300}, "$.probability", "beyond 2^53"),
    (WON, {"type": "lead_progressed", "probability": 10**400}, "$.probability", "beyond 2^53"),
    (WON, {"type": "lead_progressed", "probability": "0.5"}, "$.probability", "is a text"),
    (WON, {"type": "lead_progressed", "probability": 1.5}, "$.probability", "must lie between"),
    (WON, {"type": "lead_qualified", "criteria": "need"}, "$.criteria", "write a list"),
    (WON, {"type": "lead_qualified", "criteria": [None]}, "$.criteria[0]", "null is null"),
    (WON, {"type": "lead_qualified", "criteria": ["a"] * 100_001}, "$.criteria", "at most 100000"),
    (WON, {"type": "lead_routed", "eligible": ["p", ""]}, "$.eligible[1]", "is empty"),
    (WON, {"type": "lead_routed", "eligible": [], "chosen": "p"}, "$.chosen", "not among"),
    (ONBOARDED, {"attributes": []}, "$.attributes", "is a list; write an object"),
    (ONBOARDED, {"attributes": {"a b": 3}}, '$.attributes["a b"]', "is a number"),
    (ONBOARDED, {"attributes": {"x" * 200: 3}}, '$.attributes["' + "x" * 97 + '..."]', "number"),
    (ONBOARDED, {"attributes": {5: "x"}}, '$.attributes["5"]', "is a number"),
    (
        ONBOARDED,
        {"attributes": dict.fromkeys(map(str, range(100_001)), "")},
        "$.attributes",
        "100001 items",
    ),
    (ONBOARDED, {"time_zone": "Nowhere/Land"}, "$.time_zone", "is no IANA time zone"),
    (ONBOARDED, {"working_hours": {"mon": "9"}}, "$.working_hours", "write days and hours"),
    (ONBOARDED, {"working_hours": {"mon": "9:00+01:00"}}, "$.working_hours", "write days and"),
    (
        ONBOARDED,
        {"working_hours": {"mon": "09:00+01:00-17:00"}},
        "$.working_hours",
        "write days and hours",
    ),
    (WON, {"colour": "red"}, "$.colour", "is an unknown field; leave it out"),
    (WON, {"valeu": None}, "$.valeu", "did you mean 'value'?"),
    (WON, {"x" * 61: 1}, "$." + "x" * 61, "is an unknown field; leave it out"),
    (
        WON,
        {"type": "lead_wun"},
        "$.type",
        "'lead_wun' is an unknown kind; did you mean 'lead_won'?",
    ),
    (WON, {"type": 3}, "$.type", "3 is no text"),
    (WON, {"type": None}, "$.type", "is missing; it names the kind"),
]


@pytest.mark.parametrize(("row", "changes", "path", "words"), CASES)
def test_a_fault_has_its_path_and_says_the_fix(
    row: dict[str, Any], changes: dict[str, Any], path: str, words: str
) -> None:
    found = faults_of(row, **changes)

    assert 1 == len(found)
    assert found[0].startswith(f"{path} ")
    assert words in found[0]


def test_a_row_of_no_kind_still_tells_the_faults_of_the_common_fields() -> None:
    found = read_row({"occurred_at": 3, "source": 1, "whatever": 2})

    assert isinstance(found, tuple)
    assert ["$.type", "$.occurred_at", "$.source", "$.event_id"] == [f.path for f in found]


def test_an_unknown_kind_is_told_the_nearest_one_or_where_all_stand() -> None:
    (near,), (far,) = (faults_of(WON, type=kind) for kind in ("lead_capturd", "zebra"))

    assert near.endswith("'lead_capturd' is an unknown kind; did you mean 'lead_captured'?")
    assert far.endswith("'zebra' is an unknown kind; all kinds stand in partnerleads.events.KINDS")


def test_only_the_first_unknown_fields_are_searched_for_a_likely_spelling() -> None:
    found = read_row({**WON, **{f"lead_i{number:02}": 1 for number in range(12)}})

    assert isinstance(found, tuple)
    assert [True] * 10 + [False] * 2 == ["did you mean" in fault.reason for fault in found]


def test_unknown_fields_can_be_counted_instead() -> None:
    ignored: dict[str, int] = {}
    row = {**WON, "type": "lead_captured", "colour": 1, "lead": {"colour": 2}}

    assert not isinstance(read_row(row, ignored=ignored), tuple)
    assert not isinstance(read_row({**WON, "colour": None}, ignored=ignored), tuple)
    assert {"colour": 2, "lead.colour": 1} == ignored


def test_a_refused_row_counts_no_ignored_fields() -> None:
    ignored: dict[str, int] = {}

    found = read_row({**WON, "colour": 1, "event_id": 3}, ignored=ignored)
    assert isinstance(found, tuple)
    assert ["$.event_id"] == [fault.path for fault in found]
    assert {} == ignored


def test_long_values_are_shown_shortened() -> None:
    found = read_row({**WON, "sequence": "x" * 1000})

    assert isinstance(found, tuple)
    assert Fault("$.sequence", found[0].value, found[0].reason) == found[0]
    assert 60 == len(found[0].value)
