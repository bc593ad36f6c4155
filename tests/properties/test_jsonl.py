"""Laws of reading and writing JSON lines."""

from __future__ import annotations

import io
import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from partnerleads.codecs import Reject, iter_jsonl, read_jsonl, read_row, write_jsonl
from partnerleads.codecs.instant_text import INSTANT_PATTERN, parse_instant
from partnerleads.codecs.row_reader import names_something
from partnerleads.events import Event, fields_of, to_row
from partnerleads.testing import strategies
from tests.fuzz.mutate_rows import a_line, check_batch
from tests.fuzz.valid_rows import an_instant

randoms = st.randoms(use_true_random=False)


def named(event: Event) -> bool:
    """Whether every identifier names something; rows may not hold empty ones."""
    specs = [spec for spec in fields_of(type(event)) if names_something(spec)]
    values = [getattr(event, spec.name) for spec in specs]
    return not any(value == "" or (isinstance(value, tuple) and "" in value) for value in values)


events_of_rows = strategies.events().filter(named)


@given(st.lists(events_of_rows))
def test_what_is_written_reads_back_equal(events: list[Event]) -> None:
    for parser in ("json", "msgspec"):
        target = io.BytesIO()
        assert len(events) == write_jsonl(events, target)

        target.seek(0)
        reading = read_jsonl(target, parser=parser)
        assert tuple(events) == reading.events
        assert tuple(range(1, len(events) + 1)) == reading.lines


@given(events_of_rows)
def test_reading_a_written_row_and_writing_it_again_changes_nothing(event: Event) -> None:
    found = read_row(to_row(event))

    assert event == found
    assert to_row(event) == to_row(found)


@given(st.lists(randoms.map(a_line), max_size=8), st.sampled_from(["refuse", "count"]))
def test_both_parsers_agree_on_every_mutated_line(lines: list[bytes], unknown_fields: str) -> None:
    check_batch(lines, unknown_fields=unknown_fields)


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_are_accepted_or_rejected(lines: list[bytes]) -> None:
    check_batch(lines)


@given(st.lists(randoms.map(a_line), max_size=8))
def test_rejected_rows_cost_no_other_row(lines: list[bytes]) -> None:
    lines = [line.replace(b"\n", b" ") for line in lines]
    whole = read_jsonl(lines, strict=False)
    alone = [event for line in lines for event in read_jsonl([line], strict=False).events]

    assert tuple(alone) == whole.events


@given(st.lists(randoms.map(a_line), max_size=8))
def test_a_stream_gives_what_a_reading_gives(lines: list[bytes]) -> None:
    rejects: list[Reject] = []
    events = tuple(iter_jsonl(lines, strict=False, on_reject=rejects.append))
    reading = read_jsonl(lines, strict=False)

    assert reading.events == events
    assert reading.rejects == tuple(rejects)


@given(st.text(max_size=40) | randoms.map(an_instant))
def test_an_instant_that_is_read_is_aware_and_writes_back_to_itself(text: str) -> None:
    found = parse_instant(text)

    assert found is None or found == parse_instant(found.isoformat())


@given(randoms.map(an_instant), randoms, st.sampled_from("0123456789-+:.TZ WztW,;\uff16\n"))
def test_instants_are_read_only_in_the_documented_forms(text: str, rng: Random, piece: str) -> None:
    at = rng.randrange(len(text))
    broken = text[:at] + piece + text[at + rng.randrange(2) :]

    assert parse_instant(broken) is None or re.fullmatch(INSTANT_PATTERN, broken)
