"""The time between two events of each member of a population."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import timedelta, tzinfo
from statistics import fmean

from attrs import frozen

from partnerleads.kpis.elapsed import comparable, elapsed, worked
from partnerleads.kpis.measure import TimeBetween
from partnerleads.kpis.members import Members
from partnerleads.kpis.tally import Tally, Timed
from partnerleads.stats import quantile

__all__ = ["NEGATIVE", "NO_START", "SECONDS", "durations_of"]

NO_START = "it has no start"
NEGATIVE = "its end comes before its start"
SECONDS = {"hours": 3600, "days": 86400}
"""Length of each unit. [seconds]"""


@frozen(kw_only=True)
class _Spans:
    """The times of a population.

    Attributes:
        lengths: The times in the measure's unit, ascending.
        censored: Members that are open and have no end yet.
        closed: Members that were closed without an end.
        left_out: Members left out, by reason.
        dated: Times with an end known only to the day.
    """

    lengths: list[float]
    censored: int
    closed: int
    left_out: dict[str, int]
    dated: int


def durations_of(form: TimeBetween, members: Members, zone: tzinfo) -> Tally:
    """The times of a population, summed up.

    Args:
        form: Which times.
        members: The population.
        zone: Zone in which dates are compared.
    """
    spans = _spans(form, members, zone)
    lengths = spans.lengths
    instead = 0
    if not lengths and form.instead and not any(members.column(form.end)):
        instead = sum(event is not None for event in members.column(form.instead))
    numbers = Timed(
        n=len(lengths),
        median=quantile(lengths, 0.5) if lengths else None,
        p90=quantile(lengths, 0.9) if lengths else None,
        mean=fmean(lengths) if lengths else None,
        censored=spans.censored,
        closed_without=spans.closed,
        instead=instead,
    )
    seen = {"dates_in_hours": spans.dated if form.unit == "hours" or form.hours else 0}
    return Tally(n=len(lengths), numbers=numbers, left_out=spans.left_out, seen=seen)


def _spans(form: TimeBetween, members: Members, zone: tzinfo) -> _Spans:
    left_out: Counter[str] = Counter()
    lengths: list[float] = []
    censored = closed = dated = 0
    zero, size, plain = timedelta(0), SECONDS[form.unit], form.hours is None
    columns = map(members.column, (form.start, form.end, "closed"))
    for start, end, close in zip(*columns, strict=True):
        if (
            plain
            and end is not None
            and start is not None
            and end.precision == "instant" == start.precision
        ):  # the usual case, without a call; those below zero are sorted out below
            lengths.append((end.occurred_at - start.occurred_at).total_seconds() / size)
            continue
        reason = NO_START if start is None else comparable(start, end)
        if reason:
            left_out[reason] += 1
        elif end is None:
            censored += close is None
            closed += close is not None
        elif (span := elapsed(start, end, zone)) < zero:
            left_out[NEGATIVE] += 1
        else:
            dated += "day" in (start.precision, end.precision)
            if form.hours is not None:
                span = worked(start, end, zone, form.hours)
            lengths.append(span.total_seconds() / size)
    lengths.sort()
    negative = bisect_left(lengths, 0)
    left_out[NEGATIVE] += negative
    return _Spans(
        lengths=lengths[negative:],
        censored=censored,
        closed=closed,
        left_out=dict(left_out),
        dated=dated,
    )
