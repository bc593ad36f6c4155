"""Expected and final lead value: what open leads may bring, and what won ones brought."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from partnerleads.kpis.measuring.conditions import IN_PROGRESS, OPEN, Condition
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import FINAL_VALUE, Measure, SumOf
from partnerleads.kpis.measuring.stocks import stock
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import FrozenMap, Period, Totals
from partnerleads.model.options import check_choice, check_flags
from partnerleads.model.period import check_period

__all__ = ["expected_lead_value", "final_lead_value"]

_WHICH: dict[str, Condition] = {"in progress": IN_PROGRESS, "open": OPEN}


@stock
def expected_lead_value(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    which: Literal["in progress", "open"] = "in progress",
    weighted: bool = False,
    expected_in: Period | None = None,
    rates: Rates | None = None,
    currency: str | None = None,
) -> Totals:
    """The expected value of the leads in progress: of each the last one stated.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Refused: this is a stock as of a moment; see *expected_in*.
        by: Key or keys to segment by.
        which: Leads in progress, or all open ones.
        weighted: Multiply each value by the last stated probability; leads without one are left
            out and counted.
        expected_in: Only leads whose last stated expected close lies in this period.
        rates: Rates to convert with, of the day of the moment; a function of (from, to, day).
        currency: Currency to convert to; needs *rates* where another one occurs.

    Returns:
        Sums by currency, and how many leads state no value. [money]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured 5000 EUR
    ...     2026-01-05 L1 progressed 6000 EUR probability=0.5
    ...     2026-01-09 L1 progressed
    ...     2026-01-02 L2 captured 9000 EUR
    ... ''')
    >>> expected_lead_value(events, as_of=at("2026-02-01")).total
    Money('6000.00', 'EUR')
    >>> expected_lead_value(events, as_of=at("2026-02-01"), weighted=True).total
    Money('3000.00', 'EUR')
    >>> expected_lead_value(events, as_of=at("2026-02-01"), which="open").total
    Money('15000.00', 'EUR')
    """
    check_choice("which", which, _WHICH)
    check_flags(weighted=weighted)
    check_period("expected_in", expected_in)
    during = None
    if expected_in is not None:
        during = ("expected_close_at", expected_in.start, expected_in.end)
    measure = Measure(
        name="expected_lead_value",
        form=SumOf("expected_value", weight="probability" if weighted else ""),
        counted=f"leads {which}",
        of=_WHICH[which],
        during=during,
        options=FrozenMap(
            {
                "which": which,
                "weighted": str(weighted),
                "expected in": "any time" if expected_in is None else str(expected_in),
            }
        ),
    )
    return figure(
        Totals,
        history,
        measure,
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
    )


def final_lead_value(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    gross: bool = False,
    rates: Rates | None = None,
    currency: str | None = None,
) -> Totals:
    """The value of the wins that stand, less their refunds, by the time of the win.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win; None is all time.
        by: Key or keys to segment by.
        gross: Do not take off refunds.
        rates: Rates to convert with, of the day of the win; a function of (from, to, day).
        currency: Currency to convert to; needs *rates* where another one occurs.

    Returns:
        Sums by currency, and how many wins state no value. Wins with a refund in another currency
        are left out and counted. Every sum is added up exactly and rounded once to the smallest
        unit, each segment's for itself, so converted segments may differ from the whole by some
        of these units. [money]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-05 L1 won 9000 EUR
    ...     2026-02-01 L1 refunded 500 EUR
    ... ''')
    >>> final_lead_value(events, as_of=at("2026-03-01")).total
    Money('8500.00', 'EUR')
    >>> final_lead_value(events, as_of=at("2026-03-01"), gross=True).total
    Money('9000.00', 'EUR')
    """
    check_flags(gross=gross)
    amount = SumOf("won.value") if gross else FINAL_VALUE
    measure = Measure(
        name="final_lead_value",
        form=amount,
        counted="leads won",
        anchor=("won",),
        options=FrozenMap({"gross": str(gross)}),
    )
    return figure(
        Totals,
        history,
        measure,
        as_of=as_of,
        period=period,
        by=by,
        rates=rates,
        currency=currency,
    )
