"""From the shares of several metrics to one share of the best, and caps on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, expm1, fsum, inf, log, log1p
from typing import ClassVar, Protocol

from attrs import field, frozen

from partnerleads.model.numbers import in_range

__all__ = [
    "AGGREGATORS",
    "Aggregator",
    "FlooredGeometric",
    "Gate",
    "PowerMean",
    "WeightedMean",
    "floor_of",
]


class Aggregator(Protocol):
    """How shares become one; any frozen class with these is an aggregator.

    Attributes:
        kind: Its name.
        additive: Whether it is the weighted mean, so that parts add up by themselves.
    """

    kind: ClassVar[str]
    additive: ClassVar[bool]

    def combined(self, shares: Sequence[float], weights: Sequence[float], /) -> float:
        """One share of several, never less for a larger one; that of equals is theirs. [0..1]

        Args:
            shares: The shares. [0..1 each]
            weights: Their weights, which add up to 1. [> 0 each]
        """
        ...

    def forward(self, share: float, /) -> float:
        """The rising function of which the weighted mean is taken; -inf where it decides alone."""
        ...


@frozen
class WeightedMean:
    """The weighted mean: what one metric lacks another may make up for.

    >>> WeightedMean().combined([1.0, 0.5], [0.5, 0.5])
    0.75
    """

    kind: ClassVar[str] = "weighted_mean"
    additive: ClassVar[bool] = True

    def combined(self, shares: Sequence[float], weights: Sequence[float], /) -> float:
        """The mean of the shares. [0..1]"""
        return _between(fsum(w * u for w, u in zip(weights, shares, strict=True)), shares)

    def forward(self, share: float, /) -> float:
        """The share itself."""
        return share


@frozen
class FlooredGeometric:
    """The weighted geometric mean over a floor: a weak metric costs more than a strong one gains.

    The floor is laid under every share and taken off the mean again, ``(prod (floor + (1 - floor)
    u) ^ w - floor) / (1 - floor)``, so that 0 and 1 stay what they are, and the mean lies between
    the least share and the weighted mean whatever the shares.

    Attributes:
        floor: What saves a metric of 0 from taking everything; with 0 it is the plain geometric
            mean, and one metric of 0 makes the score 0. [0..1, below 1]

    >>> FlooredGeometric(floor=0).combined([1.0, 0.25], [0.5, 0.5])
    0.5
    """

    floor: float = field(default=0.01, validator=in_range(0, 1, open_high=True))
    kind: ClassVar[str] = "floored_geometric"
    additive: ClassVar[bool] = False

    def combined(self, shares: Sequence[float], weights: Sequence[float], /) -> float:
        """The mean of the shares. [0..1]"""
        mean = exp(fsum(w * self.forward(u) for w, u in zip(weights, shares, strict=True)))
        return _between((mean - self.floor) / (1 - self.floor), shares)

    def forward(self, share: float, /) -> float:
        """The logarithm of the raised share; -inf for 0 over no floor."""
        raised = self.floor + (1 - self.floor) * share
        return log(raised) if raised > 0 else -inf


@frozen
class PowerMean:
    """The weighted power mean: the mean of ``u ^ p``, taken back by ``1 / p``.

    Attributes:
        exponent: p: 1 is the weighted mean, 0 the geometric one, below that the worst metric
            counts ever more, above 1 the best. Not above 0, one metric of 0 makes the score 0.
            [-100..100]

    >>> round(PowerMean(exponent=-1).combined([1.0, 0.5], [0.5, 0.5]), 4)
    0.6667
    """

    exponent: float = field(validator=in_range(-100, 100))
    kind: ClassVar[str] = "power_mean"
    additive: ClassVar[bool] = False

    def combined(self, shares: Sequence[float], weights: Sequence[float], /) -> float:
        """The mean of the shares. [0..1]"""
        p = self.exponent
        size = max(shares) if p > 0 else min(shares)
        if size <= 0:
            return 0.0
        if p >= _FLAT or (p > 0 and min(shares) <= 0):
            mean = fsum(w * (u / size) ** p for w, u in zip(weights, shares, strict=True))
            return _between(size * mean ** (1 / p), shares)
        logs = [_log_ratio(u, size) for u in shares]
        if p == 0:
            above = fsum(w * one for w, one in zip(weights, logs, strict=True))
        elif abs(p) < _FLAT:
            less = fsum(w * expm1(p * one) for w, one in zip(weights, logs, strict=True))
            above = log1p(less) / p
        else:
            above = log(fsum(w * exp(p * one) for w, one in zip(weights, logs, strict=True))) / p
        mean = size * exp(above) if above < _LARGEST else exp(log(size) + above)
        return _between(mean, shares)

    def forward(self, share: float, /) -> float:
        """``u ^ p``, its negative for p below 0, or the logarithm for p = 0."""
        p = self.exponent
        if p > 0:
            return float(share**p)
        if share <= 0 or p * log(share) > _LARGEST:
            return -inf
        return log(share) if p == 0 else -exp(p * log(share))


def floor_of(aggregator: Aggregator) -> float | None:
    """The floor over which a mean is a product of powers; None for means that are none.

    None also for floors above 0.99, which leave too few digits to a product.

    >>> floor_of(PowerMean(exponent=0)), floor_of(WeightedMean())
    (0.0, None)
    """
    if isinstance(aggregator, FlooredGeometric) and aggregator.floor <= 0.99:
        return aggregator.floor
    return 0.0 if isinstance(aggregator, PowerMean) and aggregator.exponent == 0 else None


_FLAT = 1e-4
"""Exponents nearer to 0 make powers that differ from 1 by little more than their rounding."""

_LARGEST = 700.0
"""Logarithm of about the largest float."""


def _log_ratio(share: float, size: float) -> float:
    """The logarithm of a ratio, also where the ratio itself is beyond all floats."""
    ratio = share / size
    return log(ratio) if ratio < inf else log(share) - log(size)


def _between(mean: float, shares: Sequence[float]) -> float:
    """The mean without the rounding that takes it beyond the shares."""
    return min(max(mean, min(shares)), max(shares))


AGGREGATORS: dict[str, type[Aggregator]] = {
    one.kind: one for one in (WeightedMean, FlooredGeometric, PowerMean)
}
"""The aggregators of this library by name."""


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


@frozen(kw_only=True)
class Gate:
    """A score stays at or below *cap* unless the shares of some metrics lie above a level.

    A metric that is not known does not close a gate, unless the model takes the missing for 0.

    Attributes:
        names: Criteria that it looks at; empty looks at all.
        above: Level that each share must exceed. [0..1]
        cap: The most that the score can be otherwise. [points, 0..100]
    """

    names: tuple[str, ...] = field(default=(), converter=_names)
    above: float = field(default=0.0, validator=in_range(0, 1))
    cap: float = field(validator=in_range(0, 100))

    def is_open(self, shares: Mapping[str, float | None], everything: Iterable[str]) -> bool:
        """Whether the shares lie above the level.

        Args:
            shares: The shares by criterion; None is not known, and closes nothing.
            everything: The criteria that a gate without names looks at.
        """
        seen = (shares.get(name) for name in self.names or everything)
        return all(share > self.above for share in seen if share is not None)
