"""By territory: whoever serves the lead's place most specifically."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.ordering import by_score, credits_of
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.territory import TerritoryTree

__all__ = ["ByTerritory"]


@frozen
class ByTerritory:
    """The most specific territory is first; ties by credit, least recently chosen, then id.

    A lead that states no territory goes by credit alone.

    Attributes:
        tree: The territories.
    """

    tree: TerritoryTree

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by the depth of their nearest territory."""
        credit = credits_of(candidates, context)
        place, country = lead.territory, lead.facts.country

        def score(one: Recipient) -> int:
            if place is None:
                return 0
            return self.tree.depth(one.territories, place, country=country)

        return by_score(
            candidates,
            context,
            score=score,
            parts=lambda one: {"depth": score(one)},
            tie=("credit", lambda one: credit.turns(one.recipient_id)),
        )
