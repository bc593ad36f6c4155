"""Groups of kinds that the rules about contradictions speak of."""

from __future__ import annotations

from typing import TypeAlias

from partnerleads.events import (
    DealRefunded,
    LeadAccepted,
    LeadAssigned,
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

__all__ = ["AFTER_CAPTURE", "ANSWERS", "CLOSES", "DECISIONS", "WORK", "Kinds", "ranks"]

Kinds: TypeAlias = tuple[type[LeadEvent], ...]

DECISIONS: Kinds = (RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)
ANSWERS: Kinds = (LeadAccepted, LeadDeclined, OfferExpired, OfferWithdrawn)
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
AFTER_CAPTURE: Kinds = (LeadUpdated, *WORK, LeadReopened, *CLOSES, DealRefunded)


def ranks(kinds: Kinds) -> bytes:
    """Their ranks, as they stand in the shape of a history."""
    return bytes(kind.rank for kind in kinds)
