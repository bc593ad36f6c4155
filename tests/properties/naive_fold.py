"""What the fold must give, word by word and as slowly as it reads: for comparison only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import attrs
from attrs import frozen

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import (
    ContactMade,
    DealRegistered,
    Event,
    EventRetracted,
    LeadAccepted,
    LeadCaptured,
    LeadDeclined,
    LeadEvent,
    LeadFact,
    LeadOffered,
    LeadProgressed,
    LeadReturned,
    LeadWon,
    OfferExpired,
    OfferWithdrawn,
    PartnerInfluenced,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
    canonical_content,
    order_key,
)
from partnerleads.lifecycle import LeadLifecycle

Key = tuple[str, str]

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


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


@frozen
class NaiveClaim:
    """A claim by its partner, with what ties are broken by."""

    start: datetime
    source: str
    event_id: str
    partner_id: str
    end: datetime | None

    def in_force(self, when: datetime) -> bool:
        return self.start <= when and (self.end is None or when < self.end)


def moment(event: LeadEvent, policy: AttributionPolicy) -> datetime:
    return event.recorded_at if policy.times == "recorded" else event.occurred_at


def decisions(claim: DealRegistered, events: Sequence[LeadEvent]) -> list[LeadEvent]:
    """What was decided of a claim after it was made."""
    kinds = (RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)
    return [
        event
        for event in events[events.index(claim) + 1 :]
        if isinstance(event, kinds)
        and event.partner_id == claim.partner_id
        and event.registration_id == claim.registration_id
    ]


def claims_on(life: LeadLifecycle, policy: AttributionPolicy) -> list[NaiveClaim]:
    claims = []
    for event in life.events:
        end, partner_id = None, None
        if isinstance(event, DealRegistered):
            decided = decisions(event, life.events)
            approvals = [e for e in decided if isinstance(e, RegistrationApproved)]
            stated = [e.protected_until for e in approvals if e.protected_until is not None]
            end = stated[-1] if stated else event.protected_until
            partner_id = event.partner_id if len(approvals) == len(decided) else None
        elif event is life.captured and policy.claims == "registration or originator":
            partner_id = event.originator
        start = moment(event, policy)
        if partner_id is not None and start <= life.moment.as_of:
            claims.append(NaiveClaim(start, event.source, event.event_id, partner_id, end))
    return claims


def contacts_on(
    life: LeadLifecycle, claims: Sequence[NaiveClaim], policy: AttributionPolicy
) -> list[tuple[datetime, str | None]]:
    """When each contact was made, and by which partner; None is the own team."""
    contacts: list[tuple[datetime, str | None]] = [
        (moment(event, policy), event.partner_id if event.by == "partner" else None)
        for event in life.events
        if isinstance(event, ContactMade)
    ]
    if life.captured is not None and life.captured.originator is None:
        found = moment(life.captured, policy)
        if not any(claim.in_force(found) for claim in claims):
            contacts.append((found, None))
    return [contact for contact in contacts if contact[0] <= life.moment.as_of]


def is_valid(
    claim: NaiveClaim,
    contacts: Sequence[tuple[datetime, str | None]],
    life: LeadLifecycle,
    policy: AttributionPolicy,
) -> bool:
    foreign = [when for when, who in contacts if who != claim.partner_id]
    team = [when for when, who in contacts if who is None]
    own = [when for when, who in contacts if who == claim.partner_id]
    first_foreign = min(foreign, default=END_OF_TIME)
    locked = (
        policy.claim_lock is not None
        and life.captured is not None
        and claim.start > moment(life.captured, policy) + policy.claim_lock
    )
    has_contact = min(own, default=END_OF_TIME) < first_foreign
    return (
        claim.start < first_foreign
        and (not team or claim.in_force(min(team)))
        and not locked
        and (has_contact or not policy.contact_required)
    )


def credit_of(life: LeadLifecycle, policy: AttributionPolicy) -> tuple[str, str | None]:
    """Class and sourcing partner, read off the three rules."""
    claims = claims_on(life, policy)
    contacts = contacts_on(life, claims, policy)
    valid = [claim for claim in claims if is_valid(claim, contacts, life, policy)]
    if valid:
        first = min(valid, key=lambda claim: (claim.start, claim.source, claim.event_id))
        return "sourced", first.partner_id
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
            isinstance(e, LeadReturned) and same_recipient(e, event) for e in life.events[number:]
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


def same_recipient(one: LeadEvent, other: LeadEvent) -> bool:
    for name in ("partner_id", "agent_id", "offer_id"):
        stated, asked = getattr(one, name), getattr(other, name)
        if stated is not None and asked is not None:
            return bool(stated == asked)
    return False


def same_offer_id(one: LeadEvent, other: LeadEvent) -> bool | None:
    """None unless both state one."""
    both = one.offer_id is not None and other.offer_id is not None
    return one.offer_id == other.offer_id if both else None


def offers_of(events: Sequence[LeadEvent]) -> list[tuple[object, ...]]:
    """Each offer with its answer, withdrawal, return, and whether it is of the first batch."""
    offered = [event for event in events if isinstance(event, LeadOffered)]
    found: list[tuple[object, ...]] = []
    for offer in offered:
        if any(
            same_offer_id(known[0], offer) and same_recipient(known[0], offer) for known in found
        ):
            continue
        later = events[events.index(offer) + 1 :]
        again = [
            number
            for number, event in enumerate(later)
            if isinstance(event, LeadOffered)
            and same_recipient(event, offer)
            and not same_offer_id(event, offer)
        ]
        next_offer = min(again, default=len(later))
        to_it = [
            event
            for number, event in enumerate(later)
            if isinstance(event, LeadAccepted | LeadDeclined | OfferExpired | OfferWithdrawn)
            and same_recipient(event, offer)
            and (number < next_offer if same_offer_id(event, offer) is None else True)
            and same_offer_id(event, offer) is not False
        ]
        answer = next((e for e in to_it if not isinstance(e, OfferWithdrawn)), None)
        before = to_it if answer is None else to_it[: to_it.index(answer)]
        withdrawn = next((e for e in before if isinstance(e, OfferWithdrawn)), None)
        returned = None
        if isinstance(answer, LeadAccepted):
            after = later[later.index(answer) + 1 :]
            given_back = (e for e in after if isinstance(e, LeadReturned))
            returned = next((e for e in given_back if same_recipient(e, answer)), None)
        first = offer.occurred_at == offered[0].occurred_at
        found.append((offer, answer, withdrawn, returned, first))
    return found
