"""When the asking for a lead goes on, as far as time alone decides it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import evolve

from partnerleads.model import WorkingHours
from partnerleads.routing.cascade import Cascade
from partnerleads.routing.moment_rules import InWorkingHours
from partnerleads.routing.offer_policy import offer_deadline

__all__ = ["next_chance", "next_end"]

_INSTANT = timedelta(microseconds=1)


def next_chance(run: Cascade) -> datetime | None:
    """The first moment at which somebody may take the lead if nothing happens before.

    A registration stops to protect the lead, or somebody who may take it comes to work. What else
    may change, such as a load or an exclusion, changes by events.

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
    """When somebody may take the lead, from now on and from the end of each protection on."""
    pool, lead = run.pool, run.state.lead
    rules = tuple(rule for rule in pool.rules if not isinstance(rule, InWorkingHours))
    if len(rules) < len(pool.rules):
        pool = evolve(pool, rules=rules, preferences=())
    for moment in (run.now, *_protected_until(run)):
        found = pool.entitled(lead, run.asking_at(moment)).candidates
        if pool is run.pool:
            yield from (moment for _ in found[:1])
        else:
            yield from _starts({one.hours for one in found}, moment)


def _starts(kinds: set[WorkingHours | None], moment: datetime) -> Iterator[datetime]:
    """When work goes on by some hours, from a moment on; nothing where it does not for a year."""
    for hours in kinds:
        if hours is None:
            yield moment
            continue
        start = offer_deadline(moment, within=_INSTANT, working_hours=hours) - _INSTANT
        if hours.between(start, start + _INSTANT):
            yield start
