"""A zero has no sign, so that equal events have equal texts."""

from __future__ import annotations

import json

import pytest

from partnerleads.codecs import read_jsonl
from partnerleads.events import LeadProgressed, LeadWon, canonical_content

ROW = {"event_id": "e1", "lead_id": "L1", "occurred_at": "2026-01-01T00:00:00+00:00"}


@pytest.mark.parametrize("parser", ["json", "msgspec"])
def test_money_of_minus_zero_is_zero(parser: str) -> None:
    row = {**ROW, "type": "lead_won", "value": {"amount": "-0.00", "currency": "EUR"}}
    (event,) = read_jsonl([json.dumps(row)], parser=parser).events  # type: ignore[arg-type]

    assert isinstance(event, LeadWon)
    assert '"amount":"0.00"' in canonical_content(event)


@pytest.mark.parametrize("parser", ["json", "msgspec"])
def test_a_chance_of_minus_zero_is_zero(parser: str) -> None:
    row = {**ROW, "type": "lead_progressed", "probability": -0.0}
    (event,) = read_jsonl([json.dumps(row)], parser=parser).events  # type: ignore[arg-type]

    assert isinstance(event, LeadProgressed)
    assert '"probability":0.0' in canonical_content(event)
