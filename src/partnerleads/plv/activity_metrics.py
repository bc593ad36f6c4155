"""What is measured of a partner's own efforts, and of what its customers say."""

from __future__ import annotations

from datetime import datetime
from math import fsum
from typing import ClassVar

from attrs import field, frozen

from partnerleads.events import (
    BusinessPlanFiled,
    CampaignJoined,
    CertificationEarned,
    CertificationRevoked,
    CoSellHeld,
    CustomerRated,
    TrainingCompleted,
)
from partnerleads.model.numbers import in_range
from partnerleads.plv.record import PartnerRecord
from partnerleads.plv.windows import Fading, Windowed
from partnerleads.stats.credibility import credible_mean, gamma_poisson_rate

__all__ = [
    "BusinessPlans",
    "Campaigns",
    "Certifications",
    "CoSelling",
    "Satisfaction",
    "SourcedLeads",
    "Training",
]


@frozen(kw_only=True)
class Training(Fading):
    """Points for trainings, each worth half after every half-life, and capped in all.

    Attributes:
        half_life: Time in which a training loses half of its worth. [timedelta, > 0]
        each: Points of a training on its day. [points, >= 0]
        cap: Most points in all. [points, >= 0]
    """

    kind: ClassVar[str] = "training"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [points, 0..cap]"""
        return self.faded(record, as_of, record.of(TrainingCompleted))


@frozen(kw_only=True)
class Campaigns(Fading):
    """Points for campaigns, each worth half after every half-life, and capped in all.

    Attributes:
        half_life: Time in which a campaign loses half of its worth. [timedelta, > 0]
        each: Points of a campaign on its day. [points, >= 0]
        cap: Most points in all. [points, >= 0]
    """

    kind: ClassVar[str] = "campaigns"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [points, 0..cap]"""
        return self.faded(record, as_of, record.of(CampaignJoined))


@frozen(kw_only=True)
class CoSelling(Fading):
    """Points for selling together, each worth half after every half-life, and capped in all.

    Attributes:
        half_life: Time in which an effort loses half of its worth. [timedelta, > 0]
        each: Points of an effort on its day. [points, >= 0]
        cap: Most points in all. [points, >= 0]
    """

    kind: ClassVar[str] = "co_selling"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [points, 0..cap]"""
        return self.faded(record, as_of, record.of(CoSellHeld))


@frozen(kw_only=True)
class Certifications:
    """Certifications that are held: distinct, neither lapsed nor revoked at the moment.

    Earning one again renews it. None before the partner's first event.
    """

    kind: ClassVar[str] = "certifications"
    unit: ClassVar[str] = "certifications"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [count]"""
        if record.since is None or record.since > as_of:
            return None
        held: dict[str, bool] = {}
        for event in record.events:
            if event.occurred_at > as_of:
                break
            if isinstance(event, CertificationRevoked):
                held[event.certification] = False
            elif isinstance(event, CertificationEarned):
                lasts = event.expires_at is None or event.expires_at > as_of
                held[event.certification] = lasts or held.get(event.certification, False)
        return float(sum(held.values()))


@frozen(kw_only=True)
class Satisfaction(Windowed):
    """Mean of the customers' ratings, each as a share of its own scale, drawn towards a prior.

    z mean + (1 - z) prior with z = n / (n + K). None without a rating, so a first mediocre rating
    can lower a score.

    Attributes:
        window: How far back a rating counts. [timedelta, > 0]
        prior: What a partner without ratings would be taken for. [0..1]
        strength: K, how many ratings the prior weighs. [ratings, >= 0]
    """

    prior: float = field(default=0.7, validator=in_range(0, 1))
    strength: float = field(default=3.0, validator=in_range(0))
    kind: ClassVar[str] = "satisfaction"
    unit: ClassVar[str] = "share of the scale"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [0..1]"""
        shares = [
            (one.score - one.scale_min) / (one.scale_max - one.scale_min)
            for one in record.of(CustomerRated)
            if self.inside(one.occurred_at, as_of)
        ]
        if not shares:
            return None
        mean = fsum(shares) / len(shares)
        return credible_mean(mean, len(shares), collective=self.prior, strength=self.strength)


@frozen(kw_only=True)
class SourcedLeads(Windowed):
    """Leads a year that the partner sourced, drawn towards a prior as in :class:`DealFrequency`.

    Attributes:
        window: How far back a capture counts. [timedelta, > 0]
        k: Leads that the prior weighs. [leads, >= 0]
        theta: Exposure that the prior weighs. [years, >= 0]
    """

    k: float = field(default=0.0, validator=in_range(0))
    theta: float = field(default=0.25, validator=in_range(0))
    kind: ClassVar[str] = "sourced_leads"
    unit: ClassVar[str] = "leads a year"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [leads / year]"""
        exposure = self.exposure(record, as_of)
        leads = sum(self.inside(one.captured_at, as_of) for one in record.credited("sourced"))
        if exposure is None:
            return None
        return gamma_poisson_rate(leads, exposure, k=self.k, theta=self.theta)


@frozen(kw_only=True)
class BusinessPlans(Windowed):
    """Business plans filed in the window; None before the partner's first event.

    Attributes:
        window: How far back a plan counts. [timedelta, > 0]
    """

    kind: ClassVar[str] = "business_plans"
    unit: ClassVar[str] = "plans"

    def value(self, record: PartnerRecord, as_of: datetime, /) -> float | None:
        """The metric of one partner. [count]"""
        if self.exposure(record, as_of) is None:
            return None
        plans = record.of(BusinessPlanFiled)
        return float(sum(self.inside(one.occurred_at, as_of) for one in plans))
