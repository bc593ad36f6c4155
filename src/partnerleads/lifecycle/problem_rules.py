"""The closed list of ways in which a lead's history can contradict itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from partnerleads.events import (
    DealRefunded,
    DealRegistered,
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadDeclined,
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadOffered,
    LeadProgressed,
    LeadQualified,
    LeadReopened,
    LeadResponded,
    LeadReturned,
    LeadRouted,
    LeadUpdated,
    LeadWon,
    OfferExpired,
    OfferWithdrawn,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.events.matching import same_recipient, same_registration
from partnerleads.model import Money, Problem

if TYPE_CHECKING:
    from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle

__all__ = ["HISTORY_RULES", "LEAD_RULES", "Rule", "problems_of"]

Kinds: TypeAlias = tuple[type[LeadEvent], ...]

_DECISIONS: Kinds = (RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)
_ANSWERS: Kinds = (LeadAccepted, LeadDeclined, OfferExpired, OfferWithdrawn)
_WORK: Kinds = (
    LeadRouted,
    LeadOffered,
    *_ANSWERS,
    LeadReturned,
    LeadAssigned,
    LeadResponded,
    LeadQualified,
    LeadProgressed,
)
_CLOSES: Kinds = (LeadDisqualified, LeadLost, LeadWon)
_AFTER_CAPTURE: Kinds = (LeadUpdated, *_WORK, LeadReopened, *_CLOSES, DealRefunded)


def _ranks(kinds: Kinds) -> bytes:
    return bytes(kind.rank for kind in kinds)


_ANSWER_RANKS = _ranks(_ANSWERS)
_WORK_RANKS = _ranks(_WORK)
_CLOSE_RANKS = _ranks(_CLOSES)
_OTHER_THAN_CLOSES = bytes(r for r in range(256) if r not in (*_CLOSE_RANKS, LeadReopened.rank))


@frozen(kw_only=True)
class Rule:
    """One way to contradict oneself.

    Attributes:
        name: Name that problems bear.
        meaning: What it means, for the list in the docs.
        suspect: Whether the kinds of a history, in order, make the check worth while.
        find: The check itself, of a suspect; gives the words and the events of each problem.
        needs: Kinds whose absence from the whole log explains the problem; then it is reported
            once for all leads.
    """

    name: str
    meaning: str
    suspect: Callable[[bytes], bool]
    find: Callable[[LeadLifecycle], Iterator[tuple[str, tuple[LeadEvent, ...]]]]
    needs: Kinds = ()


Found: TypeAlias = Iterator[tuple[str, tuple[LeadEvent, ...]]]


def _any_of(kinds: Kinds) -> Callable[[bytes], bool]:
    ranks = _ranks(kinds)
    return lambda shape: any(rank in shape for rank in ranks)


def _never_captured(lead: LeadLifecycle) -> Found:
    yield "it was never captured; it stays outside every population", lead.events[:1]


def _second_capture(lead: LeadLifecycle) -> Found:
    _, *later = (event for event in lead.events if isinstance(event, LeadCaptured))
    yield "it was captured more than once; the first counts", tuple(later)


def _before_capture(lead: LeadLifecycle) -> Found:
    if lead.captured is None:
        return
    early = lead.events[: lead.shape.index(LeadCaptured.rank)]
    steps = tuple(e for e in early if isinstance(e, _AFTER_CAPTURE) and not _same_day(e, lead))
    if steps:
        yield f"{steps[0].type} comes before the capture", steps


def _same_day(event: LeadEvent, lead: LeadLifecycle) -> bool:
    """Whether an event known to the day may have come after the capture on that day."""
    if event.precision != "day" or lead.captured is None:
        return False
    return lead.captured.occurred_at < event.occurred_at + timedelta(days=1)


@lru_cache(maxsize=1 << 14)
def _answers_in(shape: bytes) -> int:
    return sum(map(shape.count, _ANSWER_RANKS))


def _answer_without_offer(lead: LeadLifecycle) -> Found:
    matched = set()
    for offer in lead.offers:
        matched.add(id(offer.answer))
        matched.add(id(offer.withdrawn))
    matched.discard(id(None))
    if len(matched) == _answers_in(lead.shape):
        return
    for place, event in enumerate(lead.events):
        if isinstance(event, _ANSWERS):
            earlier = (e for e in lead.events[:place] if isinstance(e, LeadOffered))
            if not any(_may_answer(event, offer) for offer in earlier):
                yield f"{event.type} answers no offer before it", (event,)


def _may_answer(answer: LeadEvent, offer: LeadOffered) -> bool:
    stated = getattr(answer, "offer_id", None)
    if stated is not None and offer.offer_id is not None and stated != offer.offer_id:
        return False
    return same_recipient(answer, offer)  # type: ignore[arg-type]


def _answer_after_withdrawal(lead: LeadLifecycle) -> Found:
    for offer in lead.offers:
        if offer.answer is not None and offer.withdrawn is not None:
            yield "an offer was answered after it was withdrawn", (offer.withdrawn, offer.answer)


def _return_without_acceptance(lead: LeadLifecycle) -> Found:
    for place, event in enumerate(lead.events):
        if isinstance(event, LeadReturned):
            taken = (e for e in lead.events[:place] if isinstance(e, LeadAccepted | LeadAssigned))
            if not any(same_recipient(event, e) for e in taken):
                yield "it was returned by someone who had not taken it", (event,)


def _after_close(lead: LeadLifecycle) -> Found:
    close: LeadEvent | None = None
    for event in lead.events:
        if isinstance(event, _CLOSES):
            close = event
        elif isinstance(event, LeadReopened):
            close = None
        elif close is not None and isinstance(event, _WORK):
            yield f"{event.type} comes after {close.type} without a reopen", (close, event)
            return


def _closed_again(lead: LeadLifecycle) -> Found:
    close: LeadEvent | None = None
    for event in lead.events:
        if isinstance(event, LeadReopened):
            close = None
        elif isinstance(event, _CLOSES):
            if close is not None:
                yield f"{event.type} comes after {close.type} without a reopen", (close, event)
            close = event


def _reopened_while_open(lead: LeadLifecycle) -> Found:
    is_open = True
    for event in lead.events:
        if isinstance(event, _CLOSES):
            is_open = False
        elif isinstance(event, LeadReopened):
            if is_open:
                yield "it was reopened while it was open", (event,)
            is_open = True


def _tied_closes(lead: LeadLifecycle) -> Found:
    turns = [e for e in lead.events if isinstance(e, (*_CLOSES, LeadReopened))]
    for _, group in groupby(turns, key=lambda event: (event.occurred_at, event.sequence)):
        same = tuple(group)
        if len({event.type for event in same}) > 1:
            names = ", ".join(event.type for event in same)
            yield f"{names} happened at one time; their kinds decide the order", same


def _mixed_sequence(lead: LeadLifecycle) -> Found:
    for _, group in groupby(lead.events, key=lambda event: event.occurred_at):
        same = tuple(group)
        if len({event.sequence == 0 for event in same}) > 1:
            yield "of the events at one time some have a sequence and some none", same


_AMOUNTS = {
    LeadCaptured.rank: "expected_value",
    LeadProgressed.rank: "expected_value",
    LeadWon.rank: "value",
    DealRefunded.rank: "value",
}


@lru_cache(maxsize=1 << 14)
def _amounts_of(shape: bytes) -> tuple[tuple[int, str], ...]:
    """Where in a history amounts may stand, and in which field."""
    return tuple((place, _AMOUNTS[rank]) for place, rank in enumerate(shape) if rank in _AMOUNTS)


def _negative_money(lead: LeadLifecycle) -> Found:
    for place, name in _amounts_of(lead.shape):
        event = lead.events[place]
        amount: Money | None = getattr(event, name)
        if amount is not None and amount.amount.is_signed() and amount.amount:
            yield f"{event.type} states {amount}, which is negative", (event,)


def _refund_without_win(lead: LeadLifecycle) -> Found:
    for place, event in enumerate(lead.events):
        if isinstance(event, DealRefunded) and LeadWon.rank not in lead.shape[:place]:
            yield "money was refunded before any win", (event,)


def _refund_beyond_win(lead: LeadLifecycle) -> Found:
    value = None if lead.won is None else lead.won.value
    if value is None or not lead.refunds:
        return
    foreign = tuple(e for e in lead.refunds if e.value.currency != value.currency)
    if foreign:
        yield f"a refund is not in {value.currency}, the currency of the win", foreign
    elif sum(e.value.amount for e in lead.refunds) > value.amount:
        yield f"the refunds exceed the win of {value}", lead.refunds


def _decision_without_registration(lead: LeadLifecycle) -> Found:
    for place, event in enumerate(lead.events):
        if isinstance(event, RegistrationApproved | RegistrationRejected | RegistrationWithdrawn):
            earlier = (e for e in lead.events[:place] if isinstance(e, DealRegistered))
            if not any(same_registration(event, e) for e in earlier):
                yield f"{event.type} decides on no registration before it", (event,)


def _leaves_open(shape: bytes) -> bool:
    """Whether a reopen comes while nothing is closed."""
    turns = shape.translate(None, _OTHER_THAN_CLOSES)
    is_open = True
    for rank in turns:
        if rank == LeadReopened.rank and is_open:
            return True
        is_open = rank == LeadReopened.rank
    return False


def _closes_twice(shape: bytes) -> bool:
    turns = shape.translate(None, _OTHER_THAN_CLOSES)
    return any(a in _CLOSE_RANKS and b in _CLOSE_RANKS for a, b in pairwise(turns))


def _works_after_close(shape: bytes) -> bool:
    first = min((p for p in map(shape.find, _CLOSE_RANKS) if p >= 0), default=len(shape))
    return any(rank in _WORK_RANKS for rank in shape[first:])


LEAD_RULES: tuple[Rule, ...] = (
    Rule(
        name="never_captured",
        meaning="The lead has events but was never captured. It stays outside every population.",
        suspect=lambda shape: LeadCaptured.rank not in shape,
        find=_never_captured,
        needs=(LeadCaptured,),
    ),
    Rule(
        name="second_capture",
        meaning="The lead was captured more than once. The first capture in the order counts.",
        suspect=lambda shape: shape.count(LeadCaptured.rank) > 1,
        find=_second_capture,
    ),
    Rule(
        name="before_capture",
        meaning="A step that can only follow the capture, such as a win, comes before it.",
        suspect=lambda shape: shape[0] != LeadCaptured.rank,
        find=_before_capture,
    ),
    Rule(
        name="answer_without_offer",
        meaning="An acceptance, decline, expiry or withdrawal answers no offer before it.",
        suspect=_any_of(_ANSWERS),
        find=_answer_without_offer,
        needs=(LeadOffered,),
    ),
    Rule(
        name="answer_after_withdrawal",
        meaning="An offer was answered after it had been withdrawn. The answer counts.",
        suspect=_any_of((OfferWithdrawn,)),
        find=_answer_after_withdrawal,
    ),
    Rule(
        name="return_without_acceptance",
        meaning="Someone returned the lead who had neither accepted nor been assigned it.",
        suspect=_any_of((LeadReturned,)),
        find=_return_without_acceptance,
        needs=(LeadAccepted, LeadAssigned),
    ),
    Rule(
        name="after_close",
        meaning="The lead was worked after a close, without a reopen in between.",
        suspect=_works_after_close,
        find=_after_close,
    ),
    Rule(
        name="closed_again",
        meaning="The lead was closed while it was closed. The last close counts.",
        suspect=_closes_twice,
        find=_closed_again,
    ),
    Rule(
        name="reopened_while_open",
        meaning="The lead was reopened while it was open.",
        suspect=_leaves_open,
        find=_reopened_while_open,
        needs=_CLOSES,
    ),
    Rule(
        name="tied_closes",
        meaning="Closes and reopens share one time, so the order of kinds decided which was last.",
        suspect=_any_of((*_CLOSES, LeadReopened)),
        find=_tied_closes,
    ),
    Rule(
        name="mixed_sequence",
        meaning="At one time some events of the lead have a sequence and others none.",
        suspect=lambda shape: len(shape) > 1,
        find=_mixed_sequence,
    ),
    Rule(
        name="negative_money",
        meaning="An expected value, a win or a refund is negative.",
        suspect=lambda shape: not _AMOUNTS.keys().isdisjoint(shape),
        find=_negative_money,
    ),
    Rule(
        name="refund_without_win",
        meaning="Money was refunded before any win.",
        suspect=_any_of((DealRefunded,)),
        find=_refund_without_win,
        needs=(LeadWon,),
    ),
    Rule(
        name="refund_beyond_win",
        meaning="The refunds exceed the win, or are in another currency.",
        suspect=_any_of((DealRefunded,)),
        find=_refund_beyond_win,
    ),
    Rule(
        name="decision_without_registration",
        meaning="A registration was approved, rejected or withdrawn that nobody had made.",
        suspect=_any_of(_DECISIONS),
        find=_decision_without_registration,
        needs=(DealRegistered,),
    ),
)

HISTORY_RULES: dict[str, str] = {
    "conflicting_versions": (
        "Different contents of one event were recorded at one instant. "
        "The one with the smaller canonical text counts."
    ),
    "retraction_of_nothing": "A retraction names no event of its source, or another retraction.",
    "negative_cost": "A cost is negative.",
}
"""Problems that are not about one lead's story."""

_NEEDS_A_TIE = {"tied_closes", "mixed_sequence"}


@lru_cache(maxsize=1 << 14)
def _suspects(shape: bytes, *, tied: bool) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in LEAD_RULES
        if (tied or rule.name not in _NEEDS_A_TIE) and rule.suspect(shape)
    )


def problems_of(lead: LeadLifecycle) -> tuple[Problem, ...]:
    """Every problem of one lead's history, in the order of the rules."""
    problems: list[Problem] = []
    for rule in _suspects(lead.shape, tied=lead.tied):
        for words, events in rule.find(lead):
            ids = tuple(event.event_id for event in events)
            problems.append(
                Problem(rule=rule.name, words=words, lead_id=lead.lead_id, event_ids=ids)
            )
    return tuple(problems)


def grouped(problems: Sequence[Problem], present: frozenset[int]) -> list[Problem]:
    """The problems, with one in place of many where a whole step is absent from the log.

    Args:
        problems: Problems of single leads.
        present: Ranks of the kinds of event that occur anywhere in the log.
    """
    absent = {
        rule.name: rule
        for rule in LEAD_RULES
        if rule.needs and present.isdisjoint(_ranks(rule.needs))
    }
    kept = [problem for problem in problems if problem.rule not in absent]
    for name, rule in absent.items():
        leads = {problem.lead_id for problem in problems if problem.rule == name}
        if leads:
            missing = " or ".join(kind.type for kind in rule.needs)
            words = f"the log has no {missing} at all. {rule.meaning}"
            kept.append(Problem(rule=name, words=words, leads=len(leads)))
    return kept
