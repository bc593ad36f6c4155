"""The events by which partners influenced a lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, dropwhile

from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.close import LeadWon
from partnerleads.events.engagement import ContactMade, PartnerInfluenced
from partnerleads.events.fact import LeadFact
from partnerleads.events.matching import same_recipient
from partnerleads.events.offers import LeadAccepted, LeadReturned
from partnerleads.events.order import LeadEvent
from partnerleads.events.progress import LeadProgressed
from partnerleads.model.ids import PartnerId

__all__ = ["INFLUENCING", "influences_of", "is_influenced"]

_KINDS = (PartnerInfluenced, ContactMade, LeadAccepted, LeadProgressed, LeadWon)

INFLUENCING = bytes(rank in {kind.rank for kind in _KINDS} for rank in range(256))
"""Whether events of each rank can influence a lead, in bytes of truth."""

_CAPTURED, _ACCEPTED, _RETURNED = LeadCaptured.rank, LeadAccepted.rank, LeadReturned.rank


def is_influenced(
    events: Sequence[LeadEvent], shape: bytes, closed: LeadFact | None, policy: AttributionPolicy
) -> bool:
    """Whether any partner influenced a lead.

    Args:
        events: The lead's events, settled and in order.
        shape: Their ranks.
        closed: Its standing close; None while it is open.
        policy: How long before the close an influence counts.
    """
    if (
        policy.influence_lookback is None
        and shape[0] == _CAPTURED
        and _ACCEPTED in shape
        and _RETURNED not in shape
    ):
        taken: LeadAccepted = events[shape.index(_ACCEPTED)]  # type: ignore[assignment]
        if taken.partner_id is not None and (
            closed is None or taken.occurred_at <= closed.occurred_at
        ):
            return True  # mostly it is one that a partner took and kept
    return next(influences_of(events, shape, closed, policy), None) is not None


def influences_of(
    events: Sequence[LeadEvent],
    shape: bytes,
    closed: LeadFact | None,
    policy: AttributionPolicy,
) -> Iterator[tuple[PartnerId, LeadEvent]]:
    """The events by which partners influenced a lead, each with its partner, in order.

    Only what follows the capture can influence a lead; one that was never captured has none.

    Args:
        events: The lead's events, settled and in order.
        shape: Their ranks.
        closed: Its standing close; None while it is open.
        policy: How long before the close an influence counts.
    """
    start = shape.find(_CAPTURED)
    if start < 0:
        return
    end = None if closed is None else closed.occurred_at
    lookback = policy.influence_lookback
    gave_back = _RETURNED in shape
    for event in compress(events[start:], shape[start:].translate(INFLUENCING)):
        # what speaks_for tells, without a call for each event of each lead
        partner: PartnerId | None = event.partner_id  # type: ignore[union-attr]
        if partner is None or (type(event) is ContactMade and event.by == "own_team"):
            continue
        if end is not None:
            if event.occurred_at > end:
                return
            if lookback is not None and end - event.occurred_at > lookback:
                continue
        if gave_back and _returned(event, events):
            continue
        yield partner, event


def _returned(event: LeadEvent, events: Sequence[LeadEvent]) -> bool:
    """Whether it is an acceptance, and its recipient gave the lead back later."""
    if type(event) is not LeadAccepted:
        return False
    later = dropwhile(lambda one: one is not event, events)
    return any(isinstance(one, LeadReturned) and same_recipient(one, event) for one in later)
