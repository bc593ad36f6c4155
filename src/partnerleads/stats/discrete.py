"""Chances of a count, walked outwards from the likeliest one."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["relative_chances"]

_NEGLIGIBLE = 1e-300


def relative_chances(
    mode: int, *, least: int, most: int, step: Callable[[int], tuple[int | float, int | float]]
) -> tuple[int, list[float]]:
    """The chance of every count relative to the likeliest one, without a factorial.

    The number of steps grows with the spread of the distribution, not with the sample.

    Args:
        mode: The likeliest count. [least..most]
        least: The smallest count that can occur.
        most: The largest count that can occur.
        step: For a count k, numerator and denominator of chance(k + 1) / chance(k), neither
            negative. The ratio must fall as k rises.

    Returns:
        The first count and the chances from there on; the mode has 1. Counts that are less than
        1e-300 times as likely as the mode are left away at both ends.

    >>> relative_chances(1, least=0, most=2, step=lambda k: (2 - k, k + 1))
    (0, [0.5, 1.0, 0.5])
    """
    below: list[float] = []
    chance = 1.0
    for count in range(mode - 1, least - 1, -1):
        above, under = step(count)
        chance *= under / above
        if chance < _NEGLIGIBLE:
            break
        below.append(chance)
    chances = [*reversed(below), 1.0]
    chance = 1.0
    for count in range(mode, most):
        above, under = step(count)
        chance *= above / under
        if chance < _NEGLIGIBLE:
            break
        chances.append(chance)
    return mode - len(below), chances
