"""Solvers: the best assignment of many leads at once, passed in as an argument."""

from partnerleads.solvers.min_cost_flow import optimal
from partnerleads.solvers.simplex import optimal_by_scipy

__all__ = ["optimal", "optimal_by_scipy"]
