"""Action delay: how long a customer waits for a qualified person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from partnerleads.kpis.measuring.conditions import EVERY, Has
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, TimeBetween
from partnerleads.model import Durations, FrozenMap, Period, WorkingHours
from partnerleads.model.options import check_choice

__all__ = ["action_delay"]

_SINCE = ("captured", "assigned")


def action_delay(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    since: Literal["captured", "assigned"] = "captured",
    working_hours: WorkingHours | None = None,
    tz: str = "UTC",
) -> Durations:
    """Days from the capture of a lead to the first response by a qualified salesperson.

    Automatic answers stop no clock.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture; None is all time.
        by: Key or keys to segment by.
        since: The capture, or the first assignment (leads never assigned do not count then).
        working_hours: Count working time only, a day being 24 such hours; None counts all time.
        tz: Zone in which dates are compared without a period; a period brings its own.

    Returns:
        Median, 90th percentile and mean; leads without a response are counted apart.
        [days, >= 0]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-02 L1 responded automatic=true
    ...     2026-01-05 L1 responded
    ... ''')
    >>> action_delay(events, as_of=at("2026-02-01")).median
    3.0
    """
    check_choice("since", since, _SINCE)
    measure = Measure(
        name="action_delay",
        form=TimeBetween(since, "responded", "days", working_hours),
        counted="leads captured" if since == "captured" else "leads captured and assigned",
        anchor=("captured",),
        of=EVERY if since == "captured" else Has("assigned"),
        options=FrozenMap({"since": since, "working hours": str(working_hours is not None)}),
    )
    return figure(Durations, history, measure, as_of=as_of, period=period, by=by, tz=tz)
