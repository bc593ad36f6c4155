"""Partner lifetime value: a score that is earned and explained, and what a partner is worth."""

from partnerleads.plv.activity_metrics import (
    BusinessPlans,
    Campaigns,
    Certifications,
    CoSelling,
    Satisfaction,
    SourcedLeads,
    Training,
)
from partnerleads.plv.aggregators import Aggregator, FlooredGeometric, Gate, PowerMean, WeightedMean
from partnerleads.plv.calibrating import FEW_PARTNERS, check_score
from partnerleads.plv.change_result import ChangePart, ScoreChange
from partnerleads.plv.changing import score_change
from partnerleads.plv.criteria import Criterion, Tier
from partnerleads.plv.deal_metrics import (
    Conversion,
    DealFrequency,
    Deals,
    DealSize,
    Margin,
    ProgressConversion,
    Revenue,
)
from partnerleads.plv.early_signals import EarlySignals
from partnerleads.plv.explaining import Explanation, Part, explain
from partnerleads.plv.improving import Improvement, Improvements, improvements
from partnerleads.plv.lifetime import (
    LEAST_HISTORIES,
    BgBb,
    BgNbd,
    CredibleMean,
    Fit,
    GammaGamma,
    GammaPoisson,
    MbgNbd,
    ParetoNbd,
    Sbg,
    Transactions,
)
from partnerleads.plv.live import LivePlv
from partnerleads.plv.metrics import METRICS, Metric
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.normalisers import (
    CappedTarget,
    Goalposts,
    LogGoalposts,
    Normaliser,
    Percentile,
    PointsTable,
    Saturating,
)
from partnerleads.plv.passing import NextChange, next_change_at
from partnerleads.plv.potential import Potential, Potentials, potential
from partnerleads.plv.potential_fit import (
    LEAST_OF_EACH,
    LEAST_ONBOARDED,
    PotentialFit,
    fit_potential,
)
from partnerleads.plv.potential_model import DEFAULT_POTENTIAL_MODEL, PotentialModel
from partnerleads.plv.ranking import (
    RankingScore,
    RankingScores,
    ranking_score,
    ranking_scores,
)
from partnerleads.plv.record import PartnerLead, PartnerRecord, record_of, records_of
from partnerleads.plv.score import PlvScore, Reading, score_of
from partnerleads.plv.score_check import Outcome, ScoreCheck
from partnerleads.plv.scorecard import scorecard
from partnerleads.plv.scorecard_result import Scorecard
from partnerleads.plv.scoring import PlvScores, plv_scores
from partnerleads.plv.sensitivity import WeightInterval, weight_intervals
from partnerleads.plv.tiers import lexicographic_ranks, next_tier, peer_percentile, tier_of
from partnerleads.plv.traits import Trait, Traits, traits
from partnerleads.plv.trend import PlvTrend, plv_trend, plv_trends
from partnerleads.plv.value import DEFAULT_VALUE_MODEL, lifetime_value
from partnerleads.plv.value_result import LifetimeValue
from partnerleads.plv.windows import YEAR

__all__ = [
    # scores
    "plv_scores",
    "PlvScores",
    "PlvScore",
    "Reading",
    "score_of",
    "LivePlv",
    # why
    "explain",
    "Explanation",
    "Part",
    "improvements",
    "Improvements",
    "Improvement",
    "score_change",
    "ScoreChange",
    "ChangePart",
    "next_change_at",
    "NextChange",
    "weight_intervals",
    "WeightInterval",
    # where a score stands
    "tier_of",
    "next_tier",
    "peer_percentile",
    "lexicographic_ranks",
    # who they are and where they go
    "scorecard",
    "Scorecard",
    "plv_trend",
    "plv_trends",
    "PlvTrend",
    "traits",
    "Traits",
    "Trait",
    # the model
    "DEFAULT_MODEL",
    "PlvModel",
    "Criterion",
    "Tier",
    "Gate",
    # what is measured
    "METRICS",
    "YEAR",
    "Metric",
    "Revenue",
    "Deals",
    "DealFrequency",
    "DealSize",
    "Margin",
    "Conversion",
    "ProgressConversion",
    "Training",
    "Campaigns",
    "CoSelling",
    "Certifications",
    "Satisfaction",
    "SourcedLeads",
    "BusinessPlans",
    # how it scales
    "Normaliser",
    "Goalposts",
    "LogGoalposts",
    "CappedTarget",
    "Saturating",
    "PointsTable",
    "Percentile",
    # how it adds up
    "Aggregator",
    "WeightedMean",
    "FlooredGeometric",
    "PowerMean",
    # what a partner's events come to
    "PartnerRecord",
    "PartnerLead",
    "record_of",
    "records_of",
    # without a record
    "potential",
    "Potentials",
    "Potential",
    "EarlySignals",
    "PotentialModel",
    "DEFAULT_POTENTIAL_MODEL",
    "fit_potential",
    "PotentialFit",
    "LEAST_ONBOARDED",
    "LEAST_OF_EACH",
    "ranking_scores",
    "RankingScores",
    "ranking_score",
    "RankingScore",
    # against outcomes
    "check_score",
    "ScoreCheck",
    "Outcome",
    "FEW_PARTNERS",
    # what a partner is worth
    "lifetime_value",
    "LifetimeValue",
    "DEFAULT_VALUE_MODEL",
    # transactions to come
    "Transactions",
    "GammaPoisson",
    "MbgNbd",
    "BgNbd",
    "ParetoNbd",
    "BgBb",
    "Sbg",
    # their amounts
    "CredibleMean",
    "GammaGamma",
    # parameters from data
    "Fit",
    "LEAST_HISTORIES",
]
