"""The least of a function of several numbers, without derivatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

__all__ = ["Place", "minimise"]

Place: TypeAlias = tuple[float, ...]
"""The arguments of a function of several numbers."""

_Corner: TypeAlias = tuple[float, Place]


def minimise(
    function: Callable[[Place], float],
    start: Sequence[float],
    *,
    step: float = 0.5,
    precision: float = 1e-9,
) -> tuple[Place, float]:
    """The least of a function near a start, by the simplex method.

    The search starts again from what it found, with a fresh simplex, until that gains nothing, as
    a simplex can lose a direction. It draws no numbers, so equal arguments give equal answers.

    Args:
        function: What to minimise; bounded below, and infinite where it is not allowed.
        start: Where to begin; the function is finite there.
        step: Size of the first simplex; later ones have a tenth of it.
        precision: How closely the values of a simplex agree when it stops, and how much a new
            start must gain to go on.

    Returns:
        The arguments, and the value there.

    Source:
        Nelder and Mead 1965, with their coefficients 1, 2, 1/2 and 1/2.

    >>> place, value = minimise(lambda p: (p[0] - 1) ** 2 + 2 * (p[1] + 3) ** 2, [0.0, 0.0])
    >>> [round(number, 4) for number in place]
    [1.0, -3.0]
    """
    place = tuple(start)
    value, gain = function(place), precision + 1
    while gain > precision:
        lower, place = _descend(function, (value, place), step, precision)
        gain, value, step = value - lower, lower, min(step, 0.05)
    return place, value


def _descend(
    function: Callable[[Place], float], first: _Corner, step: float, precision: float
) -> _Corner:
    """The best corner of a simplex that was walked downhill until its corners agree."""
    corners = [first]
    for axis in range(len(first[1])):
        moved = _line(first[1], tuple(float(n == axis) for n in range(len(first[1]))), step)
        corners.append((function(moved), moved))
    corners.sort()
    while corners[-1][0] - corners[0][0] > precision:
        best, worst = corners[0], corners[-1]
        middle = tuple(sum(one) / len(first[1]) for one in zip(*_places(corners[:-1]), strict=True))
        away = tuple(m - w for m, w in zip(middle, worst[1], strict=True))

        def tried(reach: float, middle: Place = middle, away: Place = away) -> _Corner:
            place = _line(middle, away, reach)
            return function(place), place

        reflected = tried(1.0)
        if reflected[0] < best[0]:
            corners[-1] = min(tried(2.0), reflected)
        elif reflected[0] < corners[-2][0]:
            corners[-1] = reflected
        else:
            drawn_in = tried(0.5 if reflected[0] < worst[0] else -0.5)
            if drawn_in[0] < min(reflected[0], worst[0]):
                corners[-1] = drawn_in
            else:
                halved = [_line(best[1], _line(p, best[1], -1.0), 0.5) for _, p in corners[1:]]
                corners[1:] = [(function(place), place) for place in halved]
        corners.sort()
    return corners[0]


def _line(start: Place, direction: Place, reach: float) -> Place:
    return tuple(s + reach * d for s, d in zip(start, direction, strict=True))


def _places(corners: Sequence[_Corner]) -> list[Place]:
    return [place for _, place in corners]
