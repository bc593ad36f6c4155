"""By expertise, then credits: the best visible match, and fair turns among equals."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.ordering import by_score, credits_of
from partnerleads.routing.prospect import Prospect, stated
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient

__all__ = ["ByExpertise"]


@frozen(kw_only=True)
class ByExpertise:
    """Whoever knows most of what the lead states is first; ties by credit, least recent, then id.

    Attributes:
        facts: Fields of the lead's facts that count, such as ``industry``, or ``attributes.NAME``.
            A lead that states none of them goes by credit alone.
    """

    facts: tuple[str, ...] = ("industry",)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by the part of the lead's topics that they know."""
        topics = stated(lead, self.facts)
        credit = credits_of(candidates, context)

        def score(one: Recipient) -> Fraction:
            return Fraction(len(topics & one.expertise), len(topics) or 1)

        return by_score(
            candidates,
            context,
            score=score,
            parts=lambda one: {"match": score(one)},
            tie=("credit", lambda one: credit.turns(one.recipient_id)),
        )
