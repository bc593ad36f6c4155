"""Closed forms on numbers; this room knows no leads."""

from partnerleads.stats.intervals import wilson
from partnerleads.stats.quantiles import quantile

__all__ = ["quantile", "wilson"]
