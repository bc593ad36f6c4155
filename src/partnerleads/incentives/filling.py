"""A budget filled into partners like water, between their floors and caps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from partnerleads.attribution.splitting import shared_out

__all__ = ["Vessel", "filled"]


@frozen(kw_only=True)
class Vessel:
    """What one partner may have.

    Attributes:
        weight: Its part beside the others'. [>= 0]
        floor: The least. [smallest units, >= 0]
        cap: The most; None is no limit. [smallest units, >= floor]
    """

    weight: Fraction
    floor: int = 0
    cap: int | None = None

    def at(self, level: Fraction) -> Fraction:
        """What it has at a level of so many units for a weight of 1."""
        wanted = max(self.weight * level, Fraction(self.floor))
        return wanted if self.cap is None else min(wanted, Fraction(self.cap))

    @property
    def turns(self) -> list[Fraction]:
        """The levels at which it leaves its floor and reaches its cap."""
        limits = (self.floor, self.cap)
        return [limit / self.weight for limit in limits if limit is not None and self.weight]


def filled(vessels: Sequence[Vessel], *, total: int) -> tuple[int, ...]:
    """Whole units for each vessel that add up to the total.

    There is one level at which the exact parts add up to it; the vessels between floor and cap
    then hold weight x level. The parts are rounded by largest remainder, which leaves floors and
    caps intact, since those are whole units; of equal remainders the earlier vessel has the unit.

    Args:
        vessels: Of each partner, in the order in which ties are settled.
        total: Between the sum of the floors and the most that the vessels can hold. [units]

    >>> filled([Vessel(weight=Fraction(3)), Vessel(weight=Fraction(1), floor=40)], total=100)
    (60, 40)
    """
    level = _level(vessels, total)
    return shared_out([one.at(level) for one in vessels], total=total)


def _level(vessels: Sequence[Vessel], total: int) -> Fraction:
    """The level at which the vessels hold the total: what they hold is straight between turns."""

    def held(level: Fraction) -> Fraction:
        return sum((one.at(level) for one in vessels), Fraction(0))

    turns = sorted({turn for one in vessels for turn in one.turns})
    place = bisect_left(turns, Fraction(total), key=held)
    low = turns[place - 1] if place else Fraction(0)
    lacking = total - held(low)
    if not lacking:
        return low
    return low + lacking / sum(one.weight for one in vessels if _rises(one, low))


def _rises(vessel: Vessel, level: Fraction) -> bool:
    """Whether it holds more at any higher level."""
    wanted = vessel.weight * level
    return wanted >= vessel.floor and (vessel.cap is None or wanted < vessel.cap)
