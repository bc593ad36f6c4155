"""The time between two events of each member of a population."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta, tzinfo
from itertools import compress
from operator import not_, sub
from statistics import fmean

from attrs import frozen

from partnerleads.kpis.measuring.elapsed import NO_START, comparable, elapsed, worked
from partnerleads.kpis.measuring.measure import TimeBetween
from partnerleads.kpis.measuring.members import Members
from partnerleads.kpis.measuring.tally import Tally, Timed
from partnerleads.stats import quantile

__all__ = ["NEGATIVE", "SECONDS", "durations_of"]

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
    plain = form.hours is None and not form.earlier
    if plain and members.exact((form.start,)) and members.exact((form.end,)):
        return _exact_spans(form, members)
    return _any_spans(form, members, zone)


def _exact_spans(form: TimeBetween, members: Members) -> _Spans:
    """The usual case, in which every end is known to the instant and all time counts."""
    size = SECONDS[form.unit]
    starts, ends = members.times((form.start,)), members.times((form.end,))
    closes: Sequence[object] = members.column(form.never)
    begun = list(filter(None, starts))
    started = len(begun)
    if started < len(starts):
        ends, closes = (list(compress(column, starts)) for column in (ends, closes))
    took = map(timedelta.total_seconds, map(sub, filter(None, ends), compress(begun, ends)))
    lengths = sorted([seconds / size for seconds in took])
    without_end = list(compress(closes, map(not_, ends)))
    closed = len(list(filter(None, without_end)))
    negative = bisect_left(lengths, 0)
    return _Spans(
        lengths=lengths[negative:],
        censored=len(without_end) - closed,
        closed=closed,
        left_out={NO_START: len(starts) - started, NEGATIVE: negative},
        dated=0,
    )


def _any_spans(form: TimeBetween, members: Members, zone: tzinfo) -> _Spans:
    left_out: Counter[str] = Counter()
    lengths: list[float] = []
    censored = closed = dated = 0
    zero, size = timedelta(0), SECONDS[form.unit]
    columns = map(members.column, (form.start, form.end, form.never))
    earlier = members.column(form.earlier) if form.earlier else [()] * len(members)
    for start, end, close, before in zip(*columns, earlier, strict=True):
        times = (*before, (start, end))
        reasons = [comparable(one, other) for one, other in times]
        reason = NO_START if start is None else next(filter(None, reasons), "")
        if reason:
            left_out[reason] += 1
        elif end is None:
            censored += close is None
            closed += close is not None
        elif min(spans := [elapsed(one, other, zone) for one, other in times]) < zero:
            left_out[NEGATIVE] += 1
        else:
            dated += any("day" in (one.precision, other.precision) for one, other in times)
            if form.hours is not None:
                spans = [worked(one, other, zone, form.hours) for one, other in times]
            lengths.append(sum(spans, zero).total_seconds() / size)
    return _Spans(
        lengths=sorted(lengths),
        censored=censored,
        closed=closed,
        left_out=dict(left_out),
        dated=dated,
    )
