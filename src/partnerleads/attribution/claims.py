"""The claims and contacts that one lead's events make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TypeAlias

from attrs import frozen

from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.matching import same_registration
from partnerleads.events.naming import speaks_for
from partnerleads.events.order import LeadEvent
from partnerleads.events.registration import (
    DealRegistered,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.model.ids import PartnerId
from partnerleads.model.trusted import trusted

__all__ = ["Claim", "Claimed", "Contact", "claims_of", "contacts_of", "counting"]

Claimed: TypeAlias = DealRegistered | LeadCaptured
"""The registration, or the capture that names its originator."""


@frozen(weakref_slot=False)
class Claim:
    """A partner says the lead is its own.

    Attributes:
        event: The registration, or the capture that names its originator.
        partner_id: The partner.
        counts_at: When it counts from, by the policy's times.
        until: End of its protection, excluded; None protects without end.
        ended_by: The rejection or withdrawal that undid it; None while it stands.
    """

    event: Claimed
    partner_id: PartnerId
    counts_at: datetime
    until: datetime | None
    ended_by: RegistrationRejected | RegistrationWithdrawn | None = None

    def in_force(self, moment: datetime) -> bool:
        """Whether the protection covers a moment: from when it counts, up to its end excluded."""
        return self.counts_at <= moment and (self.until is None or moment < self.until)

    @property
    def age_rank(self) -> tuple[datetime, str, str]:
        """Earlier claims come first; ties by source, then event id."""
        return (self.counts_at, self.event.source, self.event.event_id)


@frozen(weakref_slot=False)
class Contact:
    """Someone was in touch with the customer.

    Attributes:
        event: The contact, or the own team's capture.
        partner_id: The partner; None for the own team.
        counts_at: When it counts from, by the policy's times.
    """

    event: ContactMade | LeadCaptured
    partner_id: PartnerId | None
    counts_at: datetime


_claim = trusted(Claim)
_contact = trusted(Contact)


_COUNTING: dict[str, Callable[[LeadEvent], datetime]] = {
    "recorded": attrgetter("recorded_at"),
    "occurred": attrgetter("occurred_at"),
}


def counting(policy: AttributionPolicy) -> Callable[[LeadEvent], datetime]:
    """The function that tells when a claim or contact counts from, by the policy's times."""
    return _COUNTING[policy.times]


def claims_of(
    events: Sequence[LeadEvent],
    *,
    captured: LeadCaptured | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> list[Claim]:
    """Every claim on a lead that existed at a moment, also those that were undone.

    Args:
        events: The lead's events, settled and in order.
        captured: Its first capture; only that one's originator claims.
        policy: What counts as a claim, and from when.
        as_of: Claims that count from later do not exist.
    """
    claims = []
    counts_at = counting(policy)
    referrals = policy.claims == "registration or originator"
    if referrals and captured is not None and captured.originator is not None:
        claims.append(_claim(captured, captured.originator, counts_at(captured), None, None))
    if any(event.rank in _DECISIONS for event in events):
        for place, event in enumerate(events):
            if type(event) is DealRegistered:
                claims.append(_decided(event, events[place + 1 :], policy))
    else:
        claims += [
            _claim(event, event.partner_id, counts_at(event), event.protected_until, None)
            for event in events
            if type(event) is DealRegistered
        ]
    return [claim for claim in claims if claim.counts_at <= as_of]


_DECISIONS = frozenset(
    kind.rank for kind in (RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)
)


def _decided(event: DealRegistered, later: Sequence[LeadEvent], policy: AttributionPolicy) -> Claim:
    """The claim that a registration makes, after what was decided of it."""
    counts_at, until = counting(policy)(event), event.protected_until
    for other in later:
        if isinstance(other, RegistrationRejected | RegistrationWithdrawn):
            if same_registration(other, event):
                return Claim(event, event.partner_id, counts_at, until, other)
        elif isinstance(other, RegistrationApproved) and same_registration(other, event):
            until = other.protected_until or until
    return Claim(event, event.partner_id, counts_at, until)


def contacts_of(
    events: Sequence[LeadEvent],
    *,
    captured: LeadCaptured | None,
    claims: Sequence[Claim],
    policy: AttributionPolicy,
    as_of: datetime,
) -> list[Contact]:
    """Every contact that existed at a moment, earliest first.

    A capture without originator is the own team's contact, unless a standing claim in force at
    that moment counts from no later.
    """
    contacts = []
    counts_at = counting(policy)
    if captured is not None and captured.originator is None:
        moment = counts_at(captured)
        if not any(claim.ended_by is None and claim.in_force(moment) for claim in claims):
            contacts.append(_contact(captured, None, moment))
    contacts += [
        _contact(event, speaks_for(event), counts_at(event))
        for event in events
        if type(event) is ContactMade
    ]
    known = [contact for contact in contacts if contact.counts_at <= as_of]
    if len(known) > 1:
        known.sort(key=lambda c: (c.counts_at, c.event.source, c.event.event_id))
    return known
