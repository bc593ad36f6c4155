"""What a measure can range over besides leads, such as their wins and the offers made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from partnerleads.events import (
    DealRegistered,
    LeadAccepted,
    LeadCaptured,
    LeadDeclined,
    LeadEvent,
    LeadOffered,
    LeadProgressed,
    LeadWon,
    OfferExpired,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.kpis.measuring.measure import Unit
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.lifecycle.offers import Offer
from partnerleads.lifecycle.registrations import Registration, registrations_of
from partnerleads.lifecycle.spells import spells_of
from partnerleads.lifecycle.stays import Stay, Visit, stays_of
from partnerleads.model import AgentId

__all__ = ["OWN", "HeldLead", "Win", "units_of"]


@frozen
class Win:
    """One win of a lead, standing or not; whatever it does not say itself, its lead says."""

    lead: LeadLifecycle
    won: LeadWon


@frozen
class HeldLead:
    """A lead in the hands of one recipient; whatever it does not say itself, its lead says.

    Attributes:
        lead: The lead.
        accepted: The acceptance by that recipient.
        converted: First progress or win while it held the lead.
    """

    lead: LeadLifecycle
    accepted: LeadAccepted
    converted: LeadProgressed | LeadWon | None

    @property
    def agent(self) -> AgentId | None:
        """The person who held it."""
        return self.accepted.agent_id


@frozen
class OfferedLead:
    """One offer of a lead; whatever it does not say itself, its lead says.

    Attributes:
        lead: The lead.
        offer: The offer, with what became of it.
    """

    lead: LeadLifecycle
    offer: Offer

    @property
    def offered(self) -> LeadOffered:
        """The offer."""
        return self.offer.offered

    @property
    def answered(self) -> LeadAccepted | LeadDeclined | OfferExpired | None:
        """The acceptance, decline or expiry that answers it."""
        return self.offer.answer

    @property
    def accepted(self) -> LeadAccepted | None:
        """The acceptance that answers it."""
        return self.answered if isinstance(self.answered, LeadAccepted) else None

    @property
    def declined(self) -> LeadDeclined | None:
        """The decline that answers it."""
        return self.answered if isinstance(self.answered, LeadDeclined) else None

    @property
    def expired(self) -> OfferExpired | None:
        """The expiry that answers it."""
        return self.answered if isinstance(self.answered, OfferExpired) else None

    @property
    def replied(self) -> LeadAccepted | LeadDeclined | None:
        """The acceptance or decline that answers it, also after it expired: that is no reply."""
        return self.offer.replied

    @property
    def taken_back(self) -> bool:
        """Whether it was withdrawn before any answer, and never accepted or declined after."""
        return self.offer.withdrawn is not None and self.offer.replied is None

    @property
    def agent(self) -> AgentId | None:
        """The person who was asked."""
        return self.offered.agent_id

    @property
    def reason(self) -> str | None:
        """Why the answer is what it is."""
        return None if self.answered is None else self.answered.reason


@frozen
class ClaimedLead:
    """One registration of a lead; whatever it does not say itself, its lead says.

    Attributes:
        lead: The lead.
        registration: The registration, with what was decided of it.
    """

    lead: LeadLifecycle
    registration: Registration

    @property
    def registered(self) -> DealRegistered:
        """The registration."""
        return self.registration.registered

    @property
    def decided(self) -> RegistrationApproved | RegistrationRejected | None:
        """Its approval or rejection."""
        return self.approved or self.rejected

    @property
    def approved(self) -> RegistrationApproved | None:
        """Its approval, where that was the decision."""
        return self.registration.approved

    @property
    def rejected(self) -> RegistrationRejected | None:
        """Its rejection, where that was the decision."""
        return self.registration.rejected

    @property
    def ended(self) -> RegistrationRejected | RegistrationWithdrawn | None:
        """The rejection or withdrawal that came before any approval."""
        return self.rejected or self.registration.withdrawn

    @property
    def conflicted(self) -> bool:
        """Whether another partner's claim was in force when it was submitted."""
        return self.registration.conflicted

    @property
    def reason(self) -> str | None:
        """Why it was decided so."""
        return None if self.decided is None else self.decided.reason


@frozen
class StayedLead:
    """A lead in one stage; whatever it does not say itself, its lead says.

    Attributes:
        lead: The lead.
        stay: Its stage, with all visits.
    """

    lead: LeadLifecycle
    stay: Stay

    @property
    def stage(self) -> str:
        """The stage."""
        return self.stay.stage

    @property
    def entered(self) -> LeadEvent:
        """What the last visit starts with."""
        return self.stay.visits[-1][0]

    @property
    def left(self) -> LeadEvent | None:
        """What the last visit ends with; None where it goes on."""
        return self.stay.visits[-1][1]

    @property
    def earlier(self) -> Sequence[Visit]:
        """All visits but the last."""
        return self.stay.visits[:-1]


OWN: dict[Unit, frozenset[str]] = {
    "leads": frozenset(),
    "wins": frozenset({"won"}),
    "spells": frozenset({"accepted", "converted", "agent"}),
    "offers": frozenset(
        {
            "offered",
            "answered",
            "accepted",
            "declined",
            "expired",
            "replied",
            "taken_back",
            "agent",
            "reason",
        }
    ),
    "registrations": frozenset(
        {"registered", "decided", "approved", "rejected", "ended", "conflicted", "reason"}
    ),
    "stays": frozenset({"stage", "entered", "left", "earlier"}),
}
"""The columns that a member says itself; all others it has from its lead."""


def units_of(over: Unit, leads: Sequence[LeadLifecycle]) -> Sequence[Any]:
    """The members a measure ranges over.

    Args:
        over: What they are.
        leads: Every lead. All but registrations are those of captured leads, since a claim may be
            refused before its lead is ever captured.
    """
    if over == "registrations":
        return [
            ClaimedLead(lead, registration)
            for lead in leads
            if DealRegistered.rank in lead.shape
            for registration in registrations_of(lead.events, policy=lead.moment.policy)
        ]
    leads = [lead for lead in leads if LeadCaptured.rank in lead.shape]
    if over == "leads":
        return leads
    if over == "wins":
        return [Win(lead, e) for lead in leads for e in lead.events if isinstance(e, LeadWon)]
    if over == "stays":
        return [StayedLead(lead, stay) for lead in leads for stay in stays_of(lead.events)]
    if over == "offers":
        return [OfferedLead(lead, offer) for lead in leads for offer in lead.offers]
    return [
        HeldLead(lead, spell.taken, spell.converted)
        for lead in leads
        for spell in spells_of(lead.events)
    ]
