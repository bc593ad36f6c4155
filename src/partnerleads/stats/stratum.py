"""Two groups counted side by side: a fourfold table, alone or as one of many strata."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index

from attrs import field, frozen

from partnerleads.errors import OptionError

__all__ = ["Stratum", "crude_difference"]


@frozen
class Stratum:
    """Hits among two groups, within one class of what could distort their comparison.

    Attributes:
        hits_a: How many of group a have the property. [count, 0..of_a]
        of_a: How many there are in group a; 0 where the stratum lacks it. [count, >= 0]
        hits_b: How many of group b have the property. [count, 0..of_b]
        of_b: How many there are in group b; 0 where the stratum lacks it. [count, >= 0]

    Raises:
        OptionError: When the hits of a group are no part of it.
        TypeError: When a count is no whole number.

    >>> Stratum(81, 87, 234, 270).misses_b
    36
    """

    hits_a: int = field(converter=index)
    of_a: int = field(converter=index)
    hits_b: int = field(converter=index)
    of_b: int = field(converter=index)

    def __attrs_post_init__(self) -> None:
        pairs = (("hits_a", self.hits_a, self.of_a), ("hits_b", self.hits_b, self.of_b))
        for name, hits, of in pairs:
            if not 0 <= hits <= of:
                raise OptionError(name, hits, f"of {of} is no share; write 0 <= hits <= of")

    @property
    def misses_a(self) -> int:
        """How many of group a lack the property. [count, 0..of_a]"""
        return self.of_a - self.hits_a

    @property
    def misses_b(self) -> int:
        """How many of group b lack the property. [count, 0..of_b]"""
        return self.of_b - self.hits_b

    @property
    def hits(self) -> int:
        """How many of both groups have the property. [count, 0..of]"""
        return self.hits_a + self.hits_b

    @property
    def misses(self) -> int:
        """How many of both groups lack the property. [count, 0..of]"""
        return self.misses_a + self.misses_b

    @property
    def of(self) -> int:
        """How many there are in both groups. [count, >= 0]"""
        return self.of_a + self.of_b

    @property
    def is_shared(self) -> bool:
        """Whether both groups have members here, so that they can be compared."""
        return self.of_a > 0 and self.of_b > 0

    @property
    def excess(self) -> int:
        """Share of a less share of b, times both sizes. [count^2]"""
        return self.hits_a * self.of_b - self.hits_b * self.of_a

    def swapped(self) -> Stratum:
        """The same counts with the groups the other way round."""
        return Stratum(self.hits_b, self.of_b, self.hits_a, self.of_a)


def crude_difference(strata: Sequence[Stratum]) -> float | None:
    """The rate of group a less that of group b, as if there were no strata.

    Args:
        strata: The counts of both groups in every stratum.

    Returns:
        The difference; None where a group is empty. [-1..1]

    >>> round(crude_difference([Stratum(81, 87, 234, 270), Stratum(192, 263, 55, 80)]), 4)
    -0.0457
    """
    whole = Stratum(
        sum(one.hits_a for one in strata),
        sum(one.of_a for one in strata),
        sum(one.hits_b for one in strata),
        sum(one.of_b for one in strata),
    )
    return whole.excess / (whole.of_a * whole.of_b) if whole.is_shared else None
