"""What each of several changes adds, averaged over every order in which they could be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, combinations
from math import comb, fsum
from typing import TypeAlias

from attrs import frozen

from partnerleads.plv.lifetime.quadrature import nodes

__all__ = ["MOST_PLAYERS", "MOST_SUMS", "Weighted", "of_mean", "of_product", "of_sets"]

MOST_PLAYERS = 16
"""Changes of which every set is tried."""

MOST_SUMS = 2**MOST_PLAYERS
"""Different sums of weights that are told apart, beside how many weights they are of."""


def of_sets(names: Sequence[str], worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """The Shapley values of any worth, by trying every set.

    Args:
        names: The changes; up to 16.
        worth: What a set of changes comes to.

    >>> of_sets(["a", "b"], lambda made: float(len(made) == 2))
    {'a': 0.5, 'b': 0.5}
    """
    sets = [frozenset(one) for size in range(len(names) + 1) for one in combinations(names, size)]
    values = {made: worth(made) for made in sets}
    chances = _chances(len(names))
    return {
        name: fsum(
            chances[len(made)] * (values[made | {name}] - values[made])
            for made in sets
            if name not in made
        )
        for name in names
    }


def of_product(factors: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """The Shapley values where each change turns one factor of a product into another.

    The mean over all orders is the mean over chances to be made before: ``(there - here)`` of a
    factor times the integral, over a chance t from 0 to 1, of the product of the others, each t
    of the way. That is a polynomial, which enough places integrate exactly.

    Args:
        factors: Each factor before and after its change. [>= 0 each]

    Source:
        Owen 1972, "Multilinear extensions of games".

    >>> of_product({"a": (1.0, 3.0), "b": (1.0, 2.0)})
    {'a': 3.0, 'b': 2.0}
    """
    pairs = [*factors.values()]
    points = nodes((len(pairs) + 1) // 2)
    gains: list[list[float]] = [[] for _ in pairs]
    for chance, weight in points:
        mixed = [there + chance * (here - there) for there, here in pairs]
        ahead = [*accumulate(mixed, _times, initial=1.0)]
        behind = [*accumulate(reversed(mixed), _times, initial=1.0)][::-1]
        for place, (there, here) in enumerate(pairs):
            rest = ahead[place] * behind[place + 1]
            gains[place].append(weight * (here - there) * rest)
    return {name: fsum(gain) for name, gain in zip(factors, gains, strict=True)}


@frozen
class Weighted:
    """One share in a weighted mean, before a change and after it.

    Attributes:
        weight: Its weight; only proportions matter, and whole numbers add up without rounding.
            [> 0]
        there: The share before; None where it is not known, and weighs nothing. [0..1]
        here: The share after; None where it is not known, and weighs nothing. [0..1]
    """

    weight: int
    there: float | None
    here: float | None

    @property
    def step(self) -> int:
        """What its change adds to the weights that count."""
        return self.weight * ((self.there is None) - (self.here is None))


_Sums: TypeAlias = dict[tuple[int, int], tuple[int, int]]
"""By size of a set and the weights that count then: how many such sets, and the sum of what they
add to the weighted sum of the shares; in whole numbers, so that nothing is lost."""


def of_mean(shares: Mapping[str, Weighted]) -> dict[str, float] | None:
    """The Shapley values of shares in a weighted mean over those that are known.

    A set of changes matters by how many it holds and what its weights add up to, so that sets
    alike in both are counted together. Shares known before and after do not move the weights, and
    their effects add up: each is one more change beside those that do.

    Args:
        shares: The shares, also those that do not change.

    Returns:
        What each share adds; None where the weights of those that come or go have too many
        different sums to count.

    >>> values = of_mean({"a": Weighted(1, 0.0, 0.5), "b": Weighted(1, None, 1.0)})
    >>> {name: round(one, 4) for name, one in values.items()}
    {'a': 0.375, 'b': 0.375}
    """
    both = (side for one in shares.values() for side in (one.there, one.here))
    unit = max((float(side).as_integer_ratio()[1] for side in both if side), default=1)

    def grown(one: Weighted) -> int:
        return one.weight * (_units(one.here, unit) - _units(one.there, unit))

    def mean(total: int, weight: int) -> float:
        return total / (weight * unit) if weight else 0.0

    moving = {name: (one.step, grown(one)) for name, one in shares.items() if one.step}
    staying = {name: grown(one) for name, one in shares.items() if not one.step}
    if _too_many(step for step, _ in moving.values()):
        return None
    start = sum(one.weight for one in shares.values() if one.there is not None)
    first = sum(one.weight * _units(one.there, unit) for one in shares.values())
    stays = sum(staying.values())
    alone, beside = _chances(len(moving)), _chances(len(moving) + 1)
    values = {}
    for name, others in _each_left_out([*moving], moving, {(0, start): (1, 0)}):
        step, gain = moving[name]
        gains = []
        for (size, weight), (many, sum_) in others.items():
            total = first * many + sum_
            after = mean(total + gain * many, weight + step)
            gains.append(alone[size] * (after - mean(total, weight)))
            effect = mean(stays * many, weight + step) - mean(stays * many, weight)
            gains.append(beside[size + 1] * effect)
        values[name] = fsum(gains)
    whole = _extended({(0, start): (1, 0)}, [*moving.values()])
    for name, gain in staying.items():
        effects = (
            beside[size] * mean(gain * many, weight) for (size, weight), (many, _) in whole.items()
        )
        values[name] = fsum(effects)
    return {name: values[name] for name in shares}


def _units(share: float | None, unit: int) -> int:
    """A share as a whole number of the unit's parts, which are a power of 2."""
    return int(Fraction(share or 0.0) * unit)


def _times(one: float, other: float) -> float:
    return one * other


def _chances(players: int) -> list[float]:
    """How likely each set is to be the one before a player, by its size."""
    return [1 / (players * comb(players - 1, size)) for size in range(players)]


def _too_many(steps: Iterable[int]) -> bool:
    sums = {0}
    for step in steps:
        sums |= {one + step for one in sums}
        if len(sums) > MOST_SUMS:
            return True
    return False


def _extended(sums: _Sums, changes: Iterable[tuple[int, int]]) -> _Sums:
    """The sums with more changes that may be made."""
    for step, gain in changes:
        longer = dict(sums)
        for (size, weight), (many, sum_) in sums.items():
            place = size + 1, weight + step
            more, before = longer.get(place, (0, 0))
            longer[place] = more + many, before + sum_ + gain * many
        sums = longer
    return sums


def _each_left_out(
    names: Sequence[str], changes: Mapping[str, tuple[int, int]], sums: _Sums
) -> Iterator[tuple[str, _Sums]]:
    """Each name with the sums of all others, halving the names so that little is done twice."""
    if len(names) == 1:
        yield names[0], sums
    elif names:
        left, right = names[: len(names) // 2], names[len(names) // 2 :]
        for one, other in ((left, right), (right, left)):
            yield from _each_left_out(
                one, changes, _extended(sums, [changes[name] for name in other])
            )
