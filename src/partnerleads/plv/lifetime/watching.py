"""From the instants of wins to the transactions that models read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import Literal, TypeAlias

from partnerleads.model import local_date
from partnerleads.plv.lifetime.transactions import Transactions

__all__ = ["DAYS", "Span", "UnitOfTime", "place_of", "watched"]

Span: TypeAlias = Literal["day", "week", "month", "quarter"]
"""A stretch of the calendar; all wins within one are one transaction."""

UnitOfTime: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
"""What a model's time is in."""

DAYS: dict[str, float] = {"day": 1, "week": 7, "month": 365 / 12, "quarter": 365 / 4, "year": 365}
"""Length of each unit of time. [days]"""


def place_of(day: date, span: Span) -> int:
    """The number of the stretch of the calendar that a day lies in.

    Args:
        day: The day.
        span: Days, weeks from Monday on, months or quarters.

    >>> place_of(date(2026, 7, 1), "quarter") - place_of(date(2025, 12, 31), "quarter")
    3
    """
    if span == "day":
        return day.toordinal()
    if span == "week":
        return (day.toordinal() - 1) // 7
    months = 12 * day.year + day.month - 1
    return months if span == "month" else months // 3


def watched(
    places: Iterable[int],
    start: datetime | None,
    *,
    as_of: datetime,
    span: Span,
    unit: UnitOfTime,
    zone: tzinfo,
    finished: bool,
) -> Transactions:
    """The transactions of somebody, up to the end of watching.

    Args:
        places: The stretches with a win, by number; those given twice count once.
        start: Where time begins without a win; None is the end of watching. [aware datetime]
        as_of: The end of watching. [aware datetime]
        span: Stretch of the calendar that makes one transaction.
        unit: Unit of the times.
        zone: Zone of the calendar.
        finished: Whether a stretch counts as watched only once it is over, or has a win.
    """
    won = sorted(set(places))
    now = place_of(local_date(as_of, zone), span)
    first = won[0] if won else place_of(local_date(start or as_of, zone), span)
    last = won[-1] if won else first
    length = DAYS[span] / DAYS[unit]
    end = max(last, now - 1) if finished else now
    return Transactions(
        repeats=max(0, len(won) - 1),
        last=(last - first) * length,
        age=(end - first) * length,
    )
