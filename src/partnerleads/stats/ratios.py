"""The ratio of two rates."""

from __future__ import annotations

from partnerleads.stats.confidence import deviate
from partnerleads.stats.estimate import Estimate, ratio_estimate
from partnerleads.stats.stratum import Stratum

__all__ = ["risk_ratio"]


def risk_ratio(
    hits_a: int, of_a: int, hits_b: int, of_b: int, *, confidence: float = 0.95
) -> Estimate:
    """How many times the share of group b the share of group a is.

    Args:
        hits_a: How many of group a have the property. [count, 0..of_a]
        of_a: How many there are in group a. [count, >= 0]
        hits_b: How many of group b, the base, have the property. [count, 0..of_b]
        of_b: How many there are in group b. [count, >= 0]
        confidence: Chance that such an interval holds the true ratio. [0..1, exclusive]

    Returns:
        ``(hits_a / of_a) / (hits_b / of_b)`` with its log interval. [ratio, >= 0]

        - A group is empty, or b has no hit: neither is defined.
        - a has no hit and b has: the ratio is 0, its interval undefined.
        - Every member of both groups is a hit: the ratio is 1, its interval undefined; the formula
          would give an interval without width, even for one against one.
        - Only one of the groups is all hits: both are defined; that group adds no variance, so
          the interval is too narrow where the group is small.

    Raises:
        OptionError: When the counts or the confidence make no sense.

    Source:
        Katz, Baptista, Azen and Pike 1978, method C.

    >>> ratio = risk_ratio(30, 100, 15, 100)
    >>> ratio.value, [round(limit, 4) for limit in ratio.interval]
    (2.0, [1.1489, 3.4817])
    >>> risk_ratio(3, 100, 0, 100).undefined_because
    'group b has no hit to divide by'
    """
    deviate(confidence)
    table = Stratum(hits_a, of_a, hits_b, of_b)
    if not table.is_shared:
        return Estimate(undefined_because="a group is empty")
    if not table.hits_b:
        return Estimate(undefined_because="group b has no hit to divide by")
    variance = table.misses_b / (table.hits_b * table.of_b)
    if table.hits_a:
        variance += table.misses_a / (table.hits_a * table.of_a)
    return ratio_estimate(
        table.hits_a * table.of_b,
        table.hits_b * table.of_a,
        variance=variance,
        confidence=confidence,
    )
