"""By partner lifetime value, or any other score that comes as data."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.ordering import by_score
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient

__all__ = ["ByPlv", "a_number"]


def a_number(_: object, attribute: Any, value: float) -> None:
    """An attrs validator of numbers: endless ones are none."""
    if not isfinite(value):
        raise OptionError(attribute.name, value, "must be a finite number")


@frozen(kw_only=True)
class ByPlv:
    """The highest score is first; ties by least recently chosen, then id.

    The score is taken as it is and never scaled over the pool: so who else is in the pool changes
    nobody's place, and a higher score never lowers it.

    Attributes:
        table: Name of the table of scores in the context.
        missing: What a recipient without a score in the table is taken to have; the decision says
            that it has none.
    """

    table: str = "plv"
    missing: float = field(default=0.0, validator=a_number)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by their score.

        Raises:
            OptionError: When the context has no such table.
        """
        del lead
        known = context.table(self.table)

        def score(one: Recipient) -> float:
            return known.get(one.recipient_id, self.missing)

        def parts(one: Recipient) -> dict[str, float]:
            told = one.recipient_id in known
            return {self.table if told else f"no {self.table} score, taken as": score(one)}

        return by_score(candidates, context, score=score, parts=parts)
