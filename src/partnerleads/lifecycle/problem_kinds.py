"""Groups of kinds that the rules about contradictions speak of."""

from __future__ import annotations

from typing import TypeAlias

from partnerleads.events import (
    DealRefunded,
    DealRegistered,
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadDeclined,
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadOffered,
    LeadProgressed,
    LeadQualified,
    LeadReopened,
    LeadResponded,
    LeadReturned,
    LeadRouted,
    LeadUpdated,
    LeadWon,
    OfferExpired,
    OfferWithdrawn,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)

__all__ = [
    "AFTER_CAPTURE",
    "AMOUNTS",
    "ANSWERS",
    "CLOSES",
    "DECISIONS",
    "OFFERS_AND_ANSWERS",
    "REGISTRATIONS_AND_DECISIONS",
    "TAKINGS",
    "TURNS",
    "WORK",
    "Kinds",
    "ranks",
]

Kinds: TypeAlias = tuple[type[LeadEvent], ...]

DECISIONS: Kinds = (RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)
REGISTRATIONS_AND_DECISIONS: Kinds = (DealRegistered, *DECISIONS)
ANSWERS: Kinds = (LeadAccepted, LeadDeclined, OfferExpired, OfferWithdrawn)
OFFERS_AND_ANSWERS: Kinds = (LeadOffered, *ANSWERS)
TAKINGS = (LeadAccepted, LeadAssigned)
WORK: Kinds = (
    LeadRouted,
    LeadOffered,
    *ANSWERS,
    LeadReturned,
    LeadAssigned,
    LeadResponded,
    LeadQualified,
    LeadProgressed,
)
CLOSES: Kinds = (LeadDisqualified, LeadLost, LeadWon)
TURNS: Kinds = (*CLOSES, LeadReopened)
AFTER_CAPTURE: Kinds = (LeadUpdated, *WORK, *TURNS, DealRefunded)

AMOUNTS: dict[type[LeadEvent], str] = {
    LeadCaptured: "expected_value",
    LeadProgressed: "expected_value",
    LeadWon: "value",
    DealRefunded: "value",
}
"""The fields of money, by kind."""


def ranks(kinds: Kinds) -> bytes:
    """Their ranks, as they stand in the shape of a history."""
    return bytes(kind.rank for kind in kinds)
