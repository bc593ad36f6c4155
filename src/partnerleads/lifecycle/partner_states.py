"""What is known of partners at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs

from partnerleads.events import PartnerEvent, PartnerOnboarded, PartnerTerminated, PartnerUpdated
from partnerleads.model import FrozenMap, Partner, PartnerId

__all__ = ["partner_at"]

_STATED = (
    "name",
    "partner_type",
    "tier",
    "parent",
    "regions",
    "expertise",
    "capacity",
    "weight",
    "time_zone",
    "working_hours",
)


def partner_at(
    partner_id: PartnerId, events: Sequence[PartnerEvent], moment: datetime | None = None
) -> Partner:
    """The partner as its events describe it.

    Args:
        partner_id: The partner.
        events: Its events, settled and in order.
        moment: Events that occurred later do not exist; None takes all. [aware datetime]
    """
    partner = Partner(partner_id=partner_id)
    for event in events:
        if moment is not None and event.occurred_at > moment:
            break
        if isinstance(event, PartnerOnboarded | PartnerUpdated):
            partner = _stated(partner, event)
        elif isinstance(event, PartnerTerminated):
            partner = attrs.evolve(partner, terminated_at=event.occurred_at)
    return partner


def _stated(partner: Partner, event: PartnerOnboarded | PartnerUpdated) -> Partner:
    changes: dict[str, Any] = {
        name: getattr(event, name) for name in _STATED if getattr(event, name) is not None
    }
    if event.attributes:
        changes["attributes"] = FrozenMap({**partner.attributes, **event.attributes})
    if isinstance(event, PartnerOnboarded):
        changes["terminated_at"] = None
        changes["onboarded_at"] = partner.onboarded_at or event.occurred_at
    return attrs.evolve(partner, **changes)
