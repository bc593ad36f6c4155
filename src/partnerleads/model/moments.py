"""Instants in the words of results: by the clock of a named zone, never without it."""

from __future__ import annotations

from datetime import datetime

from partnerleads.model.instant import zone
from partnerleads.model.period import Period

__all__ = ["moment_text", "zone_of"]


def moment_text(value: datetime, *, tz: str = "UTC") -> str:
    """An instant by the clock of a zone, to the minute, and to the second where it has seconds.

    Args:
        value: The instant. [aware datetime]
        tz: IANA name of the zone; at the ends of the calendar, beyond which it may lie there, it
            is told in UTC.

    >>> from partnerleads.testing import at
    >>> moment_text(at("2026-03-04 08:12"))
    '2026-03-04 08:12 UTC'
    >>> moment_text(at("2026-03-04 23:59:59Z"), tz="Europe/Berlin")
    '2026-03-05 00:59:59 Europe/Berlin'
    >>> moment_text(at("9999-12-31 23:00"), tz="Asia/Tokyo")
    '9999-12-31 23:00 UTC'
    """
    finest = "seconds" if value.second or value.microsecond else "minutes"
    try:
        local = value.astimezone(zone(tz))
    except OverflowError:
        return moment_text(value)
    return f"{local.replace(tzinfo=None).isoformat(' ', timespec=finest)} {tz}"


def zone_of(period: Period | None) -> str:
    """The zone in which the words about a period tell instants; UTC for all time."""
    return "UTC" if period is None else period.tz
