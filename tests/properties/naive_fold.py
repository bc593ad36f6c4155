"""What the fold must give, word by word and as slowly as it reads: for comparison only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import (
    ContactMade,
    DealRegistered,
    Event,
    EventRetracted,
    LeadAccepted,
    LeadCaptured,
    LeadEvent,
    LeadFact,
    LeadProgressed,
    LeadReturned,
    LeadWon,
    PartnerInfluenced,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
    canonical_content,
    order_key,
)
from partnerleads.lifecycle import LeadLifecycle

Key = tuple[str, str]


def key_of(event: Event) -> Key:
    return event.source, event.event_id


def version_that_counts(copies: Sequence[Event]) -> Event:
    """The last version, with the first recording of its claim or contact."""
    versions: list[Event] = []
    for moment in sorted({copy.recorded_at for copy in copies}):
        same_moment = [copy for copy in copies if copy.recorded_at == moment]
        chosen = min(same_moment, key=canonical_content)
        if not versions or canonical_content(versions[-1]) != canonical_content(chosen):
            versions.append(chosen)
    last = versions[-1]
    first_recording = last.recorded_at
    for earlier in reversed(versions):
        if not speaks_for_the_same(earlier, last):
            break
        first_recording = earlier.recorded_at
    return attrs.evolve(last, recorded_at=first_recording)


def speaks_for_the_same(earlier: Event, later: Event) -> bool:
    def partner(event: Event) -> object:
        if isinstance(event, ContactMade):
            return event.partner_id if event.by == "partner" else "the own team"
        return event.originator if isinstance(event, LeadCaptured) else event.partner_id

    kinds = (DealRegistered, ContactMade, LeadCaptured)
    return (
        isinstance(later, kinds)
        and type(earlier) is type(later)
        and earlier.lead_id == later.lead_id
        and partner(earlier) == partner(later)
    )


def facts(events: Iterable[Event], *, as_of: datetime, known_at: datetime | None) -> list[Event]:
    """The events that exist, in order."""
    known = [e for e in events if known_at is None or e.recorded_at <= known_at]
    current = [
        version_that_counts([e for e in known if key_of(e) == key])
        for key in {key_of(e) for e in known}
    ]
    retracted = {(e.source, e.retracts) for e in current if isinstance(e, EventRetracted)}
    there = [
        event
        for event in current
        if (key_of(event) not in retracted or isinstance(event, EventRetracted))
        and event.occurred_at <= as_of
    ]
    return sorted(there, key=order_key)


def lead_facts(
    events: Iterable[Event], *, as_of: datetime, known_at: datetime | None = None
) -> dict[str, tuple[Event, ...]]:
    """The events of each lead that has any."""
    leads: dict[str, tuple[Event, ...]] = {}
    for event in facts(events, as_of=as_of, known_at=known_at):
        if isinstance(event, LeadFact):
            leads[event.lead_id] = (*leads.get(event.lead_id, ()), event)
    return leads


def credit_of(life: LeadLifecycle, policy: AttributionPolicy) -> tuple[str, str | None]:
    """Class and sourcing partner, read off the three rules."""
    events, as_of, captured = life.events, life.moment.as_of, life.captured

    def moment(event: LeadEvent) -> datetime:
        return event.recorded_at if policy.times == "recorded" else event.occurred_at

    def later(event: LeadEvent) -> Sequence[LeadEvent]:
        return events[events.index(event) + 1 :]

    def same_claim(one: DealRegistered, other: LeadEvent) -> bool:
        return (one.partner_id, one.registration_id) == (other.partner_id, other.registration_id)

    def until(claim: DealRegistered | LeadCaptured) -> datetime | None:
        if isinstance(claim, LeadCaptured):
            return None
        stated = [
            e.protected_until
            for e in later(claim)
            if isinstance(e, RegistrationApproved) and same_claim(claim, e) and e.protected_until
        ]
        return stated[-1] if stated else claim.protected_until

    claims: list[tuple[datetime, str, str, str, datetime | None]] = []
    for event in events:
        if isinstance(event, DealRegistered):
            ended = any(
                isinstance(e, RegistrationRejected | RegistrationWithdrawn) and same_claim(event, e)
                for e in later(event)
            )
            partner = None if ended else event.partner_id
        elif event is captured and policy.claims == "registration or originator":
            partner = event.originator
        else:
            continue
        if partner is not None and moment(event) <= as_of:
            claims.append((moment(event), event.source, event.event_id, partner, until(event)))

    def in_force(start: datetime, end: datetime | None, when: datetime) -> bool:
        return start <= when and (end is None or when < end)

    contacts: list[tuple[datetime, str | None]] = [
        (moment(e), e.partner_id if e.by == "partner" else None)
        for e in events
        if isinstance(e, ContactMade)
    ]
    if captured is not None and captured.originator is None:
        found = moment(captured)
        if not any(in_force(start, end, found) for start, _, _, _, end in claims):
            contacts.append((found, None))
    contacts = [contact for contact in contacts if contact[0] <= as_of]

    valid = []
    for start, source, event_id, partner, end in claims:
        foreign = [when for when, who in contacts if who != partner]
        team = [when for when, who in contacts if who is None]
        own = [when for when, who in contacts if who == partner]
        lock = policy.claim_lock
        if (
            (not foreign or start < min(foreign))
            and (not team or in_force(start, end, min(team)))
            and not (lock is not None and captured and start > moment(captured) + lock)
            and not (policy.contact_required and not own)
            and not (policy.contact_required and foreign and not min(own) < min(foreign))
        ):
            valid.append((start, source, event_id, partner))
    if valid:
        return "sourced", min(valid)[-1]
    return ("influenced" if influencers(life, policy) else "direct"), None


def influencers(life: LeadLifecycle, policy: AttributionPolicy) -> list[str]:
    """Partners that helped after the capture, until the close, inside the look-back."""
    if life.captured is None:
        return []
    found = []
    place = life.events.index(life.captured)
    for number, event in enumerate(life.events):
        kinds = (PartnerInfluenced, ContactMade, LeadAccepted, LeadProgressed, LeadWon)
        if number <= place or not isinstance(event, kinds) or event.partner_id is None:
            continue
        if isinstance(event, ContactMade) and event.by == "own_team":
            continue
        if isinstance(event, LeadAccepted) and any(
            isinstance(e, LeadReturned) and gives_back(e, event) for e in life.events[number:]
        ):
            continue
        if life.closed is not None:
            before = life.closed.occurred_at - event.occurred_at
            if before.total_seconds() < 0:
                continue
            if policy.influence_lookback is not None and before > policy.influence_lookback:
                continue
        found.append(event.partner_id)
    return found


def gives_back(returned: LeadReturned, taken: LeadAccepted) -> bool:
    for name in ("partner_id", "agent_id"):
        one, other = getattr(returned, name), getattr(taken, name)
        if one is not None and other is not None:
            return bool(one == other)
    return returned.offer_id is not None and returned.offer_id == taken.offer_id
