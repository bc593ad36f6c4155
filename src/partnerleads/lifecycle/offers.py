"""Offers of a lead, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.events import (
    LeadAccepted,
    LeadDeclined,
    LeadEvent,
    LeadOffered,
    LeadReturned,
    OfferExpired,
    OfferWithdrawn,
)
from partnerleads.events.matching import same_recipient
from partnerleads.model.ids import LeadId

__all__ = ["FirstOffer", "Offer", "OfferStatus", "first_offer", "offers_of"]

OfferStatus: TypeAlias = Literal["pending", "accepted", "declined", "expired", "withdrawn"]

Answer: TypeAlias = LeadAccepted | LeadDeclined | OfferExpired

_STATUS: dict[type[object], OfferStatus] = {
    LeadAccepted: "accepted",
    LeadDeclined: "declined",
    OfferExpired: "expired",
}


@frozen
class Offer:
    """One offer of one lead to one recipient.

    Attributes:
        offered: The offer.
        answer: The first acceptance, decline or expiry that answers it; None while there is none.
        withdrawn: The withdrawal that took it back; None where there is none.
        returned: The return of the lead by the recipient that had accepted.
        first: Whether it belongs to the lead's first batch, the offers of one instant.
    """

    offered: LeadOffered
    answer: Answer | None
    withdrawn: OfferWithdrawn | None
    returned: LeadReturned | None
    first: bool

    @property
    def lead_id(self) -> LeadId:
        """The lead."""
        return self.offered.lead_id

    @property
    def status(self) -> OfferStatus:
        """What became of it; an answer counts even when it came after the withdrawal."""
        if self.answer is not None:
            return _STATUS[type(self.answer)]
        return "pending" if self.withdrawn is None else "withdrawn"


def _answers(answer: Answer | OfferWithdrawn, offer: LeadOffered) -> bool:
    both = offer.offer_id is not None and answer.offer_id is not None
    if both and answer.offer_id != offer.offer_id:
        return False
    return same_recipient(answer, offer)


def offers_of(events: Sequence[LeadEvent]) -> tuple[Offer, ...]:
    """The offers of a lead, in order.

    An answer belongs to an offer when it comes later, names the same recipient, and names the
    same offer where both name one. Where they do not, it must come before the next offer to that
    recipient. An offer repeated under the same identity is the same offer.

    Args:
        events: All events of one lead, settled and in order.
    """
    places = [place for place, event in enumerate(events) if type(event) is LeadOffered]
    offers: list[Offer] = []
    seen: set[str] = set()
    for place in places:
        offered = events[place]
        assert isinstance(offered, LeadOffered)  # noqa: S101 - for the type checker
        if offered.offer_id is not None:
            if offered.offer_id in seen:
                continue
            seen.add(offered.offer_id)
        first = offered.occurred_at == events[places[0]].occurred_at
        offers.append(_follow(offered, events[place + 1 :], first=first))
    return tuple(offers)


def _follow(offered: LeadOffered, later: Sequence[LeadEvent], *, first: bool) -> Offer:
    answer: Answer | None = None
    withdrawn: OfferWithdrawn | None = None
    returned: LeadReturned | None = None
    offered_again = False
    for event in later:
        if isinstance(event, LeadOffered):
            repeated = offered.offer_id is not None and event.offer_id == offered.offer_id
            offered_again |= same_recipient(event, offered) and not repeated
        elif isinstance(event, LeadAccepted | LeadDeclined | OfferExpired | OfferWithdrawn):
            named = offered.offer_id is not None and event.offer_id == offered.offer_id
            if (offered_again and not named) or not _answers(event, offered):
                continue
            if isinstance(event, OfferWithdrawn):
                withdrawn = withdrawn or (event if answer is None else None)
            else:
                answer = answer or event
        elif (
            isinstance(event, LeadReturned)
            and isinstance(answer, LeadAccepted)
            and same_recipient(event, answer)
        ):
            returned = returned or event
    return Offer(offered, answer, withdrawn, returned, first)


@frozen
class FirstOffer:
    """What became of a lead's first offers, those of one instant.

    Attributes:
        accepted: Whether any of them was accepted.
        kept: Whether any was accepted and the lead not returned.
        resolved: Whether one was accepted, or all were answered.
    """

    accepted: bool
    kept: bool
    resolved: bool


def first_offer(offers: Sequence[Offer]) -> FirstOffer | None:
    """What became of the first batch; withdrawn offers leave it.

    Args:
        offers: All offers of a lead, in order.
    """
    batch = [offer for offer in offers if offer.first and offer.status != "withdrawn"]
    if not batch:
        return None
    accepted = any(offer.status == "accepted" for offer in batch)
    kept = any(offer.status == "accepted" and offer.returned is None for offer in batch)
    answered = all(offer.status != "pending" for offer in batch)
    return FirstOffer(accepted, kept, accepted or answered)
