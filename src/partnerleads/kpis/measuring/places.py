"""The places where a population has both a follow-up and a close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from operator import and_, or_
from typing import TypeAlias

from attrs import evolve

from partnerleads.events import LeadEvent, LeadProgressed, LeadResponded
from partnerleads.kpis.measuring.elapsed import INVENTED, VAGUE
from partnerleads.kpis.measuring.expressions import THERE
from partnerleads.kpis.measuring.measure import SetOf
from partnerleads.kpis.measuring.members import Members
from partnerleads.kpis.measuring.tally import Placed, Tally
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import Period

__all__ = ["places_of"]

Events: TypeAlias = Sequence[LeadEvent | None]
"""An event of each member, or None."""

_FOLLOW_UPS = ("responded", "progressed")
_FOLLOWING = bytes(rank in (LeadResponded.rank, LeadProgressed.rank) for rank in range(256))


def places_of(form: SetOf, members: Members, period: Period | None) -> Tally:
    """The leads of each place that has both a follow-up and a close inside the period.

    Args:
        form: Which places and closes.
        members: The population.
        period: The period; None is all time.
    """
    close = "won" if form.won_only else "closed"
    if period is None:
        responded, progressed, closed = (
            members.column(f"{THERE}{name}") for name in (*_FOLLOW_UPS, close)
        )
        followed = list(map(or_, responded, progressed))
        return _placed(form, members, followed, closed)
    members = _near(members, close, period)
    return _placed_within(form, members, members.column(close), period)


def _placed_within(form: SetOf, members: Members, all_closes: Events, period: Period) -> Tally:
    start, end, leads = period.start, period.end, members.leads
    follow_ups = [
        first and _follow_up(first, lead, period)
        for first, lead in zip(members.events(_FOLLOW_UPS), leads, strict=True)
    ]
    closes = [
        event and (event if start <= event.occurred_at < end and _is_dated(event) else None)
        for event in all_closes
    ]
    followed, closed = ([one is not None for one in events] for events in (follow_ups, closes))
    held = _held(form, followed, closed)
    invented = sum(
        not is_held and _is_invented(lead, close, period)
        for is_held, lead, close in zip(held, leads, all_closes, strict=True)
    )
    vague = sum(
        is_held and place is not None and (_is_vague(one) or _is_vague(other))
        for is_held, place, one, other in zip(
            held, members.column(form.place), follow_ups, closes, strict=True
        )
    )
    tally = _placed(form, members, followed, closed)
    left_out = {**tally.left_out, INVENTED: invented}
    return evolve(tally, left_out=left_out, seen={"vague_times": vague})


def _near(members: Members, close: str, period: Period) -> Members:
    """Those whose close or follow-up may lie in the period; only they are searched for it."""
    start, end = period.start, period.end
    members = members.where([last >= start for last in members.last_times])
    firsts = (members.times((name,)) for name in (*_FOLLOW_UPS, close))
    return members.where(
        [
            (response is not None and response < end)
            or (step is not None and step < end)
            or (closed is not None and closed < end)
            for response, step, closed in zip(*firsts, strict=True)
        ]
    )


def _held(form: SetOf, followed: Sequence[bool], closed: Sequence[bool]) -> list[bool]:
    """Whether a member has what it needs to count: either of both, or both."""
    return list(map(and_ if form.same_lead else or_, followed, closed))


def _placed(
    form: SetOf, members: Members, followed: Sequence[bool], closed: Sequence[bool]
) -> Tally:
    held = _held(form, followed, closed)
    members = members.where(held)
    places: Sequence[str | None] = members.column(form.place)
    counts = Counter(places)
    unplaced = counts.pop(None, 0)
    with_follow_up, with_close = (
        set(compress(places, compress(one, held))) for one in (followed, closed)
    )
    active = (with_follow_up & with_close).intersection(counts)
    leads = {place: n for place, n in counts.items() if place is not None and place in active}
    return Tally(
        n=sum(leads.values()),
        numbers=Placed(leads),
        left_out={f"it states no {form.place.rpartition('.')[2]}": unplaced},
        troubled=frozenset(compress(members.troubled_ids, map(active.__contains__, places))),
    )


def _follow_up(first: LeadEvent, lead: LeadLifecycle, period: Period) -> LeadEvent | None:
    """One follow-up inside the period, known exactly if any is."""
    start, end = period.start, period.end
    if first.precision == "instant" and start <= first.occurred_at < end:
        return first
    held = [
        event
        for event in compress(lead.events, lead.shape.translate(_FOLLOWING))
        if start <= event.occurred_at < end and _is_dated(event) and _is_follow_up(event)
    ]
    exact = (event for event in held if not _is_vague(event))
    return next(exact, held[0] if held else None)


def _is_follow_up(event: LeadEvent) -> bool:
    if isinstance(event, LeadResponded):
        return event.qualified and not event.automatic
    return isinstance(event, LeadProgressed)


def _is_dated(event: LeadEvent) -> bool:
    """Whether a period can hold it; it holds none whose calendar is invented."""
    return event.precision != "relative"


def _is_vague(event: LeadEvent | None) -> bool:
    return event is not None and event.precision in VAGUE


def _is_invented(lead: LeadLifecycle, close: LeadEvent | None, period: Period) -> bool:
    """Whether a period would hold a follow-up or the close, were its calendar not invented."""
    return any(
        event.occurred_at in period and (event is close or _is_follow_up(event))
        for event in [event for event in lead.events if event.precision == "relative"]
    )
