"""A chain of routers: each one ranks those whom the routers before it left out."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked, Router

__all__ = ["Fallback"]


def _some(_: object, __: object, value: tuple[Router, ...]) -> None:
    if not value:
        raise OptionError("routers", value, "pass at least one router")


@frozen
class Fallback:
    """The order of the first router; then, of those it left out, that of the next, and so on.

    Attributes:
        routers: The routers, in turn; each is asked about those who are left alone.
    """

    routers: tuple[Router, ...] = field(converter=tuple, validator=_some)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by the first router that names them."""
        left = candidates
        for router in self.routers:
            named = set()
            for place in router.rank(lead, left, context):
                named.add(place.recipient_id)
                yield place
            left = tuple(one for one in left if one.recipient_id not in named)
            if not left:
                return
