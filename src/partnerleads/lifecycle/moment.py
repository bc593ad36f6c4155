"""What a fold looks from."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from partnerleads.attribution import AttributionPolicy

__all__ = ["Moment"]


@frozen
class Moment:
    """What a fold looked from.

    Attributes:
        as_of: Events that occurred later do not exist. [aware datetime]
        known_at: Versions recorded later do not exist; None knows everything. [aware datetime]
        policy: The rules of attribution.
    """

    as_of: datetime
    known_at: datetime | None
    policy: AttributionPolicy
