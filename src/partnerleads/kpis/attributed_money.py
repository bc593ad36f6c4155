"""Sourced and influenced revenue and pipeline: money by attribution class."""

from __future__ import annotations

from datetime import datetime

from partnerleads.kpis.attribution_rates import INFLUENCED, SOURCED
from partnerleads.kpis.measuring.conditions import OPEN, AllOf, Condition
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import FINAL_VALUE, Measure, SumOf
from partnerleads.kpis.measuring.stocks import stock
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import Period, Totals

__all__ = [
    "influenced_pipeline",
    "influenced_revenue",
    "sourced_pipeline",
    "sourced_revenue",
]


def _revenue(name: str, whose: Condition) -> Measure:
    return Measure(
        name=f"{name}_revenue",
        form=FINAL_VALUE,
        counted=f"{name} leads won",
        anchor=("won",),
        of=whose,
    )


def _pipeline(name: str, whose: Condition) -> Measure:
    return Measure(
        name=f"{name}_pipeline",
        form=SumOf("expected_value"),
        counted=f"{name} leads open",
        of=AllOf((OPEN, whose)),
    )


def sourced_revenue(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    rates: Rates | None = None,
    currency: str | None = None,
) -> Totals:
    """The final value of won leads that a partner sourced.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win; None is all time.
        by: Key or keys to segment by.
        rates: Rates to convert with, of the day of the win; a function of (from, to, day).
        currency: Currency to convert to.

    Returns:
        Sums by currency; sourced, influenced and direct revenue add up to all revenue. [money]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-05 L1 won 9000 EUR
    ... ''')
    >>> sourced_revenue(events, as_of=at("2026-03-01")).total
    Money('9000.00', 'EUR')
    """
    return figure(
        Totals,
        history,
        _revenue("sourced", SOURCED),
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
    )


def influenced_revenue(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    rates: Rates | None = None,
    currency: str | None = None,
) -> Totals:
    """The final value of won leads that a partner influenced and none sourced.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win; None is all time.
        by: Key or keys to segment by.
        rates: Rates to convert with, of the day of the win; a function of (from, to, day).
        currency: Currency to convert to.

    Returns:
        Sums by currency. [money]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-03 L1 influenced by acme
    ...     2026-01-05 L1 won 9000 EUR
    ... ''')
    >>> influenced_revenue(events, as_of=at("2026-03-01")).total
    Money('9000.00', 'EUR')
    """
    return figure(
        Totals,
        history,
        _revenue("influenced", INFLUENCED),
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
    )


@stock
def sourced_pipeline(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    rates: Rates | None = None,
    currency: str | None = None,
) -> Totals:
    """The expected value of open leads that a partner sourced.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Refused: this is a stock as of a moment.
        by: Key or keys to segment by.
        rates: Rates to convert with, of the day of the moment; a function of (from, to, day).
        currency: Currency to convert to.

    Returns:
        Sums by currency. [money]

    >>> from partnerleads.testing import at, history
    >>> events = history("2026-01-02 L1 captured by acme 9000 EUR")
    >>> sourced_pipeline(events, as_of=at("2026-03-01")).total
    Money('9000.00', 'EUR')
    """
    return figure(
        Totals,
        history,
        _pipeline("sourced", SOURCED),
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
    )


@stock
def influenced_pipeline(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    rates: Rates | None = None,
    currency: str | None = None,
) -> Totals:
    """The expected value of open leads that a partner influenced and none sourced.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Refused: this is a stock as of a moment.
        by: Key or keys to segment by.
        rates: Rates to convert with, of the day of the moment; a function of (from, to, day).
        currency: Currency to convert to.

    Returns:
        Sums by currency. [money]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured 9000 EUR
    ...     2026-01-03 L1 influenced by acme
    ... ''')
    >>> influenced_pipeline(events, as_of=at("2026-03-01")).total
    Money('9000.00', 'EUR')
    """
    return figure(
        Totals,
        history,
        _pipeline("influenced", INFLUENCED),
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
    )
