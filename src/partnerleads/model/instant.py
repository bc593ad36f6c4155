"""Instants: aware datetimes, kept in UTC.

Two datetimes that share a zone compare by their wall clocks, which is wrong in the repeated
hour of autumn. In UTC they compare right, and fast.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from partnerleads.errors import NaiveInstantError, OptionError, PeriodError

__all__ = ["UTC", "instant", "local_date", "zone"]

_AWARE = "pass an aware datetime, such as datetime(2026, 10, 1, tzinfo=UTC)"
_LAST = datetime.max.replace(tzinfo=UTC)


def instant(value: datetime, name: str = "instant") -> datetime:
    """The same instant in UTC; a naive one is refused with the fix in the message.

    >>> from zoneinfo import ZoneInfo
    >>> instant(datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Europe/Berlin")))
    datetime.datetime(2026, 3, 4, 8, 0, tzinfo=datetime.timezone.utc)
    """
    if not isinstance(value, datetime):
        raise OptionError(name, value, _AWARE)
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise NaiveInstantError(name, value)
    return value.astimezone(UTC)


def zone(name: str | tzinfo) -> tzinfo:
    """The time zone of an IANA name such as ``Europe/Berlin``.

    >>> zone("Nowhere/Land")
    Traceback (most recent call last):
    ...
    partnerleads.errors.PeriodError: 'Nowhere/Land' is no IANA time zone; try 'Europe/Berlin' ...
    """
    if isinstance(name, tzinfo):
        return name
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise PeriodError(name, "is no IANA time zone; try 'Europe/Berlin' or 'UTC'") from error


def local_date(value: datetime, tz: tzinfo) -> date:
    """The calendar date of an instant in a zone; the calendar's ends where it lies beyond them.

    >>> local_date(datetime(9999, 12, 31, 20, tzinfo=UTC), zone("Asia/Tokyo"))
    datetime.date(9999, 12, 31)
    """
    try:
        return value.astimezone(tz).date()
    except OverflowError:
        return value.date()


def begins_day(moment: datetime, tz: tzinfo) -> bool:
    """Whether a moment is the first of a day by the clocks of a zone, as that of a date is.

    >>> begins_day(datetime(2026, 3, 3, 23, tzinfo=UTC), zone("Europe/Berlin"))
    True
    """
    return moment == wall_instant(local_date(moment, tz), time.min, tz)


def wall_instant(day: date, clock: time, tz: tzinfo, *, ends: bool = False) -> datetime:
    """The instant at which a wall clock shows a time.

    Args:
        day: The day.
        clock: The time; one that summer time skips stands for the instant of the skip.
        tz: Zone of the wall clock.
        ends: Take the second of two instants with that time in the repeated hour of autumn, so
            that what ends then ends last; otherwise the first.

    Returns:
        The instant, or the calendar's first or last where it lies beyond them.
    """
    first = datetime.combine(day, clock, tzinfo=tz)
    try:
        early, late = first.astimezone(UTC), first.replace(fold=1).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if day == date.min else _LAST
    if early <= late:
        return late if ends else early
    late, before = late.replace(microsecond=0), first.utcoffset()
    skip = bisect_left(
        range(int((early - late).total_seconds())),
        True,  # noqa: FBT003 - what is looked for
        key=lambda s: (late + timedelta(seconds=s)).astimezone(tz).utcoffset() != before,
    )
    return late + timedelta(seconds=skip)
