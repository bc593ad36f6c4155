"""A policy as the checks look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import attrs
from attrs import frozen

from partnerleads.model import Period
from partnerleads.routing.checks import Rule
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.pool import Pool
from partnerleads.routing.preferences import MostSpecific, Preference
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Router
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.rules import HasTier, InTerritory, IsActive
from partnerleads.routing.strategies.territory import ByTerritory
from partnerleads.routing.strategies.tier import ByTier
from partnerleads.routing.territory import TerritoryTree

__all__ = ["LintCase", "inner_routers"]

R = TypeVar("R")


@frozen(kw_only=True)
class LintCase:
    """What is looked at.

    Attributes:
        pool: The recipients, with rules and wishes.
        router: The router; None where it is not looked at.
        leads: Leads as they are expected.
        context: What varies; None where it is not known.
        period: When leads come; None where it is not known.
    """

    pool: Pool
    router: Router | None
    leads: tuple[Prospect, ...]
    context: RoutingContext | None
    period: Period | None

    @property
    def active(self) -> tuple[Recipient, ...]:
        """The recipients that take leads at all: where no rule asks for it, everybody."""
        asked = bool(self.rules(IsActive))
        return tuple(one for one in self.pool.recipients if one.active or not asked)

    def rules(self, kind: type[R]) -> tuple[R, ...]:
        """The hard rules of a kind."""
        return tuple(rule for rule in self.pool.rules if isinstance(rule, kind))

    def asks(self, kind: type[object]) -> bool:
        """Whether a rule or a wish is of a kind."""
        return any(isinstance(one, kind) for _, one in self._all())

    def _all(self) -> Iterator[tuple[str, Any]]:
        """Every rule, every wish, the rule in it, and every router, with where it stands."""
        yield from ((f"rule {rule.name}", rule) for rule in self.pool.rules)
        for wish in self.pool.preferences:
            yield f"wish {wish.name}", wish.rule if isinstance(wish, Preference) else wish
        if self.router is not None:
            yield from ((f"router {type(one).__name__}", one) for one in inner_routers(self.router))

    def trees(self) -> dict[str, TerritoryTree]:
        """The territories that each of them goes by, where it has any."""
        kinds = (InTerritory, MostSpecific, ByTerritory)
        return {where: one.tree for where, one in self._all() if isinstance(one, kinds)}

    def ladders(self) -> dict[str, tuple[str, ...]]:
        """The tiers that each of them goes by."""
        kinds = (HasTier, ByTier)
        return {where: tuple(one.ladder) for where, one in self._all() if isinstance(one, kinds)}

    def same(self) -> Iterator[tuple[Any, Any]]:
        """Pairs of rules, and of wishes, that are alike but for their names."""
        for group in (self.pool.rules, self.pool.preferences):
            for place, one in enumerate(group):
                yield from ((one, other) for other in group[place + 1 :] if _alike(one, other))

    def implied(self) -> Iterator[tuple[Preference, Rule]]:
        """Wishes that ask for what is a rule already."""
        for wish in self.pool.preferences:
            if isinstance(wish, Preference):
                yield from ((wish, rule) for rule in self.pool.rules if _alike(wish.rule, rule))


def _alike(one: object, other: object) -> bool:
    """Whether two values of one class differ in no field but their names."""
    kind: Any = type(one)
    if kind is not type(other):
        return False
    if not attrs.has(kind):
        return one == other
    names = [field.name for field in attrs.fields(kind) if field.name != "name"]
    return all(getattr(one, name) == getattr(other, name) for name in names)


def inner_routers(router: Router) -> Iterator[Router]:
    """A router, and the routers that it is made of."""
    yield router
    kind: Any = type(router)
    for field in attrs.fields(kind) if attrs.has(kind) else ():
        value = getattr(router, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            if callable(getattr(one, "rank", None)):
                yield from inner_routers(one)
