"""Which messages about an offer can be, which say nothing new, and which cannot be."""

from __future__ import annotations

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
from partnerleads.lifecycle import Offer
from partnerleads.routing.offers.state import OfferState
from partnerleads.routing.offers.state import recipient_named as _who

__all__ = ["is_known", "is_repeated", "refusal"]

_ANSWERS = (LeadAccepted, LeadDeclined, OfferExpired, OfferWithdrawn)


def is_known(state: OfferState, event: LeadEvent) -> bool:
    """Whether an event of this identity is on record."""
    key = (event.source, event.event_id)
    return any((one.source, one.event_id) == key for one in state.events)


def is_repeated(state: OfferState, event: LeadEvent) -> bool:
    """Whether a message says only what is on record, so that nothing happens."""
    if event in state.events:
        return True
    if isinstance(event, LeadReturned):
        return any(
            isinstance(one, LeadReturned) and same_recipient(one, event) for one in state.events
        ) and not _holds(state, event)
    if isinstance(event, _ANSWERS):
        return any(_says_again(offer, event) for offer in state.offers)
    return False


def _says_again(offer: Offer, event: LeadEvent) -> bool:
    """Whether an offer came to just this end; a lead given back is not taken by it again."""
    end = offer.answer or offer.withdrawn
    if type(end) is not type(event) or not _may_be_to(offer, event):
        return False
    return offer.returned is None or event.occurred_at <= offer.returned.occurred_at


def _may_be_to(offer: Offer, event: LeadEvent) -> bool:
    own, given = offer.offered.offer_id, getattr(event, "offer_id", None)
    known = own is None or given is None or own == given
    return known and same_recipient(event, offer.offered)  # type: ignore[arg-type]


def _holds(state: OfferState, event: LeadReturned) -> bool:
    return state.held is not None and same_recipient(event, state.held)


def refusal(state: OfferState, event: LeadEvent, *, asked: bool) -> str | None:
    """Why a message cannot be; None where it can.

    Args:
        state: How far the asking has come.
        event: The message.
        asked: Whether anybody of the house that the message names was asked.
    """
    if is_known(state, event):
        return f"event {event.event_id!r} is on record and says something else"
    if isinstance(event, LeadOffered):
        again = f"{_who(event)}, or somebody of its house, was asked before"
        return _no_offer(state) or (again if asked else None)
    if isinstance(event, LeadReturned):
        return _no_return(state, event)
    if isinstance(event, _ANSWERS):
        return _no_answer(state, event)
    return None


def _no_offer(state: OfferState) -> str | None:
    if state.closed:
        return "the lead is closed"
    if state.held is not None:
        return f"{_who(state.held)} holds the lead"
    if state.open is not None:
        return f"an offer to {_who(state.open.offered)} is open"
    return None


def _no_return(state: OfferState, event: LeadReturned) -> str | None:
    if not _holds(state, event):
        return f"{_who(event)} does not hold the lead"
    if state.after(event).held == state.held:
        return f"it came before {_who(event)} had the lead"
    return None


def _no_answer(state: OfferState, event: LeadEvent) -> str | None:
    """Why an answer answers nothing: it must end an open offer, and come in time."""
    ended = next((offer for offer in state.pending if _ends(state, offer, event)), None)
    if ended is None:
        return _why_not(state, event)
    until = ended.offered.expires_at
    if isinstance(event, OfferExpired) and until is not None and event.occurred_at < until:
        return f"the offer stands until {until:%Y-%m-%d %H:%M} UTC"
    return None


def _ends(state: OfferState, waiting: Offer, event: LeadEvent) -> bool:
    after = state.after(event).offers
    return any(one.offered is waiting.offered and one.status != "pending" for one in after)


def _why_not(state: OfferState, event: LeadEvent) -> str:
    """What became of the offer that a message is about."""
    for offer in state.offers:
        if _may_be_to(offer, event):
            if offer.status == "pending":
                return f"it came before the offer of {offer.offered.occurred_at:%Y-%m-%d %H:%M} UTC"
            end = offer.returned or offer.answer or offer.withdrawn
            status = offer.status if offer.returned is None else "returned"
            when = "" if end is None else f" at {end.occurred_at:%Y-%m-%d %H:%M} UTC"
            return f"the offer to {_who(offer.offered)} is over: {status}{when}"
    return f"{_who(event)} has no offer of the lead"
