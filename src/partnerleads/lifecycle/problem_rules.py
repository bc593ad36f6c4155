"""The closed list of ways in which a lead's history can contradict itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from attrs import frozen

from partnerleads.events import (
    DealRefunded,
    DealRegistered,
    LeadCaptured,
    LeadOffered,
    LeadReopened,
    LeadReturned,
    LeadWon,
    OfferWithdrawn,
)
from partnerleads.lifecycle import problem_checks as check
from partnerleads.lifecycle import problem_columns as columns
from partnerleads.lifecycle.kind_columns import KindColumns
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.lifecycle.problem_kinds import (
    AMOUNTS,
    ANSWERS,
    CLOSES,
    DECISIONS,
    TAKINGS,
    TURNS,
    WORK,
    Kinds,
    ranks,
)
from partnerleads.model import LeadId, Problem

__all__ = ["HISTORY_RULES", "LEAD_RULES", "Rule", "grouped", "problems_of"]

_WORK_RANKS = ranks(WORK)
_CLOSE_RANKS = ranks(CLOSES)
_OTHER_THAN_CLOSE = bytes(r for r in range(256) if r not in _CLOSE_RANKS)
_OTHER_THAN_TURNS = bytes(r for r in range(256) if r not in ranks(TURNS))


@frozen(kw_only=True)
class Rule:
    """One way to contradict oneself.

    Attributes:
        name: Name that problems bear.
        meaning: What it means, for the list in the docs.
        concerns: Kinds of which one must occur for the check to be worth while; none where it
            always is.
        suspect: Whether the kinds of a history, in order, make the check worth while.
        among: Where the kinds tell little: the leads that make it worth while, of many.
        find: The check itself, of a suspect; gives the words and the events of each problem.
        needs: Kinds whose absence from the whole log explains the problem; then it is reported
            once for all leads.
    """

    name: str
    meaning: str
    find: Callable[[LeadLifecycle], check.Found]
    concerns: Kinds = ()
    suspect: Callable[[bytes], bool] | None = None
    among: Callable[[KindColumns], Iterable[LeadId]] | None = None
    needs: Kinds = ()

    def is_worth_while(self, shape: bytes) -> bool:
        """Whether a history of this shape can break the rule."""
        concerned = not self.concerns or any(kind.rank in shape for kind in self.concerns)
        return concerned and (self.suspect is None or self.suspect(shape))


def _leaves_open(shape: bytes) -> bool:
    """Whether a reopen comes while nothing is closed."""
    turns = shape.translate(None, _OTHER_THAN_TURNS)
    is_open = True
    for rank in turns:
        if rank == LeadReopened.rank and is_open:
            return True
        is_open = rank == LeadReopened.rank
    return False


def _closes_twice(shape: bytes) -> bool:
    turns = shape.translate(None, _OTHER_THAN_TURNS)
    return any(a in _CLOSE_RANKS and b in _CLOSE_RANKS for a, b in pairwise(turns))


def _turns_twice(shape: bytes) -> bool:
    return len(shape.translate(None, _OTHER_THAN_TURNS)) > 1


def _works_after_close(shape: bytes) -> bool:
    since_close = shape.lstrip(_OTHER_THAN_CLOSE)
    return len(since_close.translate(None, _WORK_RANKS)) < len(since_close)


LEAD_RULES: tuple[Rule, ...] = (
    Rule(
        name="never_captured",
        meaning="The lead has events but was never captured. It stays outside every population.",
        suspect=lambda shape: LeadCaptured.rank not in shape,
        find=check.never_captured,
        needs=(LeadCaptured,),
    ),
    Rule(
        name="second_capture",
        meaning="The lead was captured more than once. The first capture in the order counts.",
        suspect=lambda shape: shape.count(LeadCaptured.rank) > 1,
        find=check.second_capture,
    ),
    Rule(
        name="before_capture",
        meaning="A step that can only follow the capture, such as a win, comes before it.",
        suspect=lambda shape: shape.find(LeadCaptured.rank) > 0,
        find=check.before_capture,
    ),
    Rule(
        name="answer_without_offer",
        meaning="An acceptance, decline, expiry or withdrawal answers no offer before it.",
        concerns=ANSWERS,
        among=columns.unoffered,
        find=check.answer_without_offer,
        needs=(LeadOffered,),
    ),
    Rule(
        name="answer_after_withdrawal",
        meaning="An offer was answered after it had been withdrawn. The answer counts.",
        concerns=(OfferWithdrawn,),
        find=check.answer_after_withdrawal,
    ),
    Rule(
        name="return_without_acceptance",
        meaning="Someone returned the lead who had neither accepted nor been assigned it.",
        concerns=(LeadReturned,),
        find=check.return_without_acceptance,
        needs=TAKINGS,
    ),
    Rule(
        name="after_close",
        meaning="The lead was worked after a close, without a reopen in between.",
        concerns=CLOSES,
        suspect=_works_after_close,
        find=check.after_close,
    ),
    Rule(
        name="closed_again",
        meaning="The lead was closed while it was closed. The last close counts.",
        concerns=CLOSES,
        suspect=_closes_twice,
        find=check.closed_again,
    ),
    Rule(
        name="reopened_while_open",
        meaning="The lead was reopened while it was open.",
        concerns=(LeadReopened,),
        suspect=_leaves_open,
        find=check.reopened_while_open,
        needs=CLOSES,
    ),
    Rule(
        name="tied_closes",
        meaning="Closes and reopens share one time, so the order of kinds decided which was last.",
        concerns=TURNS,
        suspect=_turns_twice,
        find=check.tied_closes,
    ),
    Rule(
        name="mixed_sequence",
        meaning="At one time some events of the lead have a sequence and others none.",
        among=columns.some_sequenced,
        find=check.mixed_sequence,
    ),
    Rule(
        name="negative_money",
        meaning="An expected value, a win or a refund is negative.",
        concerns=tuple(AMOUNTS),
        among=columns.states_less_than_zero,
        find=check.negative_money,
    ),
    Rule(
        name="refund_without_win",
        meaning="Money was refunded before any win.",
        concerns=(DealRefunded,),
        find=check.refund_without_win,
        needs=(LeadWon,),
    ),
    Rule(
        name="refund_beyond_win",
        meaning="The refunds exceed the win, or are in another currency.",
        concerns=(DealRefunded,),
        find=check.refund_beyond_win,
    ),
    Rule(
        name="decision_without_registration",
        meaning="A registration was approved, rejected or withdrawn that nobody had made.",
        concerns=DECISIONS,
        among=columns.undecided,
        find=check.decision_without_registration,
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


def problems_of(lead: LeadLifecycle, rules: Iterable[Rule]) -> Iterator[Problem]:
    """Every problem of one lead's history.

    Args:
        lead: The lead.
        rules: The rules that its shape makes worth while; the problems come in their order.
    """
    for rule in rules:
        for words, events in rule.find(lead):
            ids = tuple(event.event_id for event in events)
            yield Problem(rule=rule.name, words=words, lead_id=lead.lead_id, event_ids=ids)


def grouped(problems: Sequence[Problem], log: KindColumns) -> list[Problem]:
    """The problems, with one in place of many where a whole step is absent from the log.

    Args:
        problems: Problems of single leads.
        log: All leads.
    """
    absent = {rule.name: rule for rule in LEAD_RULES if rule.needs and not log.has(rule.needs)}
    kept = [problem for problem in problems if problem.rule not in absent]
    for name, rule in absent.items():
        leads = {problem.lead_id for problem in problems if problem.rule == name}
        if leads:
            missing = " or ".join(kind.type for kind in rule.needs)
            words = f"the log has no {missing} at all. {rule.meaning}"
            kept.append(Problem(rule=name, words=words, leads=len(leads)))
    return kept
