"""The values of a result, from the plain numbers of an engine."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from partnerleads.kpis.measuring.measure import CountOf, EndsOf, Measure, TimeBetween
from partnerleads.kpis.measuring.sums import without_amount
from partnerleads.kpis.measuring.tally import (
    Counted,
    Ended,
    Outcome,
    Placed,
    Shared,
    Summed,
    SummedShare,
    Tally,
    Timed,
)
from partnerleads.model import FrozenMap, Money
from partnerleads.model.figure import so_many
from partnerleads.model.money import EXACT
from partnerleads.stats import cumulative_incidence, wilson

__all__ = ["values_of"]

_DAY = 86_400_000_000
"""Length of a day. [microseconds]"""


def values_of(  # noqa: PLR0911 - one answer for each kind of numbers
    measure: Measure, tally: Tally, *, confidence: float, currency: str | None
) -> dict[str, Any]:
    """The fields of a result that its kind has on top of those that every result has.

    Args:
        measure: The measure.
        tally: The engine's numbers.
        confidence: Confidence of the intervals. [0..1]
        currency: Currency that money was converted to; None where it was not.
    """
    numbers = tally.numbers
    match numbers:
        case Shared():
            return _share(numbers, measure, confidence)
        case SummedShare():
            return {"n": tally.n, "confidence": confidence} | _money_share(numbers)
        case Timed():
            return _durations(numbers, measure)
        case Ended():
            return _close_rate(numbers, measure, tally.n, confidence)
        case Summed():
            return {"n": tally.n} | _totals(numbers, measure, tally, currency)
        case Counted():
            return {"n": tally.n} | _count(numbers, measure)
        case _:
            return {"n": tally.n} | _regions(numbers)


def _share(numbers: Shared, measure: Measure, confidence: float) -> dict[str, Any]:
    values: dict[str, Any] = {
        "n": numbers.of,
        "hits": numbers.hits,
        "of": numbers.of,
        "confidence": confidence,
    }
    if not numbers.of:
        return values | {"value": None, "undefined_because": f"there are no {measure.counted}"}
    interval = wilson(numbers.hits, numbers.of, confidence=confidence)
    return values | {"value": numbers.hits / numbers.of, "interval": interval}


def _close_rate(numbers: Ended, measure: Measure, n: int, confidence: float) -> dict[str, Any]:
    form = measure.form
    assert isinstance(form, EndsOf)  # noqa: S101 - ends come of nothing else
    values = _share(Shared(numbers.hits, n), measure, confidence)
    values |= {"within": form.within, "matured": numbers.matured if form.within is not None else 0}
    if not n:
        return values
    times: list[float] = []
    causes: list[Outcome | None] = []
    for (span, outcome), count in numbers.spans.items():
        times += [span / _DAY] * count
        causes += [None if outcome == "open" else outcome] * count
    curve = cumulative_incidence(times, causes=causes, cause="hit")
    values["curve"] = curve
    if form.within is not None:
        limit = form.within / timedelta(days=1)
        values["projection"] = curve.at(limit)
        values["projection_interval"] = curve.interval_at(limit, confidence=confidence)
    return values


def _money_share(numbers: SummedShare) -> dict[str, Any]:
    if len(numbers.of) > 1:
        currencies = ", ".join(sorted(numbers.of))
        return {
            "value": None,
            "hits": Decimal(0),
            "of": Decimal(0),
            "unit": "money",
            "undefined_because": f"amounts in {currencies} cannot be added; pass rates",
        }
    unit, of = next(iter(numbers.of.items()), ("money", Decimal(0)))
    hits = numbers.hits.get(unit, Decimal(0))
    parts = [part.get(unit, Decimal(0)) for part in numbers.parts]
    undefined = None
    if of == 0:
        undefined = "the whole is no money"
    elif min(hits, of, EXACT.subtract(of, hits), *parts) < 0:
        undefined = "a part of the money is negative"
    value = None if undefined else float(EXACT.divide(hits, of))
    if numbers.of:
        hits, of = (Money.rounded(amount, unit).amount for amount in (hits, of))
    return {"value": value, "hits": hits, "of": of, "unit": unit, "undefined_because": undefined}


def _durations(numbers: Timed, measure: Measure) -> dict[str, Any]:
    undefined = None if numbers.n else f"none of the {measure.counted} has both ends"
    return {
        "n": numbers.n,
        "median": numbers.median,
        "p90": numbers.p90,
        "mean": numbers.mean,
        "unit": measure.form.unit if isinstance(measure.form, TimeBetween) else "",
        "censored": numbers.censored,
        "closed_without": numbers.closed_without,
        "undefined_because": undefined,
    }


def _totals(
    numbers: Summed, measure: Measure, tally: Tally, currency: str | None
) -> dict[str, Any]:
    sums = {c: Money.rounded(amount, c) for c, amount in sorted(numbers.sums.items())}
    members = tally.n + numbers.without + without_amount(tally.left_out)
    if currency is not None and not members:
        sums = {currency: Money(0, currency)}
    undefined = None
    if not sums:
        states = f"no amount is stated by {so_many(members, measure.counted)}"
        undefined = states if members else f"there are no {measure.counted}"
    return {
        "by_currency": FrozenMap(sums),
        "without_value": numbers.without,
        "undefined_because": undefined,
    }


def _count(numbers: Counted, measure: Measure) -> dict[str, Any]:
    listed_as = measure.form.listed_as if isinstance(measure.form, CountOf) else ""
    return {"value": numbers.value, "listed": numbers.listed, "listed_as": listed_as}


def _regions(numbers: Placed) -> dict[str, Any]:
    places = tuple(sorted(numbers.leads))
    counts = FrozenMap({place: numbers.leads[place] for place in places})
    return {"value": places, "leads": counts}
