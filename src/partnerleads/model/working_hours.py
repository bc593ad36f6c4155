"""Business time: the working hours between two instants."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.instant import UTC, instant, local_date, wall_instant, zone

__all__ = ["WorkingHours"]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DATES = "pass dates, such as {date(2026, 4, 3)}"
_AS_TEXT = "write days and hours as {'mon-fri': '09:00-17:00'}"

Spans = tuple[tuple[time, time], ...]


def _span(text: str) -> tuple[time, time]:
    start, _, end = text.strip().partition("-")
    opens = time.fromisoformat(start)
    closes = time.max if end == "24:00" else time.fromisoformat(end)
    if opens.tzinfo or closes.tzinfo:
        raise ValueError(text)
    return opens, closes


def _weekdays(text: str) -> range:
    first, _, last = text.strip().lower().partition("-")
    return range(_DAYS.index(first), _DAYS.index(last or first) + 1)


def _entry(key: Any, value: Any) -> tuple[Any, range, Spans]:
    """The days of an entry and their hours, in order."""
    try:
        spans = tuple(sorted(_span(part) for part in value.split(",") if part.strip()))
        week = _weekdays(key)
    except (AttributeError, ValueError):
        raise OptionError("working_hours", {key: value}, _AS_TEXT) from None
    if not week:
        raise OptionError("working_hours", {key: value}, "days go from mon to sun")
    if any(start >= end for start, end in spans):
        raise OptionError("working_hours", {key: value}, "a span must end after it starts")
    if any(a[1] > b[0] for a, b in pairwise(spans)):
        raise OptionError("working_hours", {key: value}, "spans of one day overlap")
    return key, week, spans


def _kept(value: Any) -> Container[date]:
    """Dates as they are now; what else answers for dates may fill itself in as it is asked."""
    if isinstance(value, str) or not hasattr(value, "__contains__"):
        raise OptionError("holidays", value, _DATES)
    first = next(iter(value), None) if isinstance(value, Iterable) else None
    if type(value) not in (set, frozenset, list, tuple) and not isinstance(first, datetime):
        return value  # type: ignore[no-any-return]
    days = tuple(map(_day, value))  # those of other packages may equal a date, but not by hash
    return frozenset(days) if all(isinstance(day, date) for day in days) else days


def _day(value: Any) -> Any:
    """A day off; a moment is the day that it begins, and found by no date itself."""
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    if isinstance(value, datetime | str):
        raise OptionError("holidays", value, _DATES)
    return value


@frozen
class WorkingHours:
    """Opening hours in a time zone, with days off.

    Hours are those that really pass between two times of the wall clock. What summer time skips
    does not count; what autumn repeats counts both times, also where a span starts or ends within
    the repeated hour: it starts with the first and ends with the second time of that name, but
    24:00 is the first midnight, with which the next day begins. No time counts twice.

    Attributes:
        days: Seven tuples, Monday first, of (from, until) wall-clock times.
        tz: Zone of the wall clock.
        holidays: Days off; dates, midnights that begin them, or anything that answers ``date in
            holidays``. Hours that differ in them are not equal.

    Raises:
        OptionError: When holidays are no dates.

    >>> nine_to_five = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin")
    >>> friday = datetime(2026, 3, 6, 15, tzinfo=UTC)        # 16:00 in Berlin
    >>> monday = datetime(2026, 3, 9, 9, tzinfo=UTC)         # 10:00 in Berlin
    >>> nine_to_five.between(friday, monday)
    datetime.timedelta(seconds=7200)
    """

    days: tuple[Spans, ...]
    tz: tzinfo = field(default=UTC, hash=False)  # zones of dateutil have no hash
    # calendars of other packages can be compared, but not hashed
    holidays: Container[date] = field(default=frozenset(), converter=_kept, hash=False)

    @classmethod
    def parse(
        cls,
        hours: Mapping[str, str],
        *,
        time_zone: str | tzinfo = UTC,
        holidays: Container[date] = frozenset(),
    ) -> WorkingHours:
        """Read ``{"mon-fri": "09:00-12:00, 13:00-17:30", "fri": "09:00-15:00"}``.

        Where several entries name a day, the one with the fewest days has it.

        Raises:
            OptionError: When days, hours or holidays are not written so, or several entries with
                as many days name one.
            PeriodError: When the zone is none.
        """
        if not isinstance(hours, Mapping):
            raise OptionError("working_hours", hours, _AS_TEXT)
        read = [_entry(key, value) for key, value in hours.items()]
        days: list[Spans] = [()] * 7
        named_by = [8] * 7
        for key, week, spans in sorted(read, key=lambda entry: len(entry[1]), reverse=True):
            for day in week:
                if named_by[day] == len(week):
                    reason = f"several entries as long name {_DAYS[day]}"
                    raise OptionError("working_hours", {key: hours[key]}, reason)
                days[day], named_by[day] = spans, len(week)
        return cls(tuple(days), zone(time_zone), holidays)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from start to end; negative when end is earlier. [timedelta]

        What lies beyond the ends of the calendar is no time.
        """
        start, end = instant(start, "start"), instant(end, "end")
        if end < start:
            return -self.between(end, start)
        total, reached = timedelta(), start
        first, last = local_date(start, self.tz), local_date(end, self.tz)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if day in self.holidays:
                continue
            for opens, closes in self.days[day.weekday()]:
                low = max(reached, wall_instant(day, opens, self.tz))
                high = min(end, self._closing(day, closes))
                if low < high:
                    total, reached = total + (high - low), high
        return total

    def _closing(self, day: date, clock: time) -> datetime:
        if clock == time.max and day < date.max:  # where midnight comes twice, with the first
            return wall_instant(day + timedelta(days=1), time.min, self.tz)
        return wall_instant(day, clock, self.tz, ends=True)
