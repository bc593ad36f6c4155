"""What was known of each lead at a moment of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import AsOfError
from partnerleads.events import Event, EventRetracted, LeadEvent, LeadFact
from partnerleads.events.given import given_events
from partnerleads.lifecycle import LeadLifecycle, Lifecycles, fold
from partnerleads.lifecycle.lead_lifecycle import STATUSES
from partnerleads.model import LeadId, instant
from partnerleads.model.options import check_flags

__all__ = ["Memory", "first_close", "just_before", "lifecycles_of"]


class Memory:
    """All leads as of a moment, and each as of any earlier one.

    Args:
        history: Events, or lifecycles. Lifecycles have lost the versions that were revised, and
            tell of a revised capture as if its last version had been the first.
        as_of: The moment; lifecycles have theirs. [aware datetime]
        as_recorded: Whether what had not been recorded by a moment is not known then.

    Attributes:
        lives: The leads as of the moment.

    Raises:
        AsOfError: When the moment is missing with events, or is not that of the lifecycles.
        OptionError: When the history is neither events nor lifecycles.
    """

    def __init__(
        self,
        history: Iterable[Event] | Lifecycles,
        *,
        as_of: datetime | None,
        as_recorded: bool,
    ) -> None:
        check_flags(as_recorded=as_recorded)
        self._as_recorded = as_recorded
        known, moment = _known(history, as_of)
        if isinstance(known, Lifecycles):
            self._policy = known.policy
            events: Sequence[Event] = [one for lead in known.in_order for one in lead.events]
        else:
            self._policy = AttributionPolicy()
            events = known
        self.lives = self._fold(events, moment)
        self._by_lead = _by_lead(events)

    def at(self, lead_id: LeadId, moment: datetime) -> LeadLifecycle | None:
        """A lead as of a moment of its own; None where it was not captured by then."""
        lead = self._fold(self._by_lead[lead_id], moment).leads.get(lead_id)
        return None if lead is None or lead.captured is None else lead

    def before(self, lead_id: LeadId, close: LeadEvent) -> LeadLifecycle | None:
        """A lead just before a close, and before any that was known then and taken back since."""
        known = self.at(lead_id, just_before(close.occurred_at))
        while known is not None and (earlier := first_close(known)) is not None:
            known = self.at(lead_id, just_before(earlier.occurred_at))
        return known

    def _fold(self, events: Sequence[Event], moment: datetime) -> Lifecycles:
        known_at = moment if self._as_recorded else None
        return fold(events, as_of=moment, known_at=known_at, policy=self._policy)


def lifecycles_of(history: Iterable[Event] | Lifecycles, *, as_of: datetime | None) -> Lifecycles:
    """The lifecycles of a history as of a moment.

    Raises:
        AsOfError: When the moment is missing with events, or is not that of the lifecycles.
        OptionError: When the history is neither events nor lifecycles.
    """
    known, moment = _known(history, as_of)
    return known if isinstance(known, Lifecycles) else fold(known, as_of=moment)


def _known(
    history: Iterable[Event] | Lifecycles, as_of: datetime | None
) -> tuple[Sequence[Event] | Lifecycles, datetime]:
    """Lifecycles or events, and the moment to look from."""
    if isinstance(history, Lifecycles):
        if as_of is not None and instant(as_of, "as_of") != history.as_of:
            raise AsOfError(instant(as_of).isoformat(), history.as_of.isoformat())
        return history, history.as_of
    events = given_events(history)
    if as_of is None:
        raise AsOfError("", "")
    return events, instant(as_of, "as_of")


def _by_lead(events: Sequence[Event]) -> dict[LeadId, list[Event]]:
    """All that may be told of each lead: every version of its events, and what takes them back."""
    copies: dict[tuple[str, str], list[Event]] = defaultdict(list)
    leads: dict[tuple[str, str], set[LeadId]] = defaultdict(set)
    for event in events:
        if isinstance(event, EventRetracted):
            copies[event.source, event.retracts].append(event)
        elif isinstance(event, LeadFact):
            copies[event.source, event.event_id].append(event)
            leads[event.source, event.event_id].add(event.lead_id)
    told: dict[LeadId, list[Event]] = defaultdict(list)
    for key, lead_ids in leads.items():
        for lead_id in lead_ids:
            told[lead_id] += copies[key]
    return told


def first_close(lead: LeadLifecycle) -> LeadEvent | None:
    """The event by which a lead was first won, lost or disqualified, whether it stands or not."""
    return next((one for one in lead.events if type(one) in STATUSES), None)


def just_before(moment: datetime) -> datetime:
    """The last moment before another: what is dated alike is not known then."""
    return moment - timedelta(microseconds=1)
