"""In progress: leads being worked as of a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from partnerleads.kpis.measuring.conditions import IN_PROGRESS, Active, AllOf, Not
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import CountOf, Measure
from partnerleads.kpis.measuring.stocks import stock
from partnerleads.model import Count, FrozenMap, Period
from partnerleads.model.figure import counted
from partnerleads.model.options import check_span

__all__ = ["STALLED_AFTER", "in_progress"]

STALLED_AFTER = timedelta(days=30)
"""A lead without an event for longer has stalled, unless told otherwise."""


@stock
def in_progress(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    active_within: timedelta | None = None,
    stalled_after: timedelta = STALLED_AFTER,
) -> Count:
    """How many leads are in progress: open, and progressed at least once.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Refused: this is a stock as of a moment.
        by: Key or keys to segment by.
        active_within: Count only leads with an event in that time before the moment.
        stalled_after: Leads whose last event is older are listed by id.

    Returns:
        The number of leads, with the stalled ones listed. [count]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-05 L1 progressed
    ...     2026-01-02 L2 captured
    ...     2026-01-28 L2 progressed
    ... ''')
    >>> leads = in_progress(events, as_of=at("2026-02-10"))
    >>> leads.value, leads.listed
    (2, ('L1',))
    """
    for name, span in (("active_within", active_within), ("stalled_after", stalled_after)):
        check_span(name, span)
    of = IN_PROGRESS if active_within is None else AllOf((IN_PROGRESS, Active(active_within)))
    measure = Measure(
        name="in_progress",
        form=CountOf(Not(Active(stalled_after)), f"stalled over {_words(stalled_after)}"),
        counted="leads in progress",
        of=of,
        options=FrozenMap(
            {"active within": "any time" if active_within is None else str(active_within)}
        ),
    )
    return figure(Count, history, measure, as_of=as_of, period=period, by=by)


def _words(span: timedelta) -> str:
    return str(span) if span % timedelta(days=1) else counted(span.days, "day")
