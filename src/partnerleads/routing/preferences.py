"""Wishes: they narrow down who may take a lead, and give way where nobody would be left."""

from __future__ import annotations

from typing import Any, Protocol

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.routing.checks import Check, Rule, checked
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.territory import TerritoryTree

__all__ = ["MostSpecific", "Narrowing", "Preference"]


class Narrowing(Protocol):
    """Of those who may take a lead, those on the highest level stay."""

    @property
    def name(self) -> str:
        """What it is called in a decision."""
        ...

    def level(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> int:
        """How well the recipient meets it; at 0 not at all, so that it was relaxed. [>= 0]"""
        ...

    def check(
        self, recipient: Recipient, lead: Prospect, context: RoutingContext, /, *, level: int
    ) -> Check:
        """Whether the recipient is on the level that stays, and what it would need."""
        ...


def _rule(_: object, attribute: Any, value: Any) -> None:
    if isinstance(value, type) or not hasattr(value, "passes"):
        raise OptionError(attribute.name, value, "pass a rule, such as HasExpertise()")


@frozen
class Preference:
    """A rule as a wish: where nobody who may take the lead meets it, it gives way, and says so.

    Attributes:
        rule: Any rule.

    Raises:
        OptionError: When that is no rule.

    >>> from partnerleads.routing import HasTier
    >>> Preference(HasTier(ladder=("gold", "silver"), at_least="gold")).name
    'preferred tier'
    """

    rule: Rule = field(validator=_rule)

    @property
    def name(self) -> str:
        """The rule's name, as a wish."""
        return f"preferred {self.rule.name}"

    def level(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> int:
        """1 where the rule is met, else 0."""
        return int(self.rule.passes(recipient, lead, context))

    def check(
        self, recipient: Recipient, lead: Prospect, context: RoutingContext, /, *, level: int
    ) -> Check:
        """The rule's answer; where it was relaxed, everybody stays."""
        made = checked(self.rule, recipient, lead, context)
        return Check(self.name, made.passed or not level, made.observed, made.required)


@frozen
class MostSpecific:
    """Of those who may take the lead, those who serve its place most specifically.

    It is relative: when the most specific one may not take the lead, the next one does. A lead that
    states no territory narrows nothing down.

    Attributes:
        tree: The territories.
    """

    tree: TerritoryTree

    @property
    def name(self) -> str:
        """What it is called in a decision."""
        return "most specific territory"

    def level(self, recipient: Recipient, lead: Prospect, _context: RoutingContext, /) -> int:
        """The depth of the recipient's nearest territory."""
        place, country = lead.territory, lead.facts.country
        if place is None:
            return 1
        return self.tree.depth(recipient.territories, place, country=country)

    def check(
        self, recipient: Recipient, lead: Prospect, context: RoutingContext, /, *, level: int
    ) -> Check:
        """The recipient's nearest territory, and the one that it takes."""
        place = lead.territory
        if place is None:
            return Check(self.name, passed=True, observed="anything", required="anything")
        path = self.tree.path(place, country=lead.facts.country)
        own = self.level(recipient, lead, context)
        observed = path[len(path) - own] if own else "nothing above it"
        required = path[len(path) - level] if level else "anything"
        return Check(self.name, own >= level, observed, required)
