"""The bare loop: the least that anything done per event and lead in Python can cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from partnerleads.events import FIRST_LEAD_RANK, Event, LeadEvent

__all__ = ["bare_loop", "lead_events", "table_of"]


def bare_loop(events: Sequence[LeadEvent], leads: Mapping[str, object]) -> None:
    for event in events:
        _lead = leads[event.lead_id]
        _moment = event.occurred_at
        _identity = event.event_id


def lead_events(events: Iterable[Event]) -> list[LeadEvent]:
    """The events that name a lead, which are all that the bare loop can look up."""
    return [event for event in events if event.rank >= FIRST_LEAD_RANK]  # type: ignore[misc]


def table_of(events: Iterable[LeadEvent]) -> dict[str, object]:
    """A dictionary with every lead of the events."""
    return dict.fromkeys((event.lead_id for event in events), None)
