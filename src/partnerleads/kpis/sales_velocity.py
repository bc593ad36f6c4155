"""Sales velocity: money that the open leads bring per day."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.lead_value import final_lead_value
from partnerleads.kpis.measuring.composing import as_decimal, compose, left_out_of, plain, seen_by
from partnerleads.kpis.measuring.conditions import IN_PROGRESS, OPEN, Condition
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import CountOf, Measure
from partnerleads.kpis.measuring.stocks import stock
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.kpis.recent_win_rate import (
    WinRate,
    check_win_rate,
    recent_win_rate,
    trailing_period,
)
from partnerleads.kpis.won_velocity import won_velocity
from partnerleads.model import Count, Durations, Figure, FrozenMap, Money, Period, Share, Totals
from partnerleads.model.figure import number, so_many
from partnerleads.model.options import check_choice

__all__ = ["SalesVelocity", "sales_velocity"]

_WHICH: dict[str, Condition] = {"in progress": IN_PROGRESS, "open": OPEN}


@frozen(kw_only=True, repr=False)
class SalesVelocity(Figure):
    """Money that the open leads bring per day, with the four figures that it is made of.

    Attributes:
        by_currency: Money per day in each currency; empty where undefined. [money per day]
        win_rate: The win rate. [0..1]
        deal_size: What a win brings on average in each currency. [money]
        deals: Wins that the deal size rests on. [count]
        cycle: The times from capture to win. [days]
        cycle_days: Their median or mean, as chosen; None where there was no win. [days]
    """

    by_currency: FrozenMap[str, Money]
    win_rate: Share
    deal_size: FrozenMap[str, Money]
    deals: int
    cycle: Durations
    cycle_days: float | None

    def value_text(self) -> str:
        """Money per day, by currency."""
        sums = ", ".join(f"{money} per day" for money in self.by_currency.values())
        return sums or "undefined"

    def basis_text(self) -> str:
        """The four figures."""
        sizes = ", ".join(map(str, self.deal_size.values())) or "no deal size"
        days = "no cycle" if self.cycle_days is None else f"{number(self.cycle_days)} days"
        text = f"{so_many(self.n, self.counted)} x {self.win_rate.value_text()} x {sizes} / {days}"
        return text if self.undefined_because is None else f"{text}; {self.undefined_because}"

    def columns(self) -> dict[str, object]:
        """The amount where there is one currency, and the figures it is made of."""
        one = len(self.by_currency) == 1
        single = next(iter(self.by_currency.values())) if one else None
        return {
            "amount": None if single is None else single.amount,
            "currency": None if single is None else single.currency,
            "amounts": self.value_text(),
            "win_rate": self.win_rate.value,
            "deal_size": ", ".join(map(str, self.deal_size.values())),
            "deals": self.deals,
            "cycle_days": self.cycle_days,
        }


@stock
def sales_velocity(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    which: Literal["open", "in progress"] = "open",
    win_rate: WinRate = "decided",
    within: timedelta | None = None,
    trailing: timedelta | None = None,
    cycle: Literal["median", "mean"] = "median",
    tz: str = "UTC",
    rates: Rates | None = None,
    currency: str | None = None,
    confidence: float = 0.95,
) -> SalesVelocity:
    """Open leads x win rate x deal size / days to win: what they bring per day at today's pace.

    Win rate, deal size and cycle are those of the last days, by the time of the close. The deal
    size of a currency is the value won in it, less refunds, per win that states a value in any
    currency, so that the currencies add up.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Refused: this is a stock as of a moment; see *trailing*.
        by: Key or keys to segment by; each segment has its own win rate, deal size and cycle.
        which: All open leads, or those in progress.
        win_rate: ``decided``: wins out of wins and losses; ``cohort``: wins within a time limit
            out of all captured, of the leads that had that time in these last days.
        within: The time limit of the cohort's rate, which needs one.
        trailing: Days to take win rate, deal size and cycle from, that of the moment included;
            None takes all time. [whole days]
        cycle: The median of the days from capture to win, or their mean.
        tz: Zone whose days count.
        rates: Rates to convert with, of the day of the win; a function of (from, to, day).
        currency: Currency to convert to; needs *rates* where another one occurs.
        confidence: Confidence of the win rate's interval. [0..1]

    Returns:
        Money per day by currency; undefined where one of the figures it is made of is, and where
        wins take no time. [money per day]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-01 L1 captured
    ...     2026-01-31 L1 won 900 EUR
    ...     2026-01-01 L2 captured
    ...     2026-01-09 L2 lost
    ...     2026-01-20 L3 captured
    ... ''')
    >>> print(sales_velocity(events, as_of=at("2026-02-01")))
    sales_velocity EUR 15.00 per day (1 lead open x 50.0 % x EUR 900.00 / 30.0 days, as of ...
      note: small: n < 30
    """
    check_choice("which", which, _WHICH)
    check_choice("cycle", cycle, ("median", "mean"))
    check_win_rate(win_rate, within)
    known = history_of(history, as_of=as_of)
    if period is not None:
        reason = (
            "sales_velocity is a stock as of a moment; choose the days of its rates by trailing"
        )
        raise OptionError("period", str(period), reason)
    days = trailing_period(known, trailing, tz=tz)
    open_leads = Measure(
        name="sales_velocity", form=CountOf(), counted=f"leads {which}", of=_WHICH[which]
    )
    options = {
        "which": which,
        "win rate": win_rate,
        "within": "any time" if within is None else str(within),
        "trailing": "all time" if days is None else str(days),
        "cycle": cycle,
    }

    def make(leads: Count, rate: Share, size: Totals, times: Durations) -> SalesVelocity:
        length = times.median if cycle == "median" else times.mean
        because = _undefined(rate, size, times, length)
        return SalesVelocity(
            name="sales_velocity",
            counted=leads.counted,
            n=leads.n,
            definition=FrozenMap({**options, **leads.definition}),
            left_out_because=left_out_of(leads, rate, size, times),
            **seen_by(leads, rate, size, times),
            undefined_because=because,
            by_currency=FrozenMap()
            if because or not length
            else _per_day(leads.n, rate, size, length),
            win_rate=plain(rate),
            deal_size=_scaled(size, Fraction(1, size.n)) if size.n else FrozenMap(),
            deals=size.n,
            cycle=plain(times),
            cycle_days=length,
        )

    return compose(
        make,
        {
            "leads": figure(Count, known, open_leads, by=by),
            "rate": recent_win_rate(
                known,
                win_rate=win_rate,
                within=within,
                period=days,
                by=by,
                tz=tz,
                confidence=confidence,
            ),
            "size": final_lead_value(known, period=days, by=by, rates=rates, currency=currency),
            "times": won_velocity(known, period=days, by=by, tz=tz),
        },
        absent="empty",
    )


def _undefined(rate: Share, size: Totals, times: Durations, length: float | None) -> str | None:
    """Why there is no velocity; None where there is one."""
    if rate.value is None:
        return rate.undefined_because
    if not size.n:
        return "no win states a value"
    if length is None:
        return times.undefined_because
    return None if length else "wins take no time"


def _per_day(n: int, rate: Share, size: Totals, length: float) -> FrozenMap[str, Money]:
    part = Fraction(rate.hits) / Fraction(rate.of) / Fraction(length)
    return _scaled(size, n * part / size.n)


def _scaled(size: Totals, factor: Fraction) -> FrozenMap[str, Money]:
    """The sums times a factor, each rounded once."""
    return FrozenMap(
        {
            currency: Money.rounded(as_decimal(Fraction(money.amount) * factor), currency)
            for currency, money in size.by_currency.items()
        }
    )
