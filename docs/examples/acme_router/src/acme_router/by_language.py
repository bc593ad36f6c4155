"""A router that knows which languages a partner speaks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from partnerleads.routing import Candidates, Prospect, Ranked, Recipient, RoutingContext

__all__ = ["ByLanguage"]


@frozen(kw_only=True)
class ByLanguage:
    """Partners who speak the customer's language first, of these whoever has most room; then by id.

    A partner speaks what its expertise names, such as ``language:fi``. One without a limit has all
    of its room free.

    Attributes:
        attribute: The attribute of a lead that holds the language.
    """

    attribute: str = "language"

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by language and room."""
        wanted = f"language:{lead.facts.attributes.get(self.attribute)}"
        places = [
            Ranked(
                one.recipient_id,
                {"speaks": 2 if wanted in one.expertise else 0, "room": _room(one, context)},
            )
            for one in candidates
        ]
        yield from sorted(places, key=lambda place: (-place.score, place.recipient_id))


def _room(one: Recipient, context: RoutingContext) -> Fraction:
    """The free part of the capacity; all of it counts for less than a language. [0..1]"""
    if one.capacity is None:
        return Fraction(1)
    free = max(one.capacity - context.load.get(one.recipient_id, 0), 0)
    return Fraction(free, one.capacity or 1)
