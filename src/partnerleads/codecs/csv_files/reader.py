"""CSV: with a mapping, or in the flat form of events."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from attrs import evolve, field, frozen

from partnerleads.codecs.csv_files.dirt import Dirt, DirtCounts, counted
from partnerleads.codecs.csv_files.flat import FlatPlan
from partnerleads.codecs.csv_files.header import Header
from partnerleads.codecs.csv_files.mapping import CsvMapping, load_table, parse_mapping
from partnerleads.codecs.csv_files.plan import CsvPlan
from partnerleads.codecs.csv_files.text import CsvText, bytes_fault, text_lines
from partnerleads.codecs.fault_words import shown
from partnerleads.codecs.reading import Reading, Reject
from partnerleads.codecs.text_lines import LineSource, name_of
from partnerleads.errors import BadInputError, Fault, MappingFileError, OptionError
from partnerleads.events import Event
from partnerleads.model import FrozenMap
from partnerleads.model.options import check_flags

__all__ = ["CsvReading", "MappingSource", "iter_csv", "read_csv"]

MappingSource: TypeAlias = "CsvMapping | str | os.PathLike[str] | Mapping[str, object]"
"""A mapping, the path of a mapping file, or the tables that one would hold."""

_EACH = 10_000
_MOST_KEPT = 1_000
_SHOWN_OF_LONG = 2_000
_FLAT = CsvMapping(name="flat", trim=False)


@frozen(kw_only=True, repr=False)
class CsvReading(Reading):
    """What reading a CSV file gave: the reading, and what the mapping did with the rows.

    Attributes:
        silent_lines: Lines of accepted rows that, by the mapping, give no event.
        given: How many events each rule of the mapping gave, by its label. [count]
        dirt: What was cleaned, missing, assumed or left unused, counted.
    """

    silent_lines: tuple[int, ...] = ()
    given: FrozenMap[str, int] = field(factory=FrozenMap)
    dirt: tuple[Dirt, ...] = ()

    def _facts(self) -> list[str]:
        """The first faults, and the dirt."""
        lines = super()._facts()
        if self.silent_lines:
            count = len(self.silent_lines)
            rows = "row gives" if count == 1 else "rows give"
            lines.append(f"{count} accepted {rows} no event")
        return [*lines, *map(str, self.dirt)]


class _Plan(Protocol):
    faults: tuple[Fault, ...]
    given: Counter[str]

    @property
    def dirt(self) -> DirtCounts: ...

    def events(self, cells: list[str]) -> tuple[Event, ...] | list[Fault]: ...


class _Flat:
    """The flat form as a plan: every row gives one event."""

    def __init__(self, header: Header) -> None:
        self._plan = FlatPlan(header.names)
        self.given: Counter[str] = Counter()
        self.dirt: DirtCounts = Counter()
        twice = (Fault(name, "", "stands twice") for name in sorted(header.repeated))
        self.faults = tuple(twice) or self._misread(header) or self._plan.faults

    def _misread(self, header: Header) -> tuple[Fault, ...]:
        if not header.delimiter:
            return ()
        reason = f"is one cell with {header.delimiter!r} in it; commas part those of the flat form"
        return (Fault("$", shown(header.names[0]), reason),)

    def events(self, cells: list[str]) -> tuple[Event, ...] | list[Fault]:
        found = self._plan.event(cells)
        return found if isinstance(found, list) else (found,)


def _mapping_of(mapping: MappingSource | None) -> tuple[CsvMapping, tuple[Fault, ...]]:
    """The mapping, as far as it can be understood, and what is wrong with it."""
    if mapping is None:
        return _FLAT, ()
    if isinstance(mapping, CsvMapping):
        return mapping, ()
    if isinstance(mapping, Mapping):
        return parse_mapping(mapping, folder=Path(), name="mapping")
    if not isinstance(mapping, str | os.PathLike):
        raise OptionError("mapping", mapping, "pass a CsvMapping, a path, or a dictionary")
    data, faults = load_table(mapping)
    path = Path(mapping)
    found, more = parse_mapping(data, folder=path.parent, name=os.fspath(mapping))
    return found, faults or more


class _File:
    """One CSV file being read, row by row."""

    def __init__(self, source: LineSource, mapping: MappingSource | None) -> None:
        self.name = name_of(source)
        self.mapping, faults = _mapping_of(mapping)
        lines = text_lines(source, encoding=self.mapping.encoding)
        self.text = CsvText(lines, delimiter=self.mapping.delimiter, quote=self.mapping.quote)
        first = self.text.skip(self.mapping.skip_lines)
        self._rows = self.text.rows(first_line=first)
        self.header = Header(self.mapping.header or self._read_header(faults))
        self.plan: _Plan = _Flat(self.header) if mapping is None else self._bind(faults)
        if self.plan.faults:
            placed = (Fault(f.path, f.value, f.reason, first, self.name) for f in self.plan.faults)
            raise BadInputError(self.name, tuple(placed), 0, 0)

    def _read_header(self, of_mapping: tuple[Fault, ...]) -> Sequence[str]:
        line, cells, wrong = next(self._rows, (1, [], "is empty; a header is needed"))
        if self.text.row_text.startswith('{"'):
            wrong = "looks like JSON lines; read it by read_jsonl, not as CSV"
        bad = [bytes_fault("$", cell, self.mapping.encoding) for cell in cells]
        faults = [Fault("$", "", wrong)] if wrong else [fault for fault in bad if fault]
        if of_mapping and any(bad):  # which could not say the encoding
            raise MappingFileError(self.mapping.name, of_mapping)
        if faults:
            placed = tuple(Fault(f.path, f.value, f.reason, line, self.name) for f in faults)
            raise BadInputError(self.name, placed, 0, 0)
        return cells

    def _bind(self, faults: tuple[Fault, ...]) -> _Plan:
        plan = CsvPlan(self.mapping, self.header)
        if faults or plan.faults:
            raise MappingFileError(self.mapping.name, tuple(dict.fromkeys([*faults, *plan.faults])))
        return plan

    def rows(self) -> Iterator[tuple[int, tuple[Event, ...] | Reject]]:
        """Every row with its line: the events it gives, or a reject."""
        width, names = len(self.header.names), self.header.names
        pads, plan = self.mapping.ragged == "pad", self.plan
        encoding = self.mapping.encoding
        for line, cells, wrong in self._rows:
            if wrong:
                yield line, self._reject(line, [Fault("$", "", wrong)])
                continue
            if len(cells) != width:
                fault = _fit(cells, width, pads=pads)
                if fault:
                    yield line, self._reject(line, [fault])
                    continue
            if not self.text.row_is_plain:
                bad = [bytes_fault(*pair, encoding) for pair in zip(names, cells, strict=True)]
                lost = [fault for fault in bad if fault]
                if lost:
                    yield line, self._reject(line, lost)
                    continue
            found = plan.events(cells)
            yield line, self._reject(line, found) if isinstance(found, list) else found

    def _reject(self, line: int, faults: list[Fault]) -> Reject:
        text = self.text.row_text
        if len(text) > _SHOWN_OF_LONG:
            text = text[:_SHOWN_OF_LONG] + "..."
        return Reject(line, text, tuple(evolve(f, line=line, file=self.name) for f in faults))

    def dirt(self) -> tuple[Dirt, ...]:
        """What was met, once all rows are read."""
        counts = self.plan.dirt
        if self.text.blank:
            counts["blank line", "", ""] = self.text.blank
        return counted(counts)


def _fit(cells: list[str], width: int, *, pads: bool) -> Fault | None:
    """Make a row as wide as the header where that loses nothing, else say what is wrong."""
    if pads and not any(cells[width:]):
        cells[width:] = [""] * (width - len(cells))
        return None
    hint = "a cell with the delimiter in it needs quotes" if len(cells) > width else "say ragged"
    hint += "" if len(cells) > width else " = 'pad' where short rows are meant"
    return Fault("$", "", f"has {len(cells)} cells, the header {width}; {hint}")


def read_csv(
    source: LineSource,
    *,
    mapping: MappingSource | None = None,
    strict: bool = True,
    progress: Callable[[int], None] | None = None,
) -> CsvReading:
    """Read events from a CSV file.

    Every row is accepted whole or rejected whole: it is accepted when all events it should give
    are right. A row that by the mapping gives no event is accepted, and listed apart. Lines
    without any value are no rows; they are counted.

    Args:
        source: A path; a file open for reading (text files with ``newline=""``); or an iterable
            of lines.
        mapping: What the columns mean; None reads the flat form that :func:`write_csv` writes.
        strict: Raise when any row is rejected. Else the rejects are in the reading.
        progress: Called with the rows read so far, every 10 000 rows and at the end.

    Raises:
        MappingFileError: with every fault of the mapping, for this file and its side files,
            before any row is read.
        BadInputError: in strict mode with all faults of the rows; always where there is no
            header, or one that is not of the flat form.
        OSError: when the file cannot be read.
        OptionError: when the mapping is none, or strict neither true nor false.

    >>> rows = ["type,event_id,occurred_at,lead_id", "lead_reopened,e1,2026-03-04T09:00Z,L1"]
    >>> [event.lead_id for event in read_csv(rows).events]
    ['L1']
    """
    check_flags(strict=strict)
    file = _File(source, mapping)
    events: list[Event] = []
    lines: list[int] = []
    silent: list[int] = []
    rejects: list[Reject] = []
    rows = 0
    for rows, (line, found) in enumerate(file.rows(), start=1):
        if isinstance(found, Reject):
            rejects.append(found)
        elif found:
            events += found
            lines += [line] * len(found)
        else:
            silent.append(line)
        if progress is not None and rows % _EACH == 0:
            progress(rows)
    if progress is not None and rows % _EACH:
        progress(rows)
    reading = CsvReading(
        name=file.name,
        events=tuple(events),
        lines=tuple(lines),
        rejects=tuple(rejects),
        accepted=rows - len(rejects),
        silent_lines=tuple(silent),
        given=FrozenMap(file.plan.given),
        dirt=file.dirt(),
    )
    if strict:
        reading.raise_faults()
    return reading


def iter_csv(
    source: LineSource,
    *,
    mapping: MappingSource | None = None,
    strict: bool = True,
    on_reject: Callable[[Reject], None] | None = None,
) -> Iterator[Event]:
    """Events one by one, for files larger than memory; rows are judged as by :func:`read_csv`.

    Args:
        source: As for :func:`read_csv`.
        mapping: As for :func:`read_csv`.
        strict: Raise at the end when any row was rejected: by then the events of all other rows
            have been given, so let their effects wait for the end, or be undone.
        on_reject: Called with each reject; needed when not strict, so that no row is lost in
            silence.

    Yields:
        The events, in the order of the file.

    Raises:
        BadInputError: in strict mode, at the end, with the first 1 000 faults; where there are
            more, a last one says how many.
        MappingFileError, OSError: as for :func:`read_csv`, at once.
        OptionError: when an option is none of the above.
    """
    check_flags(strict=strict)
    if not strict and on_reject is None:
        raise OptionError("on_reject", None, "say what to do with rejects, or read strictly")
    return _stream(_File(source, mapping), strict=strict, on_reject=on_reject)


def _stream(
    file: _File, *, strict: bool, on_reject: Callable[[Reject], None] | None
) -> Iterator[Event]:
    kept: list[Fault] = []
    faults = accepted = rejected = 0
    for _, found in file.rows():
        if not isinstance(found, Reject):
            accepted += 1
            yield from found
            continue
        rejected += 1
        faults += len(found.faults)
        kept += found.faults[: _MOST_KEPT - len(kept)]
        if on_reject is not None:
            on_reject(found)
    if strict and rejected:
        if faults > len(kept):
            kept.append(Fault("$", "", f"and {faults - len(kept)} more faults", None, file.name))
        raise BadInputError(file.name, tuple(kept), accepted + rejected, accepted)
