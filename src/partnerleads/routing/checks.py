"""What a rule is, and what it answers about one recipient and one lead."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Protocol, TypeGuard, runtime_checkable

from attrs import frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = [
    "Check",
    "IndexedRule",
    "OccasionalRule",
    "Rule",
    "SteeringRule",
    "checked",
    "is_indexed",
    "is_occasional",
]


@frozen
class Check:
    """One rule, held against one recipient.

    Attributes:
        rule: Name of the rule.
        passed: Whether the recipient may take the lead as far as this rule goes.
        observed: What the recipient has, in words.
        required: What it would need, in words; how to pass.
    """

    rule: str
    passed: bool
    observed: str
    required: str

    def __str__(self) -> str:
        verdict = "passes" if self.passed else "FAILS"
        return f"{self.rule} {verdict}: {self.observed}; needed is {self.required}"


class Rule(Protocol):
    """A condition that is never dropped: who fails it may not take the lead.

    A rule is a frozen value. It must be true of one recipient whatever the others are.
    """

    @property
    def name(self) -> str:
        """What the rule is called in a decision."""
        ...

    def passes(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether the recipient may take the lead."""
        ...

    def observed(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> str:
        """What the recipient has, in words."""
        ...

    def required(self, lead: Prospect, context: RoutingContext, /) -> str:
        """What a recipient would need, in words."""
        ...


@runtime_checkable
class IndexedRule(Rule, Protocol):
    """A rule that a pool can look up instead of asking it about everybody.

    It passes exactly those whose tokens meet every clause in at least one token. Tokens depend on
    the recipient alone. A class that inherits them, and changes ``passes``, is asked about
    everybody.
    """

    def tokens(self, recipient: Recipient, /) -> frozenset[str]:
        """What the recipient has."""
        ...

    def clauses(self, lead: Prospect, context: RoutingContext, /) -> tuple[frozenset[str], ...]:
        """What it must have one of, each; none asks for nothing."""
        ...


@runtime_checkable
class OccasionalRule(Rule, Protocol):
    """A rule that does not concern every lead, and need not be asked about those.

    Where it does not concern a lead everybody passes; if it steers, it steers nobody then, and
    knows of no conflict. A class that inherits ``concerns``, and changes whom the rule passes or
    steers, is asked about every lead; where it says so here too, about those alone.
    """

    def concerns(self, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether anybody might fail it, or have a right by it."""
        ...


@runtime_checkable
class SteeringRule(Rule, Protocol):
    """A rule that gives a lead to somebody who has a right to it.

    Such a lead takes no turn, unless the pool says so.
    """

    def steers(self, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether somebody has a right to this lead."""
        ...

    def conflicts(self, lead: Prospect, context: RoutingContext, /) -> tuple[str, ...]:
        """Who else claims it, in words."""
        ...


def is_indexed(rule: Rule) -> TypeGuard[IndexedRule]:
    """Whether a rule can be looked up, and what is looked up is what it answers."""
    return isinstance(rule, IndexedRule) and _is_of_now(rule, {"tokens", "clauses"}, {"passes"})


def is_occasional(rule: Rule) -> TypeGuard[OccasionalRule]:
    """Whether a rule says which leads it concerns, and says so of what it answers."""
    answers = {"passes", "steers", "conflicts"}
    return isinstance(rule, OccasionalRule) and _is_of_now(rule, {"concerns"}, answers)


def _is_of_now(rule: Rule, said: AbstractSet[str], answers: AbstractSet[str]) -> bool:
    """Whether what a rule says of its answers came with them, not from a class before."""
    for kind in type(rule).__mro__:
        own = vars(kind).keys()
        if said & own:
            return True
        if answers & own:
            return False
    return True


def checked(rule: Rule, recipient: Recipient, lead: Prospect, context: RoutingContext) -> Check:
    """What a rule answers, with what it saw."""
    return Check(
        rule.name,
        rule.passes(recipient, lead, context),
        rule.observed(recipient, lead, context),
        rule.required(lead, context),
    )
