from __future__ import annotations

from random import Random
from typing import Any

import jsonschema
import pytest

from partnerleads.codecs import event_json_schema, read_row
from partnerleads.events import KINDS, fields_of, to_row
from tests.fuzz.valid_rows import a_row

VALIDATOR = jsonschema.Draft202012Validator(event_json_schema())
WON: dict[str, Any] = {
    "type": "lead_won",
    "event_id": "w1",
    "occurred_at": "2026-03-04T09:12:00Z",
    "lead_id": "L1",
}


def test_the_schema_is_a_schema_with_a_version() -> None:
    jsonschema.Draft202012Validator.check_schema(event_json_schema())

    assert ("urn:partnerleads:event:1", 1) == (VALIDATOR.schema["$id"], VALIDATOR.schema["version"])


def test_every_kind_and_field_is_described() -> None:
    schema = event_json_schema()

    assert [{"$ref": f"#/$defs/{name}"} for name in KINDS] == schema["oneOf"]
    for name, kind in KINDS.items():
        names = {"type", *(spec.name for spec in fields_of(kind))}
        assert names == set(schema["$defs"][name]["properties"])
        assert schema["$defs"][name]["description"]


def test_each_call_gives_a_schema_of_its_own() -> None:
    event_json_schema()["$defs"].clear()

    assert event_json_schema()["$defs"]


def test_rows_that_are_read_fit_the_schema() -> None:
    rng = Random(2)
    for _ in range(150):
        row = a_row(rng)
        found = read_row(row)

        assert not isinstance(found, tuple)
        assert VALIDATOR.is_valid(row), row
        assert VALIDATOR.is_valid(to_row(found)), found


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "lead_wun"},
        {"event_id": ""},
        {"event_id": None},
        {"lead_id": 7},
        {"colour": 1},
        {"occurred_at": "2026-03-04"},
        {"occurred_at": "2026-03-04T09:12:00"},
        {"sequence": 3.5},
        {"sequence": True},
        {"sequence": 2**63},
        {"precision": "hour"},
        {"value": 12.5},
        {"value": {"amount": 12.5, "currency": "EUR"}},
        {"value": {"amount": "1e3", "currency": "EUR"}},
        {"value": {"amount": "1", "currency": "eur"}},
        {"value": {"amount": "1", "currency": "EUR", "x": 1}},
        {"source": "x" * 10_001},
        {"type": "lead_captured", "lead": {"colour": 1}},
        {"type": "lead_captured", "lead": {"attributes": {"a": 1}}},
        {"type": "lead_progressed", "probability": "0.5"},
        {"type": "lead_progressed", "probability": 2**53},
        {"type": "lead_routed", "eligible": [""]},
    ],
)
def test_what_the_schema_refuses_is_not_read(changes: dict[str, Any]) -> None:
    row = {**WON, **changes}

    assert not VALIDATOR.is_valid(row)
    assert isinstance(read_row(row), tuple)


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred_at": "2026-02-30T09:12:00Z"},
        {"occurred_at": "9999-12-31T23:59:59-01:00"},
        {"occurred_at": "2026-03-04T09:12:00Z\n"},
        {"value": {"amount": "12.505", "currency": "EUR"}},
        {"sequence": 3.0},
        {"source": "\ud800"},
        {"type": "lead_progressed", "probability": 1.5},
    ],
)
def test_the_exceptions_that_no_schema_can_say(changes: dict[str, Any]) -> None:
    row = {**WON, **changes}

    assert VALIDATOR.is_valid(row)
    assert isinstance(read_row(row), tuple)
