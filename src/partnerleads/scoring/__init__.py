"""Lead scoring: how promising each lead is, by rules or by what past leads became, and why."""

from partnerleads.scoring.bayes_learner import BayesLearner
from partnerleads.scoring.bayes_scorer import BayesScorer
from partnerleads.scoring.bayes_table import BayesTable, SegmentCounts
from partnerleads.scoring.behaviours import Happened
from partnerleads.scoring.calibration import calibration
from partnerleads.scoring.calibration_result import Calibration, Verdict
from partnerleads.scoring.calibrators import (
    Calibrated,
    IsotonicMap,
    PlattMap,
    isotonic_map,
    platt_map,
)
from partnerleads.scoring.estimator import EstimatorScorer, estimator
from partnerleads.scoring.examples import Example, Examples, training_examples
from partnerleads.scoring.features import features_of, lead_features
from partnerleads.scoring.feedback import partner_feedback
from partnerleads.scoring.feedback_parts import (
    Answered,
    CriterionFeedback,
    Outcomes,
    ScoreFeedback,
    ScoreSummary,
)
from partnerleads.scoring.feedback_result import PartnerFeedback
from partnerleads.scoring.grades import DEFAULT_GRADES, Grade, grade_of
from partnerleads.scoring.hybrid import Cell, Grid, Hybrid
from partnerleads.scoring.lead_features import Behaviour, LeadFeatures
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.logistic import Logistic, LogisticScorer
from partnerleads.scoring.logistic_columns import NumberScale
from partnerleads.scoring.naive_bayes import NaiveBayes
from partnerleads.scoring.priorities import priorities
from partnerleads.scoring.priority_list import Priorities, Priority
from partnerleads.scoring.protocol import Calibrator, LeadScorer
from partnerleads.scoring.qualification import (
    DEFAULT_QUALIFICATION,
    Criterion,
    QualificationModel,
    qualify,
)
from partnerleads.scoring.qualification_result import Answer, LeadQualification, Qualifications
from partnerleads.scoring.reading import NAMES
from partnerleads.scoring.reasons import Evidence, reasons_of
from partnerleads.scoring.rule_model import DEFAULT_RULES, RuleGroup, RuleModel
from partnerleads.scoring.rules import AtLeast, AtMost, Equals, Missing, OneOf, Rule
from partnerleads.scoring.score_drift import score_drift
from partnerleads.scoring.scored_leads import ScoredLeads
from partnerleads.scoring.scoring_leads import score_leads
from partnerleads.scoring.signs import Done, Seen, Sign, Stated
from partnerleads.scoring.standing_in import StandIn
from partnerleads.scoring.trials import Change

__all__ = [
    # scoring
    "score_leads",
    "ScoredLeads",
    "LeadScorer",
    "LeadFeatures",
    "Behaviour",
    "LeadScore",
    "Reason",
    "Calibrator",
    # rules
    "RuleModel",
    "DEFAULT_RULES",
    "RuleGroup",
    "Rule",
    "Equals",
    "OneOf",
    "AtLeast",
    "AtMost",
    "Missing",
    "Happened",
    # fit and engagement
    "Hybrid",
    "Grid",
    "Cell",
    # which first
    "priorities",
    "Priorities",
    "Priority",
    "Grade",
    "DEFAULT_GRADES",
    "grade_of",
    # qualified leads
    "qualify",
    "QualificationModel",
    "DEFAULT_QUALIFICATION",
    "Criterion",
    "Sign",
    "Seen",
    "Stated",
    "Done",
    "Qualifications",
    "LeadQualification",
    "Answer",
    # feedback to partners
    "partner_feedback",
    "PartnerFeedback",
    "ScoreFeedback",
    "ScoreSummary",
    "CriterionFeedback",
    "Answered",
    "Outcomes",
    "Change",
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
    # learning from outcomes
    "NaiveBayes",
    "BayesLearner",
    "BayesScorer",
    "BayesTable",
    "SegmentCounts",
    "StandIn",
    "Logistic",
    "LogisticScorer",
    "NumberScale",
    "estimator",
    "EstimatorScorer",
    # chances held against outcomes
    "calibration",
    "Calibration",
    "Verdict",
    "score_drift",
    "Calibrated",
    "isotonic_map",
    "IsotonicMap",
    "platt_map",
    "PlattMap",
]
