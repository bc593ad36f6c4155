"""Offers of a lead, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from partnerleads.model.trusted import trusted

__all__ = ["FirstOffer", "Offer", "OfferStatus", "first_offer", "first_offers", "offers_of"]

OfferStatus: TypeAlias = Literal["pending", "accepted", "declined", "expired", "withdrawn"]

Answer: TypeAlias = LeadAccepted | LeadDeclined | OfferExpired

_STATUS: dict[type[object], OfferStatus] = {
    LeadAccepted: "accepted",
    LeadDeclined: "declined",
    OfferExpired: "expired",
}


@frozen(weakref_slot=False)
class Offer:
    """One offer of one lead to one recipient.

    Attributes:
        offered: The offer.
        answer: The first acceptance, decline or expiry that answers it; None while there is none.
        replied: The first acceptance or decline that answers it, also after it expired.
        withdrawn: The withdrawal that took it back; None where there is none.
        returned: The return of the lead by the recipient that had accepted.
        first: Whether it belongs to the lead's first batch, the offers of one instant.
    """

    offered: LeadOffered
    answer: Answer | None
    replied: LeadAccepted | LeadDeclined | None
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


def _answers(answer: Answer | OfferWithdrawn, offer: LeadOffered, *, offered_again: bool) -> bool:
    """Whether an answer is to this offer; without an identity it is to the recipient's last."""
    if offer.offer_id is not None and answer.offer_id is not None:
        return answer.offer_id == offer.offer_id and same_recipient(answer, offer)
    return not offered_again and same_recipient(answer, offer)


def _repeats(event: LeadOffered, offer: Offer) -> bool:
    same_identity = event.offer_id == offer.offered.offer_id
    return same_identity and same_recipient(event, offer.offered)


_offer = trusted(Offer)

_CONCERNED = frozenset(
    kind.rank
    for kind in (
        LeadOffered,
        LeadAccepted,
        LeadDeclined,
        OfferExpired,
        OfferWithdrawn,
        LeadReturned,
    )
)


def offers_of(events: Sequence[LeadEvent]) -> tuple[Offer, ...]:
    """The offers of a lead, in order.

    An answer belongs to an offer when it comes later, names the same recipient, and names the
    same offer where both name one. Where they do not, it must come before the next offer to that
    recipient. An offer repeated to the same recipient under the same identity is the same offer.

    Args:
        events: All events of one lead, settled and in order.
    """
    concerned = [event for event in events if event.rank in _CONCERNED]
    offers: list[Offer] = []
    seen: set[str] = set()
    for place, event in enumerate(concerned):
        if type(event) is not LeadOffered:
            continue
        if event.offer_id is not None:
            if event.offer_id in seen and any(_repeats(event, offer) for offer in offers):
                continue
            seen.add(event.offer_id)
        first = not offers or event.occurred_at == offers[0].offered.occurred_at
        offers.append(_follow(event, concerned[place + 1 :], first=first))
    return tuple(offers)


def _follow(offered: LeadOffered, later: Sequence[LeadEvent], *, first: bool) -> Offer:
    """The offer, with what the later events made of it."""
    answer: Answer | None = None
    replied: LeadAccepted | LeadDeclined | None = None
    withdrawn: OfferWithdrawn | None = None
    returned: LeadReturned | None = None
    offered_again = False
    for event in later:
        if type(event) is LeadOffered:
            repeated = offered.offer_id is not None and event.offer_id == offered.offer_id
            offered_again |= same_recipient(event, offered) and not repeated
        elif type(event) is LeadReturned:
            if type(answer) is LeadAccepted and same_recipient(event, answer):
                returned = returned or event
        elif _answers(event, offered, offered_again=offered_again):  # type: ignore[arg-type]
            if type(event) is OfferWithdrawn:
                withdrawn = withdrawn or (event if answer is None else None)
            else:
                answer = answer or event  # type: ignore[assignment]
                if type(event) is not OfferExpired:
                    replied = replied or event  # type: ignore[assignment]
    return _offer(offered, answer, replied, withdrawn, returned, first)


@frozen
class FirstOffer:
    """What became of a lead's first offers, those of one instant.

    Attributes:
        accepted: Whether any of them was accepted.
        kept: Whether any was accepted and the lead not returned.
        resolved: Whether one was accepted, or all were answered; never where nobody was asked.
    """

    accepted: bool
    kept: bool
    resolved: bool


_OPEN = FirstOffer(accepted=False, kept=False, resolved=False)
_REFUSED = FirstOffer(accepted=False, kept=False, resolved=True)
_RETURNED = FirstOffer(accepted=True, kept=False, resolved=True)
_KEPT = FirstOffer(accepted=True, kept=True, resolved=True)


def first_offer(offers: Sequence[Offer]) -> FirstOffer:
    """What became of the first batch; withdrawn offers leave it, and none is not resolved.

    Args:
        offers: All offers of a lead, in order.
    """
    refused = pending = returned = False
    for offer in offers:
        if not offer.first:
            break
        if offer.answer is None:
            pending = pending or offer.withdrawn is None
        elif type(offer.answer) is not LeadAccepted:
            refused = True
        elif offer.returned is None:
            return _KEPT
        else:
            returned = True
    if returned:
        return _RETURNED
    return _REFUSED if refused and not pending else _OPEN


_NOT_CONCERNED = bytes(rank for rank in range(256) if rank not in _CONCERNED)
_OUTCOMES = {LeadAccepted: _KEPT, LeadDeclined: _REFUSED, OfferExpired: _REFUSED}
_SIMPLE = {bytes((LeadOffered.rank, kind.rank)): done for kind, done in _OUTCOMES.items()}
"""What becomes of the one first offer of a lead by the answer to it that follows."""


def first_offers(stories: Iterable[tuple[Sequence[LeadEvent], bytes]]) -> list[FirstOffer]:
    """What became of the first offers of many leads.

    Mostly the partner that was asked first answers before anybody else is asked, which tells all;
    the offers of other leads are followed.

    Args:
        stories: The events of each lead, settled and in order, and their ranks.
    """
    found = []
    known: dict[bytes, tuple[FirstOffer | None, int, int, bool]] = {}
    for events, shape in stories:
        told = known.get(shape) or known.setdefault(shape, _told_by(shape))
        outcome, asked, answered, alone = told
        if outcome is _OPEN:
            found.append(outcome)
            continue
        if outcome is not None:
            offer: LeadOffered = events[asked]  # type: ignore[assignment]
            answer: Answer = events[answered]  # type: ignore[assignment]
            if (
                offer.partner_id is not None
                and offer.partner_id == answer.partner_id
                and (offer.offer_id is None or answer.offer_id is None)
                and (alone or offer.occurred_at < answer.occurred_at)
            ):
                found.append(outcome)
                continue
        found.append(first_offer(offers_of(events)))
    return found


def _told_by(shape: bytes) -> tuple[FirstOffer | None, int, int, bool]:
    """What the kinds of a lead's events tell of its first offer, if one partner was asked first.

    The outcome, None where the offers must be followed and open where nobody was asked; where the
    offer and the answer stand; and whether there is nothing else.
    """
    steps = shape.translate(None, _NOT_CONCERNED)
    if LeadOffered.rank not in steps:
        return _OPEN, 0, 0, False
    outcome = _SIMPLE.get(steps[:2])
    if outcome is None or LeadReturned.rank in steps:
        return None, 0, 0, False
    return outcome, shape.index(steps[0]), shape.index(steps[1]), len(steps) == 2
