"""The fold of another moment of knowledge, made of one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import Event, LeadFact, settle
from partnerleads.events.versions import problem_key
from partnerleads.lifecycle.folding import fold_leads, gather, seen_from, sort_out
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.lifecycle.moment import Moment

__all__ = ["refold"]


def refold(
    lives: Lifecycles,
    changed: Sequence[Event],
    *,
    known_at: datetime | None,
    policy: AttributionPolicy,
) -> Lifecycles:
    """The lifecycles of a history at another moment of knowledge, or under another policy.

    They equal a fold of the whole history; only leads that a changed event names are folded anew.

    Args:
        lives: The fold at one moment of knowledge.
        changed: All copies of the events that may look different at the other.
        known_at: The other moment; None knows everything. [aware datetime]
        policy: The rules of attribution.
    """
    moment = Moment(lives.as_of, known_at, policy)
    settled = settle(changed, known_at=known_at, as_of=moment.as_of)
    ids = {event.event_id for event in changed}
    by_lead, rest = sort_out(settled.events)
    touched = {event.lead_id for event in changed if isinstance(event, LeadFact)}
    leads = {}
    for lead_id, lead in lives.leads.items():
        if lead_id in touched:
            by_lead[lead_id] += [event for event in lead.events if event.event_id not in ids]
        else:
            leads[lead_id] = seen_from(lead, moment)
    leads |= fold_leads({lead_id: events for lead_id, events in by_lead.items() if events}, moment)
    others = chain(lives.costs, *lives.partner_events.values())
    rest += [event for event in others if event.event_id not in ids]
    problems = [one for one in lives.settling_problems if ids.isdisjoint(one.event_ids)]
    problems = sorted((*problems, *settled.problems), key=problem_key)
    other = gather(leads, rest, moment, tuple(problems))
    other.share_troubled(lives, but=touched)
    return other
