"""Pipeline coverage: the value of the open leads over the quota that remains."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.lead_value import expected_lead_value
from partnerleads.kpis.measuring.composing import compose, plain, seen_by
from partnerleads.kpis.measuring.figures import AnyHistory, By, history_of
from partnerleads.kpis.measuring.stocks import stock
from partnerleads.kpis.measuring.sums import without_amount
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.kpis.recent_win_rate import (
    WinRate,
    check_win_rate,
    recent_win_rate,
    trailing_period,
)
from partnerleads.model import Figure, FrozenMap, Money, Period, Share, Totals
from partnerleads.model.figure import so_many, states
from partnerleads.model.money import EXACT
from partnerleads.model.options import check_flags

__all__ = ["PipelineCoverage", "pipeline_coverage"]


@frozen(kw_only=True, repr=False)
class PipelineCoverage(Figure):
    """How many times the open leads cover the quota that remains, and how many are needed.

    Attributes:
        value: Open value / quota; None where undefined. [ratio]
        open_value: The value of the open leads; None where it cannot be added. [money]
        quota: The quota that remains. [money]
        weighted: Whether the open value has the chances of its leads in it.
        required: 1 / win rate, None where that is 0; 1 of a weighted value. [ratio, >= 1]
        win_rate: The win rate. [0..1]
        without_value: Open leads that state no value. [count]
    """

    value: float | None
    open_value: Money | None
    quota: Money
    weighted: bool
    required: float | None
    win_rate: Share
    without_value: int

    @property
    def enough(self) -> bool | None:
        """Whether the coverage reaches what is required; None where one is undefined."""
        if self.value is None or self.required is None:
            return None
        return self.value >= self.required

    def value_text(self) -> str:
        """The coverage, as a multiple of the quota."""
        return "undefined" if self.value is None else f"{self.value:.2f} x"

    def basis_text(self) -> str:
        """Open value, quota, and the coverage that the win rate requires."""
        value = "no amount" if self.open_value is None else str(self.open_value)
        text = f"{value} of {so_many(self.n, self.counted)} / {self.quota}"
        if self.without_value:
            text += f"; {states(self.without_value)} no value"
        if self.undefined_because is not None:
            text += f"; {self.undefined_because}"
        if self.weighted:
            return f"{text}; required 1.00 x of a weighted value"
        if self.required is None:
            return f"{text}; no win rate to tell what is required"
        return f"{text}; required {self.required:.2f} x at {self.win_rate.value_text()}"

    def columns(self) -> dict[str, object]:
        """Coverage, what is required, and the amounts."""
        return {
            "value": self.value,
            "required": self.required,
            "enough": self.enough,
            "open_value": None if self.open_value is None else self.open_value.amount,
            "quota": self.quota.amount,
            "currency": self.quota.currency,
            "win_rate": self.win_rate.value,
            "without_value": self.without_value,
        }


@stock
def pipeline_coverage(
    history: AnyHistory,
    *,
    quota: Money,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    which: Literal["open", "in progress"] = "open",
    weighted: bool = False,
    expected_in: Period | None = None,
    win_rate: WinRate = "decided",
    within: timedelta | None = None,
    trailing: timedelta | None = None,
    tz: str = "UTC",
    rates: Rates | None = None,
    confidence: float = 0.95,
) -> PipelineCoverage:
    """Expected value of the open leads / quota that remains, beside 1 / win rate that it takes.

    Segments are held against the same quota, so their coverages add up to the whole's.

    Args:
        history: Events, lifecycles, or another engine's history.
        quota: What is still to be won. [money]
        as_of: The moment; needed with events. [aware datetime]
        period: Refused: this is a stock as of a moment; see *expected_in*.
        by: Key or keys to segment by; each segment has its own win rate.
        which: All open leads, or those in progress.
        weighted: Multiply each value by the last stated probability; leads without one are left
            out and counted. A weighted value has the chances in it already, so it need only cover
            the quota once.
        expected_in: Only leads whose last stated expected close lies in this period, such as the
            period of the quota.
        win_rate: ``decided``: wins out of wins and losses; ``cohort``: wins within a time limit
            out of all captured, of the leads that had that time.
        within: The time limit of the cohort's rate, which needs one.
        trailing: Days to take the win rate from, that of the moment included; None takes all
            time. [whole days]
        tz: Zone whose days count.
        rates: Rates to convert to the currency of the quota with, of the day of the moment; a
            function of (from, to, day).
        confidence: Confidence of the win rate's interval. [0..1]

    Returns:
        The coverage, 0 where no lead is open; undefined where the quota is not above 0, where
        none of the leads states a value, and where another currency occurs without rates. [ratio]

    >>> from partnerleads.testing import at, history, money
    >>> events = history('''
    ...     2026-01-01 L1 captured
    ...     2026-01-31 L1 won 900 EUR
    ...     2026-01-01 L2 captured
    ...     2026-01-09 L2 lost
    ...     2026-01-20 L3 captured 6000 EUR
    ... ''')
    >>> figure = pipeline_coverage(events, quota=money("4000 EUR"), as_of=at("2026-02-01"))
    >>> figure.value, figure.required, figure.enough
    (1.5, 2.0, False)
    """
    if not isinstance(quota, Money):
        raise OptionError("quota", quota, 'pass Money, such as Money("250000", "EUR")')
    check_win_rate(win_rate, within)
    check_flags(weighted=weighted)
    known = history_of(history, as_of=as_of)
    days = trailing_period(known, trailing, tz=tz)
    options = {
        "quota": str(quota),
        "win rate": win_rate,
        "within": "any time" if within is None else str(within),
        "trailing": "all time" if days is None else str(days),
    }

    def make(value: Totals, rate: Share) -> PipelineCoverage:
        amount, because = _in_currency(value, quota.currency)
        coverage = None
        if amount is not None and quota.amount > 0:
            coverage = float(EXACT.divide(amount.amount, quota.amount))
        return PipelineCoverage(
            name="pipeline_coverage",
            counted=value.counted,
            n=value.n,
            definition=FrozenMap({**value.definition, **options}),
            left_out_because=value.left_out_because,
            **seen_by(value, rate),
            undefined_because=because if quota.amount > 0 else "no quota remains",
            value=coverage,
            open_value=amount,
            quota=quota,
            weighted=weighted,
            required=_required(rate, weighted=weighted),
            win_rate=plain(rate),
            without_value=value.without_value,
        )

    return compose(
        make,
        {
            "value": expected_lead_value(
                known,
                period=period,
                by=by,
                which=which,
                weighted=weighted,
                expected_in=expected_in,
                rates=rates,
                currency=None if rates is None else quota.currency,
            ),
            "rate": recent_win_rate(
                known,
                win_rate=win_rate,
                within=within,
                period=days,
                by=by,
                tz=tz,
                confidence=confidence,
            ),
        },
        absent="empty",
    )


def _required(rate: Share, *, weighted: bool) -> float | None:
    """How many times the quota must be covered."""
    if weighted:
        return 1.0
    return 1 / rate.value if rate.value else None


def _in_currency(value: Totals, currency: str) -> tuple[Money | None, str | None]:
    """The one sum in a currency, or why there is none."""
    if not value.n + value.without_value + without_amount(value.left_out_because):
        return Money(0, currency), None
    if not value.by_currency:
        return None, value.undefined_because
    if set(value.by_currency) != {currency}:
        currencies = ", ".join(sorted({*value.by_currency, currency}))
        return None, f"amounts in {currencies} cannot be added; pass rates"
    return value.by_currency[currency], None
