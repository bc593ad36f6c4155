"""Lead scoring: how promising each lead is, by rules or by what past leads became, and why."""

from partnerleads.scoring.examples import Example, Examples, training_examples
from partnerleads.scoring.features import features_of, lead_features
from partnerleads.scoring.lead_features import Behaviour, LeadFeatures
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.protocol import Calibrator, LeadScorer
from partnerleads.scoring.reading import NAMES
from partnerleads.scoring.reasons import Evidence, reasons_of

__all__ = [
    # what a scorer is
    "LeadScorer",
    "LeadFeatures",
    "Behaviour",
    "LeadScore",
    "Reason",
    "Calibrator",
    # what is known of leads
    "lead_features",
    "features_of",
    "training_examples",
    "Examples",
    "Example",
    "NAMES",
    # reasons of a prediction
    "Evidence",
    "reasons_of",
]
