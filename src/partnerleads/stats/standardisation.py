"""Rates of two groups as if both had the same mix of strata."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf
from typing import Literal

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.stats.confidence import deviate
from partnerleads.stats.estimate import Estimate, difference_estimate
from partnerleads.stats.stratum import Stratum, crude_difference

__all__ = ["Standardised", "direction_flips", "standardise"]

_ROUNDING = 1e-12


@frozen(kw_only=True)
class Standardised:
    """The rates of two groups under one mix of strata.

    Only strata with members of both groups can be compared. The rest is left out, and the weights
    of what stays are scaled to a sum of 1.

    Attributes:
        rate_a: Rate of group a under the mix; None where undefined. [0..1]
        rate_b: Rate of group b under the mix; None where undefined. [0..1]
        difference: ``rate_a - rate_b``, with its interval. [-1..1]
        crude_difference: Difference of the plain rates, over all strata; None where a group is
            empty. [-1..1]
        strata_used: How many strata have both groups.
        strata_left_out: How many strata lack a group.
        left_out_share_a: Which share of group a is in strata left out; None where a is empty.
            [0..1]
        left_out_share_b: Which share of group b is in strata left out; None where b is empty.
            [0..1]
        left_out_weight: Which share of the mix asked for lies in strata left out; None where there
            is no mix, that is, no member. [0..1]
    """

    rate_a: float | None
    rate_b: float | None
    difference: Estimate
    crude_difference: float | None
    strata_used: int
    strata_left_out: int
    left_out_share_a: float | None
    left_out_share_b: float | None
    left_out_weight: float | None

    @property
    def direction_flips(self) -> bool:
        """Whether the crude and the adjusted difference point in opposite directions."""
        return direction_flips(self.crude_difference, self.difference.value)


def direction_flips(crude: float | None, adjusted: float | None) -> bool:
    """Whether adjusting for the mix turns the sign of a difference: Simpson's paradox.

    Args:
        crude: The plain difference; None where undefined.
        adjusted: The adjusted one; None where undefined.

    Returns:
        True where one is above 0 and the other below. Differences within 1e-12 of 0 have no
        direction; neither has an undefined one.

    >>> direction_flips(-0.0457, 0.0537), direction_flips(-0.0457, None)
    (True, False)
    """
    if crude is None or adjusted is None:
        return False
    low, high = sorted((crude, adjusted))
    return low < -_ROUNDING and high > _ROUNDING


def standardise(
    strata: Sequence[Stratum],
    *,
    weights: Literal["pooled", "a", "b"] | Sequence[float] = "pooled",
    confidence: float = 0.95,
) -> Standardised:
    """Rates of two groups, directly standardised to one mix of strata.

    Args:
        strata: The counts of both groups in every stratum.
        weights: The mix: that of both groups together, of one of them, or a weight for every
            stratum in the same order, in any unit.
        confidence: Chance that such an interval holds the true difference. [0..1, exclusive]

    Returns:
        Both rates, and their difference with a normal interval, cut at -1 and 1; undefined where
        no stratum with any weight has both groups. The mix counts as known. A stratum in which
        both groups are all hits or all misses adds no variance, so with small strata the interval
        is too narrow; it is undefined where no stratum adds any.

    Raises:
        OptionError: When the weights or the confidence make no sense.

    Source:
        Direct standardisation as in Breslow and Day 1987, section 2.3, with binomial variances.

    >>> stones = [Stratum(81, 87, 234, 270), Stratum(192, 263, 55, 80)]
    >>> adjusted = standardise(stones)
    >>> round(adjusted.rate_a, 4), round(adjusted.rate_b, 4), adjusted.direction_flips
    (0.8325, 0.7789, True)
    """
    deviate(confidence)
    mix = _mix(strata, weights)
    shared = [pair for pair in zip(strata, mix, strict=True) if pair[0].is_shared]
    kept = fsum(weight for _, weight in shared)
    rate_a = rate_b = None
    difference = Estimate(undefined_because="no stratum with any weight has both groups")
    if kept:
        rate_a = fsum(weight * (one.hits_a / one.of_a) for one, weight in shared) / kept
        rate_b = fsum(weight * (one.hits_b / one.of_b) for one, weight in shared) / kept
        difference = _difference(shared, kept, confidence)
    return Standardised(
        rate_a=rate_a,
        rate_b=rate_b,
        difference=difference,
        crude_difference=crude_difference(strata),
        strata_used=len(shared),
        strata_left_out=len(strata) - len(shared),
        left_out_share_a=_left_out([one.of_a for one in strata], [one.of_a for one, _ in shared]),
        left_out_share_b=_left_out([one.of_b for one in strata], [one.of_b for one, _ in shared]),
        left_out_weight=_left_out(mix, [weight for _, weight in shared]),
    )


def _mix(
    strata: Sequence[Stratum], weights: Literal["pooled", "a", "b"] | Sequence[float]
) -> Sequence[float]:
    if isinstance(weights, str):
        mixes = {
            "pooled": [one.of for one in strata],
            "a": [one.of_a for one in strata],
            "b": [one.of_b for one in strata],
        }
        if weights not in mixes:
            raise OptionError("weights", weights, "offered are 'pooled', 'a', 'b' and a sequence")
        return mixes[weights]
    if len(weights) != len(strata):
        raise OptionError("weights", weights, f"must be {len(strata)}, one for each stratum")
    if not all(0 <= weight < inf for weight in weights):
        raise OptionError("weights", weights, "must be finite and not negative")
    largest = max(weights, default=1)
    if largest == 0:
        raise OptionError("weights", weights, "must not all be 0")
    return [weight / largest for weight in weights]


def _difference(
    shared: Sequence[tuple[Stratum, float]], kept: float, confidence: float
) -> Estimate:
    difference = fsum(weight * (one.excess / (one.of_a * one.of_b)) for one, weight in shared)
    variance = fsum(
        (weight / kept) ** 2
        * (one.hits_a * one.misses_a / one.of_a**3 + one.hits_b * one.misses_b / one.of_b**3)
        for one, weight in shared
    )
    return difference_estimate(difference / kept, variance=variance, confidence=confidence)


def _left_out(every: Sequence[float], kept: Sequence[float]) -> float | None:
    total = fsum(every)
    return (total - fsum(kept)) / total if total else None
