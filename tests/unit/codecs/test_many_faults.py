"""A large file with many different faults: each is reported, and no other row is lost."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from partnerleads.codecs import iter_jsonl, read_jsonl
from partnerleads.errors import BadInputError
from partnerleads.events import Event

ROWS = 10_000


def sound(number: int) -> dict[str, Any]:
    return {
        "type": "lead_won",
        "event_id": f"w{number}",
        "occurred_at": "2026-03-04T09:12:00Z",
        "lead_id": f"L{number}",
        "value": {"amount": "12.50", "currency": "EUR"},
    }


def changed(**changes: Any) -> bytes:
    return json.dumps({**sound(0), **changes}).encode()


FAULTS: list[tuple[bytes, str]] = [
    (changed(occurred_at="2026-03-04T09:12:00"), "$.occurred_at"),
    (changed(recorded_at="2026-03-04"), "$.recorded_at"),
    (changed(value={"amount": 12.5, "currency": "EUR"}), "$.value.amount"),
    (changed(value={"amount": "12.505", "currency": "EUR"}), "$.value.amount"),
    (changed(value={"amount": "1", "currency": "eur"}), "$.value.currency"),
    (changed(value={"amount": "1"}), "$.value.currency"),
    (changed(margin=3), "$.margin"),
    (changed(type="lead_one"), "$.type"),
    (changed(type=None), "$.type"),
    (changed(event_id=""), "$.event_id"),
    (changed(event_id=7), "$.event_id"),
    (changed(lead_id=None), "$.lead_id"),
    (changed(partner_id="\ud800"), "$.partner_id"),
    (changed(source="x" * 10_001), "$.source"),
    (changed(sequence=3.0), "$.sequence"),
    (changed(sequence=True), "$.sequence"),
    (changed(sequence=2**70), "$.sequence"),
    (changed(precision="hour"), "$.precision"),
    (changed(valeu=1), "$.valeu"),
    (changed().replace(b"{", b'{"lead_id": "L0", ', 1), "$.lead_id"),
    (changed()[:-1], "$"),
    (changed() + b"x", "$"),
    (b"[1, 2]", "$"),
    (changed().replace(b"w0", b"\xff"), "$"),
    (b'{"a":' * 50_000, "$"),
]


def write(path: Path) -> list[int]:
    """The file; the lines of its faults come back."""
    lines = [json.dumps(sound(number)).encode() for number in range(1, ROWS + 1)]
    places = [17 + 390 * number for number in range(len(FAULTS))]
    for place, (line, _) in zip(places, FAULTS, strict=True):
        lines[place - 1] = line
    path.write_bytes(b"\n".join(lines))
    return places


@pytest.mark.parametrize("parser", ["json", "msgspec"])
def test_all_faults_of_a_file_are_reported_and_no_other_row_is_lost(
    tmp_path: Path, parser: Any
) -> None:
    path = tmp_path / "crm.jsonl"
    places = write(path)
    with pytest.raises(BadInputError) as caught:
        read_jsonl(path, parser=parser)
    found = read_jsonl(path, strict=False, parser=parser)

    expected = [(place, where) for place, (_, where) in zip(places, FAULTS, strict=True)]
    assert 25 == len(caught.value.faults)
    assert expected == [(fault.line, fault.path) for fault in caught.value.faults]
    assert caught.value.faults == found.faults
    assert (ROWS, ROWS - 25, 25) == (found.read, found.accepted, found.rejected)
    kept = [number for number in range(1, ROWS + 1) if number not in places]
    assert kept == list(found.lines)
    assert [f"w{number}" for number in kept] == [event.event_id for event in found.events]
    assert str(found).startswith(f"{path}: 25 faults in 10 000 rows, 9 975 accepted\n")


def test_a_stream_of_the_same_file_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "crm.jsonl"
    write(path)
    seen: deque[Event] = deque()
    with pytest.raises(BadInputError) as caught:
        seen.extend(iter_jsonl(path))
    found = read_jsonl(path, strict=False)

    assert found.events == tuple(seen)
    assert found.faults == caught.value.faults
