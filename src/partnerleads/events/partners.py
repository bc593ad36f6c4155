"""The life of a partner: joining, learning, joint work, leaving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from attrs import field, frozen

from partnerleads.errors import Fault, PartnerLeadsError
from partnerleads.events.fact import (
    PartnerFact,
    as_number,
    as_number_or_none,
    later_instant,
    outside,
    refuse_faults,
)
from partnerleads.model.frozen_map import EMPTY, FrozenMap, frozen_map
from partnerleads.model.ids import LeadId, PartnerId
from partnerleads.model.instant import zone
from partnerleads.model.working_hours import WorkingHours

__all__ = [
    "BusinessPlanFiled",
    "CampaignJoined",
    "CertificationEarned",
    "CertificationRevoked",
    "CoSellHeld",
    "CustomerRated",
    "PartnerOnboarded",
    "PartnerTerminated",
    "PartnerUpdated",
    "TrainingCompleted",
]


def _hours(value: Mapping[str, str] | None) -> FrozenMap[str, str] | None:
    return None if value is None else frozen_map(value)


@frozen(kw_only=True)
class Profile(PartnerFact):
    """What was stated about a partner; None and empty attributes state nothing.

    Attributes:
        name: Display name.
        partner_type: Kind of partner, such as reseller or referral.
        tier: Tier of the programme.
        parent: Affiliates share a parent.
        regions: Regions the partner may serve.
        expertise: What the partner knows.
        capacity: Most open leads and offers at a time. [count, >= 0]
        weight: Share of turns relative to others. [>= 0]
        time_zone: IANA name.
        working_hours: Day or day range to hours, such as ``{"mon-fri": "09:00-17:00"}``.
        attributes: Free facts, merged name by name.
    """

    name: str | None = None
    partner_type: str | None = None
    tier: str | None = None
    parent: PartnerId | None = None
    regions: tuple[str, ...] | None = None
    expertise: tuple[str, ...] | None = None
    capacity: int | None = None
    weight: float | None = field(default=None, converter=as_number_or_none)
    time_zone: str | None = None
    working_hours: FrozenMap[str, str] | None = field(default=None, converter=_hours)
    attributes: FrozenMap[str, str] = field(default=EMPTY, converter=frozen_map)

    def faults(self) -> Iterator[Fault]:
        """Capacity and weight are not negative; zone and hours can be read."""
        yield from outside("capacity", self.capacity, 0, 10**9)
        yield from outside("weight", self.weight, 0, 10**9)
        try:
            zone(self.time_zone or "UTC")
        except PartnerLeadsError as error:
            yield Fault("$.time_zone", "", str(error))
        try:
            WorkingHours.parse(self.working_hours or {})
        except PartnerLeadsError as error:
            yield Fault("$.working_hours", "", str(error))

    __attrs_post_init__ = refuse_faults


@frozen(kw_only=True)
class PartnerOnboarded(Profile):
    """A partner joined the programme, or joined it again."""


@frozen(kw_only=True)
class PartnerUpdated(Profile):
    """More was stated about a partner."""


@frozen(kw_only=True)
class PartnerTerminated(PartnerFact):
    """A partner left the programme.

    Attributes:
        reason: Why.
    """

    reason: str | None = None


@frozen(kw_only=True)
class TrainingCompleted(PartnerFact):
    """Someone of the partner finished a training.

    Attributes:
        course: Which.
    """

    course: str | None = None


@frozen(kw_only=True)
class CertificationEarned(PartnerFact):
    """The partner earned or renewed a certification.

    Attributes:
        certification: Which.
        expires_at: When it lapses; None never does. [aware datetime]
    """

    certification: str
    expires_at: datetime | None = field(default=None, converter=later_instant)


@frozen(kw_only=True)
class CertificationRevoked(PartnerFact):
    """The partner lost a certification.

    Attributes:
        certification: Which.
    """

    certification: str


@frozen(kw_only=True)
class CampaignJoined(PartnerFact):
    """The partner took part in a campaign.

    Attributes:
        name: Which.
    """

    name: str | None = None


@frozen(kw_only=True)
class CoSellHeld(PartnerFact):
    """The partner and the own team sold together.

    Attributes:
        name: Which effort.
    """

    name: str | None = None


@frozen(kw_only=True)
class BusinessPlanFiled(PartnerFact):
    """The partner filed a business plan.

    Attributes:
        name: Which.
    """

    name: str | None = None


@frozen(kw_only=True)
class CustomerRated(PartnerFact):
    """A customer rated the partner, on a scale that the event states.

    Attributes:
        score: The rating, within its scale.
        scale_min: Worst possible rating.
        scale_max: Best possible rating.
        lead_id: The lead it is about.
    """

    score: float = field(converter=as_number)
    scale_min: float = field(converter=as_number)
    scale_max: float = field(converter=as_number)
    lead_id: LeadId | None = None

    def faults(self) -> Iterator[Fault]:
        """The scale has a length, and the rating lies on it."""
        if not self.scale_min < self.scale_max:
            yield Fault("$.scale_max", repr(self.scale_max), "must be above scale_min")
        else:
            yield from outside("score", self.score, self.scale_min, self.scale_max)

    __attrs_post_init__ = refuse_faults
