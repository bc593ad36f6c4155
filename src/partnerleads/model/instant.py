"""Instants: aware datetimes, kept in UTC.

Two datetimes that share a zone compare by their wall clocks, which is wrong in the repeated
hour of autumn. In UTC they compare right, and fast.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from partnerleads.errors import NaiveInstantError, PeriodError

__all__ = ["UTC", "instant", "local_date", "zone"]


def instant(value: datetime, name: str = "instant") -> datetime:
    """The same instant in UTC; a naive one is refused with the fix in the message.

    >>> from zoneinfo import ZoneInfo
    >>> instant(datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Europe/Berlin")))
    datetime.datetime(2026, 3, 4, 8, 0, tzinfo=datetime.timezone.utc)
    """
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
    except (KeyError, ValueError, OSError) as error:
        raise PeriodError(name, "is no IANA time zone; try 'Europe/Berlin' or 'UTC'") from error


def local_date(value: datetime, tz: tzinfo) -> date:
    """The calendar date of an instant in a zone."""
    return value.astimezone(tz).date()
