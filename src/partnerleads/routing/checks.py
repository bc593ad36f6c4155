"""What a rule is, and what it answers about one recipient and one lead."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from attrs import frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = ["Check", "IndexedRule", "OccasionalRule", "Rule", "SteeringRule", "checked"]


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
    the recipient alone.
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
    knows of no conflict. Whoever makes a stricter rule of one of these says so here too.
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


def checked(rule: Rule, recipient: Recipient, lead: Prospect, context: RoutingContext) -> Check:
    """What a rule answers, with what it saw."""
    return Check(
        rule.name,
        rule.passes(recipient, lead, context),
        rule.observed(recipient, lead, context),
        rule.required(lead, context),
    )
