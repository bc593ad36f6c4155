"""Every kind of event, and the one order of events.

The natural order of kinds settles exports that only have dates: of two events of one lead on the
same day, the one whose kind stands earlier here happened earlier.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias

from partnerleads.events.bookkeeping import CostIncurred, EventRetracted
from partnerleads.events.capture import LeadCaptured, LeadUpdated
from partnerleads.events.close import DealRefunded, LeadLost, LeadReopened, LeadWon
from partnerleads.events.engagement import ContactMade, LeadActivity, PartnerInfluenced
from partnerleads.events.fact import Fact
from partnerleads.events.offers import (
    LeadAccepted,
    LeadAssigned,
    LeadDeclined,
    LeadOffered,
    LeadReturned,
    LeadRouted,
    OfferExpired,
    OfferWithdrawn,
)
from partnerleads.events.partners import (
    BusinessPlanFiled,
    CampaignJoined,
    CertificationEarned,
    CertificationRevoked,
    CoSellHeld,
    CustomerRated,
    PartnerOnboarded,
    PartnerTerminated,
    PartnerUpdated,
    TrainingCompleted,
)
from partnerleads.events.progress import (
    LeadDisqualified,
    LeadProgressed,
    LeadQualified,
    LeadResponded,
)
from partnerleads.events.registration import (
    DealRegistered,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)

__all__ = ["FIRST_LEAD_RANK", "KINDS", "Event", "LeadEvent", "PartnerEvent", "order_key"]

PartnerEvent: TypeAlias = (
    PartnerOnboarded
    | PartnerUpdated
    | PartnerTerminated
    | TrainingCompleted
    | CertificationEarned
    | CertificationRevoked
    | CampaignJoined
    | CoSellHeld
    | BusinessPlanFiled
    | CustomerRated
)

LeadEvent: TypeAlias = (
    LeadCaptured
    | LeadUpdated
    | DealRegistered
    | RegistrationApproved
    | RegistrationRejected
    | RegistrationWithdrawn
    | ContactMade
    | PartnerInfluenced
    | LeadActivity
    | LeadRouted
    | LeadOffered
    | LeadDeclined
    | OfferExpired
    | OfferWithdrawn
    | LeadAccepted
    | LeadReturned
    | LeadAssigned
    | LeadResponded
    | LeadQualified
    | LeadProgressed
    | LeadReopened
    | LeadDisqualified
    | LeadLost
    | LeadWon
    | DealRefunded
)

Event: TypeAlias = PartnerEvent | CostIncurred | EventRetracted | LeadEvent

_PARTNER_KINDS: tuple[type[PartnerEvent], ...] = (
    PartnerOnboarded,
    PartnerUpdated,
    PartnerTerminated,
    TrainingCompleted,
    CertificationEarned,
    CertificationRevoked,
    CampaignJoined,
    CoSellHeld,
    BusinessPlanFiled,
    CustomerRated,
)

_LEAD_KINDS: tuple[type[LeadEvent], ...] = (
    LeadCaptured,
    LeadUpdated,
    DealRegistered,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
    ContactMade,
    PartnerInfluenced,
    LeadActivity,
    LeadRouted,
    LeadOffered,
    LeadDeclined,
    OfferExpired,
    OfferWithdrawn,
    LeadAccepted,
    LeadReturned,
    LeadAssigned,
    LeadResponded,
    LeadQualified,
    LeadProgressed,
    LeadReopened,
    LeadDisqualified,
    LeadLost,
    LeadWon,
    DealRefunded,
)

_IN_ORDER: tuple[type[Event], ...] = (
    *_PARTNER_KINDS,
    CostIncurred,
    EventRetracted,
    *_LEAD_KINDS,
)

FIRST_LEAD_RANK = len(_IN_ORDER) - len(_LEAD_KINDS)
"""Kinds from this rank on are events of one lead."""

for _rank, _kind in enumerate(_IN_ORDER):
    _kind.rank = _rank
    _kind.type = re.sub(r"(?<!^)(?=[A-Z])", "_", _kind.__name__).lower()

KINDS: dict[str, type[Event]] = {kind.type: kind for kind in _IN_ORDER}
"""Every kind by the name it has in rows, in the natural order."""


def order_key(event: Fact) -> tuple[datetime, int, int, str, str]:
    """The one sort key of events.

    Time, then the source's own sequence, then the natural order of kinds, then identity.
    """
    return (event.occurred_at, event.sequence, event.rank, event.source, event.event_id)
