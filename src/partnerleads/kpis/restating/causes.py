"""Why a lead looks different at two moments of knowledge, or under two policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, TypeAlias

from attrs import frozen

from partnerleads.attribution import Verdict
from partnerleads.events import Event, EventRetracted, LeadFact, order_key, settle
from partnerleads.events.rows import to_row
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import EventId, LeadId, local_date, zone
from partnerleads.model.instant import begins_day
from partnerleads.model.moments import moment_text

__all__ = ["Cause", "RecordCauses", "attribution_cause"]

Key: TypeAlias = tuple[str, EventId]
"""Source and event id of an event."""

Change: TypeAlias = tuple[Event | None, Event | None]
"""An event as known then and now, which differ; None where it was not known or is gone."""


@frozen(kw_only=True)
class Cause:
    """Something by which a lead moved a figure.

    Attributes:
        code: ``late_record``, ``revision``, ``retraction``, ``moved`` (an event of it belongs to
            another lead now, or the other way round), ``attribution`` (another class or sourcing
            partner), or ``other``.
        words: What happened, for people.
        event_ids: The events.
    """

    code: str
    words: str
    event_ids: tuple[EventId, ...] = ()

    def __str__(self) -> str:
        shown = f" ({', '.join(self.event_ids)})" if self.event_ids else ""
        return f"{self.code}: {self.words}{shown}"


class RecordCauses:
    """What the records of each lead learned between two moments.

    Args:
        changed: All copies of the events that may look different at the two moments.
        as_of: Events that occurred later do not exist.
        then: The earlier moment of knowledge; None knows everything.
        now: The later one.
        tz: Zone in which the words tell days and moments.
    """

    def __init__(
        self,
        changed: Sequence[Event],
        *,
        as_of: datetime,
        then: datetime | None,
        now: datetime | None,
        tz: str = "UTC",
    ) -> None:
        settled_then, settled_now = (settle(changed, known_at=at).events for at in (then, now))
        self._as_of, self._tz = as_of, tz
        self._retractions: dict[Key, dict[EventId, EventRetracted]] = defaultdict(dict)
        for event in (*settled_then, *settled_now):
            if type(event) is EventRetracted:
                self._retractions[event.source, event.retracts][event.event_id] = event
        self._changes: dict[LeadId, list[Change]] = defaultdict(list)
        before = {_key(old): old for old in settled_then}
        pairs: list[Change] = [(before.pop(_key(new), None), new) for new in settled_now]
        pairs += [(old, None) for old in before.values()]
        for old, new in pairs:
            if old != new:
                for lead_id in {_lead_of(old, as_of), _lead_of(new, as_of)}:
                    if lead_id is not None:
                        self._changes[lead_id].append((old, new))

    @property
    def lead_ids(self) -> AbstractSet[LeadId]:
        """The leads of which something was learned."""
        return self._changes.keys()

    def of(self, lead_id: LeadId) -> list[Cause]:
        """What was learned of a lead, in the order of events."""
        changes = sorted(self._changes.get(lead_id, ()), key=lambda one: order_key(_either(one)))
        return [self._cause(old, new) for old, new in changes]

    def _cause(self, old: Event | None, new: Event | None) -> Cause:
        """What became of one event, which differs between the two moments."""
        event, tz = _either((old, new)), self._tz
        told = f"{(old or event).type} of {_day_text(old or event, tz)}"
        by = self._retractions.get(_key(event), {})
        ids: tuple[EventId, ...] = (event.event_id,)
        if old is None and by:
            return Cause(
                code="retraction", words=f"{told} is taken back no more", event_ids=(*ids, *by)
            )
        if old is None:
            words = f"{told} was recorded only {moment_text(event.recorded_at, tz=tz)}"
            return Cause(code="late_record", words=words, event_ids=ids)
        if new is None:
            reasons = "; ".join(dict.fromkeys(one.reason for one in by.values() if one.reason))
            words = f"{told} was taken back" + (f": {reasons}" if reasons else "")
            return Cause(code="retraction", words=words, event_ids=(*ids, *by))
        then, now = (_lead_of(one, self._as_of) for one in (old, new))
        if then is not None and now is not None and then != now:
            words = f"{told} belongs to {now} now, not to {then}"
            return Cause(code="moved", words=words, event_ids=ids)
        words = f"{told} was revised: {_difference(old, new, tz)}"
        return Cause(code="revision", words=words, event_ids=ids)


def _key(event: Event) -> Key:
    return event.source, event.event_id


def _either(change: Change) -> Event:
    """The later version, or the earlier one of an event that is gone."""
    event = change[1] or change[0]
    assert event is not None  # noqa: S101 - at one of the two moments it was known
    return event


def _lead_of(event: Event | None, as_of: datetime) -> LeadId | None:
    """The lead that a figure sees an event on; None where it does not see it."""
    seen = isinstance(event, LeadFact) and event.occurred_at <= as_of
    return getattr(event, "lead_id", None) if seen else None


def _day_text(event: Event, tz: str) -> str:
    """The day of an event; its moment where it is known to a day that is another zone's."""
    clock = zone(tz)
    if event.precision == "day" and not begins_day(event.occurred_at, clock):
        return f"{moment_text(event.occurred_at, tz=tz)} (known to the day)"
    return str(local_date(event.occurred_at, clock))


def _difference(old: Event, new: Event, tz: str) -> str:
    """The fields that differ, old to new; when it was recorded only where nothing else does."""
    before, after = _flat(to_row(old)), _flat(to_row(new))
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    told = [name for name in names if name != "recorded_at"]
    if not told:
        return f"it counts from its record of {moment_text(new.recorded_at, tz=tz)}"
    return ", ".join(
        f"{name} {before.get(name, 'not stated')} -> {after.get(name, 'not stated')}"
        for name in told
    )


def _flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """The fields of a row as text, those inside others with a point."""
    flat: dict[str, str] = {}
    for name, value in row.items():
        if not isinstance(value, dict):
            flat[prefix + name] = ", ".join(value) if isinstance(value, list) else str(value)
        elif value.keys() == {"amount", "currency"}:
            flat[prefix + name] = f"{value['amount']} {value['currency']}"
        else:
            flat |= _flat(value, f"{prefix}{name}.")
    return flat


def attribution_cause(before: LeadLifecycle | None, after: LeadLifecycle | None) -> Cause | None:
    """That someone else has the credit for a lead; None where it is as it was.

    Args:
        before: The lead as it was; None where it was not there.
        after: The lead as it is.
    """
    if before is None or after is None or before.captured is None or after.captured is None:
        return None
    old, new = before.verdict, after.verdict
    if (old.attribution, old.sourcing_partner) == (new.attribution, new.sourcing_partner):
        return None
    return Cause(
        code="attribution",
        words=f"{_credit(old)} -> {_credit(new)}",
        event_ids=tuple(dict.fromkeys((*_grounds(old), *_grounds(new)))),
    )


def _credit(verdict: Verdict) -> str:
    partner = verdict.sourcing_partner
    return verdict.attribution if partner is None else f"sourced by {partner}"


def _grounds(verdict: Verdict) -> Iterator[EventId]:
    """The events by which someone has the credit."""
    if verdict.attribution == "sourced":
        yield from (one.claim.event.event_id for one in verdict.claims if not one.failure)
    elif verdict.attribution == "influenced":
        yield from (event.event_id for event in verdict.influences)
