"""An event as a row, and its canonical text."""

from __future__ import annotations

import json

import pytest

from partnerleads.events import KINDS, canonical_content, fields_of, to_row
from partnerleads.model import Lead
from partnerleads.testing import history


def test_a_row_states_what_is_not_the_default() -> None:
    event = history("2026-01-02 L1 captured by acme 10 EUR region=DACH attributes.colour=red")[0]

    assert to_row(event) == {
        "type": "lead_captured",
        "event_id": "e1",
        "occurred_at": "2026-01-02T00:00:00+00:00",
        "lead_id": "L1",
        "lead": {"region": "DACH", "attributes": {"colour": "red"}},
        "originator": "acme",
        "expected_value": {"amount": "10.00", "currency": "EUR"},
    }


def test_a_row_states_the_recording_where_it_differs() -> None:
    late = history("2026-01-02 L1 won recorded=2026-01-05")[0]

    assert to_row(late)["recorded_at"] == "2026-01-05T00:00:00+00:00"


def test_lists_and_truth_are_plain_json() -> None:
    routed, responded = history("""
        2026-01-02 L1 routed eligible=acme,beta chosen=acme
        2026-01-02 L1 responded automatic=yes
    """)

    assert to_row(routed)["eligible"] == ["acme", "beta"]
    assert to_row(responded)["automatic"] is True


def test_the_canonical_text_leaves_the_recording_out_and_sorts_names() -> None:
    early, late = history("""
        2026-01-02 L1 won 10 EUR id=w
        2026-01-02 L1 won 10 EUR id=w recorded=2026-01-05
    """)

    assert canonical_content(early) == canonical_content(late)
    assert canonical_content(early) == (
        '{"event_id":"w","lead_id":"L1","occurred_at":"2026-01-02T00:00:00+00:00",'
        '"type":"lead_won","value":{"amount":"10.00","currency":"EUR"}}'
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_fields_names_every_field_once(kind: str) -> None:
    names = [spec.name for spec in fields_of(KINDS[kind])]

    assert names[:2] == ["event_id", "occurred_at"]
    assert len(set(names)) == len(names)


def test_choices_defaults_and_types_are_read_off_the_classes() -> None:
    by, precision, sequence, lead = (
        next(spec for spec in fields_of(KINDS[kind]) if spec.name == name)
        for kind, name in (
            ("contact_made", "by"),
            ("lead_won", "precision"),
            ("lead_won", "sequence"),
            ("lead_captured", "lead"),
        )
    )

    assert by.choices == ("own_team", "partner")
    assert (precision.value, precision.default) == ("choice", "instant")
    assert (sequence.value, sequence.default, sequence.required) == ("integer", 0, False)
    assert (lead.value, lead.default) == ("lead", Lead())
    assert json.loads(canonical_content(history("2026-01-02 L1 won")[0]))["type"] == "lead_won"
