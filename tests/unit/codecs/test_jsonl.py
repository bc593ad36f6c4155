from __future__ import annotations

import gc
import importlib
import io
import json
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from partnerleads.codecs import (
    Reject,
    iter_jsonl,
    read_jsonl,
    read_line,
    write_jsonl,
)
from partnerleads.errors import BadInputError, InvalidEventError, MissingExtraError, OptionError
from partnerleads.events import Event, LeadProgressed, LeadReopened

PARSERS: tuple[Any, ...] = ("json", "msgspec", "auto")
AT = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


def row(event_id: str = "e1", **changes: Any) -> str:
    stated = {
        "type": "lead_reopened",
        "event_id": event_id,
        "occurred_at": "2026-03-04T09:12:00Z",
        "lead_id": "L1",
    }
    return json.dumps({**stated, **changes})


def event(event_id: str = "e1") -> Event:
    return LeadReopened(event_id=event_id, occurred_at=AT, lead_id="L1")


FILE = f"\n{row('e1')}\r\n  \t \n{row('e2')}"


@pytest.mark.parametrize("parser", PARSERS)
def test_blank_lines_are_no_rows_but_count_as_lines(parser: Any) -> None:
    found = read_jsonl(io.BytesIO(FILE.encode()), parser=parser)

    assert (event("e1"), event("e2")) == found.events
    assert (2, 4) == found.lines
    assert (2, 2, 0) == (found.read, found.accepted, found.rejected)


def test_paths_files_and_lines_give_the_same_reading(tmp_path: Path) -> None:
    path = tmp_path / "crm.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.encode())
    with path.open("rb") as binary, path.open(encoding="utf-8") as text:
        readings = [read_jsonl(path), read_jsonl(str(path)), read_jsonl(binary), read_jsonl(text)]

        assert not binary.closed
    assert [readings[0]] * 4 == readings
    assert str(path) == readings[0].name
    assert "rows" == read_jsonl(iter(FILE.splitlines())).name
    assert readings[0].events == read_jsonl(FILE.splitlines()).events
    assert readings[0].events == read_jsonl(io.StringIO("\ufeff" + FILE)).events


def test_a_file_known_by_number_has_no_name(tmp_path: Path) -> None:
    path = tmp_path / "crm.jsonl"
    path.write_text(FILE, encoding="utf-8")
    with path.open("rb") as opened, open(opened.fileno(), "rb", closefd=False) as again:
        assert "rows" == read_jsonl(again).name


def test_an_empty_file_has_no_rows() -> None:
    assert 0 == read_jsonl(io.BytesIO()).read
    assert 0 == read_jsonl([]).read


LINES = [
    (b"\xff\xfe{\x00", "looks like UTF-16; save the file as UTF-8"),
    (b'{"type": "\xe9"}', "is not UTF-8: byte 0xe9 at position 11; save the file as UTF-8"),
    ('{"a": "\ud800"}', "is not UTF-8: byte 0xed at position 8; save the file as UTF-8"),
    (b"\xef\xbb\xbf{}", "begins with a byte order mark; only a file may"),
    (b"{", "is no JSON (Expecting property name enclosed in double quotes, character 2)"),
    (b"{} {}", "is no JSON (Extra data, character 4); write one object a line"),
    (b'{"a": "\x01"}', "is no JSON (Invalid control character at, character 8)"),
    (b"[1]", "[1] is no object; write one object a line"),
    (b'"text"', "'text' is no object"),
    (b"null", "null is no object"),
    (b'{"a":' * 100_000, "is nested too deeply; a row has at most three levels"),
    (b'{"a": ' + b"9" * 5000 + b"}", "holds an integer of more than 400 digits"),
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("line", "words"), LINES)
def test_a_line_that_is_no_object_is_one_fault(parser: Any, line: Any, words: str) -> None:
    found = read_jsonl([row("e1"), line, row("e2")], strict=False, parser=parser)

    assert (event("e1"), event("e2")) == found.events
    assert 1 == len(found.faults)
    assert "line      2  $ " in str(found.faults[0])
    assert words in str(found.faults[0])


@pytest.mark.parametrize("parser", PARSERS)
def test_names_stated_twice_are_found_at_any_depth(parser: Any) -> None:
    line = '{"a": 1, "a": {"b": [{"c": 1, "c": 2, "d": [3]}]}, "e": 5}'
    found = read_jsonl([line], strict=False, parser=parser)

    assert ["$.a", "$.a.b[0].c"] == [fault.path for fault in found.faults]
    assert {"is stated twice in one object; keep one of them"} == {f.reason for f in found.faults}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused_where_they_stand(parser: Any, token: str) -> None:
    line = row(type="lead_progressed").replace("}", f', "probability": {token}}}')
    found = read_jsonl([line], strict=False, parser=parser)

    assert [("$.probability", "is not finite; leave it out")] == [
        (fault.path, fault.reason) for fault in found.faults
    ]


@pytest.mark.parametrize("parser", PARSERS)
def test_lines_of_any_length_are_cut_at_the_limit(parser: Any, tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    longest = len(row("e1")) + 1
    rows = [row("e1"), row("e2 "), row("e3"), " " * 3_000_000, row("e4"), row("e55")]
    path.write_text("\n".join(rows), encoding="utf-8")
    with path.open(encoding="utf-8") as text:
        sources: list[Any] = [path, text, [f"{line}\n" for line in rows[:-1]] + rows[-1:]]
        readings = [
            read_jsonl(source, strict=False, parser=parser, longest_line=longest)
            for source in sources
        ]

    for found in readings:
        assert (event("e1"), event("e3"), event("e4"), event("e55")) == found.events
        assert (1, 3, 5, 6) == found.lines
        assert [2, 4] == [reject.line for reject in found.rejects]
        assert f"is longer than {longest} bytes" in str(found.faults[0])
        assert "$" == found.faults[0].path


def test_rejects_keep_the_row_as_it_stood() -> None:
    found = read_jsonl([b'{"type": "\xe9"}\r\n'], strict=False)

    assert '{"type": "\\xe9"}' == found.rejects[0].text
    assert (found.faults, 1) == (found.rejects[0].faults, found.rejects[0].line)


def test_a_long_reject_is_kept_shortened() -> None:
    found = read_jsonl([b"x" * 5_000_000], strict=False)

    assert 10_000 > len(found.rejects[0].text)


def test_strict_reading_raises_all_faults_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "crm.jsonl"
    path.write_text("\n".join([row(), row(lead_id=""), row(leed_id=1)]), encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        read_jsonl(path)

    error = caught.value
    assert (str(path), 3, 1) == (error.name, error.read, error.accepted)
    assert [(str(path), 2, "$.lead_id"), (str(path), 3, "$.leed_id")] == [
        (fault.file, fault.line, fault.path) for fault in error.faults
    ]


@pytest.mark.parametrize("parser", PARSERS)
def test_unknown_fields_are_counted_by_name_when_asked(parser: Any) -> None:
    lines = [row(colour=1), row(), row(colour=None, size=2), row(colour=1, lead_id="")]
    found = read_jsonl(lines, strict=False, parser=parser, unknown_fields="count")

    assert 3 == found.accepted
    assert {"colour": 2, "size": 1} == found.ignored_fields


def test_progress_is_told_every_ten_thousand_lines_and_at_the_end() -> None:
    seen: list[int] = []
    read_jsonl([b""] * 20_001, progress=seen.append)

    assert [10_000, 20_000, 20_001] == seen
    read_jsonl([b""] * 10_000, progress=seen.append)
    assert [10_000, 20_000, 20_001, 10_000] == seen
    read_jsonl([], progress=seen.append)
    assert [10_000, 20_000, 20_001, 10_000, 0] == seen


def test_the_garbage_collector_is_left_as_it_was() -> None:
    def lines() -> Iterator[str]:
        assert not gc.isenabled()
        yield row()
        assert not gc.isenabled()

    assert 1 == read_jsonl(lines()).read
    assert gc.isenabled()
    gc.disable()
    try:
        assert 1 == read_jsonl(lines()).read
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_garbage_collector_comes_back_after_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        read_jsonl("no such file")

    assert gc.isenabled()


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"parser": "orjson"}, "parser"),
        ({"unknown_fields": "ignore"}, "unknown_fields"),
        ({"longest_line": 0}, "longest_line"),
        ({"longest_line": 1.5}, "longest_line"),
    ],
)
def test_options_are_checked(options: Any, name: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_jsonl([], **options)

    assert name == caught.value.name


def test_lines_must_be_bytes_or_text() -> None:
    source: Any = [{"type": "lead_won"}]
    with pytest.raises(OptionError, match="lines are bytes or text"):
        read_jsonl(source)


def test_without_msgspec_auto_takes_json_and_asking_for_it_names_the_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jsonl = importlib.import_module("partnerleads.codecs.jsonl")
    fast = importlib.import_module("partnerleads.codecs.fast_jsonl")
    monkeypatch.setattr(jsonl, "find_spec", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "msgspec", None)
    fast._compiled.cache_clear()

    assert 1 == read_jsonl([row()]).accepted
    with pytest.raises(MissingExtraError, match="pip install 'partnerleads\\[fast\\]'"):
        read_jsonl([row()], parser="msgspec")


def test_one_line_reads_alone() -> None:
    assert event() == read_line(row().encode())
    assert isinstance(read_line(b""), tuple)


def test_streaming_gives_the_events_of_a_sound_file() -> None:
    assert [event("e1"), event("e2")] == list(iter_jsonl(io.BytesIO(FILE.encode())))


def test_streaming_raises_at_the_end_with_the_first_faults_and_their_count() -> None:
    lines = [row("e1"), *[row(lead_id="")] * 1_500, row("e2")]
    with pytest.raises(BadInputError) as caught:
        list(iter_jsonl(lines))

    error = caught.value
    assert (1_502, 2, 1_001) == (error.read, error.accepted, len(error.faults))
    assert "and 500 more faults" == error.faults[-1].reason


def test_streaming_gives_all_events_before_it_raises() -> None:
    seen: deque[Event] = deque()
    with pytest.raises(BadInputError) as caught:
        seen.extend(iter_jsonl([row("e1"), row(lead_id=""), row("e2")]))

    assert [event("e1"), event("e2")] == list(seen)
    assert [2] == [fault.line for fault in caught.value.faults]


def test_streaming_hands_rejects_over_and_goes_on() -> None:
    rejects: list[Reject] = []
    ignored: dict[str, int] = {}
    lines = [row("e1"), row(lead_id=""), row("e2", colour=1)]
    found = list(iter_jsonl(lines, strict=False, on_reject=rejects.append, ignored=ignored))

    assert [event("e1"), event("e2")] == found
    assert [2] == [reject.line for reject in rejects]
    assert {"colour": 1} == ignored


def test_streaming_refuses_to_lose_rejects() -> None:
    with pytest.raises(OptionError, match="say what to do with rejects"):
        iter_jsonl([], strict=False)


def test_long_lines_of_a_stream_are_rejects() -> None:
    rejects: list[Reject] = []
    lines = [row(), "x" * 1_000]

    assert [event()] == list(
        iter_jsonl(lines, strict=False, on_reject=rejects.append, longest_line=200)
    )
    assert 1 == len(rejects)


def test_written_events_read_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    events = [event("e1"), event("é")]

    assert 2 == write_jsonl(events, path)
    assert tuple(events) == read_jsonl(path).events
    with path.open("w", encoding="utf-8", newline="") as text:
        assert 2 == write_jsonl(iter(events), text)
    assert tuple(events) == read_jsonl(path).events
    assert path.read_bytes().endswith(
        '"é","occurred_at":"2026-03-04T09:12:00+00:00","lead_id":"L1"}\n'.encode()
    )


def test_an_event_that_no_row_may_hold_is_not_written() -> None:
    target = io.BytesIO()
    wrong: Any = 0.5
    bad = LeadProgressed(event_id="", occurred_at=AT, lead_id="L1", sequence=wrong)
    with pytest.raises(InvalidEventError) as caught:
        write_jsonl([event(), bad], target)

    assert ["$.event_id", "$.sequence"] == [fault.path for fault in caught.value.faults]
    assert 1 == target.getvalue().count(b"\n")


def test_a_line_too_long_to_be_read_back_is_not_written() -> None:
    target = io.BytesIO()
    long = event("ü" * 100)
    whole = io.BytesIO()
    write_jsonl([long], whole)
    size = len(whole.getvalue())
    with pytest.raises(InvalidEventError, match="is longer than") as caught:
        write_jsonl([event(), long], target, longest_line=size - 1)

    assert ["$"] == [fault.path for fault in caught.value.faults]
    assert 1 == target.getvalue().count(b"\n")
    assert 1 == write_jsonl([long], io.BytesIO(), longest_line=size)
    with pytest.raises(OptionError, match="longest_line"):
        write_jsonl([], target, longest_line=0)
