"""The events by which partners influenced a lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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

__all__ = ["influences_of"]

_INFLUENCING = {
    kind.rank for kind in (PartnerInfluenced, ContactMade, LeadAccepted, LeadProgressed, LeadWon)
}
_OTHERS = bytes(rank for rank in range(256) if rank not in _INFLUENCING)


def influences_of(
    events: Sequence[LeadEvent],
    *,
    shape: bytes,
    captured: LeadCaptured | None,
    closed: LeadFact | None,
    policy: AttributionPolicy,
) -> Iterator[tuple[PartnerId, LeadEvent]]:
    """The events by which partners influenced a lead, each with its partner, in order.

    Args:
        events: The lead's events, settled and in order.
        shape: Their ranks.
        captured: Its first capture.
        closed: Its standing close; None while it is open.
        policy: How long before the close an influence counts.
    """
    if captured is None:
        return
    end = None if closed is None else closed.occurred_at
    lookback = policy.influence_lookback
    after = shape[shape.index(LeadCaptured.rank) + 1 :]
    while after := after.lstrip(_OTHERS):
        event = events[-len(after)]
        after = after[1:]
        partner: PartnerId | None = event.partner_id  # type: ignore[union-attr]
        if partner is None or (end is not None and event.occurred_at > end):
            continue
        if end is not None and lookback is not None and end - event.occurred_at > lookback:
            continue
        if type(event) is ContactMade and event.by == "own_team":
            continue
        if type(event) is LeadAccepted and _returned(event, events, after):
            continue
        yield partner, event


def _returned(accepted: LeadAccepted, events: Sequence[LeadEvent], after: bytes) -> bool:
    """Whether the recipient gave the lead back in the events after, whose ranks are given."""
    if LeadReturned.rank not in after:
        return False
    later = events[-len(after) :]
    return any(isinstance(e, LeadReturned) and same_recipient(e, accepted) for e in later)
