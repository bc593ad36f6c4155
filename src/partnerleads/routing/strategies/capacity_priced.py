"""Capacity priced: the value of the match less the price of a slot that is scarce."""

from __future__ import annotations

from collections.abc import Iterator
from math import e, exp

from attrs import frozen

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.ordering import by_score
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient

__all__ = ["CapacityPriced"]


@frozen(kw_only=True)
class CapacityPriced:
    """The highest value net of the slot is first; ties by least recently chosen, then id.

    The value is the recipient's score, times the lead's expected value where it states one. The
    price is a part of that value, and rises as capacity runs out: nothing while all of it is free,
    everything when none is. So a partner that is nearly full keeps its last slots for the leads
    that are worth most with it. One without limit costs nothing.

    Attributes:
        table: Name of the table of scores in the context, best a chance to win.
        missing: What a recipient without a score in the table is taken to have; the decision says
            that it has none. [>= 0]

    Source:
        Inventory balancing with the exponential penalty, Golrezaei, Nazerzadeh and Rusmevichientong
        2014: the part of the value that is kept at a free part x of the capacity is
        e / (e - 1) * (1 - exp(-x)).
    """

    table: str = "close_rate"
    missing: float = 0.0

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by value less price.

        Raises:
            OptionError: When the context has no such table.
        """
        known = context.table(self.table)
        worth = 1.0 if lead.expected_value is None else float(lead.expected_value.amount)

        def parts(one: Recipient) -> dict[str, float]:
            value = known.get(one.recipient_id, self.missing) * worth
            load = context.load.get(one.recipient_id, 0)
            told = one.recipient_id in known
            name = "value" if told else f"no {self.table} score, value taken as"
            return {name: value, "price": -value * price_part(load, one.capacity)}

        return by_score(
            candidates, context, score=lambda one: sum(parts(one).values()), parts=parts
        )


def price_part(load: int, capacity: int | None) -> float:
    """The part of a lead's value that a slot costs. [0..1]

    Args:
        load: Open leads and offers. [count]
        capacity: Most of them at a time; None has no limit. [count]

    >>> price_part(0, 4), price_part(4, 4)
    (0.0, 1.0)
    >>> round(price_part(2, 4), 3)
    0.378
    """
    if capacity is None:
        return 0.0
    free = max(capacity - load, 0) / capacity if capacity else 0.0
    return max(1.0 - e / (e - 1) * (1 - exp(-free)), 0.0)
