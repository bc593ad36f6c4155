"""The fold, one event at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.events import (
    FIRST_LEAD_RANK,
    Event,
    EventRetracted,
    LeadEvent,
    settle,
)
from partnerleads.events.versions import EventKey
from partnerleads.lifecycle.folding import DEFAULT_POLICY, fold, fold_leads, gather, seen_from
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.lifecycle.moment import Moment
from partnerleads.model import LeadId, Problem, instant

__all__ = ["LiveFold"]


class LiveFold:
    """Lifecycles that follow an event stream.

    Events may come in any order, late, revised or retracted; reading at any moment gives what
    :func:`~partnerleads.lifecycle.fold` gives for all events taken so far. Taking an event costs
    the same however long the history is, and only the leads it touches are folded again.

    Args:
        policy: The rules of attribution.

    >>> from datetime import datetime, timezone
    >>> from partnerleads.events import LeadCaptured
    >>> live = LiveFold()
    >>> at = datetime(2026, 3, 4, tzinfo=timezone.utc)
    >>> live.add(LeadCaptured(event_id="e1", occurred_at=at, lead_id="L1"))
    >>> live.at(at)["L1"].status
    'open'
    """

    def __init__(self, *, policy: AttributionPolicy = DEFAULT_POLICY) -> None:
        self._policy = policy
        self._copies: dict[EventKey, list[Event]] = {}
        self._repeated: set[EventKey] = set()
        self._retractions: dict[EventKey, set[EventKey]] = defaultdict(set)
        self._keys: dict[LeadId, dict[EventKey, None]] = defaultdict(dict)
        self._rest: dict[EventKey, None] = {}
        self._touched: set[LeadId] = set()
        self._facts: dict[LeadId, list[LeadEvent]] = defaultdict(list)
        self._lives: dict[LeadId, LeadLifecycle] = {}

    def add(self, event: Event) -> None:
        """Take one event.

        Raises:
            OptionError: When it is none, such as a row or the name of a file.
        """
        try:
            key = (event.source, event.event_id)
        except AttributeError:
            reason = "pass an event; a codec reads them from rows"
            raise OptionError("event", type(event).__name__, reason) from None
        copies = self._copies.get(key)
        if copies is None:
            self._copies[key] = copies = [event]
        else:
            copies.append(event)
            self._repeated.add(key)
        if event.rank >= FIRST_LEAD_RANK:
            lead_id: LeadId = event.lead_id  # type: ignore[union-attr, assignment]
            self._keys[lead_id][key] = None
            if len(copies) == 1 and key not in self._retractions:  # nothing to settle
                self._facts[lead_id].append(event)  # type: ignore[arg-type]
                self._lives.pop(lead_id, None)
                return
        else:
            self._rest[key] = None
            if isinstance(event, EventRetracted):
                self._retractions[event.source, event.retracts].add(key)
        self._touch(copies)

    def extend(self, events: Iterable[Event]) -> None:
        """Take several events."""
        for event in events:
            self.add(event)

    def at(self, as_of: datetime, *, known_at: datetime | None = None) -> Lifecycles:
        """All lifecycles as of a moment; equal to a fold of all events taken so far.

        Args:
            as_of: Events that occurred later do not exist; included. [aware datetime]
            known_at: Versions recorded later do not exist; settling an earlier state of knowledge
                folds the whole history. [aware datetime]
        """
        if known_at is not None:
            copies = [copy for same in self._copies.values() for copy in same]
            return fold(copies, as_of=as_of, known_at=known_at, policy=self._policy)
        moment = Moment(instant(as_of, "as_of"), None, self._policy)
        for lead_id in self._touched:
            self._settle(lead_id)
        self._touched.clear()
        leads = self._seen_from(moment, self._facts)
        self._lives = leads
        rest, _ = self._settled(self._rest)
        _, problems = self._settled([*self._repeated, *self._retractions], moment.as_of)
        outside = [event for event in rest if event.rank < FIRST_LEAD_RANK]
        return gather(dict(leads), outside, moment, problems)

    def lead(self, lead_id: LeadId, *, as_of: datetime) -> LeadLifecycle | None:
        """One lead as of a moment; None where no event of it had occurred.

        Args:
            lead_id: The lead.
            as_of: Events that occurred later do not exist; included. [aware datetime]
        """
        if lead_id in self._touched:
            self._settle(lead_id)
            self._touched.discard(lead_id)
        facts = {lead_id: self._facts[lead_id]} if lead_id in self._facts else {}
        moment = Moment(instant(as_of, "as_of"), None, self._policy)
        found = self._seen_from(moment, facts)
        self._lives.update(found)
        return found.get(lead_id)

    def _touch(self, copies: Iterable[Event]) -> None:
        """Fold anew the leads of some copies, and of the events that these retract or retracted."""
        for copy in copies:
            if copy.rank >= FIRST_LEAD_RANK:
                self._touched.add(copy.lead_id)  # type: ignore[union-attr, arg-type]
            elif isinstance(copy, EventRetracted):
                named = self._copies.get((copy.source, copy.retracts), ())
                leads = (event for event in named if event.rank >= FIRST_LEAD_RANK)
                self._touched.update(event.lead_id for event in leads)  # type: ignore[union-attr, misc]

    def _settled(
        self, keys: Iterable[EventKey], as_of: datetime | None = None
    ) -> tuple[Sequence[Event], tuple[Problem, ...]]:
        """The facts and problems among some events, their copies and their retractions."""
        wanted = dict.fromkeys(keys)
        for key in [*wanted]:
            wanted.update(dict.fromkeys(self._retractions.get(key, ())))
        copies = [copy for key in wanted for copy in self._copies.get(key, ())]
        settled = settle(copies, as_of=as_of)
        return settled.events, settled.problems

    def _settle(self, lead_id: LeadId) -> None:
        """Settle the events of a touched lead anew."""
        self._lives.pop(lead_id, None)
        self._facts.pop(lead_id, None)
        events, _ = self._settled(self._keys[lead_id])
        facts = [event for event in events if getattr(event, "lead_id", None) == lead_id]
        facts = [event for event in facts if event.rank >= FIRST_LEAD_RANK]
        if facts:
            self._facts[lead_id] = facts  # type: ignore[assignment]

    def _seen_from(
        self, moment: Moment, facts: dict[LeadId, list[LeadEvent]]
    ) -> dict[LeadId, LeadLifecycle]:
        leads = {}
        stale = {}
        for lead_id, events in facts.items():
            life = self._lives.get(lead_id)
            whole = life is not None and len(life.events) == len(events)
            if life is None or not whole or life.events[-1].occurred_at > moment.as_of:
                stale[lead_id] = events
            elif life.moment == moment:
                leads[lead_id] = life
            else:
                leads[lead_id] = seen_from(life, moment)
        return leads | fold_leads(stale, moment)
