"""What each form of measure makes of a population of Python objects."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import fmean
from typing import Any, TypeAlias

from partnerleads.errors import OptionError
from partnerleads.events import LeadEvent, LeadProgressed, LeadResponded
from partnerleads.kpis.conditions import EVERY, Condition
from partnerleads.kpis.elapsed import VAGUE, comparable, elapsed, worked
from partnerleads.kpis.expressions import column, event_of, keeper, spans_of
from partnerleads.kpis.measure import (
    CountOf,
    Measure,
    SetOf,
    ShareOf,
    SumOf,
    SumShareOf,
    TimeBetween,
)
from partnerleads.kpis.tally import (
    Counted,
    Numbers,
    Placed,
    Question,
    Shared,
    Summed,
    SummedShare,
    Timed,
)
from partnerleads.model import Money, Period, local_date
from partnerleads.model.money import EXACT
from partnerleads.stats import quantile

__all__ = ["INVENTED", "numbers_of"]

Found: TypeAlias = tuple[Numbers, int, dict[str, int], dict[str, int]]
"""The numbers, their n, members left out by reason, and counts that call for a caution."""

_NEGATIVE = "its end comes before its start"
_UNCLEAR = "its refunds are in another currency"
_NO_AMOUNT = "it has no amount"
INVENTED = "its calendar is invented"
_SECONDS = {"hours": 3600, "days": 86400}


def numbers_of(
    measure: Measure, question: Question, units: Sequence[Any], as_of: datetime
) -> Found:
    """The numbers of one measure over one population.

    Args:
        measure: The measure.
        question: Zone, rates and period.
        units: The population.
        as_of: The moment looked from.
    """
    form = measure.form
    match form:
        case CountOf():
            return _count(form, question, units, as_of)
        case ShareOf():
            return _share(form, question, units, as_of)
        case TimeBetween():
            return _time(form, question, units)
        case SumOf():
            return _sum(form, measure, question, units, as_of)
        case SumShareOf():
            return _sum_share(form, measure, question, units, as_of)
        case _:
            return _set(form, question, units)


def _count(form: CountOf, question: Question, units: Sequence[Any], as_of: datetime) -> Found:
    listed: tuple[str, ...] = ()
    if form.listing is not None:
        chosen = keeper(form.listing)(units, as_of, question.zone)
        listed = tuple(sorted(unit.lead_id for unit in chosen))
    return Counted(len(units), listed), len(units), {}, {}


def _share(form: ShareOf, question: Question, units: Sequence[Any], as_of: datetime) -> Found:
    judged: Sequence[Any] = keeper(form.judged)(units, as_of, question.zone)
    left_out: Counter[str] = Counter()
    immature = 0
    for span in spans_of(form.hit):
        start_of, end_of = column(span.start), column(span.end)
        kept = []
        for unit in judged:
            start, end = start_of(unit), end_of(unit)
            reason = comparable(start, end)
            if reason:
                left_out[reason] += 1
                continue
            kept.append(unit)
            immature += end is None and start is not None and as_of - start.occurred_at < span.span
        judged = kept
    hits = keeper(form.hit)(judged, as_of, question.zone)
    return Shared(len(hits), len(judged)), len(judged), dict(left_out), {"immature": immature}


def _time(form: TimeBetween, question: Question, units: Sequence[Any]) -> Found:
    start_of, end_of = column(form.start), column(form.end)
    left_out: Counter[str] = Counter()
    spans: list[float] = []
    censored = closed = dated = 0
    zero, size = timedelta(0), _SECONDS[form.unit]
    for unit in units:
        start, end = start_of(unit), end_of(unit)
        if start is None:
            left_out["it has no start"] += 1
            continue
        reason = comparable(start, end)
        if reason:
            left_out[reason] += 1
            continue
        if end is None:
            if unit.closed is None:
                censored += 1
            else:
                closed += 1
            continue
        span = elapsed(start, end, question.zone)
        if span < zero:
            left_out[_NEGATIVE] += 1
            continue
        dated += "day" in (start.precision, end.precision)
        if form.hours is not None:
            span = worked(start, end, question.zone, form.hours)
        spans.append(span.total_seconds() / size)
    spans.sort()
    instead = 0
    if not spans and form.instead and all(end_of(unit) is None for unit in units):
        instead = sum(getattr(unit, form.instead) is not None for unit in units)
    numbers = Timed(
        n=len(spans),
        median=quantile(spans, 0.5) if spans else None,
        p90=quantile(spans, 0.9) if spans else None,
        mean=fmean(spans) if spans else None,
        censored=censored,
        closed_without=closed,
        instead=instead,
    )
    seen = {"dates_in_hours": dated if form.unit == "hours" or form.hours else 0}
    return numbers, len(spans), dict(left_out), seen


def _converted(amount: Money, question: Question, day: datetime) -> tuple[str, Decimal]:
    if question.currency is None or amount.currency == question.currency:
        return amount.currency, amount.amount
    if question.rates is None:
        reason = "needs rates, a function (from, to, day) that gives the price"
        raise OptionError("currency", question.currency, reason)
    date = local_date(day, question.zone)
    rate: object = question.rates(amount.currency, question.currency, date)
    if not isinstance(rate, Decimal | int) or not Decimal(rate).is_finite():
        pair = f"{amount.currency} to {question.currency} on {date}"
        raise OptionError("rates", rate, f"no price for {pair}; return a finite Decimal")
    return question.currency, EXACT.multiply(amount.amount, Decimal(rate))


def _anchor_day(measure: Measure, unit: Any, as_of: datetime) -> datetime:
    if measure.is_stock:
        return as_of
    moment: datetime = event_of(measure.anchor)(unit).occurred_at
    return moment


def _sum(
    form: SumOf, measure: Measure, question: Question, units: Sequence[Any], as_of: datetime
) -> Found:
    read = column(form.amount)
    weigh = column(form.weight) if form.weight else None
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    stated = column(form.stated) if form.stated else None
    without = unweighted = unclear = 0
    for unit in units:
        amount = read(unit)
        if amount is None:
            unknown = stated is not None and stated(unit) is not None
            unclear += unknown
            without += not unknown
            continue
        weight = None if weigh is None else weigh(unit)
        if weigh is not None and weight is None:
            unweighted += 1
            continue
        currency, value = _converted(amount, question, _anchor_day(measure, unit, as_of))
        weighed = value if weight is None else EXACT.multiply(value, Decimal(repr(weight)))
        sums[currency] = EXACT.add(sums[currency], weighed)
    left_out = {f"it states no {form.weight}": unweighted, _UNCLEAR: unclear}
    n = len(units) - without - unweighted - unclear
    return Summed(dict(sums), without), n, left_out, {}


def _sum_share(
    form: SumShareOf, measure: Measure, question: Question, units: Sequence[Any], as_of: datetime
) -> Found:
    plain = SumOf(form.amount, stated=form.stated)

    def added(condition: Condition) -> tuple[Summed, int, dict[str, int]]:
        chosen = keeper(condition)(units, as_of, question.zone)
        numbers, n, left_out, _ = _sum(plain, measure, question, chosen, as_of)
        assert isinstance(numbers, Summed)  # noqa: S101 - for the type checker
        return numbers, n, left_out

    whole, n, left_out = added(EVERY)
    parts = tuple(added(part)[0].sums for part in form.parts)
    share = SummedShare(added(form.hit)[0].sums, whole.sums, parts)
    return share, n, left_out | {_NO_AMOUNT: whole.without}, {}


def _set(form: SetOf, question: Question, units: Sequence[Any]) -> Found:
    period = question.period
    place_of = column(form.place)
    followed: defaultdict[str, set[str]] = defaultdict(set)
    closed: defaultdict[str, set[str]] = defaultdict(set)
    unplaced = invented = vague = 0
    if period is not None:
        start, end = period.start, period.end
        units = [
            unit
            for unit in units
            if unit.events[-1].occurred_at >= start and unit.events[0].occurred_at < end
        ]
    for unit in units:
        closes = unit.won if form.won_only else unit.closed
        close = closes if closes is None or period is None else _inside((closes,), period)
        follow_up = _follow_up(unit, period)
        if (follow_up is None and close is None) or (form.same_lead and None in (follow_up, close)):
            invented += period is not None and _invented((closes, *unit.events), period)
            continue
        place = place_of(unit)
        if place is None:
            unplaced += 1
            continue
        if follow_up is not None:
            followed[place].add(unit.lead_id)
        if close is not None:
            closed[place].add(unit.lead_id)
        if period is not None:
            vague += any(e is not None and e.precision in VAGUE for e in (follow_up, close))
    leads = {
        place: frozenset(followed[place] | closed[place]) for place in followed if place in closed
    }
    left_out = {f"it states no {form.place.rpartition('.')[2]}": unplaced, INVENTED: invented}
    return Placed(leads), sum(map(len, leads.values())), left_out, {"vague_times": vague}


def _is_follow_up(event: LeadEvent | None) -> bool:
    if type(event) is LeadResponded:
        return event.qualified and not event.automatic
    return type(event) is LeadProgressed


def _follow_up(unit: Any, period: Period | None) -> LeadEvent | None:
    """One follow-up inside the period, known exactly if any is."""
    first: LeadEvent | None = unit.responded or unit.progressed
    if first is None or period is None:
        return first
    return _inside([event for event in unit.events if _is_follow_up(event)], period)


def _inside(events: Sequence[LeadEvent], period: Period) -> LeadEvent | None:
    """One of some events that a period holds, known exactly if any is.

    A period holds no event whose calendar is invented.
    """
    held = [e for e in events if e.occurred_at in period and e.precision != "relative"]
    exact = (event for event in held if event.precision not in VAGUE)
    return next(exact, held[0] if held else None)


def _invented(events: Sequence[LeadEvent | None], period: Period) -> bool:
    """Whether a period would hold a follow-up or the close, were its calendar not invented."""
    close, *others = events
    return any(
        event is not None and event.precision == "relative" and event.occurred_at in period
        for event in (close, *filter(_is_follow_up, others))
    )
