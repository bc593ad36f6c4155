"""Closed forms on numbers; this room knows no leads."""

from partnerleads.stats.chi_square import chi_square_tail
from partnerleads.stats.competing import IncidenceCurve, cumulative_incidence
from partnerleads.stats.concentration import gini, holders_of_share, top_share
from partnerleads.stats.credibility import (
    Credibility,
    JamesStein,
    buhlmann_straub,
    credible_mean,
    credible_share,
    gamma_poisson_rate,
    james_stein,
)
from partnerleads.stats.differences import newcombe
from partnerleads.stats.drift import Drift, drift
from partnerleads.stats.estimate import Estimate
from partnerleads.stats.forecasts import brier_score, log_loss
from partnerleads.stats.homogeneity import breslow_day
from partnerleads.stats.independence import chi_square_test, fisher_test, independence_test
from partnerleads.stats.intervals import wilson
from partnerleads.stats.isotonic import isotonic
from partnerleads.stats.kitagawa import GapPart, GapSplit, kitagawa
from partnerleads.stats.limits import funnel_limits
from partnerleads.stats.log_rank import LogRank, log_rank
from partnerleads.stats.logistic_regression import (
    LogisticCurve,
    logistic_regression,
    sigmoid,
)
from partnerleads.stats.off_policy import LoggedChoice, OffPolicy, PolicyEstimate, off_policy
from partnerleads.stats.quantiles import quantile
from partnerleads.stats.ranking_power import TopShare, auc, top_scored
from partnerleads.stats.ratios import risk_ratio
from partnerleads.stats.reliability import (
    Binning,
    BrierParts,
    ReliabilityBin,
    brier_parts,
    calibration_error,
    calibration_test,
    reliability_table,
)
from partnerleads.stats.shrinkage import (
    BetaPrior,
    PriorFit,
    beta_prior_by_likelihood,
    beta_prior_by_moments,
    beta_prior_from_mean,
)
from partnerleads.stats.significance import Significance
from partnerleads.stats.standardisation import Standardised, direction_flips, standardise
from partnerleads.stats.strata import MantelHaenszel, cochran_mantel_haenszel, mantel_haenszel
from partnerleads.stats.stratum import Stratum, crude_difference
from partnerleads.stats.survival import SurvivalCurve, kaplan_meier

__all__ = [
    # shares and samples
    "quantile",
    "wilson",
    "funnel_limits",
    # two groups
    "Estimate",
    "Significance",
    "newcombe",
    "risk_ratio",
    "chi_square_tail",
    "chi_square_test",
    "fisher_test",
    "independence_test",
    # two groups in strata
    "Stratum",
    "MantelHaenszel",
    "Standardised",
    "GapPart",
    "GapSplit",
    "breslow_day",
    "cochran_mantel_haenszel",
    "crude_difference",
    "direction_flips",
    "kitagawa",
    "mantel_haenszel",
    "standardise",
    # time until an event
    "IncidenceCurve",
    "LogRank",
    "SurvivalCurve",
    "cumulative_incidence",
    "kaplan_meier",
    "log_rank",
    # small groups
    "BetaPrior",
    "PriorFit",
    "beta_prior_by_likelihood",
    "beta_prior_by_moments",
    "beta_prior_from_mean",
    "Credibility",
    "JamesStein",
    "buhlmann_straub",
    "credible_mean",
    "credible_share",
    "gamma_poisson_rate",
    "james_stein",
    # the choices of another policy
    "LoggedChoice",
    "OffPolicy",
    "PolicyEstimate",
    "off_policy",
    # a few holders
    "gini",
    "holders_of_share",
    "top_share",
    # stated chances against outcomes
    "Binning",
    "BrierParts",
    "ReliabilityBin",
    "TopShare",
    "auc",
    "brier_parts",
    "brier_score",
    "calibration_error",
    "calibration_test",
    "log_loss",
    "reliability_table",
    "top_scored",
    # chances learned from outcomes
    "LogisticCurve",
    "isotonic",
    "logistic_regression",
    "sigmoid",
    # distributions that move
    "Drift",
    "drift",
]
