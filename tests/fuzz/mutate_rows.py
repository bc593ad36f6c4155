"""Break valid rows in every way we could think of and see that only documented errors come out.

Run it as a command, for example ``python -m tests.fuzz.mutate_rows --rows 1000000 --seed 1``.
Each batch of lines is read by both parsers, which must agree in everything; whatever they accept
must read back equal after writing.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from time import perf_counter
from typing import Any

from attrs import define, field

from partnerleads.codecs import Reading, iter_jsonl, read_jsonl, write_jsonl
from partnerleads.errors import BadInputError
from partnerleads.events.order import KINDS
from tests.fuzz.valid_rows import a_row

BATCH = 500

JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.0, 3.9, -0.0, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 10**25),
    *(1e15, 1e300, float("nan"), float("inf"), float("-inf"), "", " ", "x", "3", "true", "null"),
    *("\ud800", "\x00", "é" * 40, "x" * 10_001, "2026-03-04", "2026-03-04T09:12:00"),
    *("2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
    *("2026-W10-3T09:12:00Z", "20260304T091200Z", "2026-03-04T24:00:00Z", "2026-03-04T09Z"),
    *("2026-03-04T09:12:00.1234567Z", "2026-03-04T09:12:60Z", "2026-03-04t09:12:00z"),
    *("2026-03-04T09:12:00+01:60", "2026-03-04x09:12:00Z", "2026-03-04T09:12:00,5Z"),
    *("2026-03-04T09:12:00+00:00:30", "\uff12026-03-04T09:12:00Z", "2026-03-04T09:12:00Z\n"),
    *([], {}, [1], [""], [[]], {"a": 1}, {"a": "b"}, {"a": None}, {"": ""}, {"amount": "1"}),
    *({"amount": 12.5, "currency": "EUR"}, {"amount": "1e3", "currency": "EUR"}),
    *({"amount": "1_000", "currency": "EUR"}, {"amount": "12.505", "currency": "EUR"}),
    *({"amount": " 1", "currency": "eur"}, {"amount": "1", "currency": "EUR", "x": 1}),
    *({"amount": "9" * 16, "currency": "USD"}, {"amount": "١٢", "currency": "USD"}),
    *({"amount": "Infinity", "currency": ["EUR"]}, {"region": 3, "colour": "red"}),
    *({"mon-fri": "09:00+01:00-17:00"}, {"mon": "9"}, {"fri-mon": "09:00-10:00"}, {"x": "\ud800"}),
    *(
        "Nowhere/Land",
        "../../etc/passwd",
        "Europe",
        "\x00",
        "a" * 300,
        "day",
        "partner",
        "lead_wun",
    ),
)


def _holder(rng: Random, row: dict[str, Any]) -> dict[str, Any]:
    """The row itself or, sometimes, an object in it."""
    inner = [value for value in row.values() if isinstance(value, dict)]
    return rng.choice(inner) if inner and rng.random() < 0.4 else row


def _replace(rng: Random, row: dict[str, Any]) -> None:
    holder = _holder(rng, row)
    if holder:
        holder[rng.choice(list(holder))] = copy.deepcopy(rng.choice(JUNK))


def _drop(rng: Random, row: dict[str, Any]) -> None:
    holder = _holder(rng, row)
    if holder:
        del holder[rng.choice(list(holder))]


def _misspell(rng: Random, row: dict[str, Any]) -> None:
    holder = _holder(rng, row)
    if holder:
        name = rng.choice(list(holder))
        at = rng.randrange(len(name) + 1)
        holder[name[:at] + rng.choice("abcdefg_ .\n") + name[at + 1 :]] = holder.pop(name)


def _add(rng: Random, row: dict[str, Any]) -> None:
    name = rng.choice(("colour", "Amount", "value", "lead", "partner_id", "", "x" * 200, "a.b"))
    _holder(rng, row)[name] = copy.deepcopy(rng.choice(JUNK))


def _wrap(rng: Random, row: dict[str, Any]) -> None:
    name = rng.choice(list(row))
    row[name] = rng.choice(([row[name]], {"value": row[name]}, str(row[name])))


def _retype(rng: Random, row: dict[str, Any]) -> None:
    row["type"] = rng.choice((*KINDS, "LeadWon", "lead-won", ""))


MUTATE_ROW: tuple[Callable[[Random, dict[str, Any]], None], ...] = (
    *(_replace, _replace, _drop, _misspell, _add, _wrap, _retype),
)

PIECES = (
    *(b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b'"', b"\\", b"\\ud800", b","),
    *(
        b":",
        b"{",
        b"}",
        b"[",
        b"]",
        b" ",
        b"\t",
        b"\r",
        b"\n",
        b"\x0b",
        b"\x7f",
        b"NaN",
        b"-",
        b"0",
    ),
    *(b"Infinity", b"1e999", b"1.0", b"1e0", b"null", b"/**/", b"'", b"\\u0000", b"9" * 500),
    *(b'"reason":"again",', b'"type":"lead_won",', b'"lead_id":"L9",', b'"a":{"b":1,"b":2},'),
    *(b"[" * 2_000, b'{"a":' * 2_000, b"\xe2\x80\xa8", b"\xc2\x85"),
)


def _break_bytes(rng: Random, line: bytes) -> bytes:
    at, to = sorted((rng.randrange(len(line) + 1), rng.randrange(len(line) + 1)))
    marks = [spot for spot in range(len(line)) if line[spot : spot + 1] in b",:{}[]"]
    spot = rng.choice(marks or [0])
    ways = (
        line[:at],
        line[:at] + line[to:],
        line[:to] + line[at:],
        line[:at] + rng.choice(PIECES) + line[at:],
        line[:at] + bytes([rng.randrange(256)]) + line[at + 1 :],
        line.replace(b"{", b"{" + rng.choice(PIECES), 1),
        line[:spot] + rng.choice(PIECES) + line[spot:],
    )
    return rng.choice(ways)


def _repeat_member(rng: Random, row: dict[str, Any], text: str) -> str:
    name = rng.choice(list(row))
    member = f"{json.dumps(name)}:{json.dumps(rng.choice((row[name], *JUNK)))}"
    return text.replace("{", "{" + member + rng.choice((",", " ,")), 1)


def a_line(rng: Random) -> bytes:
    """A line of JSON: valid in a quarter of the cases, else broken once or several times."""
    row = copy.deepcopy(a_row(rng))
    fate = rng.random()
    if 0.25 <= fate < 0.8:
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            if row:
                rng.choice(MUTATE_ROW)(rng, row)
    gap = rng.choice((None, (",", ":"), (" ,\t", " : ")))
    text = json.dumps(row, ensure_ascii=rng.random() < 0.5, separators=gap)
    if row and fate > 0.93:
        text = _repeat_member(rng, row, text)
    line = text.encode("utf-8", "surrogatepass")
    return _break_bytes(rng, line) if 0.75 <= fate < 0.95 else line


@define
class Tally:
    """What the run has seen."""

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(factory=Counter)

    def add(self, reading: Reading) -> None:
        """Count one batch."""
        self.rows += reading.read
        self.accepted += reading.accepted
        self.rejected += reading.rejected
        self.reasons.update(fault.reason[:12] for fault in reading.faults)


def check_batch(lines: list[bytes], *, unknown_fields: Any = "refuse") -> Reading:
    """Read one batch in every way and compare.

    Raises:
        AssertionError: when the readers disagree with one another or with themselves.
    """
    blob = b"\n".join(lines)
    rows = sum(
        bool(line.strip(b" \t\r\n")) for line in blob.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    )
    slow = read_jsonl(io.BytesIO(blob), strict=False, parser="json", unknown_fields=unknown_fields)
    fast = read_jsonl(
        io.BytesIO(blob), strict=False, parser="msgspec", unknown_fields=unknown_fields
    )

    assert slow == fast
    assert rows == slow.read == slow.accepted + slow.rejected
    assert len(slow.events) == len(slow.lines) == slow.accepted
    assert not set(slow.lines) & {reject.line for reject in slow.rejects}
    assert all(reject.faults and reject.text for reject in slow.rejects)
    assert all(f.path.startswith("$") and f.reason and f.line for f in slow.faults)
    assert str(slow).encode()
    strict = _strict_outcome(blob, unknown_fields)
    assert (slow.faults, slow.read, slow.accepted) == strict
    _check_round_trip(slow)
    return slow


def _strict_outcome(blob: bytes, unknown_fields: Any) -> tuple[Any, ...]:
    try:
        found = read_jsonl(io.BytesIO(blob), unknown_fields=unknown_fields)
    except BadInputError as error:
        return error.faults, error.read, error.accepted
    return found.faults, found.read, found.accepted


def _check_round_trip(reading: Reading) -> None:
    target = io.BytesIO()
    assert reading.accepted == write_jsonl(reading.events, target)
    for parser in ("json", "msgspec"):
        target.seek(0)
        assert reading.events == tuple(iter_jsonl(target, parser=parser))


def batches(rows: int, seed: int) -> Iterator[list[bytes]]:
    """The lines of a run, batch by batch, the same for the same seed."""
    rng = Random(seed)
    for start in range(0, rows, BATCH):
        yield [a_line(rng) for _ in range(min(BATCH, rows - start))]


def run(rows: int, seed: int, *, every: Callable[[Tally], object] = lambda _: None) -> Tally:
    """Fuzz the readers with this many lines."""
    tally = Tally()
    for count, lines in enumerate(batches(rows, seed)):
        tally.add(check_batch(lines, unknown_fields=("refuse", "refuse", "count")[count % 3]))
        every(tally)
    return tally


def main(arguments: list[str]) -> int:
    """Run from the command line and print figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)

    def every(tally: Tally) -> None:
        if tally.rows // 100_000 > (tally.rows - BATCH) // 100_000:
            print(f"{tally.rows} rows", flush=True)

    start = perf_counter()
    tally = run(options.rows, options.seed, every=every)
    print(f"{tally.rows} rows: {tally.accepted} accepted, {tally.rejected} rejected")
    print(f"{sum(tally.reasons.values())} faults of {len(tally.reasons)} sorts")
    print(f"{perf_counter() - start:.0f} s, seed {options.seed}; no undocumented error")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
