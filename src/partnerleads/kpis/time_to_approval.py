"""Time to approval: how long a partner waits until its claim is approved."""

from __future__ import annotations

from datetime import datetime

from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, TimeBetween
from partnerleads.model import Durations, FrozenMap, Period, WorkingHours

__all__ = ["time_to_approval"]


def time_to_approval(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    working_hours: WorkingHours | None = None,
    tz: str = "UTC",
) -> Durations:
    """Days from the submission of a registration to its approval.

    The clock starts with the first submission: a claim submitted again before it was decided is
    the same registration. Registrations of leads that were never captured count.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the submission; None is all time.
        by: Key or keys to segment by; here ``holder`` is the partner that claims, and ``reason``
            why it was decided so.
        working_hours: Count working time only, a day being 24 such hours; None counts all time.
        tz: Zone in which dates are compared without a period; a period brings its own.

    Returns:
        Median, 90th percentile and mean of those that were approved; undecided ones are counted as
        censored, rejected and withdrawn ones as closed without it. [days, >= 0]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 registered by acme
    ...     2026-01-05 L1 approved   by acme
    ...     2026-01-04 L2 registered by bolt
    ...     2026-01-05 L2 rejected   by bolt
    ...     2026-01-06 L3 registered by bolt
    ... ''')
    >>> time = time_to_approval(events, as_of=at("2026-02-01"))
    >>> time.median, time.closed_without, time.censored
    (3.0, 1, 1)
    """
    measure = Measure(
        name="time_to_approval",
        form=TimeBetween("registered", "approved", "days", working_hours, never="ended"),
        counted="registrations submitted",
        anchor=("registered",),
        over="registrations",
        holder="registered",
        options=FrozenMap({"working hours": str(working_hours is not None)}),
    )
    return figure(Durations, history, measure, as_of=as_of, period=period, by=by, tz=tz)
