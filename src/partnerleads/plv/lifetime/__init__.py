"""Models of how often, for how long and for how much somebody buys, on plain numbers."""

from partnerleads.plv.lifetime.bg_bb import BgBb
from partnerleads.plv.lifetime.bg_nbd import BgNbd
from partnerleads.plv.lifetime.credible_mean import CredibleMean
from partnerleads.plv.lifetime.fitting import LEAST_HISTORIES, Fit
from partnerleads.plv.lifetime.gamma_gamma import GammaGamma
from partnerleads.plv.lifetime.gamma_poisson import GammaPoisson
from partnerleads.plv.lifetime.mbg_nbd import MbgNbd
from partnerleads.plv.lifetime.pareto_nbd import ParetoNbd
from partnerleads.plv.lifetime.sbg import Sbg
from partnerleads.plv.lifetime.transactions import Transactions

__all__ = [
    # what they read
    "Transactions",
    # how often, and whether still
    "BgBb",
    "BgNbd",
    "GammaPoisson",
    "MbgNbd",
    "ParetoNbd",
    "Sbg",
    # for how much
    "CredibleMean",
    "GammaGamma",
    # from data
    "LEAST_HISTORIES",
    "Fit",
]
