"""Integrals of smooth functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import cos, pi

__all__ = ["integral", "nodes"]


@cache
def nodes(count: int) -> tuple[tuple[float, float], ...]:
    """Places in 0..1 and their weights, which integrate polynomials of degree 2 count - 1 exactly.

    Args:
        count: How many. [count, >= 1]

    Source:
        Gauss and Legendre; the roots by Newton's method from the cosine approximation.

    >>> round(sum(weight * place**3 for place, weight in nodes(2)), 12)
    0.25
    """
    found = []
    for number in range(1, count + 1):
        x = cos(pi * (number - 0.25) / (count + 0.5))
        slope = 1.0
        for _ in range(10):
            before, value = 1.0, x
            for degree in range(2, count + 1):
                before, value = (
                    value,
                    ((2 * degree - 1) * x * value - (degree - 1) * before) / degree,
                )
            slope = count * (x * value - before) / (x * x - 1)
            x -= value / slope
        found.append(((1 - x) / 2, 1 / ((1 - x * x) * slope * slope)))
    return tuple(found)


def integral(
    function: Callable[[float], float], low: float, high: float, *, panels: int = 1
) -> float:
    """The integral of a smooth function, by eight places in each of equal panels.

    Args:
        function: What to integrate.
        low: Where to begin.
        high: Where to end.
        panels: How many parts to cut the range into. [count, >= 1]

    >>> round(integral(lambda x: 3 * x * x, 0, 2), 12)
    8.0
    """
    width = (high - low) / panels
    return width * sum(
        weight * function(low + (panel + place) * width)
        for panel in range(panels)
        for place, weight in nodes(8)
    )
