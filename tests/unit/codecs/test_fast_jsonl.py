from __future__ import annotations

import json
from typing import Any

import pytest

from partnerleads.codecs import read_line
from partnerleads.codecs.fast_jsonl import fast_reader

WON: dict[str, Any] = {
    "type": "lead_won",
    "event_id": "w1",
    "occurred_at": "2026-03-04T09:12:00Z",
    "lead_id": "L1",
}
MONEY = {"amount": "12.50", "currency": "EUR"}
CAPTURED = {**WON, "type": "lead_captured"}
ROUTED = {**WON, "type": "lead_routed", "eligible": ["p1", "p2"]}


def handed_over(line: bytes) -> bool:
    """Whether the fast reader left the line to the slow one."""
    asked = []

    def slow(doubted: bytes) -> Any:
        asked.append(doubted)
        return read_line(doubted)

    found = fast_reader(slow)(line)
    assert read_line(line) == found
    return bool(asked)


@pytest.mark.parametrize(
    "row",
    [
        WON,
        {**WON, "value": MONEY, "margin": None, "recorded_at": "2026-03-04T09:12:00+01:00"},
        {**WON, "recorded_at": None, "source": None, "sequence": None, "precision": None},
        {**WON, "source": "a, b, c", "sequence": 3, "precision": "day"},
        {**WON, "source": "Müller", "lead_id": "🦊"},
        CAPTURED,
        {**CAPTURED, "lead": None},
        {**CAPTURED, "lead": {}},
        {**CAPTURED, "lead": {"region": "DACH", "company_size": 5, "attributes": {}}},
        {**CAPTURED, "lead": {"attributes": {"a": "b", "c": "d"}}, "expected_value": MONEY},
        {**ROUTED, "eligible": []},
        {**ROUTED, "propensities": {"p1": 1, "p2": 0.5}, "chosen": "p1"},
        {**WON, "type": "lead_qualified", "criteria": ["need", "budget, large"]},
        {**WON, "type": "lead_responded", "qualified": False},
    ],
)
@pytest.mark.parametrize("gaps", [(",", ":"), (", ", ": "), (" ,\t", " : ")])
def test_sound_lines_are_read_without_the_slow_reader(row: dict[str, Any], gaps: Any) -> None:
    assert not handed_over(json.dumps(row, separators=gaps, ensure_ascii=False).encode())


TEXT = json.dumps(WON)
DOUBTED = [
    TEXT.replace("{", '{"event_id": "w2", '),
    TEXT.replace("{", '{"type": "lead_won", '),
    TEXT.replace("{", '{"sequence": 3.0, '),
    TEXT.replace("{", '{"sequence": 1e2, '),
    TEXT.replace("{", '{"sequence": 9223372036854775808, '),
    TEXT.replace("{", '{"value": {"amount": "1", "amount": "2", "currency": "EUR"}, '),
    TEXT.replace("{", '{"value": {"amount": "1e3", "currency": "EUR"}, '),
    TEXT.replace("{", '{"value": {"amount": "12.505", "currency": "EUR"}, '),
    TEXT.replace("09:12:00Z", "09:12:00"),
    TEXT.replace('"w1"', '""'),
    TEXT.replace('"w1"', '"\\ud800"'),
    TEXT.replace('"w1"', "null"),
    TEXT.replace("{", '{"colour": "red", '),
    TEXT.replace("{", "{" * 5_000),
    json.dumps({**ROUTED, "chosen": "p9"}),
    json.dumps({**ROUTED, "propensities": {"p1": 2**53 + 1}}),
    json.dumps({**ROUTED, "propensities": {"p1": True}}),
    json.dumps({**ROUTED, "eligible": ["p1", ""]}),
    json.dumps({**CAPTURED, "lead": {"attributes": {"a": 1}}}),
    json.dumps({**CAPTURED, "lead": {"company_size": "5"}}),
    json.dumps({**CAPTURED, "lead": {"attributes": {"a": "b"}}}).replace('"b"', '"b", "a": "c"'),
    json.dumps({**WON, "type": "lead_progressed", "probability": 2**53}),
]


@pytest.mark.parametrize("line", DOUBTED)
def test_whatever_is_doubtful_is_left_to_the_slow_reader(line: str) -> None:
    assert handed_over(line.encode())


def test_a_text_that_looks_like_a_name_costs_time_but_no_event() -> None:
    line = json.dumps({**WON, "source": 'say "x": y, "z": w'}).encode()

    assert not isinstance(read_line(line), tuple)
    assert handed_over(line)
