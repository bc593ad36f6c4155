"""KPIs: plain functions from a history to a result that shows what it rests on."""

from partnerleads.kpis.action_delay import action_delay
from partnerleads.kpis.active_regions import active_regions
from partnerleads.kpis.attributed_money import (
    influenced_pipeline,
    influenced_revenue,
    sourced_pipeline,
    sourced_revenue,
)
from partnerleads.kpis.attribution_rates import influenced_rate, involved_rate, sourced_rate
from partnerleads.kpis.auditing.audit import AUDIT_RULES, Audit, audit
from partnerleads.kpis.closed_won import closed_won
from partnerleads.kpis.cohort_close_rate import cohort_close_rate
from partnerleads.kpis.comparison.compare import compare
from partnerleads.kpis.comparison.difference import difference
from partnerleads.kpis.comparison.lift import Lift
from partnerleads.kpis.comparison.result import Comparison
from partnerleads.kpis.comparison.strata import Adjusted
from partnerleads.kpis.concentration import Concentration, concentration
from partnerleads.kpis.decided_win_rate import decided_win_rate
from partnerleads.kpis.define import Kpi, define
from partnerleads.kpis.first_offer import first_offer_acceptance_rate, first_offer_acceptances
from partnerleads.kpis.funnel import FUNNEL_STEPS, Funnel, FunnelStep, Lost, funnel
from partnerleads.kpis.history_start import HistoryStart, history_start
from partnerleads.kpis.hours_to_acceptance import hours_to_acceptance
from partnerleads.kpis.in_progress import STALLED_AFTER, in_progress
from partnerleads.kpis.influence_by_partner import Influence, influence_by_partner
from partnerleads.kpis.lead_value import expected_lead_value, final_lead_value
from partnerleads.kpis.league_table import league_table
from partnerleads.kpis.league_table_result import LeagueTable, Standing
from partnerleads.kpis.measuring.conditions import (
    EVERY,
    IN_PROGRESS,
    OPEN,
    Active,
    AllOf,
    AnyOf,
    ClassAt,
    Condition,
    Has,
    Is,
    Not,
    NotAfter,
    Older,
    Past,
    Since,
    Within,
)
from partnerleads.kpis.measuring.figures import SMALL, AnyHistory, By, figure, history_of
from partnerleads.kpis.measuring.keys import KEYS
from partnerleads.kpis.measuring.measure import (
    CountOf,
    EndsOf,
    Form,
    Measure,
    SetOf,
    ShareOf,
    SumOf,
    SumShareOf,
    TimeBetween,
    Unit,
)
from partnerleads.kpis.measuring.tally import History, Question, Rates, Tallies, Tally
from partnerleads.kpis.offer_rates import (
    offer_acceptance_rate,
    offer_decline_rate,
    offer_expiry_rate,
)
from partnerleads.kpis.offer_sla_breach_rate import offer_sla_breach_rate
from partnerleads.kpis.only import Only, only
from partnerleads.kpis.partner_conversion_rate import partner_conversion_rate
from partnerleads.kpis.pipeline_coverage import PipelineCoverage, pipeline_coverage
from partnerleads.kpis.programme_return import ProgrammeReturn, programme_return
from partnerleads.kpis.registration_rates import (
    registration_approval_rate,
    registration_conflict_rate,
)
from partnerleads.kpis.restating.causes import Cause
from partnerleads.kpis.restating.restatement import restatement
from partnerleads.kpis.restating.result import Move, Restatement
from partnerleads.kpis.sales_velocity import SalesVelocity, sales_velocity
from partnerleads.kpis.suggested_cycle import SuggestedCycle, suggested_cycle
from partnerleads.kpis.time_in_stage import STAGES, time_in_stage
from partnerleads.kpis.time_to_approval import time_to_approval
from partnerleads.kpis.time_to_close_lift import time_to_close_lift
from partnerleads.kpis.trend import Trend, trend
from partnerleads.kpis.win_rate_lift import win_rate_lift
from partnerleads.kpis.won_velocity import won_velocity

__all__ = [
    # the ten lead figures
    "first_offer_acceptances",
    "first_offer_acceptance_rate",
    "hours_to_acceptance",
    "action_delay",
    "in_progress",
    "closed_won",
    "expected_lead_value",
    "final_lead_value",
    "won_velocity",
    "partner_conversion_rate",
    "active_regions",
    # attribution
    "sourced_rate",
    "influenced_rate",
    "involved_rate",
    "sourced_revenue",
    "influenced_revenue",
    "sourced_pipeline",
    "influenced_pipeline",
    "Influence",
    "influence_by_partner",
    # close rates
    "cohort_close_rate",
    "decided_win_rate",
    # offers and registrations
    "offer_acceptance_rate",
    "offer_decline_rate",
    "offer_expiry_rate",
    "offer_sla_breach_rate",
    "registration_approval_rate",
    "registration_conflict_rate",
    "time_to_approval",
    # along the way
    "funnel",
    "Funnel",
    "FunnelStep",
    "FUNNEL_STEPS",
    "Lost",
    "time_in_stage",
    "STAGES",
    "suggested_cycle",
    "SuggestedCycle",
    # the programme as a whole
    "sales_velocity",
    "SalesVelocity",
    "pipeline_coverage",
    "PipelineCoverage",
    "concentration",
    "Concentration",
    "programme_return",
    "ProgrammeReturn",
    "league_table",
    "LeagueTable",
    "Standing",
    # over any KPI
    "Only",
    "only",
    "Trend",
    "trend",
    "HistoryStart",
    "history_start",
    # in a review
    "Audit",
    "AUDIT_RULES",
    "audit",
    "Cause",
    "Move",
    "Restatement",
    "restatement",
    # honest comparison
    "compare",
    "Comparison",
    "Adjusted",
    "difference",
    "win_rate_lift",
    "time_to_close_lift",
    "Lift",
    # limits and keys
    "KEYS",
    "SMALL",
    "STALLED_AFTER",
    # one's own KPI
    "Kpi",
    "define",
    "figure",
    "Measure",
    "Form",
    "Unit",
    "CountOf",
    "ShareOf",
    "TimeBetween",
    "EndsOf",
    "SumOf",
    "SumShareOf",
    "SetOf",
    "Condition",
    "EVERY",
    "IN_PROGRESS",
    "OPEN",
    "Has",
    "Is",
    "Within",
    "Older",
    "Since",
    "NotAfter",
    "Past",
    "Active",
    "ClassAt",
    "Not",
    "AllOf",
    "AnyOf",
    # engines
    "AnyHistory",
    "By",
    "History",
    "history_of",
    "Question",
    "Rates",
    "Tallies",
    "Tally",
]
