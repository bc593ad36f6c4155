"""What a metric is, and all metrics of this library by name."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Protocol

from partnerleads.plv.activity_metrics import (
    BusinessPlans,
    Campaigns,
    Certifications,
    CoSelling,
    Satisfaction,
    SourcedLeads,
    Training,
)
from partnerleads.plv.deal_metrics import (
    Conversion,
    DealFrequency,
    Deals,
    DealSize,
    Margin,
    ProgressConversion,
    Revenue,
)
from partnerleads.plv.record import PartnerRecord

__all__ = ["METRICS", "Metric"]


class Metric(Protocol):
    """What a model can measure of a partner; any frozen class with these is a metric.

    Attributes:
        kind: Its name.
        unit: The unit of its values.
    """

    kind: ClassVar[str]
    unit: ClassVar[str]

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner at a moment, not before the record's; None is not known."""
        ...


METRICS: dict[str, type[Metric]] = {
    one.kind: one
    for one in (
        *(Revenue, Deals, DealFrequency, DealSize, Margin, Conversion, ProgressConversion),
        *(Training, Campaigns, CoSelling, Certifications, Satisfaction),
        *(SourcedLeads, BusinessPlans),
    )
}
"""The metrics of this library by name."""
