"""The events by which partners influenced a lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
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

__all__ = ["INFLUENCING", "influences_of"]

_KINDS = (PartnerInfluenced, ContactMade, LeadAccepted, LeadProgressed, LeadWon)

INFLUENCING = bytes(rank in {kind.rank for kind in _KINDS} for rank in range(256))
"""Whether events of each rank can influence a lead, in bytes of truth."""

_NO_TIME = timedelta(0)


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
    start = shape.find(LeadCaptured.rank)
    if start < 0:
        return
    end = None if closed is None else closed.occurred_at
    lookback = policy.influence_lookback
    for event in compress(events[start:], shape[start:].translate(INFLUENCING)):
        partner: PartnerId | None = event.partner_id  # type: ignore[union-attr]
        if partner is None or (type(event) is ContactMade and event.by == "own_team"):
            continue
        if end is not None:
            before = end - event.occurred_at
            if before < _NO_TIME or (lookback is not None and before > lookback):
                continue
        if LeadReturned.rank in shape and _returned(event, events):
            continue
        yield partner, event


def _returned(event: LeadEvent, events: Sequence[LeadEvent]) -> bool:
    """Whether it is an acceptance, and its recipient gave the lead back later."""
    if type(event) is not LeadAccepted:
        return False
    later = dropwhile(lambda one: one is not event, events)
    return any(isinstance(one, LeadReturned) and same_recipient(one, event) for one in later)
