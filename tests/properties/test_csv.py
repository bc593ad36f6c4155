"""Laws of CSV: what is written is read back; whatever is read, only documented errors come out."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from partnerleads.codecs.csv_files.flat import guard, unguard
from partnerleads.codecs.csv_files.reader import read_csv
from partnerleads.codecs.csv_files.writer import write_csv
from partnerleads.codecs.row_reader import read_row
from partnerleads.errors import BadInputError, MappingFileError
from partnerleads.events import LeadLost, to_row
from partnerleads.testing import at, strategies

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
RISKY = st.text("='+-@\t\r\n\"a,;", max_size=6)

FLAT = (
    "type,event_id,occurred_at,lead_id,lead_company_size,lead_attributes,value_amount,"
    "value_currency,eligible,probability,reason\n"
    'lead_captured,e1,2026-03-04T10:00:00Z,L1,12,"{""a"":""b""}",,,,,\n'
    "lead_won,e2,2026-03-04T10:00:00Z,L1,,,12.50,EUR,,,\n"
    'lead_routed,e3,2026-03-04T10:00:00Z,L1,,,,,"[""a""]",,\n'
    "lead_lost,e4,2026-03-05T10:00:00Z,L1,,,,,,,'=x\n"
)
MAPPED = (
    'deal;opened;closed;value;live;who\nL1;04.03.2026;2026-03-05;"1.200,50 €";ja;ann\n'
    "L2;2026-03-29 02:30;;-;nein;bob\nL3;1.1.2026;1.2.2026;EUR 5;;-\n"
)
MAPPING: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "delimiter": ";",
    "decimal": ",",
    "thousands": ["."],
    "missing": ["-"],
    "yes": ["ja"],
    "no": ["nein"],
    "currency_signs": {"€": "EUR"},
    "date_formats": ["%d.%m.%Y", "%m.%d.%Y"],
    "columns": {"lead_id": "deal"},
    "events": [
        {"type": "lead_captured", "at": "opened", "originator": "who"},
        {
            "type": "lead_won",
            "at": "closed",
            "when": {"live": True},
            "when_missing": "skip",
            "value": {"column": "value", "round": True},
        },
    ],
}


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """The text with some pieces cut out, doubled, swapped for others or put in."""
    pieces = st.one_of(st.sampled_from([*"\",;\n\r\t\0'=-%()", "\ufeff", "9" * 50, "1e9"]), TEXTS)
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.one_of(pieces, st.just(text[start:stop] * 2))) + text[stop:]
    return text


def nothing_is_lost(text: str, mapping: dict[str, Any] | None) -> None:
    try:
        reading = read_csv(io.StringIO(text, newline=""), mapping=mapping, strict=False)
    except (BadInputError, MappingFileError):  # the header is broken, so no row can be read
        return
    assert reading.read == reading.accepted + reading.rejected
    assert all(reject.faults for reject in reading.rejects)
    assert all(fault.line is not None and fault.path for fault in reading.faults)
    assert len(reading.lines) == len(reading.events)
    assert list(reading.lines) == sorted(reading.lines)


def can_be_a_row(event: Any) -> bool:
    return not isinstance(read_row(to_row(event)), tuple)


@given(st.lists(strategies.events().filter(can_be_a_row), max_size=8))
def test_events_come_back_from_the_flat_form(events: list[Any]) -> None:
    target = io.StringIO(newline="")
    write_csv(events, target)
    target.seek(0)

    assert tuple(events) == read_csv(target).events


@given(TEXTS | RISKY, TEXTS | RISKY)
def test_any_text_comes_back_from_the_flat_form(reason: str, source: str) -> None:
    lost = LeadLost(
        event_id="e", occurred_at=at("2026-03-04"), lead_id="L", reason=reason, source=source
    )
    target = io.StringIO(newline="")
    write_csv([lost], target)
    target.seek(0)

    assert (lost,) == read_csv(target).events


@given(RISKY | TEXTS)
def test_guarded_texts_are_safe_and_come_back(text: str) -> None:
    cell = guard(text)

    assert text == unguard(cell)
    assert cell
    assert cell[0] not in "=+-@\t\r\n"


@given(mutated(FLAT))
def test_mutated_flat_text_gives_only_documented_errors(text: str) -> None:
    nothing_is_lost(text, None)


@given(mutated(MAPPED))
def test_mutated_mapped_text_gives_only_documented_errors(text: str) -> None:
    nothing_is_lost(text, MAPPING)


@given(st.binary(max_size=200))
def test_any_bytes_give_only_documented_errors(content: bytes) -> None:
    lines = io.BytesIO(b"deal;opened;closed;value;live;who\n" + content)
    reading = read_csv(lines, mapping=MAPPING, strict=False)

    assert reading.read == reading.accepted + reading.rejected


@given(st.permutations(MAPPED.splitlines(keepends=True)[1:]))
def test_the_order_of_rows_changes_no_id(rows: list[str]) -> None:
    head = MAPPED.splitlines(keepends=True)[0]
    shuffled = read_csv([head, *rows], mapping=MAPPING, strict=False).events
    straight = read_csv(io.StringIO(MAPPED, newline=""), mapping=MAPPING, strict=False).events

    assert {event.event_id: event for event in straight} == {e.event_id: e for e in shuffled}
