"""When somebody may take a lead that nobody may take now, as far as time alone decides it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import evolve

from partnerleads.model import WorkingHours
from partnerleads.routing.cascade import Cascade
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.moment_rules import InWorkingHours
from partnerleads.routing.offer_context import as_seen
from partnerleads.routing.offer_policy import offer_deadline

__all__ = ["next_chance"]

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
    if run.all_asked:
        return None
    pool, lead = run.pool, run.state.lead
    chances = sorted({one for one in _chances(run) if one > run.now})
    # by the time that somebody comes to work, the right to the lead may be another's
    found = (one for one in chances if pool.entitled(lead, _context_at(run, one)).candidates)
    return next(found, None)


def _chances(run: Cascade) -> Iterator[datetime]:
    """When somebody may take the lead, from now on and from the end of each protection on."""
    pool, lead = run.pool, run.state.lead
    rules = tuple(rule for rule in pool.rules if not isinstance(rule, InWorkingHours))
    if len(rules) < len(pool.rules):
        pool = evolve(pool, rules=rules, preferences=())
    ends = {one.until for one in run.context.protections.get(lead.lead_id, ())}
    for moment in (run.now, *(end for end in ends if end is not None)):
        found = pool.entitled(lead, _context_at(run, moment)).candidates
        if pool is run.pool:
            yield from (moment for _ in found[:1])
        else:
            yield from _starts({one.hours for one in found}, moment)


def _context_at(run: Cascade, moment: datetime) -> RoutingContext:
    """The context at a moment, if nothing happens before."""
    seen = as_seen(run.context, run.state, now=moment, policy=run.policy)
    lead_id = run.state.lead_id
    excluded = seen.excluded.get(lead_id, frozenset()) | run.asked
    return evolve(seen, as_of=moment, excluded={**seen.excluded, lead_id: excluded})


def _starts(kinds: set[WorkingHours | None], moment: datetime) -> Iterator[datetime]:
    """When work goes on by some hours, from a moment on; nothing where it does not for a year."""
    for hours in kinds:
        if hours is None:
            yield moment
            continue
        start = offer_deadline(moment, within=_INSTANT, working_hours=hours) - _INSTANT
        if hours.between(start, start + _INSTANT):
            yield start
