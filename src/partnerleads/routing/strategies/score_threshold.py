"""By score: leads that are promising enough go one way, the rest another."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect, on_the_scale
from partnerleads.routing.protocol import Candidates, Ranked, Router
from partnerleads.routing.strategies.plv import ByPlv
from partnerleads.routing.strategies.round_robin import RoundRobin

__all__ = ["ScoreThreshold"]


@frozen(kw_only=True)
class ScoreThreshold:
    """Leads that score high enough go by one router, the rest by another.

    Both are charged turns alike, so whoever gets the promising leads gets fewer of the others.

    Attributes:
        threshold: From which score on a lead is promising. A lead without one is of the rest.
            [points, 0..100]
        high: The router of the promising leads.
        rest: The router of the others.

    Raises:
        OptionError: When the threshold is none.
    """

    threshold: float = field(validator=on_the_scale)
    high: Router = field(factory=ByPlv)
    rest: Router = field(factory=RoundRobin)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterable[Ranked]:
        """The order of the router whose lead it is."""
        high = lead.score is not None and lead.score >= self.threshold
        return (self.high if high else self.rest).rank(lead, candidates, context)
