"""Won velocity: days from the capture of a lead to its win."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import evolve

from partnerleads.kpis.measuring.figures import AnyHistory, By, figure
from partnerleads.kpis.measuring.measure import Measure, TimeBetween
from partnerleads.model import Caution, Durations, FrozenMap, Period
from partnerleads.model.options import check_choice

__all__ = ["won_velocity"]

_WINS = {"standing": "won", "first": "first_won"}
_SO_FAR = Caution(
    "wins_so_far", "only wins so far are in it; the slower ones of this cohort may be still to come"
)


def won_velocity(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    win: Literal["standing", "first"] = "standing",
    counting: Literal["won", "captured"] = "won",
    tz: str = "UTC",
) -> Durations:
    """Days from the capture of a lead to the win that stands, by the time of the win.

    Only won leads have such a time, so the figure says nothing of how long an open lead will take.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the win, or of the capture; None is all time.
        by: Key or keys to segment by.
        win: The win that stands, or the first win whether it stands or not.
        counting: Place a lead by its win, or by its capture. A cohort's wins are only those that
            came so far, so its times are too short while it is young, which bears a warning;
            ``cohort_close_rate(...).half_won_by`` takes the others into account.
        tz: Zone in which dates are compared without a period; a period brings its own.

    Returns:
        Median, 90th percentile and mean; wins before the capture are left out and counted.
        [days, >= 0]

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured
    ...     2026-01-05 L1 won
    ...     2026-02-01 L1 reopened
    ...     2026-02-09 L1 won
    ... ''')
    >>> won_velocity(events, as_of=at("2026-03-01")).median
    38.0
    >>> won_velocity(events, as_of=at("2026-03-01"), win="first").median
    3.0
    """
    check_choice("win", win, _WINS)
    check_choice("counting", counting, ("won", "captured"))
    column = _WINS[win]
    measure = Measure(
        name="won_velocity",
        form=TimeBetween("captured", column, "days"),
        counted="leads won",
        anchor=(column if counting == "won" else "captured",),
        options=FrozenMap({"win": win, "counting": counting}),
    )
    velocity = figure(Durations, history, measure, as_of=as_of, period=period, by=by, tz=tz)
    return velocity if counting == "won" else _cautioned(velocity)


def _cautioned(velocity: Durations) -> Durations:
    """The times of a cohort's wins, with the warning that there may be more to come."""
    segments = {key: _cautioned(one) for key, one in velocity.segments.items()}
    warnings = (*velocity.warnings, _SO_FAR) if velocity.n else velocity.warnings
    return evolve(velocity, warnings=warnings, segments=FrozenMap(segments))
