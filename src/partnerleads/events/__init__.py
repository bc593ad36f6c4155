"""Events: immutable facts, one class per kind, with one order, revisions and retractions."""

from partnerleads.events.bookkeeping import CostIncurred, EventRetracted
from partnerleads.events.capture import LeadCaptured, LeadUpdated
from partnerleads.events.close import DealRefunded, LeadLost, LeadReopened, LeadWon
from partnerleads.events.engagement import ContactMade, LeadActivity, PartnerInfluenced
from partnerleads.events.fact import Fact, LeadFact, PartnerFact, Precision
from partnerleads.events.fields import FieldSpec, fields_of
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
from partnerleads.events.order import (
    FIRST_LEAD_RANK,
    KINDS,
    Event,
    LeadEvent,
    PartnerEvent,
    order_key,
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
from partnerleads.events.rows import canonical_content, to_row
from partnerleads.events.versions import Settled, settle

__all__ = [
    # what every event has
    "Fact",
    "LeadFact",
    "PartnerFact",
    "Precision",
    # a lead
    "LeadCaptured",
    "LeadUpdated",
    "DealRegistered",
    "RegistrationApproved",
    "RegistrationRejected",
    "RegistrationWithdrawn",
    "ContactMade",
    "PartnerInfluenced",
    "LeadActivity",
    "LeadRouted",
    "LeadOffered",
    "LeadDeclined",
    "OfferExpired",
    "OfferWithdrawn",
    "LeadAccepted",
    "LeadReturned",
    "LeadAssigned",
    "LeadResponded",
    "LeadQualified",
    "LeadProgressed",
    "LeadReopened",
    "LeadDisqualified",
    "LeadLost",
    "LeadWon",
    "DealRefunded",
    # a partner
    "PartnerOnboarded",
    "PartnerUpdated",
    "PartnerTerminated",
    "TrainingCompleted",
    "CertificationEarned",
    "CertificationRevoked",
    "CampaignJoined",
    "CoSellHeld",
    "BusinessPlanFiled",
    "CustomerRated",
    # bookkeeping
    "CostIncurred",
    "EventRetracted",
    # unions, the order, rows
    "Event",
    "LeadEvent",
    "PartnerEvent",
    "KINDS",
    "FIRST_LEAD_RANK",
    "order_key",
    "FieldSpec",
    "fields_of",
    "to_row",
    "canonical_content",
    # versions
    "Settled",
    "settle",
]
