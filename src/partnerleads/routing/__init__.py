"""Routing: who may take a lead, who gets it, and a decision that explains itself."""

from partnerleads.routing.batches.batch import assign_batch
from partnerleads.routing.batches.problem import BatchProblem, BatchSolver
from partnerleads.routing.batches.result import Assignment, BatchResult, PassedOver, Slots
from partnerleads.routing.checks import (
    Check,
    IndexedRule,
    OccasionalRule,
    Rule,
    SteeringRule,
    checked,
)
from partnerleads.routing.context import Outcome, Protection, RoutingContext
from partnerleads.routing.decision import Decision, Inputs, Situation, Unroutable
from partnerleads.routing.deriving import routing_context
from partnerleads.routing.fairness import Dues, Fairness, fairness
from partnerleads.routing.linting.lint import lint
from partnerleads.routing.linting.report import LINT_CODES, SEVERITIES, LintFinding, LintReport
from partnerleads.routing.moment_rules import (
    HasCapacity,
    InWorkingHours,
    KeepsAccountOwner,
    KeepsRegistration,
    NotExcluded,
)
from partnerleads.routing.observed_scores import KnownResult, LeadScores, Scoring, observed_scores
from partnerleads.routing.offers.policy import OfferPolicy, offer_deadline
from partnerleads.routing.offers.state import OfferState, offer_states
from partnerleads.routing.offers.step import NextAction, OfferStep, offer_step
from partnerleads.routing.pool import Entitled, Left, Level, Pool
from partnerleads.routing.preferences import MostSpecific, Narrowing, Preference
from partnerleads.routing.prospect import Prospect, prospect_of
from partnerleads.routing.protocol import Candidates, Ranked, Router
from partnerleads.routing.reasoning import Case, Reasoning
from partnerleads.routing.recipient import Recipient, recipient_of, recipients_of
from partnerleads.routing.registry import ROUTERS_GROUP, find_router, router_names
from partnerleads.routing.replaying.off_policy import policy_value
from partnerleads.routing.replaying.past_choice import PastChoice
from partnerleads.routing.replaying.policy_value import PolicyValue
from partnerleads.routing.replaying.replay import replay, won_or_not
from partnerleads.routing.replaying.result import Load, Replay, Replayed
from partnerleads.routing.replaying.was_eligible import WasEligible
from partnerleads.routing.route import route, route_all
from partnerleads.routing.rules import HasExpertise, HasTier, InTerritory, IsActive
from partnerleads.routing.simulating.channel import Arrival, Channel, Participant
from partnerleads.routing.simulating.result import Simulation, Tally
from partnerleads.routing.simulating.router_comparison import RouterComparison, compare_routers
from partnerleads.routing.simulating.simulation import simulate
from partnerleads.routing.strategies.capacity_priced import CapacityPriced
from partnerleads.routing.strategies.expertise import ByExpertise
from partnerleads.routing.strategies.fallback import Fallback
from partnerleads.routing.strategies.least_loaded import LeastLoaded
from partnerleads.routing.strategies.performance import ByPerformance
from partnerleads.routing.strategies.plv import ByPlv
from partnerleads.routing.strategies.round_robin import RoundRobin
from partnerleads.routing.strategies.score_threshold import ScoreThreshold
from partnerleads.routing.strategies.territory import ByTerritory
from partnerleads.routing.strategies.thompson import Thompson
from partnerleads.routing.strategies.tier import ByTier
from partnerleads.routing.strategies.value_threshold import ValueThreshold
from partnerleads.routing.territory import Coverage, TerritoryTree
from partnerleads.routing.turns import Turn

__all__ = [
    # a decision
    "route",
    "route_all",
    "Decision",
    "Unroutable",
    "Reasoning",
    "Case",
    "Check",
    "Situation",
    "Inputs",
    "Turn",
    # many leads at once
    "assign_batch",
    "BatchResult",
    "Assignment",
    "PassedOver",
    "Slots",
    "BatchProblem",
    "BatchSolver",
    # offers
    "offer_step",
    "OfferStep",
    "OfferState",
    "OfferPolicy",
    "NextAction",
    "offer_states",
    "offer_deadline",
    # what another policy would have done
    "replay",
    "Replay",
    "Replayed",
    "Load",
    "PastChoice",
    "WasEligible",
    "won_or_not",
    "fairness",
    "Fairness",
    "Dues",
    "policy_value",
    "PolicyValue",
    # who may
    "Prospect",
    "prospect_of",
    "Recipient",
    "recipient_of",
    "recipients_of",
    "TerritoryTree",
    "Coverage",
    "Pool",
    "Entitled",
    "Level",
    "Left",
    # hard rules
    "Rule",
    "IndexedRule",
    "OccasionalRule",
    "SteeringRule",
    "checked",
    "IsActive",
    "InTerritory",
    "HasExpertise",
    "HasTier",
    "HasCapacity",
    "InWorkingHours",
    "NotExcluded",
    "KeepsRegistration",
    "KeepsAccountOwner",
    # wishes
    "Narrowing",
    "Preference",
    "MostSpecific",
    # what varies
    "RoutingContext",
    "routing_context",
    "Outcome",
    "Protection",
    # who gets it
    "Router",
    "Ranked",
    "Candidates",
    "RoundRobin",
    "LeastLoaded",
    "ByTerritory",
    "ByTier",
    "ByExpertise",
    "ByPerformance",
    "ByPlv",
    "ValueThreshold",
    "ScoreThreshold",
    "Fallback",
    "Thompson",
    "CapacityPriced",
    # before it goes live
    "lint",
    "LintReport",
    "LintFinding",
    "LINT_CODES",
    "SEVERITIES",
    # routers by name
    "find_router",
    "router_names",
    "ROUTERS_GROUP",
    # tried on a channel whose truth is known
    "Channel",
    "Participant",
    "Arrival",
    "simulate",
    "Simulation",
    "Tally",
    "compare_routers",
    "RouterComparison",
    "Scoring",
    "LeadScores",
    "KnownResult",
    "observed_scores",
]
