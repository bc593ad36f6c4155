"""How each way of contradicting oneself is found in a lead's history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import TypeAlias

from partnerleads.events import (
    DealRefunded,
    DealRegistered,
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadEvent,
    LeadOffered,
    LeadReopened,
    LeadReturned,
    LeadWon,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.events.matching import same_recipient
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.lifecycle.problem_kinds import (
    AFTER_CAPTURE,
    AMOUNTS,
    ANSWERS,
    CLOSES,
    TAKINGS,
    TURNS,
    WORK,
)
from partnerleads.model import Money

__all__ = [
    "Found",
    "after_close",
    "answer_after_withdrawal",
    "answer_without_offer",
    "before_capture",
    "closed_again",
    "decision_without_registration",
    "may_answer",
    "mixed_sequence",
    "negative_money",
    "never_captured",
    "refund_beyond_win",
    "refund_without_win",
    "reopened_while_open",
    "return_without_acceptance",
    "second_capture",
    "tied_closes",
]

Found: TypeAlias = Iterator[tuple[str, tuple[LeadEvent, ...]]]
"""The words and the events of each problem."""


def never_captured(lead: LeadLifecycle) -> Found:
    """Events of a lead that nobody logged."""
    yield "it was never captured; it stays outside every population", lead.events[:1]


def second_capture(lead: LeadLifecycle) -> Found:
    """Captures after the first."""
    _, *later = (event for event in lead.events if isinstance(event, LeadCaptured))
    yield "it was captured more than once; the first counts", tuple(later)


def before_capture(lead: LeadLifecycle) -> Found:
    """Steps that can only follow the capture and stand before it."""
    place = lead.shape.index(LeadCaptured.rank)
    captured, early = lead.events[place], lead.events[:place]
    steps = tuple(e for e in early if isinstance(e, AFTER_CAPTURE) and not _same_day(e, captured))
    if steps:
        yield f"{steps[0].type} comes before the capture", steps


def _same_day(event: LeadEvent, captured: LeadEvent) -> bool:
    """Whether an event known to the day may have come after the capture on that day."""
    early = captured.occurred_at - event.occurred_at
    return event.precision == "day" and early < timedelta(days=1)


def answer_without_offer(lead: LeadLifecycle) -> Found:
    """Answers that belong to no offer before them."""
    offers = []
    for event in lead.events:
        if isinstance(event, LeadOffered):
            offers.append(event)
        elif isinstance(event, ANSWERS) and not any(may_answer(event, o) for o in offers):
            yield f"{event.type} answers no offer before it", (event,)


def may_answer(answer: LeadEvent, offer: LeadOffered) -> bool:
    """Whether an answer may be to an offer before it: same recipient, and no other offer stated."""
    stated = answer.offer_id  # type: ignore[union-attr]
    if stated is not None and offer.offer_id is not None and stated != offer.offer_id:
        return False
    return same_recipient(answer, offer)  # type: ignore[arg-type]


def answer_after_withdrawal(lead: LeadLifecycle) -> Found:
    """Offers that were withdrawn and answered all the same."""
    for offer in lead.offers:
        if offer.answer is not None and offer.withdrawn is not None:
            yield "an offer was answered after it was withdrawn", (offer.withdrawn, offer.answer)


def return_without_acceptance(lead: LeadLifecycle) -> Found:
    """Returns by somebody who had not taken the lead."""
    taken: list[LeadAccepted | LeadAssigned] = []
    for event in lead.events:
        if isinstance(event, TAKINGS):
            taken.append(event)
        elif type(event) is LeadReturned and not any(same_recipient(event, e) for e in taken):
            yield "it was returned by someone who had not taken it", (event,)


def after_close(lead: LeadLifecycle) -> Found:
    """The first work on a closed lead."""
    close: LeadEvent | None = None
    for event in lead.events:
        if isinstance(event, CLOSES):
            close = event
        elif isinstance(event, LeadReopened):
            close = None
        elif close is not None and isinstance(event, WORK):
            yield f"{event.type} comes after {close.type} without a reopen", (close, event)
            return


def closed_again(lead: LeadLifecycle) -> Found:
    """Closes of a closed lead."""
    close: LeadEvent | None = None
    for event in lead.events:
        if isinstance(event, LeadReopened):
            close = None
        elif isinstance(event, CLOSES):
            if close is not None:
                yield f"{event.type} comes after {close.type} without a reopen", (close, event)
            close = event


def reopened_while_open(lead: LeadLifecycle) -> Found:
    """Reopens of an open lead."""
    is_open = True
    for event in lead.events:
        if isinstance(event, CLOSES):
            is_open = False
        elif isinstance(event, LeadReopened):
            if is_open:
                yield "it was reopened while it was open", (event,)
            is_open = True


def tied_closes(lead: LeadLifecycle) -> Found:
    """Closes and reopens of one time, in an order that only their kinds decide."""
    if not lead.tied:
        return
    turns = [e for e in lead.events if isinstance(e, TURNS)]
    for _, group in groupby(turns, key=lambda event: (event.occurred_at, event.sequence)):
        same = tuple(group)
        if len({event.type for event in same}) > 1:
            names = ", ".join(event.type for event in same)
            yield f"{names} happened at one time; their kinds decide the order", same


def mixed_sequence(lead: LeadLifecycle) -> Found:
    """Times at which only some events have a sequence."""
    if not lead.tied:
        return
    for _, group in groupby(lead.events, key=lambda event: event.occurred_at):
        same = tuple(group)
        if len({event.sequence == 0 for event in same}) > 1:
            yield "of the events at one time some have a sequence and some none", same


def negative_money(lead: LeadLifecycle) -> Found:
    """Amounts below zero."""
    for event in lead.events:
        name = AMOUNTS.get(type(event))
        amount: Money | None = None if name is None else getattr(event, name)
        if amount is not None and amount.amount.is_signed() and amount.amount:
            yield f"{event.type} states {amount}, which is negative", (event,)


def refund_without_win(lead: LeadLifecycle) -> Found:
    """Refunds before any win."""
    for place, event in enumerate(lead.events):
        if isinstance(event, DealRefunded) and LeadWon.rank not in lead.shape[:place]:
            yield "money was refunded before any win", (event,)


def refund_beyond_win(lead: LeadLifecycle) -> Found:
    """Refunds above the win, or in another currency."""
    won, refunds = lead.won, lead.refunds
    if won is None or won.value is None or not refunds:
        return
    value = won.value
    foreign = tuple(e for e in refunds if e.value.currency != value.currency)
    if foreign:
        yield f"a refund is not in {value.currency}, the currency of the win", foreign
    elif sum(e.value.amount for e in refunds) > value.amount:
        yield f"the refunds exceed the win of {value}", refunds


def decision_without_registration(lead: LeadLifecycle) -> Found:
    """Decisions on registrations that nobody made."""
    registered: set[tuple[str, str | None]] = set()
    for event in lead.events:
        if type(event) is DealRegistered:
            registered.add((event.partner_id, event.registration_id))
        elif (
            isinstance(event, RegistrationApproved | RegistrationRejected | RegistrationWithdrawn)
            and (event.partner_id, event.registration_id) not in registered
        ):
            yield f"{event.type} decides on no registration before it", (event,)
