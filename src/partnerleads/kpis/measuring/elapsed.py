"""The time between two events, by how exactly each is known."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from partnerleads.events import LeadFact
from partnerleads.model import WorkingHours, local_date
from partnerleads.model.instant import wall_instant

__all__ = [
    "IMPRECISE",
    "INVENTED",
    "NO_START",
    "RELATIVE",
    "VAGUE",
    "age",
    "comparable",
    "elapsed",
    "is_over",
    "worked",
    "worked_between",
]

VAGUE = ("by", "assumed")
"""Precisions that say when something happened at the latest, or nothing at all."""

IMPRECISE = "an end is only known as 'by' or 'assumed'"
RELATIVE = "one end has an invented calendar"
INVENTED = "its calendar is invented"
NO_START = "it has no start"


def comparable(start: LeadFact | None, end: LeadFact | None) -> str:
    """Why the time between two events means nothing; empty where it means something.

    An end that did not happen yet is no reason; one that is there and vague is, whatever the other
    end, or those that did not happen would stay where those that did leave.
    """
    if (start is None or start.precision == "instant") and (
        end is None or end.precision == "instant"
    ):
        return ""
    precisions = {event.precision for event in (start, end) if event is not None}
    if not precisions.isdisjoint(VAGUE):
        return IMPRECISE
    return RELATIVE if len(precisions) > 1 and "relative" in precisions else ""


def elapsed(start: LeadFact, end: LeadFact, zone: tzinfo) -> timedelta:
    """The time from one event to another; whole days where one of them is only a date.

    Args:
        start: The earlier event.
        end: The later event; where it is earlier, the time is negative.
        zone: Zone in which dates are compared.
    """
    if start.precision == "day" or end.precision == "day":
        return local_date(end.occurred_at, zone) - local_date(start.occurred_at, zone)
    return end.occurred_at - start.occurred_at


def age(
    event: LeadFact, as_of: datetime, zone: tzinfo, hours: WorkingHours | None = None
) -> timedelta:
    """The time from an event to a moment; whole days where the event is only a date.

    Args:
        event: The event.
        as_of: The moment.
        zone: Zone in which dates are compared.
        hours: Count working time only; None counts all time.
    """
    dated = event.precision == "day"
    if hours is not None:
        return worked_between(event.occurred_at, as_of, zone, hours, dated=dated)
    if dated:
        return local_date(as_of, zone) - local_date(event.occurred_at, zone)
    return as_of - event.occurred_at


def is_over(
    event: LeadFact,
    span: timedelta,
    as_of: datetime,
    zone: tzinfo,
    hours: WorkingHours | None = None,
) -> bool:
    """Whether a time limit since an event is over by a moment, so that it can be judged.

    Of a date the last day of the limit must be over, too, since what it limits may still come on
    that day.

    Args:
        event: The event.
        span: The limit, included.
        as_of: The moment.
        zone: Zone in which dates are compared.
        hours: Count working time only; None counts all time.
    """
    passed = age(event, as_of, zone, hours)
    return passed > span if event.precision == "day" else passed >= span


def worked(start: LeadFact, end: LeadFact, zone: tzinfo, hours: WorkingHours) -> timedelta:
    """The working time from one event to another; from midnight where one is only a date.

    Args:
        start: The earlier event.
        end: The later event.
        zone: Zone in which dates are compared.
        hours: What counts as working time.
    """
    dated = "day" in (start.precision, end.precision)
    return worked_between(start.occurred_at, end.occurred_at, zone, hours, dated=dated)


def worked_between(
    start: datetime, end: datetime, zone: tzinfo, hours: WorkingHours, *, dated: bool
) -> timedelta:
    """The working time from one moment to another.

    Args:
        start: The earlier moment.
        end: The later moment.
        zone: Zone in which dates are compared.
        hours: What counts as working time.
        dated: Whether one of them is only a date, so that it counts from midnight to midnight.
    """
    if dated:
        days = (local_date(moment, zone) for moment in (start, end))
        start, end = (wall_instant(day, time.min, zone) for day in days)
    return hours.between(start, end)
