"""Weights that would have ordered outcomes best: least squares on the simplex."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

__all__ = ["fitted_weights", "onto_simplex"]

_STEPS = 2000


def onto_simplex(point: Sequence[float], *, total: float = 1.0) -> list[float]:
    """The nearest point without a negative number whose numbers add up to a total.

    Source:
        Held, Wolfe and Crowder 1974.

    >>> onto_simplex([0.5, 1.5])
    [0.0, 1.0]
    """
    reached, shift = 0.0, 0.0
    for count, value in enumerate(sorted(point, reverse=True), start=1):
        reached += value
        if value - (reached - total) / count > 0:
            shift = (reached - total) / count
    return [max(0.0, value - shift) for value in point]


def fitted_weights(
    rows: Sequence[Sequence[float]],
    outcomes: Sequence[float],
    *,
    start: Sequence[float],
    pull: float,
) -> list[float]:
    """Weights, not negative and adding up to 1, of the least squares.

    Rows and outcomes are taken by their distance from their means, so a constant is of no account.
    The sum of squared differences from *start* counts against the fit, times *pull*. Solved by
    projected gradients, 2 000 steps.

    Args:
        rows: What the weights apply to, one row a member. [0..1 each]
        outcomes: What the weighted sums are to come near to. [0..1 each]
        start: Weights to begin with, and to be drawn to; they add up to 1.
        pull: How strongly. [> 0]

    >>> [round(w, 3) for w in fitted_weights(
    ...     [[0, 1], [0.5, 0], [1, 1]], [0, 0.5, 1], start=[0.5, 0.5], pull=1e-6)]
    [1.0, 0.0]
    """
    size = len(start)
    columns = [_centred([row[at] for row in rows]) for at in range(size)]
    aims = _centred(outcomes)
    gram = [[_product(a, b) + pull * (a is b) for b in columns] for a in columns]
    goal = [_product(one, aims) + pull * w for one, w in zip(columns, start, strict=True)]
    longest = max(fsum(map(abs, row)) for row in gram)
    weights = list(start)
    for _ in range(_STEPS):
        slope = [_product(row, weights) - aim for row, aim in zip(gram, goal, strict=True)]
        moved = [w - s / longest for w, s in zip(weights, slope, strict=True)]
        weights = onto_simplex(moved)
    return weights


def _product(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))


def _centred(values: Sequence[float]) -> list[float]:
    mean = fsum(values) / len(values)
    return [value - mean for value in values]
