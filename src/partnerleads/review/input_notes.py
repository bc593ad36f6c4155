"""What the reader of a file met, in words for the review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, tzinfo

from partnerleads.codecs import CsvReading, Dirt, Reading
from partnerleads.errors import Fault
from partnerleads.model import UTC, local_date, zone
from partnerleads.model.moments import moment_text
from partnerleads.showing import spaced

__all__ = ["input_notes"]

_MOST = 5


def input_notes(
    reading: Reading,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    tz: str = "UTC",
    all_of_it: bool = False,
) -> tuple[str, ...]:
    """Rows accepted and rejected, the span of the events, and the dirt that was met.

    Args:
        reading: What reading gave.
        as_of: The moment of the review. [aware datetime]
        known_at: The moment of knowledge; None knows everything. [aware datetime]
        tz: Zone in which instants are shown.
        all_of_it: Name every fault and all dirt, not the most frequent of each kind.
    """
    most = None if all_of_it else _MOST
    counts = f"{spaced(reading.accepted)} accepted, {spaced(reading.rejected)} rejected"
    notes = [
        f"{spaced(reading.read, 'row')} read: {counts}",
        *_listed(_kinds(reading.faults), "kinds of fault", most),
        *_events(reading, as_of, known_at, tz),
        *_other_days(reading, tz),
    ]
    if isinstance(reading, CsvReading):
        if reading.silent_lines:
            silent = spaced(len(reading.silent_lines))
            notes.append(f"  {silent:>7}  accepted, and by the mapping without an event")
        notes += _dirt(reading.dirt, most)
    return tuple(notes)


def _kinds(faults: Sequence[Fault]) -> list[tuple[int, str]]:
    """How often each kind of fault occurs, and the first of it; its fix may name the value."""
    kinds: dict[tuple[str, str], list[str]] = defaultdict(list)
    for fault in faults:
        what = fault.reason.partition(";")[0]
        kinds[fault.path, what].append(fault.reason)
    return [(len(reasons), f"{path}: {reasons[0]}") for (path, _), reasons in kinds.items()]


def _listed(counts: Iterable[tuple[int, str]], kinds: str, most: int | None) -> Iterator[str]:
    """The most frequent ones, and how many more there are."""
    ordered = sorted(counts, key=lambda pair: -pair[0])
    for count, words in ordered[:most]:
        yield f"  {spaced(count):>7}  {words}"
    more = len(ordered[most:]) if most is not None else 0
    if more:
        told = kinds.replace("kinds", "kind") if more == 1 else kinds
        yield f"           and {spaced(more)} more {told}"


def _events(reading: Reading, as_of: datetime, known_at: datetime | None, tz: str) -> Iterator[str]:
    """How many events there are, from when to when, and how many of them are not looked at."""
    if not reading.events:
        yield "0 events"
        return
    first = min(event.occurred_at for event in reading.events)
    last = max(event.occurred_at for event in reading.events)
    span = f"{moment_text(first, tz=tz)} to {moment_text(last, tz=tz)}"
    yield f"{spaced(len(reading.events), 'event')}, {span}"
    later = sum(event.occurred_at > as_of for event in reading.events)
    if later:
        yield f"  {spaced(later):>7}  occurred after {moment_text(as_of, tz=tz)} and are not seen"
    unknown = sum(known_at is not None and event.recorded_at > known_at for event in reading.events)
    if known_at is not None and unknown:
        told = moment_text(known_at, tz=tz)
        yield f"  {spaced(unknown):>7}  recorded after {told} and are not seen"


def _other_days(reading: Reading, tz: str) -> Iterator[str]:
    """How many dates are of days that do not begin when those of the zone do."""
    clock = zone(tz)
    dates = (event.occurred_at for event in reading.events if event.precision == "day")
    other = sum(date != _midnight(date, clock) for date in dates)
    if other:
        yield (
            f"  {spaced(other):>7}  dates are of days by another clock than {tz}, and may count in "
            "the period before or after; pass their zone by --time-zone"
        )


def _midnight(moment: datetime, clock: tzinfo) -> datetime:
    """When the day of a moment begins by a clock."""
    try:
        return datetime.combine(local_date(moment, clock), time.min, clock).astimezone(UTC)
    except OverflowError:  # at the beginning of the calendar it may lie before it
        return moment


def _dirt(dirt: Sequence[Dirt], most: int | None) -> Iterator[str]:
    kinds: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for one in dirt:
        where = " ".join(part for part in (one.kind, one.column, one.value) if part)
        kinds[one.kind].append((one.count, where))
    for kind, counts in kinds.items():
        yield from _listed(counts, f"of kind '{kind}'", most)
