"""The time between two events, by how exactly each is known."""

from __future__ import annotations

from datetime import timedelta, tzinfo

from partnerleads.events import LeadFact
from partnerleads.model import local_date

__all__ = ["IMPRECISE", "RELATIVE", "comparable", "elapsed"]

IMPRECISE = "an end is only known as 'by' or 'assumed'"
RELATIVE = "one end has an invented calendar"


def comparable(start: LeadFact, end: LeadFact) -> str:
    """Why the time between two events means nothing; empty where it means something."""
    for event in (start, end):
        if event.precision in ("by", "assumed"):
            return IMPRECISE
    if (start.precision == "relative") != (end.precision == "relative"):
        return RELATIVE
    return ""


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
