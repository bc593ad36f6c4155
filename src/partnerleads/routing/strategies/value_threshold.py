"""By value: leads worth enough go one way, the rest another."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from partnerleads.model import Money
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked, Router
from partnerleads.routing.strategies.plv import ByPlv
from partnerleads.routing.strategies.round_robin import RoundRobin

__all__ = ["ValueThreshold"]


@frozen(kw_only=True)
class ValueThreshold:
    """Leads expected to be worth enough go by one router, the rest by another.

    Both are charged turns alike, so whoever gets the large leads gets fewer of the small ones.

    Attributes:
        threshold: From which expected value on a lead is large. A lead without one, or with one in
            another currency, is of the rest. [money]
        large: The router of the large leads.
        rest: The router of the others.
    """

    threshold: Money
    large: Router = field(factory=ByPlv)
    rest: Router = field(factory=RoundRobin)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterable[Ranked]:
        """The order of the router whose lead it is."""
        value, low = lead.expected_value, self.threshold
        large = value is not None and value.currency == low.currency and value.amount >= low.amount
        return (self.large if large else self.rest).rank(lead, candidates, context)
