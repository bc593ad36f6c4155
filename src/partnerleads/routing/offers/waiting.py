"""When the asking for a lead goes on, as far as time alone decides it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from partnerleads.model import RecipientId, WorkingHours
from partnerleads.routing.moment_rules import HasCapacity, InWorkingHours
from partnerleads.routing.offers.cascade import Cascade
from partnerleads.routing.offers.policy import offer_deadline

__all__ = ["next_chance", "next_end"]

_INSTANT = timedelta(microseconds=1)


def next_chance(run: Cascade) -> datetime | None:
    """The first moment at which somebody may take the lead if nothing happens before.

    A registration stops to protect the lead, an offer of another lead lapses and leaves room, or
    somebody who may take it comes to work. What else may change changes by events.

    Args:
        run: A step after which nobody may take the lead.

    Returns:
        A moment after the step; None where none is known. [aware datetime]
    """
    chances = sorted({one for one in _chances(run) if one > run.now})
    # by the time that somebody comes to work, the right to the lead may be another's
    return next((one for one in chances if _is_chance(run, one)), None)


def _is_chance(run: Cascade, moment: datetime) -> bool:
    context = run.asking_at(moment)
    return run.may_ask(context) and bool(run.pool.entitled(run.state.lead, context).candidates)


def next_end(run: Cascade) -> datetime | None:
    """The first moment at which an offer ends if nothing happens before.

    It expires, or a registration stops to protect the lead and another one, of somebody else,
    protects it from then on.

    Args:
        run: A step after which an offer stands.

    Returns:
        A moment after the step; None where none is known. [aware datetime]
    """
    offers = run.state.pending
    expiries = [one.offered.expires_at for one in offers if one.offered.expires_at is not None]
    expires = min(expiries, default=None)
    ends = (end for end in _protected_until(run) if expires is None or end < expires)
    taken = (
        end for end in ends if any(run.steered_away(one, run.context_at(end)) for one in offers)
    )
    return next(taken, expires)


def _protected_until(run: Cascade) -> list[datetime]:
    """When registrations stop to protect the lead, the first first."""
    own = run.context.protections.get(run.state.lead_id, ())
    return sorted({one.until for one in own if one.until is not None})


def _chances(run: Cascade) -> Iterator[datetime]:
    """When somebody may take the lead, from now on and from the end of each protection on.

    Of room and of hours it is known when they come, so they are looked at for each recipient.
    """
    lead, known = run.state.lead, run.pool.rules
    by_room = any(isinstance(rule, HasCapacity) for rule in known)
    by_hours = any(isinstance(rule, InWorkingHours) for rule in known)
    rules = [rule for rule in known if not isinstance(rule, HasCapacity | InWorkingHours)]
    room = _room(run) if by_room else {}
    for moment in (run.now, *_protected_until(run)):
        context = run.asking_at(moment)
        able = (
            one
            for one in run.pool.recipients
            if room.get(one.recipient_id, moment) is not None
            and all(rule.passes(one, lead, context) for rule in rules)
        )
        ready = {
            (one.hours if by_hours else None, max(moment, room.get(one.recipient_id) or moment))
            for one in able
        }
        yield from _starts(ready)


def _room(run: Cascade) -> dict[RecipientId, datetime | None]:
    """From when those that are full now have room, as offers lapse; None where they never have."""
    context = run.context_at(run.now)
    ends: dict[RecipientId, list[datetime]] = defaultdict(list)
    for one in context.lapses.values():
        for name, end in one.items():
            ends[name].append(end)
    room: dict[RecipientId, datetime | None] = {}
    for recipient in run.pool.recipients:
        name, capacity = recipient.recipient_id, recipient.capacity
        over = 0 if capacity is None else context.load.get(name, 0) + 1 - capacity
        if over > 0:
            coming = sorted(ends.get(name, ()))[over - 1 : over]
            room[name] = coming[0] if coming else None
    return room


def _starts(ready: set[tuple[WorkingHours | None, datetime]]) -> Iterator[datetime]:
    """When work goes on by some hours, from a moment on; nothing where it does not for a year."""
    for hours, moment in ready:
        if hours is None:
            yield moment
            continue
        start = offer_deadline(moment, within=_INSTANT, working_hours=hours) - _INSTANT
        if hours.between(start, start + _INSTANT):
            yield start
