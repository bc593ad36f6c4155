"""Intervals for the difference of two rates."""

from __future__ import annotations

from math import hypot

from partnerleads.stats.intervals import wilson

__all__ = ["newcombe"]


def newcombe(
    hits_a: int, of_a: int, hits_b: int, of_b: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Newcombe's hybrid score interval for the share of group a less that of group b.

    Built from the two Wilson intervals, so it stays between -1 and 1 and has a width also where
    both shares are 0 or 1. The groups are independent of one another.

    Args:
        hits_a: How many of group a have the property. [count, 0..of_a]
        of_a: How many there are in group a. [count, >= 1]
        hits_b: How many of group b have the property. [count, 0..of_b]
        of_b: How many there are in group b. [count, >= 1]
        confidence: Chance that such an interval holds the true difference. [0..1, exclusive]

    Returns:
        Lower and upper limit of ``hits_a / of_a - hits_b / of_b``. [-1..1]

    Raises:
        OptionError: When the counts or the confidence make no sense.

    Source:
        Newcombe 1998, "Interval estimation for the difference between independent proportions",
        method 10 (without continuity correction).

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    low_a, high_a = wilson(hits_a, of_a, confidence=confidence)
    low_b, high_b = wilson(hits_b, of_b, confidence=confidence)
    share_a, share_b = hits_a / of_a, hits_b / of_b
    difference = share_a - share_b
    low = difference - hypot(share_a - low_a, high_b - share_b)
    high = difference + hypot(high_a - share_a, share_b - low_b)
    return max(-1.0, low), min(1.0, high)
