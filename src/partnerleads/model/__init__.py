"""Values: money, periods, instants, leads, partners, and the results of figures."""

from partnerleads.model.close_rate import CloseRate
from partnerleads.model.figure import Caution, Figure, SegmentKey
from partnerleads.model.frozen_map import EMPTY, FrozenMap
from partnerleads.model.ids import AgentId, EventId, LeadId, PartnerId, RecipientId
from partnerleads.model.instant import UTC, instant, local_date, zone
from partnerleads.model.lead import Lead
from partnerleads.model.money import Money, minor_units
from partnerleads.model.partner import Partner
from partnerleads.model.period import Period
from partnerleads.model.problem import Finding, Problem
from partnerleads.model.results import Count, Durations, Regions, Share, Totals
from partnerleads.model.working_hours import WorkingHours

__all__ = [
    # identifiers
    "AgentId",
    "EventId",
    "LeadId",
    "PartnerId",
    "RecipientId",
    # time
    "UTC",
    "Period",
    "WorkingHours",
    "instant",
    "local_date",
    "zone",
    # money
    "Money",
    "minor_units",
    # leads and partners
    "EMPTY",
    "FrozenMap",
    "Lead",
    "Partner",
    # results
    "Caution",
    "CloseRate",
    "Count",
    "Durations",
    "Figure",
    "Regions",
    "SegmentKey",
    "Share",
    "Totals",
    # doubts
    "Finding",
    "Problem",
]
