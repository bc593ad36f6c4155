"""A measure of one's own, as good as the built-in ones."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from attrs import frozen

from partnerleads.kpis.measuring.conditions import EVERY, Condition
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import (
    CountOf,
    EndsOf,
    Form,
    Measure,
    SetOf,
    ShareOf,
    SumOf,
    SumShareOf,
    TimeBetween,
    Unit,
)
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import CloseRate, Count, Durations, Figure, Period, Regions, Share, Totals
from partnerleads.model.options import check_choice

__all__ = ["Kpi", "define"]

_RESULTS: dict[type[object], type[Figure]] = {
    CountOf: Count,
    ShareOf: Share,
    SumShareOf: Share,
    TimeBetween: Durations,
    EndsOf: CloseRate,
    SumOf: Totals,
    SetOf: Regions,
}


@frozen
class Kpi:
    """A measure that is called like any KPI function.

    Attributes:
        measure: What it measures.
    """

    measure: Measure

    @property
    def is_stock(self) -> bool:
        """Whether it counts what is there as of the moment."""
        return self.measure.is_stock

    def __call__(
        self,
        history: AnyHistory,
        *,
        as_of: datetime | None = None,
        period: Period | None = None,
        by: By = None,
        tz: str = "UTC",
        rates: Rates | None = None,
        currency: str | None = None,
        confidence: float = 0.95,
    ) -> Figure:
        """Measure a history.

        Args:
            history: Events, lifecycles, or another engine's history.
            as_of: The moment; needed with events. [aware datetime]
            period: Period of the anchor; None is all time.
            by: Key or keys to segment by.
            tz: Zone in which dates are compared without a period.
            rates: Rates to convert money with; a function of (from, to, day).
            currency: Currency to convert money to.
            confidence: Confidence of the intervals. [0..1]
        """
        return figure(
            _RESULTS[type(self.measure.form)],
            history,
            self.measure,
            as_of=as_of,
            period=period,
            by=by,
            tz=tz,
            rates=rates,
            currency=currency,
            confidence=confidence,
        )


def define(
    name: str,
    form: Form,
    *,
    counted: str,
    anchor: str | tuple[str, ...] = (),
    of: Condition = EVERY,
    over: Unit = "leads",
) -> Kpi:
    """Make a KPI of one's own; segments, periods, intervals and warnings come with it.

    Args:
        name: Its name.
        form: What is done with the population: ``ShareOf``, ``TimeBetween``, ``EndsOf``,
            ``CountOf``, ``SumOf``, ``SumShareOf`` or ``SetOf``.
        counted: The population in words, such as ``leads captured``.
        anchor: The event column that places a member in time; empty for a stock.
        of: Who belongs to the population.
        over: What the members are: ``leads``, ``wins``, ``spells``, ``offers``,
            ``registrations`` or ``stays``.

    Raises:
        OptionError: When there are no such members, and, when it is called, no such columns.

    >>> from datetime import timedelta
    >>> from partnerleads import kpis
    >>> from partnerleads.testing import at, history
    >>> quick = kpis.Within("captured", "responded", timedelta(days=1))
    >>> quick_answer_rate = kpis.define(
    ...     "quick_answer_rate", kpis.ShareOf(quick), counted="leads captured", anchor="captured"
    ... )
    >>> events = history('''
    ...     2026-01-02 09:00 L1 captured
    ...     2026-01-02 10:00 L1 responded
    ...     2026-01-02 09:00 L2 captured
    ... ''')
    >>> quick_answer_rate(events, as_of=at("2026-02-01")).value
    0.5
    """
    check_choice("over", over, get_args(Unit))
    columns = (anchor,) if isinstance(anchor, str) else anchor
    return Kpi(
        Measure(
            name=name,
            form=form,
            counted=counted,
            anchor=tuple(column for column in columns if column),
            of=of,
            over=over,
        )
    )
