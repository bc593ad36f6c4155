"""How much of a gap between two rates is mix, and how much is the rates themselves."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from attrs import frozen

from partnerleads.stats.stratum import Stratum, crude_difference

__all__ = ["GapPart", "GapSplit", "kitagawa"]


@frozen(kw_only=True)
class GapPart:
    """What one stratum adds to the gap.

    Attributes:
        mix: By being a larger or smaller part of group a than of group b. Only the sum over all
            strata is free of the level of the rates. [-1..1]
        rate: By having another rate in group a than in group b. [-1..1]
    """

    mix: float
    rate: float


@frozen(kw_only=True)
class GapSplit:
    """A gap between two rates, split into parts that sum to it.

    Attributes:
        gap: Crude rate of group a less that of group b; None where a group is empty. [-1..1]
        mix: Part that comes from different mixes of the shared strata; None where undefined.
        rate: Part that comes from different rates within them; None where undefined.
        unshared: Part that comes from members in strata that the other group lacks: the gap less
            the gap among shared strata, 0 where every stratum is shared; None where undefined.
        parts: One for each stratum in the order given; None for those that lack a group. They sum
            to ``mix`` and ``rate``.
        strata_left_out: How many strata lack a group.
        undefined_because: Why the gap or its parts are missing; None where all are there.
    """

    gap: float | None
    mix: float | None = None
    rate: float | None = None
    unshared: float | None = None
    parts: tuple[GapPart | None, ...]
    strata_left_out: int
    undefined_because: str | None = None


def kitagawa(strata: Sequence[Stratum]) -> GapSplit:
    """Split the gap between two rates into what the mix explains and what the rates explain.

    Each difference in mix is weighed by the average of both rates, each difference in rates by the
    average of both mixes, so nothing is left over and swapping the groups only turns the signs.
    The mixes are those of the shared strata; what members elsewhere add is a part of its own.

    Args:
        strata: The counts of both groups in every stratum.

    Returns:
        The gap and its parts, whose sum in the order mix, rate, unshared it is to the last digit.
        Undefined where a group is empty; only the gap is defined where no stratum is shared.

    Source:
        Kitagawa 1955, "Components of a difference between two rates".

    >>> stones = [Stratum(81, 87, 234, 270), Stratum(192, 263, 55, 80)]
    >>> split = kitagawa(stones)
    >>> round(split.gap, 4), round(split.mix, 4), round(split.rate, 4), split.unshared
    (-0.0457, -0.0994, 0.0537, 0.0)
    """
    shared = [one for one in strata if one.is_shared]
    left_out = len(strata) - len(shared)
    crude, among_shared = crude_difference(strata), crude_difference(shared)
    if crude is None or among_shared is None:
        return GapSplit(
            gap=crude,
            parts=(None,) * len(strata),
            strata_left_out=left_out,
            undefined_because="a group is empty" if crude is None else "no stratum has both groups",
        )
    total_a, total_b = sum(one.of_a for one in shared), sum(one.of_b for one in shared)
    parts = tuple(_part(one, total_a, total_b) if one.is_shared else None for one in strata)
    mix = fsum(part.mix for part in parts if part)
    rate = fsum(part.rate for part in parts if part)
    unshared = crude - among_shared
    return GapSplit(
        gap=mix + rate + unshared,
        mix=mix,
        rate=rate,
        unshared=unshared,
        parts=parts,
        strata_left_out=left_out,
    )


def _part(one: Stratum, total_a: int, total_b: int) -> GapPart:
    """In whole numbers up to the division, so that equal mixes and equal rates add exactly 0."""
    members, totals = one.of_a * one.of_b, total_a * total_b
    grown_a, grown_b = one.of_a * total_b, one.of_b * total_a
    hits = one.hits_a * one.of_b + one.hits_b * one.of_a
    return GapPart(
        mix=(grown_a - grown_b) * hits / (2 * totals * members),
        rate=(grown_a + grown_b) * one.excess / (2 * totals * members),
    )
