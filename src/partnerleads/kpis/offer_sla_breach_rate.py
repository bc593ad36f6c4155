"""Offer SLA breach rate: offers that nobody answered in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import (
    AllOf,
    Condition,
    Has,
    Is,
    Not,
    NotAfter,
    Older,
    Past,
    Within,
    sometime,
)
from partnerleads.kpis.measuring.figures import AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.measure import CountOf, Measure, ShareOf
from partnerleads.model import Count, FrozenMap, Period, Share, WorkingHours
from partnerleads.model.figure import frozen_counts
from partnerleads.model.options import check_span

__all__ = ["offer_sla_breach_rate"]

NO_LIMIT = "it states no expiry"
OFFERED_SOMETIME = "when it was offered is not known"
ANSWERED_SOMETIME = "when it was answered is not known"

_ASKED = Is("taken_back", value=False)
_EXPIRES = "offered.expires_at"
_OVER = Past(_EXPIRES)


def _limits(
    within: timedelta | None, hours: WorkingHours | None
) -> tuple[ShareOf, dict[str, Condition]]:
    """What is judged by a time limit, and who leaves since nobody can judge it, by reason."""
    if within is not None:
        late = Not(Within("offered", "replied", within, hours))
        judged = Older("offered", within, hours)
        return ShareOf(late, judged=judged), {OFFERED_SOMETIME: sometime("offered")}
    answered_sometime = sometime("replied")
    form = ShareOf(
        Not(NotAfter("replied", _EXPIRES)), judged=AllOf((_OVER, Not(answered_sometime)))
    )
    unclear: dict[str, Condition] = {
        NO_LIMIT: Not(Has(_EXPIRES)),
        ANSWERED_SOMETIME: AllOf((_OVER, answered_sometime)),
    }
    return form, unclear


def offer_sla_breach_rate(
    history: AnyHistory,
    *,
    as_of: datetime | None = None,
    period: Period | None = None,
    by: By = None,
    within: timedelta | None = None,
    working_hours: WorkingHours | None = None,
    tz: str = "UTC",
    confidence: float = 0.95,
) -> Share:
    """Offers answered late or not at all, out of the offers old enough to judge.

    An acceptance or a decline is an answer, also after an expiry, which is none. An offer is old
    enough when its whole time is over, also where it was answered before, or the quick answers
    alone would count of the young. Offers that were withdrawn without an answer leave, unless they
    had expired.

    Args:
        history: Events, lifecycles, or another engine's history.
        as_of: The moment; needed with events. [aware datetime]
        period: Period of the offer; None is all time.
        by: Key or keys to segment by; here ``holder`` is the recipient asked, ``agent`` the person
            asked, and ``reason`` why it was answered so.
        within: The time that everyone has for an answer, included. None judges each offer by its
            own ``expires_at``, included; offers that state none leave and are counted.
        working_hours: Count working time only, with *within*; None counts all time.
        tz: Zone in which dates are compared without a period; a period brings its own.
        confidence: Confidence of the interval. [0..1]

    Returns:
        The rate; undefined where no offer is old enough. Offers whose times nobody can judge leave
        and are counted. [0..1]

    Raises:
        OptionError: When *working_hours* come without *within*.

    >>> from datetime import timedelta
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02       L1 captured
    ...     2026-01-03 09:00 L1 offered  by acme expires_at="2026-01-03 17:00"
    ...     2026-01-03 18:00 L1 declined by acme
    ...     2026-01-05 09:00 L1 offered  by bolt expires_at="2026-01-05 17:00"
    ...     2026-01-05 16:00 L1 accepted by bolt
    ... ''')
    >>> offer_sla_breach_rate(events, as_of=at("2026-02-01")).value
    0.5
    >>> offer_sla_breach_rate(events, as_of=at("2026-02-01"), within=timedelta(hours=4)).value
    1.0
    """
    check_span("within", within)
    if within is None and working_hours is not None:
        reason = "counts the time limit; pass within=, such as timedelta(hours=4)"
        raise OptionError("working_hours", working_hours, reason)
    form, unclear = _limits(within, working_hours)
    measure = Measure(
        name="offer_sla_breach_rate",
        form=form,
        counted="offers old enough to judge",
        anchor=("offered",),
        of=_ASKED,
        over="offers",
        holder="offered",
        options=FrozenMap(
            {
                "within": "its own expiry" if within is None else str(within),
                "working hours": str(working_hours is not None),
            }
        ),
    )
    known = history_of(history, as_of=as_of)
    rate = figure(Share, known, measure, period=period, by=by, tz=tz, confidence=confidence)
    leaving = {
        reason: figure(
            Count,
            known,
            evolve(measure, form=CountOf(), of=AllOf((_ASKED, condition))),
            period=period,
            by=by,
            tz=tz,
        )
        for reason, condition in unclear.items()
    }
    return _without(rate, leaving)


def _without(rate: Share, leaving: Mapping[str, Count]) -> Share:
    """The rate with those it leaves out by reason, also in its segments."""
    segments = {
        key: _without(
            one,
            {
                reason: left.segments[key]
                for reason, left in leaving.items()
                if key in left.segments
            },
        )
        for key, one in rate.segments.items()
    }
    counts = {reason: left.value for reason, left in leaving.items()}
    return evolve(
        rate,
        left_out_because=frozen_counts({**rate.left_out_because, **counts}),
        segments=FrozenMap(segments),
    )
