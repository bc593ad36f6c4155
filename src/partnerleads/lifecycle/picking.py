"""Milestones read one by one: the plain meaning, and the slow road of the compiled fold."""

from __future__ import annotations

from collections.abc import Sequence

from partnerleads.events import LeadEvent
from partnerleads.events.matching import same_recipient
from partnerleads.lifecycle.milestones import MILESTONES, Condition, Equals, Milestone

__all__ = ["pick"]


def _holds(condition: Condition, event: LeadEvent) -> bool:
    if isinstance(condition, Equals):
        return bool(getattr(event, condition.field) == condition.value)
    return any(getattr(event, field, None) is not None for field in condition.fields)


def _undone(milestone: Milestone, event: LeadEvent, later: Sequence[LeadEvent]) -> bool:
    return any(
        isinstance(other, milestone.undone_by)
        and (not milestone.same_recipient or same_recipient(other, event))  # type: ignore[arg-type]
        for other in later
    )


def pick(milestone: Milestone, events: Sequence[LeadEvent]) -> LeadEvent | None:
    """The event that a milestone picks from a lead's events.

    Args:
        milestone: The rule.
        events: All events of one lead, settled and in order.
    """
    start = None
    if milestone.not_before:
        start = pick(MILESTONES[milestone.not_before], events)
        if start is None:
            return None
    places = range(len(events))
    for place in places if milestone.pick == "first" else reversed(places):
        event = events[place]
        if (
            isinstance(event, milestone.kinds)
            and (start is None or event.occurred_at >= start.occurred_at)
            and all(_holds(condition, event) for condition in milestone.where)
            and not _undone(milestone, event, events[place + 1 :])
        ):
            return event
    return None
