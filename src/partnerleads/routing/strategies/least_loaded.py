"""Least loaded: the lead goes where the fewest are open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import field, frozen

from partnerleads.model.options import a_flag
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.ordering import by_score
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Number, Ranked
from partnerleads.routing.recipient import Recipient

__all__ = ["LeastLoaded"]


@frozen(kw_only=True)
class LeastLoaded:
    """The recipient with the fewest open leads and offers; ties by least recently chosen, then id.

    It floods newcomers and whoever comes back, since both have nothing open; round robin does not.

    Attributes:
        relative: Compare the used part of the capacity instead of the count; one without limit has
            used none of it, one with a capacity of 0 all.
    """

    relative: bool = field(default=False, validator=a_flag)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by what they have open."""
        del lead

        def score(one: Recipient) -> Number:
            load = context.load.get(one.recipient_id, 0)
            if not self.relative:
                return -load
            if one.capacity is None:
                return Fraction(0)
            return -Fraction(load, one.capacity) if one.capacity else Fraction(-1)

        return by_score(
            candidates, context, score=score, parts=lambda one: {"open leads": score(one)}
        )
