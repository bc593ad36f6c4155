"""The win rate that other figures reckon with, of a time that has just passed."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypeAlias

from partnerleads.errors import OptionError
from partnerleads.kpis.cohort_close_rate import cohort_close_rate, had_its_time
from partnerleads.kpis.decided_win_rate import decided_win_rate
from partnerleads.kpis.measuring.figures import By
from partnerleads.kpis.measuring.tally import History
from partnerleads.kpis.only import only
from partnerleads.model import Period, Share, local_date, zone
from partnerleads.model.options import check_choice, check_span

__all__ = ["WinRate", "check_win_rate", "recent_win_rate", "trailing_period"]

WinRate: TypeAlias = Literal["decided", "cohort"]
"""Wins out of those decided, or out of all that were captured."""

_DAY = timedelta(days=1)
_BEYOND = "leads beyond the calendar"


def check_win_rate(win_rate: str, within: timedelta | None) -> None:
    """Refuse a win rate that is not offered, and a time limit that means nothing to it.

    Args:
        win_rate: Which rate.
        within: Time limit of the cohort's rate.
    """
    check_choice("win_rate", win_rate, ("decided", "cohort"))
    check_span("within", within)
    if win_rate == "cohort" and within is None:
        reason = "a cohort's rate needs a time limit, such as timedelta(days=90)"
        raise OptionError("within", within, reason)
    if win_rate == "decided" and within is not None:
        raise OptionError("within", within, "belongs to win_rate='cohort'")


def trailing_period(known: History, trailing: timedelta | None, *, tz: str) -> Period | None:
    """The last days up to that of the moment, which is among them; None is all time.

    Args:
        known: The history, which has the moment.
        trailing: How many days. [whole days, >= 1]
        tz: Zone whose midnights part the days.
    """
    check_span("trailing", trailing)
    if trailing is None:
        return None
    if trailing < _DAY or trailing % _DAY:
        raise OptionError("trailing", trailing, "must be whole days, such as timedelta(days=90)")
    try:
        until = local_date(known.as_of, zone(tz)) + _DAY
        return Period.days(until - trailing, until, tz=tz)
    except OverflowError:
        raise OptionError("trailing", trailing, _BEYOND) from None


def recent_win_rate(
    known: History,
    *,
    win_rate: WinRate,
    within: timedelta | None,
    period: Period | None,
    by: By,
    tz: str,
    confidence: float,
) -> Share:
    """The decided win rate of a period, or the close rate of the leads that had their time by then.

    Args:
        known: The history.
        win_rate: Which rate.
        within: Time limit of the cohort's rate.
        period: When the leads were decided; a cohort was captured as much earlier as its time
            limit. None is all time. Leads without the whole time limit are in no cohort here.
        by: Key or keys to segment by.
        tz: Zone in which dates are compared without a period.
        confidence: Confidence of the interval. [0..1]
    """
    if within is None or win_rate == "decided":
        return decided_win_rate(known, period=period, by=by, confidence=confidence)
    if period is not None:
        earlier = -(-within // _DAY) * _DAY
        try:
            period = Period.days(period.first - earlier, period.until - earlier, tz=period.tz)
        except OverflowError:
            raise OptionError("within", within, _BEYOND) from None
    return cohort_close_rate(
        only(known, had_its_time(within)),
        within=within,
        period=period,
        by=by,
        tz=tz,
        confidence=confidence,
    )
