"""Attribution: which partner, if any, is credited with a lead, and why."""

from partnerleads.attribution.claims import Claim, Contact, claims_of, contacts_of
from partnerleads.attribution.crediting import AttributionClass
from partnerleads.attribution.findings import backdating_findings
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.splitting import (
    HALF_LIFE,
    SplitModel,
    shared_out,
    split_weights,
)
from partnerleads.attribution.verdict import Verdict, judge
from partnerleads.attribution.weighing import ClaimVerdict
from partnerleads.attribution.words import explained

__all__ = [
    # the rules
    "AttributionPolicy",
    # the verdict
    "AttributionClass",
    "ClaimVerdict",
    "Verdict",
    "judge",
    "explained",
    # its grounds
    "Claim",
    "Contact",
    "claims_of",
    "contacts_of",
    "backdating_findings",
    # influence in parts
    "HALF_LIFE",
    "SplitModel",
    "shared_out",
    "split_weights",
]
