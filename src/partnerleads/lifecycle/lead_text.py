"""The story of one lead in words: what became of it, then its events in order, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from partnerleads.events import LeadEvent, LeadFact, fields_of
from partnerleads.model import Lead
from partnerleads.model.figure import counted
from partnerleads.model.instant import begins_day
from partnerleads.model.moments import moment_text

if TYPE_CHECKING:
    from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle

__all__ = ["event_rows", "lead_head"]

_OF_EVERY_EVENT = frozenset(spec.name for spec in fields_of(LeadFact))


def lead_head(lead: LeadLifecycle) -> str:
    """Where a lead stands, who is credited with it, and as of when.

    >>> from partnerleads import fold
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 L1 captured by acme 10000 EUR
    ...     2026-01-05 L1 won 9000 EUR
    ... ''')
    >>> print(fold(events, as_of=at("2026-03-01"))["L1"])
    L1: won, sourced by acme (as of 2026-03-01 00:00 UTC, 2 events)
      2026-01-02 00:00 UTC  lead_captured  originator=acme, expected_value=EUR 10 000.00  event e1
      2026-01-05 00:00 UTC  lead_won       value=EUR 9 000.00                             event e2
    """
    known = lead.moment.known_at
    seen = f"as of {moment_text(lead.moment.as_of)}"
    if known is not None:
        seen += f", as known at {moment_text(known)}"
    status = lead.status if lead.captured is not None else f"{lead.status}, never captured"
    events = counted(len(lead.events), "event")
    return f"{lead.lead_id}: {status}, {_credit(lead)} ({seen}, {events})"


def _credit(lead: LeadLifecycle) -> str:
    if lead.attribution == "sourced":
        return f"sourced by {lead.sourcing_partner}"
    if lead.attribution == "influenced":
        return f"influenced by {', '.join(lead.verdict.influencers)}"
    return lead.attribution


def event_rows(lead: LeadLifecycle) -> list[tuple[str, ...]]:
    """The events of a lead: when, what, what each states, its id, and when it was recorded."""
    return [
        (_when(one), one.type, ", ".join(_stated(one)), f"event {one.event_id}", _recorded(one))
        for one in lead.events
    ]


def _when(event: LeadEvent) -> str:
    """When it happened; the date alone where only the day is known."""
    moment = event.occurred_at
    if event.precision == "instant":
        return moment_text(moment)
    if event.precision == "day" and begins_day(moment, UTC):
        return f"{moment:%Y-%m-%d}"
    return f"{moment_text(moment)} ({event.precision})"


def _recorded(event: LeadEvent) -> str:
    if event.recorded_at == event.occurred_at:
        return ""
    return f"recorded {moment_text(event.recorded_at)}"


def _stated(holder: LeadEvent | Lead) -> Iterator[str]:
    """What an event states beyond what every event has."""
    for spec in fields_of(type(holder)):
        value = getattr(holder, spec.name)
        if spec.name in _OF_EVERY_EVENT or value == spec.default:
            continue
        if isinstance(value, Lead):
            yield from _stated(value)
        elif isinstance(value, Mapping):
            yield from (f"{spec.name}.{name}={one}" for name, one in value.items())
        else:
            yield f"{spec.name}={_word(value)}"


def _word(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    return ",".join(value) if isinstance(value, tuple) else str(value)
