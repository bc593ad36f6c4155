"""JSON lines: one event a line, read strictly and written so that they read back equal."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias

from partnerleads.codecs.json_text import parse_object
from partnerleads.codecs.reading import Reading, Reject
from partnerleads.codecs.row_reader import read_row
from partnerleads.codecs.text_lines import LineSource, lines_of, name_of
from partnerleads.errors import BadInputError, Fault, InvalidEventError, OptionError
from partnerleads.events.order import Event
from partnerleads.events.rows import to_row
from partnerleads.model.collector import resting_collector
from partnerleads.model.frozen_map import FrozenMap
from partnerleads.model.options import check_flags

__all__ = ["LineReader", "LineSource", "iter_jsonl", "read_jsonl", "read_line", "write_jsonl"]

Parser: TypeAlias = Literal["auto", "json", "msgspec"]
UnknownFields: TypeAlias = Literal["refuse", "count"]
Result: TypeAlias = "Event | tuple[Fault, ...]"
LineReader: TypeAlias = Callable[[bytes], Result]

LONGEST_LINE = 1_000_000
"""Longest line that is read by default. [bytes]"""

_EACH = 10_000
_MOST_KEPT = 1_000
_SHOWN_OF_LONG = 200
_BLANK = b" \t\r\n"


def read_line(line: bytes, *, ignored: MutableMapping[str, int] | None = None) -> Result:
    """The event of one line of JSON, or everything that is wrong with the line.

    Args:
        line: One JSON object in UTF-8.
        ignored: As for :func:`~partnerleads.codecs.read_row`.
    """
    row = parse_object(line)
    return row if isinstance(row, tuple) else read_row(row, ignored=ignored)


def _line_reader(parser: Parser, ignored: MutableMapping[str, int] | None) -> LineReader:
    """A reader of lines that has neither an event nor a fault for blank ones."""

    def slow(line: bytes) -> Result:
        return read_line(line, ignored=ignored) if line.strip(_BLANK) else ()

    if parser not in ("auto", "json", "msgspec"):
        raise OptionError("parser", parser, "write 'auto', 'json' or 'msgspec'")
    if parser == "json" or (parser == "auto" and find_spec("msgspec") is None):
        return slow
    from partnerleads.codecs.fast_jsonl import fast_reader  # noqa: PLC0415 - needs an extra

    return fast_reader(slow)


def _counter(unknown_fields: UnknownFields) -> dict[str, int] | None:
    if unknown_fields not in ("refuse", "count"):
        raise OptionError("unknown_fields", unknown_fields, "write 'refuse' or 'count'")
    return {} if unknown_fields == "count" else None


def _reject(
    line: bytes, number: int, name: str, faults: tuple[Fault, ...], *, longest: int
) -> Reject:
    kept = line if len(line) <= longest else line[:_SHOWN_OF_LONG] + b"..."
    text = kept.decode("utf-8", "backslashreplace").rstrip("\r\n")
    placed = tuple(Fault(f.path, f.value, f.reason, number, name) for f in faults)
    return Reject(number, text, placed)


def _too_long(longest_line: int) -> tuple[Fault, ...]:
    """The fault of all lines that are longer than this."""
    if type(longest_line) is not int or longest_line < 1:
        raise OptionError("longest_line", longest_line, "write a number of bytes, at least 1")
    reason = f"is longer than {longest_line} bytes; allow more by longest_line, or mend line ends"
    return (Fault("$", "", reason),)


def read_jsonl(
    source: LineSource,
    *,
    strict: bool = True,
    parser: Parser = "auto",
    unknown_fields: UnknownFields = "refuse",
    longest_line: int = LONGEST_LINE,
    progress: Callable[[int], None] | None = None,
) -> Reading:
    r"""Read a file of events, one JSON object a line, in UTF-8.

    Every row is accepted or rejected, and no rejected row costs another one. Blank lines are no
    rows; they count as lines. A byte order mark, ``\r\n`` and a last line without its end
    are taken. Refused are, each with line, path and fix: what is no UTF-8 or no JSON object,
    names stated twice, unknown kinds and fields, and every value that is not as EVENTS has it.

    Args:
        source: A path; a file open for reading; or an iterable of lines. Files that are passed
            open stay open.
        strict: Raise when any row is rejected. Else the rejects are in the reading.
        parser: ``msgspec`` is faster and needs the extra ``fast``; both accept and reject exactly
            the same lines. ``auto`` takes it where it is installed.
        unknown_fields: ``refuse`` rejects rows with fields that EVENTS does not have; ``count``
            leaves those fields out and counts them by name.
        longest_line: Lines that are longer, with their line end, are rejected, and shown
            shortened. [bytes]
        progress: Called with the lines read so far, every 10 000 lines and at the end.

    Raises:
        BadInputError: in strict mode, with all faults of the file.
        MissingExtraError: when msgspec is asked for and not installed.
        OSError: when the file cannot be read.
        OptionError: when an option is none of the above.

    >>> row = '{"type":"lead_reopened","event_id":"e1","lead_id":"L1","occurred_at":"2026-03-04"}'
    >>> print(read_jsonl([row], strict=False))
    rows: 1 fault in 1 row, 0 accepted
      line      1  $.occurred_at          '2026-03-04' is only a date; add a time and an offset, ...
    """
    check_flags(strict=strict)
    too_long = _too_long(longest_line)
    ignored = _counter(unknown_fields)
    read = _line_reader(parser, ignored)
    name = name_of(source)
    events: list[Event] = []
    lines: list[int] = []
    rejects: list[Reject] = []
    number = 0
    with resting_collector():
        for number, line in enumerate(lines_of(source, longest=longest_line), 1):
            found = read(line) if len(line) <= longest_line else too_long
            if not isinstance(found, tuple):
                events.append(found)
                lines.append(number)
            elif found:
                rejects.append(_reject(line, number, name, found, longest=longest_line))
            if progress is not None and number % _EACH == 0:
                progress(number)
    if progress is not None and (number % _EACH or not number):
        progress(number)
    reading = Reading(
        name=name,
        events=tuple(events),
        lines=tuple(lines),
        rejects=tuple(rejects),
        accepted=len(events),
        ignored_fields=FrozenMap(ignored or {}),
    )
    if strict:
        reading.raise_faults()
    return reading


def iter_jsonl(
    source: LineSource,
    *,
    strict: bool = True,
    parser: Parser = "auto",
    ignored: MutableMapping[str, int] | None = None,
    longest_line: int = LONGEST_LINE,
    on_reject: Callable[[Reject], None] | None = None,
) -> Iterator[Event]:
    """Events one by one, for files larger than memory; rows are judged as by :func:`read_jsonl`.

    Args:
        source: As for :func:`read_jsonl`.
        strict: Raise at the end when any row was rejected: by then the events of all other rows
            have been given, so let their effects wait for the end, or be undone.
        parser: As for :func:`read_jsonl`.
        ignored: Where the names of unknown fields are counted; None refuses unknown fields.
        longest_line: As for :func:`read_jsonl`. [bytes]
        on_reject: Called with each reject; needed when not strict, so that no row is lost in
            silence.

    Yields:
        The events, in the order of the file.

    Raises:
        BadInputError: in strict mode, at the end, with the first 1 000 faults; where there are
            more, a last one says how many.
        OptionError: when an option is none of the above.
        MissingExtraError, OSError: as for :func:`read_jsonl`.
    """
    check_flags(strict=strict)
    too_long = _too_long(longest_line)
    if not strict and on_reject is None:
        raise OptionError("on_reject", None, "say what to do with rejects, or read strictly")
    read = _line_reader(parser, ignored)
    name = name_of(source)

    def rows() -> Iterator[Event | Reject]:
        for number, line in enumerate(lines_of(source, longest=longest_line), 1):
            found = read(line) if len(line) <= longest_line else too_long
            if not isinstance(found, tuple):
                yield found
            elif found:
                yield _reject(line, number, name, found, longest=longest_line)

    return _stream(rows(), name, strict=strict, on_reject=on_reject)


def _stream(
    rows: Iterator[Event | Reject],
    name: str,
    *,
    strict: bool,
    on_reject: Callable[[Reject], None] | None,
) -> Iterator[Event]:
    """The events, while the rejects go to whoever asked for them, or raise at the end."""
    kept: list[Fault] = []
    faults = accepted = rejected = 0
    for found in rows:
        if not isinstance(found, Reject):
            accepted += 1
            yield found
            continue
        rejected += 1
        faults += len(found.faults)
        kept += found.faults[: _MOST_KEPT - len(kept)]
        if on_reject is not None:
            on_reject(found)
    if strict and rejected:
        if faults > len(kept):
            kept.append(Fault("$", "", f"and {faults - len(kept)} more faults", None, name))
        raise BadInputError(name, tuple(kept), accepted + rejected, accepted)


def _text(event: Event, longest: int) -> str:
    row: dict[str, Any] = to_row(event)
    found = read_row(row)
    if isinstance(found, tuple):
        raise InvalidEventError(event.type, found)
    text = json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
    if len(text) * 4 > longest and len(text.encode()) > longest:
        raise InvalidEventError(event.type, _too_long(longest))
    return text


def write_jsonl(
    events: Iterable[Event],
    target: str | os.PathLike[str] | IO[bytes] | IO[str],
    *,
    longest_line: int = LONGEST_LINE,
) -> int:
    """Write events, one JSON object a line, so that reading them gives equal events.

    Args:
        events: The events; their order is kept.
        target: A path, which is overwritten; or a file open for writing, which stays open. Text
            files should be open in UTF-8.
        longest_line: Events whose line, with its end, is longer are refused, as reading refuses
            them; allow more on both sides. [bytes]

    Returns:
        How many rows were written. [count]

    Raises:
        InvalidEventError: when an event holds what no row may hold, such as an empty id or a
            number where a text belongs, or makes too long a line. The rows before it are written.
        OSError: when the file cannot be written.
    """
    if isinstance(target, (str, os.PathLike)):
        with Path(target).open("wb") as opened:
            return write_jsonl(events, opened, longest_line=longest_line)
    _too_long(longest_line)
    write: Callable[[Any], object] = target.write
    is_text = isinstance(target, io.TextIOBase)
    count = 0
    for event in events:
        text = _text(event, longest_line)
        write(text if is_text else text.encode())
        count += 1
    return count
