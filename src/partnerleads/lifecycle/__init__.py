"""Lifecycles: the story of every lead as of a moment, with its verdict and its problems."""

from partnerleads.lifecycle.folding import fold
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.lifecycle.live import LiveFold
from partnerleads.lifecycle.milestones import MILESTONES, Equals, Milestone, Stated
from partnerleads.lifecycle.moment import Moment
from partnerleads.lifecycle.offers import Offer
from partnerleads.lifecycle.picking import pick
from partnerleads.lifecycle.problem_rules import HISTORY_RULES, LEAD_RULES, Rule
from partnerleads.lifecycle.registration_check import RegistrationCheck, check_registration

__all__ = [
    # the fold
    "fold",
    "LeadLifecycle",
    "Lifecycles",
    "LiveFold",
    "Moment",
    "Offer",
    "RegistrationCheck",
    "check_registration",
    # milestones
    "MILESTONES",
    "Equals",
    "Milestone",
    "Stated",
    "pick",
    # problems
    "HISTORY_RULES",
    "LEAD_RULES",
    "Rule",
]
