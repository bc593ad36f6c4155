"""Capacity priced: the value of the match less the price of a slot that is scarce."""

from __future__ import annotations

from collections.abc import Iterator
from math import e, exp, isfinite

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.drawing import drawn, is_share
from partnerleads.routing.ordering import by_score
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.strategies.plv import a_number

__all__ = ["CapacityPriced"]


def _above_zero(_: object, __: object, value: float) -> None:
    if not (value > 0 and isfinite(value)):
        raise OptionError("steepness", value, "must be a number above 0")


@frozen(kw_only=True)
class CapacityPriced:
    """The highest value net of the slot is first; ties by least recently chosen, then id.

    The value is the recipient's score, times the lead's expected value where it states one. The
    price is a part of that value, and rises as capacity runs out: nothing while all of it is free,
    everything when none is. So a partner that is nearly full keeps its last slots for the leads
    that are worth most with it. One without limit costs nothing.

    With *usual* the price is instead a part of what a slot usually brings: a lead that fits better
    than most then costs less than it brings, even where hardly a slot is left, and one that fits
    worse leaves the slot to others.

    Attributes:
        table: Name of the table of scores in the context, best a chance to win.
        missing: What a recipient without a score in the table is taken to have; the decision says
            that it has none. [>= 0]
        usual: Name of the table of what a slot of each usually brings, in the unit of *table*; one
            without a score there, and None, has its slots priced by the lead at hand. [>= 0]
        steepness: The power that the part of the value is raised to: the higher, the later the
            price rises. 1 guards against any order of leads; where they come steadily, more is
            better. [> 0]
        floor: The part of all choices that is shared equally over the candidates, for those of whom
            little is known. Above 0 the first place is drawn, by the context's seed, and the
            chances are recorded. [0..1]

    Source:
        Inventory balancing with the exponential penalty, Golrezaei, Nazerzadeh and Rusmevichientong
        2014: the part of the value that is kept at a free part x of the capacity is
        e / (e - 1) * (1 - exp(-x)). What a slot would bring otherwise as its price: bid prices,
        Talluri and van Ryzin 1998.
    """

    table: str = "close_rate"
    missing: float = field(default=0.0, validator=a_number)
    usual: str | None = None
    steepness: float = field(default=1.0, validator=_above_zero)
    floor: float = field(default=0.0, validator=is_share)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The candidates by value less price.

        Raises:
            OptionError: When the context has no such table.
        """
        places = self._by_value(lead, candidates, context)
        return places if not self.floor else self._with_floor(lead, tuple(places), context)

    def _by_value(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext
    ) -> Iterator[Ranked]:
        known = context.table(self.table)
        usual = known if self.usual is None else context.table(self.usual)
        worth = 1.0 if lead.expected_value is None else float(lead.expected_value.amount)

        def parts(one: Recipient) -> dict[str, float]:
            name = one.recipient_id
            score = known.get(name, self.missing)
            slot = score if self.usual is None else usual.get(name, score)
            price = price_part(context.load.get(name, 0), one.capacity) ** self.steepness
            told = "value" if name in known else f"no {self.table} score, value taken as"
            return {told: score * worth, "price": 0.0 - slot * worth * price}  # never -0

        return by_score(
            candidates, context, score=lambda one: sum(parts(one).values()), parts=parts
        )

    def _with_floor(
        self, lead: Prospect, places: tuple[Ranked, ...], context: RoutingContext
    ) -> Iterator[Ranked]:
        """The places by value, but that the first one is drawn."""
        even = self.floor / len(places)
        names = sorted(place.recipient_id for place in places)
        chances = dict.fromkeys(names, even)
        chances[places[0].recipient_id] += 1 - self.floor
        first = drawn(chances, context.chance(lead.lead_id).random())
        yield from (
            evolve(place, propensities=chances) for place in places if place.recipient_id == first
        )
        yield from (place for place in places if place.recipient_id != first)


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
