"""Credibility: how far own experience is believed, and how far that of all.

An estimate from few observations is drawn towards a collective one: z own + (1 - z) collective.
With z = n / (n + K) it lies between the two, equals the collective without observations, and
tends to the own as they grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf, isfinite
from typing import Literal

from attrs import frozen

from partnerleads.errors import OptionError

__all__ = [
    "Credibility",
    "JamesStein",
    "buhlmann_straub",
    "credible_mean",
    "credible_share",
    "gamma_poisson_rate",
    "james_stein",
]

_PRECISION = 1e-12
"""How closely an iterated variance is found, as a part of it."""


def credible_mean(mean: float, n: float, *, collective: float, strength: float) -> float:
    """A mean drawn towards a collective one, with z = n / (n + strength).

    Args:
        mean: The own mean; without observations it is not looked at.
        n: Number, or weight, of the own observations. [>= 0]
        collective: The mean of all.
        strength: K, how many observations the collective weighs. [>= 0]

    Returns:
        A number between the two; with neither weight the collective.

    Source:
        Buhlmann 1967.

    >>> credible_mean(0.9, 2, collective=0.5, strength=2)
    0.7
    """
    _check_weights(n=n, strength=strength)
    if not n:
        return collective
    z = n / (n + strength)
    low, high = min(mean, collective), max(mean, collective)
    return min(max(z * mean + (1 - z) * collective, low), high)


def credible_share(hits: int, of: int, *, a: float, b: float) -> float | None:
    """A share under a beta prior: (hits + a) / (of + a + b).

    Args:
        hits: How many hit. [count, 0..of]
        of: Of how many. [count, >= 0]
        a: Hits that the prior weighs. [>= 0]
        b: Misses that the prior weighs. [>= 0]

    Returns:
        A share between the raw and the prior's; None where nothing weighs. [0..1]

    >>> credible_share(3, 4, a=1, b=3)
    0.5
    """
    _check_weights(a=a, b=b)
    if not 0 <= hits <= of:
        raise OptionError("hits", hits, f"of {of} is no share; write 0 <= hits <= of")
    return (hits + a) / (of + a + b) if of + a + b else None


def gamma_poisson_rate(count: int, exposure: float, *, k: float, theta: float) -> float | None:
    """A rate of events under a gamma prior: (count + k) / (exposure + theta).

    Args:
        count: Events. [count, >= 0]
        exposure: The time in which they came. [time, >= 0]
        k: Events that the prior weighs. [>= 0]
        theta: Time that the prior weighs, so that its own rate is k / theta. [time, >= 0]

    Returns:
        A rate between the raw and the prior's; None where no time weighs. [events / time]

    >>> gamma_poisson_rate(3, 1.5, k=1, theta=0.5)
    2.0
    """
    _check_weights(count=count, exposure=exposure, k=k, theta=theta)
    return (count + k) / (exposure + theta) if exposure + theta else None


def _check_weights(**weights: float) -> None:
    for name, value in weights.items():
        if not (isfinite(value) and value >= 0):
            raise OptionError(name, value, "must be a finite number, 0 or above")


@frozen(kw_only=True)
class Credibility:
    """How far the means of groups are believed, estimated from the groups.

    Attributes:
        within: Variance of an observation of weight 1 inside a group.
        between: Variance of the groups' true means; 0 where chance explains their differences.
        collective: The mean that all are drawn towards.
        factors: z of each group. [0..1 each]
        means: The groups' means, drawn towards the collective.
    """

    within: float
    between: float
    collective: float
    factors: tuple[float, ...]
    means: tuple[float, ...]

    @property
    def strength(self) -> float:
        """K, the weight at which own and collective mean count alike: within / between."""
        return self.within / self.between if self.between else inf


def buhlmann_straub(
    groups: Sequence[Sequence[tuple[float, float]]],
    *,
    between: Literal["unbiased", "iterative"] = "unbiased",
) -> Credibility:
    """Credibility of groups whose observations have weights, such as deals or volumes.

    Args:
        groups: Observations of each group with their weights; at least two groups, and one with
            two observations. [(value, weight > 0)]
        between: How the variance between groups is estimated: without bias, held at 0 where it
            would be negative; or by iterating the estimate that uses the factors themselves.

    Raises:
        OptionError: When the observations cannot tell how much groups differ.

    Source:
        Buhlmann and Straub 1970; the iteration after Bichsel and Straub.

    >>> fit = buhlmann_straub([[(10, 1), (12, 1)], [(20, 1), (22, 1)]])
    >>> fit.within, fit.between, fit.collective, [round(mean, 4) for mean in fit.means]
    (2.0, 49.0, 16.0, [11.1, 20.9])
    """
    freedom = sum(len(group) - 1 for group in groups)
    if len(groups) < 2 or not all(groups) or not freedom:
        raise OptionError("groups", len(groups), "needs two groups, and one of two observations")
    for group in groups:
        for value, weight in group:
            if not (isfinite(value) and 0 < weight < inf):
                raise OptionError("groups", (value, weight), "needs values with weights above 0")
    weights = [fsum(weight for _, weight in group) for group in groups]
    means = [
        fsum(value * weight for value, weight in group) / total
        for group, total in zip(groups, weights, strict=True)
    ]
    within = (
        fsum(
            weight * (value - mean) ** 2
            for group, mean in zip(groups, means, strict=True)
            for value, weight in group
        )
        / freedom
    )
    spread = _unbiased(means, weights, within)
    if between == "iterative" and spread > 0:
        spread = _iterated(means, weights, within, spread)
    factors = [_factor(weight, within, spread) for weight in weights]
    collective = _mean(means, factors if any(factors) else weights)
    drawn = (z * own + (1 - z) * collective for z, own in zip(factors, means, strict=True))
    return Credibility(
        within=within,
        between=spread,
        collective=collective,
        factors=tuple(factors),
        means=tuple(drawn),
    )


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    products = (value * weight for value, weight in zip(values, weights, strict=True))
    return fsum(products) / fsum(weights)


def _factor(weight: float, within: float, between: float) -> float:
    return weight * between / (weight * between + within) if between else 0.0


def _unbiased(means: Sequence[float], weights: Sequence[float], within: float) -> float:
    total = fsum(weights)
    overall = _mean(means, weights)
    spread = fsum(w * (own - overall) ** 2 for w, own in zip(weights, means, strict=True))
    room = total * total - fsum(weight * weight for weight in weights)
    return max(0.0, total * (spread - (len(means) - 1) * within) / room)


def _iterated(
    means: Sequence[float], weights: Sequence[float], within: float, between: float
) -> float:
    before = inf
    while abs(between - before) > _PRECISION * between:  # from above 0 it never falls to 0
        factors = [_factor(weight, within, between) for weight in weights]
        centre = _mean(means, factors)
        spread = fsum(z * (own - centre) ** 2 for z, own in zip(factors, means, strict=True))
        before, between = between, spread / (len(means) - 1)
    return between


@frozen(kw_only=True)
class JamesStein:
    """Means of equally many observations, drawn towards their mean.

    Attributes:
        factor: How much of each mean's distance from that of all is kept. [0..1]
        collective: The mean of the means.
        means: The means, drawn towards it.
    """

    factor: float
    collective: float
    means: tuple[float, ...]


def james_stein(means: Sequence[float], *, variance: float) -> JamesStein:
    """Means drawn towards their mean by ``1 - (k - 3) variance / sum of squares``, at least 0.

    Args:
        means: The means of k groups of equal size; at least 4.
        variance: Variance of one such mean. [> 0]

    Raises:
        OptionError: When there are fewer than 4 means, or the variance is not above 0.

    Source:
        Efron and Morris 1977.

    >>> james_stein([1.0, 2.0, 3.0, 4.0], variance=1.0).factor
    0.8
    """
    if len(means) < 4:
        raise OptionError("means", len(means), "needs at least 4 means")
    if not 0 < variance < inf:
        raise OptionError("variance", variance, "must be a finite number above 0")
    centre = fsum(means) / len(means)
    squares = fsum((mean - centre) ** 2 for mean in means)
    kept = max(0.0, 1 - (len(means) - 3) * variance / squares) if squares else 0.0
    return JamesStein(
        factor=kept,
        collective=centre,
        means=tuple(centre + kept * (mean - centre) for mean in means),
    )
