"""By tier: the best partners of the programme first."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.ordering import by_score, credits_of
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.rules import a_ladder

__all__ = ["ByTier"]


@frozen
class ByTier:
    """The highest tier is first; ties by credit, least recently chosen, then id.

    Attributes:
        ladder: The tiers, the highest first; one that is not on it comes after all of them.
    """

    ladder: tuple[str, ...] = field(validator=a_ladder)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by their tier."""
        del lead
        steps = {tier: len(self.ladder) - place for place, tier in enumerate(self.ladder)}
        credit = credits_of(candidates, context)

        def score(one: Recipient) -> int:
            return steps.get(one.tier or "", 0)

        return by_score(
            candidates,
            context,
            score=score,
            parts=lambda one: {"tier": score(one)},
            tie=("credit", lambda one: credit.turns(one.recipient_id)),
        )
