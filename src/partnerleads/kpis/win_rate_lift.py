"""Win-rate lift: how much likelier partner leads are won than others."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import EllipsisType
from typing import Any, Literal

from partnerleads.errors import OptionError
from partnerleads.kpis.cohort_close_rate import cohort_close_rate
from partnerleads.kpis.comparison.compare import compare
from partnerleads.kpis.comparison.groups import GroupOf
from partnerleads.kpis.comparison.lift import Lift, lift_of
from partnerleads.kpis.decided_win_rate import decided_win_rate
from partnerleads.kpis.measuring.figures import AnyHistory, By
from partnerleads.model import Period
from partnerleads.model.options import check_choice, check_flags

__all__ = ["win_rate_lift"]

_RATES = ("cohort", "decided")
_UNSAID = (
    "say the time limit that both groups are given, commonly one sales cycle, such as "
    "timedelta(days=90), or None for what was won so far"
)


def win_rate_lift(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    of: GroupOf = "sourced",
    against: GroupOf = "direct",
    rate: Literal["cohort", "decided"] = "cohort",
    within: timedelta | EllipsisType | None = ...,
    percentage_points: bool = False,
    by: By = None,
    adjust_for: By = (),
    landmark: timedelta | None = None,
    tz: str = "UTC",
    confidence: float = 0.95,
) -> Lift:
    """How much likelier a partner lead is won than a direct one, under one definition.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture, of the close for the decided rate; None is all time.
        of: Whose lift: ``sourced``, ``influenced``, ``involved``, or a condition. Influenced leads
            need a *landmark*, or the lift bears a warning.
        against: The base: ``direct`` or any other class, or a condition.
        rate: Won within a time limit out of all captured (``cohort``), or out of those won or
            lost (``decided``).
        within: The time limit of the cohort rate, which must be said; None, said explicitly, takes
            what was won so far, with its warning. The decided rate has none.
        percentage_points: Show the difference of the rates instead of the relative lift; the
            result has both.
        by: Key or keys; each segment then has its own lift, besides that of the whole.
        adjust_for: Key or keys whose mix is taken out; see ``comparison.adjusted`` of the result.
        landmark: Fix the classes of attribution so long after the capture, among the leads that
            were open then; None takes them as of the moment.
        tz: Zone in which dates are compared without a period; a period brings its own.
        confidence: Confidence of the intervals. [0..1]

    Returns:
        partner / direct - 1 with its log interval; undefined when direct has no win. Of cohorts
        that have not matured it says so, and what it will be by what is seen of older leads.
        [ratio, >= -1]

    Raises:
        OptionError: When the cohort rate has no *within*, or the decided rate one.

    Source:
        Interval after Katz et al. 1978; of the difference, Newcombe 1998.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme
    ...     2026-01-20 L1 won
    ...     2026-01-05 L2 captured
    ...     2026-01-08 L2 lost
    ...     2026-01-05 L3 captured
    ...     2026-01-28 L3 won
    ... ''')
    >>> lift = win_rate_lift(events, within=timedelta(days=30), as_of=at("2026-03-01"))
    >>> lift.value, lift.points.value
    (1.0, 0.5)
    """
    check_choice("rate", rate, _RATES)
    check_flags(percentage_points=percentage_points)
    options: dict[str, Any] = {}
    if rate == "cohort":
        if isinstance(within, EllipsisType):
            raise OptionError("within", within, _UNSAID)
        options = {"within": within, "tz": tz}
    elif isinstance(within, timedelta):
        raise OptionError("within", within, "the decided rate has no time limit; leave it out")
    found = compare(
        history,
        cohort_close_rate if rate == "cohort" else decided_win_rate,
        of,
        against,
        as_of=as_of,
        period=period,
        by=by,
        adjust_for=adjust_for,
        landmark=landmark,
        confidence=confidence,
        **options,
    )
    return lift_of(found, "win_rate_lift", percentage_points=percentage_points)
