"""Time-to-close lift: how much longer partner leads take to be won than others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from partnerleads.kpis.comparison.compare import compare
from partnerleads.kpis.comparison.groups import GroupOf
from partnerleads.kpis.comparison.lift import Lift, lift_of
from partnerleads.kpis.comparison.values import Statistic
from partnerleads.kpis.measuring.figures import AnyHistory, By
from partnerleads.kpis.won_velocity import won_velocity
from partnerleads.model import Period

__all__ = ["time_to_close_lift"]


def time_to_close_lift(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    of: GroupOf = "sourced",
    against: GroupOf = "direct",
    statistic: Statistic = "median",
    by: By = None,
    landmark: timedelta | None = None,
    win: Literal["standing", "first"] = "standing",
    counting: Literal["won", "captured"] = "won",
    tz: str = "UTC",
) -> Lift:
    """How much longer, or shorter, a partner lead takes to be won than a direct one.

    Below 0 partner leads are faster. Only won leads have such a time, so the figure says nothing
    of leads that are still open, and the time of a young programme is short because no lead of it
    could take long yet; :func:`cohort_close_rate` gives leads the same time.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win, or of the capture; None is all time.
        of: Whose lift: ``sourced``, ``influenced``, ``involved``, or a condition. Influenced leads
            need a *landmark*, or the lift bears a warning.
        against: The base: ``direct`` or any other class, or a condition.
        statistic: Which figure of the days from capture to win: ``median``, ``p90`` or ``mean``.
        by: Key or keys; each segment then has its own lift, besides that of the whole.
        landmark: Fix the classes of attribution so long after the capture, among the leads that
            were open then; None takes them as of the moment.
        win: The win that stands, or the first win whether it stands or not.
        counting: Place a lead by its win, or by its capture; of a cohort by its captures the lift
            is only so far, and those not won yet take part in the log-rank test of the comparison.
        tz: Zone in which dates are compared without a period; a period brings its own.

    Returns:
        partner / direct - 1, without interval; undefined when direct has no win, or wins only on
        the spot. [ratio, >= -1]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-12 L1 won
    ...     2026-01-02 L2 captured
    ...     2026-01-22 L2 won
    ... ''')
    >>> time_to_close_lift(events, as_of=at("2026-03-01")).value
    -0.5
    """
    found = compare(
        history,
        won_velocity,
        of,
        against,
        as_of=as_of,
        period=period,
        by=by,
        landmark=landmark,
        statistic=statistic,
        win=win,
        counting=counting,
        tz=tz,
    )
    return lift_of(found, "time_to_close_lift", percentage_points=False)
