"""Incentives: budgets split by what partners earned, and commissions owed for their deals."""

from partnerleads.incentives.allocation import Allocation, Grant
from partnerleads.incentives.budgets import allocate
from partnerleads.incentives.commission_result import CommissionLine, Commissions, Refusal
from partnerleads.incentives.commissions import commissions
from partnerleads.incentives.rate_table import Qualification, RateRow, RateTable

__all__ = [
    # budgets
    "allocate",
    "Allocation",
    "Grant",
    # what is owed for deals
    "commissions",
    "Commissions",
    "CommissionLine",
    "Refusal",
    # by which rates
    "RateTable",
    "RateRow",
    "Qualification",
]
