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
from partnerleads.kpis.closed_won import closed_won
from partnerleads.kpis.conditions import (
    EVERY,
    IN_PROGRESS,
    OPEN,
    Active,
    AllOf,
    AnyOf,
    Condition,
    Has,
    Is,
    Not,
    Within,
)
from partnerleads.kpis.define import Kpi, define
from partnerleads.kpis.figures import SMALL, AnyHistory, By, figure, history_of
from partnerleads.kpis.first_offer import first_offer_acceptance_rate, first_offer_acceptances
from partnerleads.kpis.hours_to_acceptance import hours_to_acceptance
from partnerleads.kpis.in_progress import STALLED_AFTER, in_progress
from partnerleads.kpis.keys import KEYS
from partnerleads.kpis.lead_value import expected_lead_value, final_lead_value
from partnerleads.kpis.measure import (
    CountOf,
    Form,
    Measure,
    SetOf,
    ShareOf,
    SumOf,
    SumShareOf,
    TimeBetween,
    Unit,
)
from partnerleads.kpis.partner_conversion_rate import partner_conversion_rate
from partnerleads.kpis.tally import History, Question, Rates, Tallies, Tally
from partnerleads.kpis.trend import Trend, trend
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
    # over any KPI
    "Trend",
    "trend",
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
    "Active",
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
