"""A partner claims a deal, and the programme answers."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from partnerleads.events.fact import LeadFact, later_instant
from partnerleads.model.ids import PartnerId

__all__ = [
    "DealRegistered",
    "RegistrationApproved",
    "RegistrationRejected",
    "RegistrationWithdrawn",
]


@frozen(kw_only=True)
class DealRegistered(LeadFact):
    """A partner claimed the deal; the claim counts from when it was recorded.

    Attributes:
        partner_id: The claiming partner.
        registration_id: Identity of the claim; None matches that partner's claims without one.
        protected_until: End of the protection, excluded; None protects without end.
    """

    partner_id: PartnerId
    registration_id: str | None = None
    protected_until: datetime | None = field(default=None, converter=later_instant)


@frozen(kw_only=True)
class RegistrationApproved(LeadFact):
    """The programme accepted a claim.

    Attributes:
        partner_id: The claiming partner.
        registration_id: The claim; None matches that partner's claims without one.
        reason: Why.
        protected_until: End of the protection; where stated it replaces the claim's own.
    """

    partner_id: PartnerId
    registration_id: str | None = None
    reason: str | None = None
    protected_until: datetime | None = field(default=None, converter=later_instant)


@frozen(kw_only=True)
class RegistrationRejected(LeadFact):
    """The programme refused a claim; it earns nothing.

    Attributes:
        partner_id: The claiming partner.
        registration_id: The claim; None matches that partner's claims without one.
        reason: Why.
    """

    partner_id: PartnerId
    registration_id: str | None = None
    reason: str | None = None


@frozen(kw_only=True)
class RegistrationWithdrawn(LeadFact):
    """The partner gave up a claim; it earns nothing.

    Attributes:
        partner_id: The claiming partner.
        registration_id: The claim; None matches that partner's claims without one.
        reason: Why.
    """

    partner_id: PartnerId
    registration_id: str | None = None
    reason: str | None = None
