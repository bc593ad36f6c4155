"""A chain of routers: each one ranks those whom the routers before it left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked, Router, checked_router

__all__ = ["Fallback"]


def _in_turn(value: Iterable[Router]) -> tuple[Router, ...]:
    given: Any = value
    if isinstance(given, Iterable) and not isinstance(given, str):
        return tuple(map(checked_router, given))
    raise OptionError("routers", value, "pass a list of routers, such as [ByPlv(), RoundRobin()]")


def _some(_: object, __: object, value: tuple[Router, ...]) -> None:
    if not value:
        raise OptionError("routers", value, "pass at least one router")


@frozen
class Fallback:
    """The order of the first router; then, of those it left out, that of the next, and so on.

    Attributes:
        routers: The routers, in turn; each is asked about those who are left alone.
    """

    routers: tuple[Router, ...] = field(converter=_in_turn, validator=_some)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by the first router that names them; each place says which one."""
        left = candidates
        for step, router in enumerate(self.routers):
            named = set()
            for place in router.rank(lead, left, context):
                named.add(place.recipient_id)
                yield evolve(place, step=(step, *place.step))
            left = tuple(one for one in left if one.recipient_id not in named)
            if not left:
                return
