"""The hard rules that depend on what a recipient is: frozen values, and none is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import Money
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect, stated
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.territory import TerritoryTree

__all__ = ["HasExpertise", "HasTier", "InTerritory", "IsActive"]

_YES = frozenset({"yes"})
_NO: frozenset[str] = frozenset()


def words(names: Iterable[str]) -> str:
    """Names as a reader wants them; none are nothing."""
    return ", ".join(sorted(names)) or "nothing"


def a_ladder(_: object, __: object, value: object) -> None:
    """An attrs validator of ladders: a text is none, and a set has no order."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise OptionError("ladder", value, "list the tiers, the highest first: ('gold', 'silver')")


@frozen
class IsActive:
    """The recipient takes leads at all."""

    name: ClassVar[str] = "active"

    def tokens(self, recipient: Recipient, /) -> frozenset[str]:
        """One token where it is active."""
        return _YES if recipient.active else _NO

    def clauses(self, _lead: Prospect, _context: RoutingContext, /) -> tuple[frozenset[str], ...]:
        """That token."""
        return (_YES,)

    def passes(self, recipient: Recipient, _lead: Prospect, _context: RoutingContext, /) -> bool:
        """Whether it is active."""
        return recipient.active

    def observed(self, recipient: Recipient, _lead: Prospect, _context: RoutingContext, /) -> str:
        """Active or not."""
        return "active" if recipient.active else "not active"

    def required(self, _lead: Prospect, _context: RoutingContext, /) -> str:
        """Active."""
        return "active"


@frozen
class InTerritory:
    """The recipient serves the lead's territory, or one that it lies in.

    The territory is the lead's region, else its country; a region that the tree does not have lies
    in the country. A lead that states neither asks for none.

    Attributes:
        tree: The territories.
    """

    tree: TerritoryTree = field(factory=TerritoryTree)
    name: ClassVar[str] = "territory"

    def tokens(self, recipient: Recipient, /) -> frozenset[str]:
        """The territories it serves."""
        return recipient.territories

    def clauses(self, lead: Prospect, _context: RoutingContext, /) -> tuple[frozenset[str], ...]:
        """The lead's territory, and all it lies in."""
        path = self._path(lead)
        return (frozenset(path),) if path else ()

    def passes(self, recipient: Recipient, lead: Prospect, _context: RoutingContext, /) -> bool:
        """Whether it serves one of them."""
        path = self._path(lead)
        return not path or not recipient.territories.isdisjoint(path)

    def observed(self, recipient: Recipient, _lead: Prospect, _context: RoutingContext, /) -> str:
        """The territories it serves."""
        return f"serves {words(recipient.territories)}"

    def required(self, lead: Prospect, _context: RoutingContext, /) -> str:
        """The lead's territory, or one above."""
        return " or ".join(self._path(lead)) or "any territory"

    def _path(self, lead: Prospect) -> tuple[str, ...]:
        place = lead.territory
        return () if place is None else self.tree.path(place, country=lead.facts.country)


@frozen
class HasExpertise:
    """The recipient knows everything that the lead states under some names.

    Attributes:
        facts: Fields of the lead's facts, such as ``industry``, or ``attributes.NAME``; what the
            lead does not state is not asked for.
    """

    facts: tuple[str, ...] = ("industry",)
    name: ClassVar[str] = "expertise"

    def tokens(self, recipient: Recipient, /) -> frozenset[str]:
        """What it knows."""
        return recipient.expertise

    def clauses(self, lead: Prospect, _context: RoutingContext, /) -> tuple[frozenset[str], ...]:
        """Each thing the lead states."""
        return tuple(frozenset({topic}) for topic in sorted(stated(lead, self.facts)))

    def passes(self, recipient: Recipient, lead: Prospect, _context: RoutingContext, /) -> bool:
        """Whether it knows all of them."""
        return stated(lead, self.facts) <= recipient.expertise

    def observed(self, recipient: Recipient, _lead: Prospect, _context: RoutingContext, /) -> str:
        """What it knows."""
        return f"knows {words(recipient.expertise)}"

    def required(self, lead: Prospect, _context: RoutingContext, /) -> str:
        """What the lead states."""
        return words(stated(lead, self.facts))


@frozen(kw_only=True)
class HasTier:
    """The recipient's tier is high enough.

    Attributes:
        ladder: The tiers, the highest first.
        at_least: The lowest that may take the lead.
        from_value: Only leads expected to be worth so much ask for it; None asks for every lead.
            A lead without a value, or in another currency, does not ask. [money]
    """

    ladder: tuple[str, ...] = field(validator=a_ladder)
    at_least: str
    from_value: Money | None = None
    _enough: frozenset[str] = field(default=_NO, init=False, eq=False, repr=False)
    name: ClassVar[str] = "tier"

    def __attrs_post_init__(self) -> None:
        if self.at_least not in self.ladder:
            raise OptionError("at_least", self.at_least, f"is not on the ladder {self.ladder}")
        enough = frozenset(self.ladder[: self.ladder.index(self.at_least) + 1])
        object.__setattr__(self, "_enough", enough)

    def asks(self, lead: Prospect) -> bool:
        """Whether the lead is worth enough to ask for a tier."""
        low, value = self.from_value, lead.expected_value
        if low is None:
            return True
        return value is not None and value.currency == low.currency and value.amount >= low.amount

    def tokens(self, recipient: Recipient, /) -> frozenset[str]:
        """Its tier."""
        return _NO if recipient.tier is None else frozenset({recipient.tier})

    def clauses(self, lead: Prospect, _context: RoutingContext, /) -> tuple[frozenset[str], ...]:
        """The tiers that are high enough."""
        return (self._enough,) if self.asks(lead) else ()

    def passes(self, recipient: Recipient, lead: Prospect, _context: RoutingContext, /) -> bool:
        """Whether it has one of them."""
        return not self.asks(lead) or recipient.tier in self._enough

    def observed(self, recipient: Recipient, _lead: Prospect, _context: RoutingContext, /) -> str:
        """Its tier."""
        return recipient.tier or "no tier"

    def required(self, lead: Prospect, _context: RoutingContext, /) -> str:
        """The tiers that are high enough."""
        enough = self.ladder[: self.ladder.index(self.at_least) + 1]
        return " or ".join(enough) if self.asks(lead) else "any tier"
