"""What a router is: it orders those who may take a lead, and decides nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import fsum
from numbers import Integral
from typing import Protocol, TypeAlias

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, RecipientId
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = ["Candidates", "Number", "Ranked", "Router", "checked_router"]

Number: TypeAlias = Fraction | float
"""A part of a score: exact, or as exact as a float is."""

_EXACT = (int, Fraction)

_PLAIN = {int, float, Fraction}

Candidates: TypeAlias = Sequence[Recipient]
"""Those who may take a lead, all of them, by id."""


def _parts(value: Mapping[str, Number]) -> FrozenMap[str, Number]:
    if isinstance(value, FrozenMap):
        return value
    if not isinstance(value, Mapping):
        raise OptionError("parts", value, "name the parts of the score, such as {'match': 5}")
    if {*map(type, value.values())} <= _PLAIN:
        return FrozenMap(value)
    return FrozenMap({name: _plain(part) for name, part in value.items()})


def _plain(part: Number) -> Number:
    """Whole numbers of any kind, such as those of arrays, as records write them."""
    given: object = part
    return int(given) if isinstance(given, Integral) and type(part) is not bool else part


def _chances(value: Mapping[RecipientId, float] | None) -> FrozenMap[RecipientId, float] | None:
    return None if value is None else FrozenMap(value)


@frozen
class Ranked:
    """One place in a router's order.

    Attributes:
        recipient_id: Who stands there.
        parts: What its score is made of, by name; the score is their sum.
        ties: What decides between equal scores, in turn: names and values.
        propensities: Chance of every candidate to stand first, where the router draws; on the
            first place only. None where the first place is certain. [0..1 each, together 1]
        step: Which router of a chain ranked it, of chains in chains the outermost first; only
            scores of one step are compared. Empty outside chains.

    >>> Ranked("acme", {"value": 900.0, "price": -150.0}).score
    750.0
    """

    recipient_id: RecipientId
    parts: FrozenMap[str, Number] = field(converter=_parts)
    ties: tuple[tuple[str, Number | str], ...] = ()
    propensities: FrozenMap[RecipientId, float] | None = field(default=None, converter=_chances)
    step: tuple[int, ...] = field(default=(), eq=False, kw_only=True)

    @property
    def score(self) -> Number:
        """The sum of the parts: exact where all parts are."""
        first, *others = self.parts.values() or (Fraction(0),)
        for part in (first, *others):
            if isinstance(part, float) or not isinstance(part, _EXACT):
                return fsum((first, *others))
        total = sum(others, first)
        return total if isinstance(total, Fraction) else Fraction(total)


class Router(Protocol):
    """Orders those who may take a lead.

    Its own fields are parameters, and frozen; whatever varies comes in the context. It is given
    eligible candidates only, and may leave some out; those it names first are asked first.
    """

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterable[Ranked]:
        """Order the candidates, best first and lazily; pure: same arguments, same answer."""
        ...


def checked_router(value: Router) -> Router:
    """What was passed as a router.

    Raises:
        OptionError: When it is a class, or has no method ``rank``.
    """
    if isinstance(value, type) or not callable(getattr(value, "rank", None)):
        reason = "is no router; pass an object with a method `rank`, such as RoundRobin()"
        raise OptionError("router", value, reason)
    return value
