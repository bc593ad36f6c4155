"""Lead scoring: how promising each lead is, by rules or by what past leads became, and why."""

from partnerleads.scoring.lead_features import Behaviour, LeadFeatures
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.protocol import Calibrator, LeadScorer
from partnerleads.scoring.reasons import Evidence, reasons_of

__all__ = [
    # what a scorer is
    "LeadScorer",
    "LeadFeatures",
    "Behaviour",
    "LeadScore",
    "Reason",
    "Calibrator",
    # reasons of a prediction
    "Evidence",
    "reasons_of",
]
