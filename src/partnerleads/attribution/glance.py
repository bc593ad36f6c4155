"""Claims whose fate shows at a glance, without weighing all of them.

Most leads are simple: the own team found it and claims came later, or the partner that brought it
was there first. What is said of them here is what weighing gives; whatever is not that simple is
left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from partnerleads.attribution.claims import Claimed, counting
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.order import LeadEvent
from partnerleads.events.registration import DealRegistered

__all__ = ["at_a_glance"]


def at_a_glance(
    events: Sequence[LeadEvent],
    *,
    shape: bytes,
    captured: LeadCaptured | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> tuple[bool, Claimed | None]:
    """Whether it shows who wins, and the event by which that partner claims; None has no winner.

    Args:
        events: The lead's events, settled and in order.
        shape: Their ranks.
        captured: Its first capture.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    if captured is None:
        return False, None
    counts_at = counting(policy)
    start = counts_at(captured)
    place = shape.find(DealRegistered.rank)
    while place >= 0:
        if counts_at(events[place]) <= start:
            return False, None
        place = shape.find(DealRegistered.rank, place + 1)
    if captured.originator is None:
        return True, None  # the own team was there before all claims, so all are late
    if policy.contact_required or policy.claims == "registration" or start > as_of:
        return False, None
    place = shape.find(ContactMade.rank)
    while place >= 0:
        if counts_at(events[place]) <= start:
            return False, None
        place = shape.find(ContactMade.rank, place + 1)
    return True, captured  # the first claim, before all contacts; it never lapses, nothing locks it
