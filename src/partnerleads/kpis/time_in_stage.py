"""Time in stage: days that leads stood in one stage."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from partnerleads.kpis.measuring.conditions import Is
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, TimeBetween
from partnerleads.lifecycle.stays import STAGES
from partnerleads.model import Durations, FrozenMap, Period
from partnerleads.model.options import check_choice

__all__ = ["STAGES", "time_in_stage"]

_VISITS = {"latest": "", "cumulative": "earlier"}


def time_in_stage(
    history: AnyHistory,
    *,
    stage: str,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    visits: Literal["latest", "cumulative"] = "latest",
    tz: str = "UTC",
) -> Durations:
    """Days that leads stood in a stage, of those that have left it.

    The stage of an open lead is its last step: captured, offered, accepted, returned, assigned,
    responded, qualified or progressed. It leaves the stage by a step to another one, or by a
    close; a repeated step goes on with the same visit, and a reopen starts a new one.

    Args:
        history: Events or lifecycles; other engines refuse.
        stage: The stage.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the capture; None is all time.
        by: Key or keys to segment by.
        visits: ``latest``: the time since the last entry alone; ``cumulative``: that of all
            visits together.
        tz: Zone in which dates are compared without a period; a period brings its own.

    Returns:
        Median, 90th percentile and mean. Leads that stand there still are counted as open without
        it, whatever earlier visits they have; those that left before they came, by their dates,
        are left out. [days, >= 0]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-01 L1 captured
    ...     2026-01-03 L1 accepted by acme
    ...     2026-01-08 L1 returned by acme
    ...     2026-01-10 L1 accepted by beta
    ...     2026-01-12 L1 won by beta
    ... ''')
    >>> time_in_stage(events, stage="accepted", as_of=at("2026-02-01")).median
    2.0
    >>> both = time_in_stage(events, stage="accepted", visits="cumulative", as_of=at("2026-02-01"))
    >>> both.median
    7.0
    """
    check_choice("stage", stage, STAGES)
    check_choice("visits", visits, _VISITS)
    measure = Measure(
        name="time_in_stage",
        form=TimeBetween("entered", "left", "days", earlier=_VISITS[visits]),
        counted=f"leads that were {stage}",
        anchor=("captured",),
        of=Is("stage", stage),
        over="stays",
        options=FrozenMap({"stage": stage, "visits": visits}),
    )
    return figure(Durations, history, measure, as_of=as_of, period=period, by=by, tz=tz)
