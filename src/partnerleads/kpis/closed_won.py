"""Closed won: wins that stand."""

from __future__ import annotations

from datetime import datetime

from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import CountOf, Measure
from partnerleads.model import Count, FrozenMap, Period
from partnerleads.model.options import check_flags

__all__ = ["closed_won"]


def closed_won(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    gross: bool = False,
) -> Count:
    """How many leads were won, by the time of the win that stands.

    A win stands until a loss, a disqualification or a reopen follows.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win; None is all time.
        by: Key or keys to segment by.
        gross: Count every win at its own time, also those that no longer stand.

    Returns:
        The number of wins. [count]

    Raises:
        OptionError: When *gross* is neither true nor false.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-05 L1 won
    ...     2026-02-01 L1 reopened
    ...     2026-02-09 L1 won
    ... ''')
    >>> closed_won(events, as_of=at("2026-03-01")).value
    1
    >>> closed_won(events, as_of=at("2026-03-01"), gross=True).value
    2
    """
    check_flags(gross=gross)
    measure = Measure(
        name="closed_won",
        form=CountOf(),
        counted="wins" if gross else "leads won",
        anchor=("won",),
        over="wins" if gross else "leads",
        options=FrozenMap({"gross": str(gross)}),
    )
    return figure(Count, history, measure, as_of=as_of, period=period, by=by)
