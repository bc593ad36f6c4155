"""Hours to acceptance: how long until a lead becomes someone's to follow up."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from partnerleads.kpis.measuring.conditions import EVERY, Has
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, TimeBetween
from partnerleads.model import Durations, FrozenMap, Period, WorkingHours
from partnerleads.model.options import check_choice

__all__ = ["hours_to_acceptance"]

_UNTIL = {"accepted": "accepted", "assigned": "assigned", "last assigned": "last_assigned"}
_INSTEAD = {"accepted": "assigned", "assigned": "accepted", "last assigned": "accepted"}
_SINCE = {"captured": "captured", "offered": "accepted_offer"}


def hours_to_acceptance(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    until: Literal["accepted", "assigned", "last assigned"] = "accepted",
    since: Literal["captured", "offered"] = "captured",
    working_hours: WorkingHours | None = None,
    tz: str = "UTC",
) -> Durations:
    """Hours from the capture of a lead to its first acceptance.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture; None is all time.
        by: Key or keys to segment by.
        until: The first acceptance, or the first or last assignment to a person.
        since: The capture, or the offer that the first acceptance answers (leads whose acceptance
            answers no offer are left out).
        working_hours: Count working time only; None counts all time.
        tz: Zone in which dates are compared without a period; a period brings its own.

    Returns:
        Median, 90th percentile and mean; leads not accepted are counted apart, open or closed.
        [hours, >= 0]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 08:00 L1 captured
    ...     2026-01-02 12:00 L1 accepted by acme
    ...     2026-01-02 08:00 L2 captured
    ... ''')
    >>> hours = hours_to_acceptance(events, as_of=at("2026-02-01"))
    >>> hours.median, hours.n, hours.censored
    (4.0, 1, 1)
    """
    check_choice("until", until, _UNTIL)
    check_choice("since", since, _SINCE)
    measure = Measure(
        name="hours_to_acceptance",
        form=TimeBetween(
            _SINCE[since], _UNTIL[until], "hours", working_hours, instead=_INSTEAD[until]
        ),
        counted="leads captured" if since == "captured" else "leads accepted",
        anchor=("captured",),
        of=EVERY if since == "captured" else Has("accepted"),
        options=FrozenMap(
            {"since": since, "until": until, "working hours": str(working_hours is not None)}
        ),
    )
    return figure(Durations, history, measure, as_of=as_of, period=period, by=by, tz=tz)
