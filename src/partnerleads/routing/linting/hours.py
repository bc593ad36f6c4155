"""The hours at which nobody is at work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from partnerleads.model import Period
from partnerleads.routing.linting.case import LintCase
from partnerleads.routing.linting.report import LintFinding, finding
from partnerleads.routing.moment_rules import InWorkingHours

__all__ = ["check_hours"]

_HOUR = timedelta(hours=1)
_SHOWN = 4


def check_hours(case: LintCase) -> Iterator[LintFinding]:
    """Whether somebody active is at work at some time in every hour of the period."""
    period, active = case.period, case.active
    if period is None or not case.rules(InWorkingHours) or not active:
        return
    if any(one.hours is None for one in active):
        return
    kinds = {(one.hours, id(one.hours.holidays)): one.hours for one in active if one.hours}
    hours = list(_hours(period))
    closed = [
        (start, end)
        for start, end in hours
        if not any(kind.between(start, end) for kind in kinds.values())
    ]
    if closed:
        spans = list(_spans(closed))
        shown = ", ".join(f"{a:%a %Y-%m-%d %H:%M} to {b:%a %H:%M}" for a, b in spans[:_SHOWN])
        more = ", ..." if len(spans) > _SHOWN else ""
        evidence = f"{len(closed)} of {len(hours)} hours of {period}, in UTC: {shown}{more}"
        yield finding("hours_uncovered", "pool", evidence)


def _hours(period: Period) -> Iterator[tuple[datetime, datetime]]:
    """The hours of a period; the last one ends with it."""
    start = period.start
    while start < period.end:
        end = min(start + _HOUR, period.end)
        yield start, end
        start = end


def _spans(hours: list[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Hours in order as spans without a break."""
    start, end = hours[0]
    for one, other in hours:
        if one > end:
            yield start, end
            start = one
        end = other
    yield start, end
