"""What is known of a partner as of a moment."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from partnerleads.model.frozen_map import EMPTY, FrozenMap, frozen_map
from partnerleads.model.ids import PartnerId

__all__ = ["Partner"]


@frozen(kw_only=True)
class Partner:
    """A partner as its events describe it up to a moment.

    Attributes:
        partner_id: Stable identifier; never reused.
        name: Display name.
        partner_type: Kind of partner, such as reseller or referral.
        tier: Tier of the programme.
        parent: Affiliates share a parent.
        regions: Regions the partner may serve; None where never stated.
        expertise: What the partner knows; None where never stated.
        capacity: Most open leads and offers at a time. [count]
        weight: Share of turns relative to others. [>= 0]
        time_zone: IANA name.
        working_hours: Day or day range to hours, such as ``{"mon-fri": "09:00-17:00"}``.
        attributes: Free facts, text by text.
        onboarded_at: First onboarding; None where it was never recorded.
        terminated_at: Termination that no later onboarding undid.
    """

    partner_id: PartnerId
    name: str | None = None
    partner_type: str | None = None
    tier: str | None = None
    parent: PartnerId | None = None
    regions: tuple[str, ...] | None = None
    expertise: tuple[str, ...] | None = None
    capacity: int | None = None
    weight: float | None = None
    time_zone: str | None = None
    working_hours: FrozenMap[str, str] | None = None
    attributes: FrozenMap[str, str] = field(default=EMPTY, converter=frozen_map)
    onboarded_at: datetime | None = None
    terminated_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether the partner was onboarded and not terminated since."""
        return self.onboarded_at is not None and self.terminated_at is None
