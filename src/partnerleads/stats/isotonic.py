"""The nearest rising sequence: isotonic regression."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from partnerleads.errors import OptionError

__all__ = ["isotonic"]


def isotonic(values: Sequence[float], *, weights: Sequence[float] | None = None) -> list[float]:
    """The rising sequence with the least weighted sum of squared distances.

    Neighbours that fall are pooled into their mean until none falls.

    Args:
        values: What to come near to, in their order. [finite]
        weights: How much each counts; all as much where none are given. [finite, > 0]

    Returns:
        As many numbers, each at least as large as the one before.

    Raises:
        OptionError: When a value or weight is none, or there are not as many of either.

    Source:
        Ayer and others 1955, pooling adjacent violators.

    >>> isotonic([1, 0, 4, 3, 3, 5, 4, 2, 3, 0])
    [0.5, 0.5, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0]
    """
    given = [1.0] * len(values) if weights is None else weights
    if len(given) != len(values):
        raise OptionError("weights", len(given), f"must be {len(values)}, one for each value")
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, given, strict=True):
        if not (isfinite(value) and weight > 0 and isfinite(weight)):
            reason = "must be a finite number with a weight above 0"
            raise OptionError("values", (value, weight), reason)
        total, mass, count = value * weight, weight, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / mass:
            before = blocks.pop()
            total, mass, count = total + before[0], mass + before[1], count + before[2]
        blocks.append((total, mass, count))
    return [total / mass for total, mass, count in blocks for _ in range(count)]
