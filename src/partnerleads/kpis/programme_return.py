"""Programme return: the margin that partners brought over what the programme cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from attrs import frozen

from partnerleads.kpis.lead_value import final_lead_value
from partnerleads.kpis.measuring.composing import (
    Nested,
    as_decimal,
    compose,
    empty_like,
    nested,
    seen_by,
)
from partnerleads.kpis.measuring.conditions import AnyOf, Condition, Is
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import Measure, SumOf
from partnerleads.kpis.measuring.sums import UNCLEAR
from partnerleads.kpis.measuring.tally import History, Rates
from partnerleads.kpis.only import only
from partnerleads.kpis.programme_cost import programme_cost, why_no_cost
from partnerleads.model import Figure, FrozenMap, Money, Period, Totals
from partnerleads.model.figure import frozen_counts, so_many, states
from partnerleads.model.money import EXACT
from partnerleads.model.options import check_choice

__all__ = ["ProgrammeReturn", "programme_return"]

NO_PART = "its refunds are no part of its value"
_EACH = ("lead_id",)
_SOURCED, _INFLUENCED = Is("attribution", "sourced"), Is("attribution", "influenced")
_CREDIT: dict[str, Condition] = {"sourced": _SOURCED, "involved": AnyOf((_SOURCED, _INFLUENCED))}


@frozen(kw_only=True, repr=False)
class ProgrammeReturn(Figure):
    """The margin that partners brought, and how many times it covers what was spent on them.

    Attributes:
        value: Margin / cost; 1 is break-even; None where undefined. [ratio]
        margin: Margin of the wins less refunds, by currency. [money]
        cost: What was spent, by currency. [money]
        costs: How many costs that is. [count]
        refunded: Wins of which a refund took part of the margin. [count]
        without_margin: Wins that state no margin. [count]
    """

    value: float | None
    margin: FrozenMap[str, Money]
    cost: FrozenMap[str, Money]
    costs: int
    refunded: int
    without_margin: int

    def value_text(self) -> str:
        """The margin as a multiple of the cost."""
        return "undefined" if self.value is None else f"{self.value:.2f} x"

    def basis_text(self) -> str:
        """Margin and cost."""
        margin = _words(self.margin) or "no margin"
        cost = _words(self.cost) or "no cost"
        text = f"{margin} of {so_many(self.n, self.counted)} / {cost}"
        if self.refunded:
            text += f"; {self.refunded} refunded"
        if self.without_margin:
            text += f"; {states(self.without_margin)} no margin"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def columns(self) -> dict[str, object]:
        """The ratio and the amounts."""
        return {
            "value": self.value,
            "margin": _words(self.margin),
            "cost": _words(self.cost),
            "costs": self.costs,
            "refunded": self.refunded,
            "without_margin": self.without_margin,
        }


def _words(sums: Mapping[str, Money]) -> str:
    return ", ".join(map(str, sums.values()))


def programme_return(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    credit: Literal["sourced", "involved"] = "sourced",
    rates: Rates | None = None,
    currency: str | None = None,
) -> ProgrammeReturn:
    """Margin of the wins that partners brought / what the programme cost in the same period.

    A refund takes the same part of the margin as it takes of the value, so a deal paid back in
    full has no margin left, and one paid back by half has half. Costs belong to the day on which
    they were incurred, whenever their wins come.

    Args:
        history: Events or lifecycles; engines that do not know costs give the margin alone.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win, and of the cost; None is all time.
        by: Key or keys to segment by. Costs are told apart by a single key that names a partner
            (``sourcing_partner``, ``closing_partner``, ``holder``), and those of no partner stand
            under None; by others the whole alone has a return.
        credit: Wins that partners sourced, or those that they sourced or influenced.
        rates: Rates to convert with, of the day of the win or the cost; a function of
            (from, to, day).
        currency: Currency to convert to; needs *rates* where another one occurs.

    Returns:
        The ratio, 0 where nothing was won; undefined without costs above 0, where wins state no
        margin, and where currencies cannot be added. Wins with a refund in another currency, or
        of a value that is not above 0, are left out and counted; a refund of a win that states no
        value takes nothing off. [ratio]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-09 L1 won 9000 EUR margin=3000 EUR
    ...     2026-01-20 L1 refunded 3000 EUR
    ...     2026-01-31 -  cost portal 500 EUR
    ...     2026-01-31 acme cost campaign 500 EUR
    ... ''')
    >>> figure = programme_return(events, as_of=at("2026-02-01"))
    >>> figure.value, figure.margin["EUR"]
    (2.0, Money('2000.00', 'EUR'))
    """
    check_choice("credit", credit, _CREDIT)
    known = history_of(history, as_of=as_of)
    part = only(known, _CREDIT[credit])
    measure = Measure(
        name="programme_return",
        form=SumOf("won.margin"),
        counted=f"wins {credit}",
        anchor=("won",),
        options=FrozenMap({"credit": credit}),
    )

    def margins(keys: By) -> Totals:
        return figure(Totals, part, measure, period=period, by=keys, rates=rates, currency=currency)

    all_won = margins(by)
    cost = programme_cost(known, period=period, by=by, rates=rates, currency=currency)
    no_cost = why_no_cost(cost)
    parts: dict[str, Figure | Nested[Any]] = {"margin": all_won, "cost": cost}
    if _has_refunds(part, period):
        parts |= {
            "each": nested(margins, by=by, inside=_EACH),
            "gross": nested(_values(part, period, gross=True), by=by, inside=_EACH),
            "net": nested(_values(part, period, gross=False), by=by, inside=_EACH),
        }

    def make(
        margin: Totals | None, cost: Totals | None, **values: Totals | None
    ) -> ProgrammeReturn:
        won = margin or empty_like(all_won)
        refunds = _refunds(**values)
        sums = {
            name: Money.rounded(
                as_decimal(Fraction(money.amount) - refunds.taken.get(name, 0)), name
            )
            for name, money in won.by_currency.items()
        }
        n = won.n - sum(refunds.unclear.values())
        spent = FrozenMap() if cost is None else cost.by_currency
        because = no_cost if cost is None else cost.undefined_because
        if because is None and not n and won.n + won.without_value:
            because = "no win states a margin"
        value, because = _ratio(sums, spent) if because is None else (None, because)
        return ProgrammeReturn(
            name="programme_return",
            counted=won.counted,
            n=n,
            period=period,
            definition=won.definition,
            left_out_because=frozen_counts(
                {
                    **won.left_out_because,
                    **refunds.unclear,
                    **({} if cost is None else cost.left_out_because),
                }
            ),
            **seen_by(*(figure for figure in (won, cost) if figure is not None)),
            undefined_because=because,
            value=value,
            margin=FrozenMap(sums),
            cost=spent,
            costs=0 if cost is None else cost.n,
            refunded=refunds.count,
            without_margin=won.without_value,
        )

    return compose(make, parts)


@frozen
class _Refunds:
    """What refunds take off the margins.

    Attributes:
        taken: How much by currency, with the margins of those that are unclear. [unrounded]
        count: Wins of which a part was taken.
        unclear: Wins of which the part cannot be told, by reason.
    """

    taken: Mapping[str, Fraction]
    count: int
    unclear: Mapping[str, int]


def _values(
    part: History, period: Period | None, *, gross: bool
) -> Callable[[tuple[str, ...]], Totals]:
    return lambda keys: final_lead_value(part, period=period, by=keys, gross=gross)


def _has_refunds(part: History, period: Period | None) -> bool:
    gross, net = (_values(part, period, gross=gross)(()) for gross in (True, False))
    return (gross.by_currency, gross.n) != (net.by_currency, net.n)


def _refunds(
    each: Totals | None = None, gross: Totals | None = None, net: Totals | None = None
) -> _Refunds:
    """What refunds take off the margins of wins, from their margins and values one by one."""
    taken: dict[str, Fraction] = defaultdict(Fraction)
    unclear: Counter[str] = Counter()
    count = 0
    if each is None or gross is None or net is None:
        return _Refunds(taken, count, unclear)
    for lead_id, margin in each.segments.items():
        amount = margin.total
        value, left = gross.segments[lead_id].total, net.segments[lead_id].total
        if amount is None or value == left:
            continue
        part = Fraction(1)
        if left is None:
            unclear[UNCLEAR] += 1
        elif value.amount <= 0:
            unclear[NO_PART] += 1
        else:
            count += 1
            part -= Fraction(left.amount) / Fraction(value.amount)
        taken[amount.currency] += part * Fraction(amount.amount)
    return _Refunds(taken, count, unclear)


def _ratio(
    margin: Mapping[str, Money], cost: Mapping[str, Money]
) -> tuple[float | None, str | None]:
    """Margin over cost, or why there is no such ratio."""
    currencies = sorted({*margin, *cost})
    if len(currencies) > 1:
        return None, f"amounts in {', '.join(currencies)} cannot be added; pass rates"
    (spent,) = cost.values()
    if spent.amount <= 0:
        return None, "the programme cost nothing"
    won = sum((money.amount for money in margin.values()), Decimal(0))
    return float(EXACT.divide(won, spent.amount)), None
