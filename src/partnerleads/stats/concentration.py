"""How much of a whole lies with a few."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import fsum, isfinite

from partnerleads.errors import OptionError

__all__ = ["gini", "holders_of_share", "top_share"]

ROUNDING = 1e-12
"""Shares that differ by less are the same share, summed in another order."""


def gini(values: Sequence[float]) -> float | None:
    """How unequally values are spread: 0 when all are alike, (n - 1) / n when one has all.

    Half the mean difference between two of them, each with each and with itself, over the mean.

    Args:
        values: What each holds. [>= 0]

    Returns:
        None without values and where all are 0: nothing is spread. [0..1, exclusive]

    Raises:
        OptionError: When a value is negative or none.

    Source:
        Gini 1912; the form for ordered values of Sen 1973.

    >>> gini([0, 0, 0, 8])
    0.75
    """
    parts = _parts(values)
    if not parts:
        return None
    n = len(parts)
    ranked = fsum((n - 1 - 2 * place) * part for place, part in enumerate(parts))
    return max(0.0, ranked / (n * fsum(parts)))


def top_share(values: Sequence[float], k: int) -> float | None:
    """The part of the whole that the *k* largest hold together.

    Args:
        values: What each holds. [>= 0]
        k: How many of the largest; more than there are is all. [count, >= 1]

    Returns:
        None without values and where all are 0. [0..1]

    Raises:
        OptionError: When a value is negative or none, or k is below 1.

    >>> top_share([5, 1, 3, 1], 2)
    0.8
    """
    if k < 1:
        raise OptionError("k", k, "must be at least 1")
    parts = _parts(values)
    return fsum(parts[:k]) / fsum(parts) if parts else None


def holders_of_share(values: Sequence[float], share: float) -> int | None:
    """The smallest number of holders who have at least *share* of the whole together.

    Args:
        values: What each holds. [>= 0]
        share: Of the whole, such as 0.8. [0..1, more than 0]

    Returns:
        None without values and where all are 0. [count]

    Raises:
        OptionError: When a value is negative or none, or the share makes no sense.

    >>> holders_of_share([5, 1, 3, 1], 0.8)
    2
    """
    if not 0 < share <= 1:
        raise OptionError("share", share, "must lie above 0 and up to 1, such as 0.8")
    parts = _parts(values)
    enough = share * fsum(parts) * (1 - ROUNDING)
    sums = accumulate(parts)
    enough_at = (count for count, held in enumerate(sums, 1) if held >= enough)
    return next(enough_at, len(parts)) if parts else None


def _parts(values: Sequence[float]) -> list[float]:
    """The values over the largest, largest first; none where all are 0."""
    for value in values:
        if not (isfinite(value) and value >= 0):
            raise OptionError("values", value, "must be finite and not negative")
    most = max(values, default=0)
    return sorted((value / most for value in values), reverse=True) if most else []
