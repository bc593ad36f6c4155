"""Two groups compared within strata: Mantel and Haenszel's pooled effects and their test."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from attrs import frozen

from partnerleads.stats.chi_square import chi_square_tail
from partnerleads.stats.confidence import deviate
from partnerleads.stats.estimate import Estimate, difference_estimate, ratio_estimate
from partnerleads.stats.significance import Significance
from partnerleads.stats.stratum import Stratum

__all__ = ["MantelHaenszel", "cochran_mantel_haenszel", "mantel_haenszel"]

_NO_STRATUM = "no stratum has both groups"


@frozen(kw_only=True)
class MantelHaenszel:
    """The difference of two groups within strata, pooled to one figure.

    Attributes:
        odds_ratio: Odds of a over odds of b. [ratio, >= 0]
        risk_ratio: Rate of a over rate of b. [ratio, >= 0]
        difference: Rate of a less rate of b. [-1..1]
        strata_used: How many strata have both groups.
        strata_left_out: How many strata lack a group and so say nothing about the difference.
    """

    odds_ratio: Estimate
    risk_ratio: Estimate
    difference: Estimate
    strata_used: int
    strata_left_out: int


def mantel_haenszel(strata: Sequence[Stratum], *, confidence: float = 0.95) -> MantelHaenszel:
    """Odds ratio, risk ratio and difference of two groups, as if each stratum held equal shares.

    Each pooled figure stands for all strata only where the effect is much the same in each;
    `breslow_day` tests that for the odds ratio. The risk ratio and the odds ratio have log
    intervals, the difference a normal one, cut at -1 and 1; the variances hold both for a few large
    strata and for many small ones.

    Args:
        strata: The counts of both groups in every stratum.
        confidence: Chance that such an interval holds the true figure. [0..1, exclusive]

    Returns:
        The three figures, each undefined with its reason where no stratum has both groups or where
        the denominator is 0; intervals are undefined at a ratio of 0 and where nothing varies.

    Raises:
        OptionError: When the confidence makes no sense.

    Source:
        Mantel and Haenszel 1959. Variances: Robins, Breslow and Greenland 1986 (odds ratio),
        Greenland and Robins 1985 (risk ratio), Sato 1989 (difference).

    >>> stones = [Stratum(81, 87, 234, 270), Stratum(192, 263, 55, 80)]
    >>> pooled = mantel_haenszel(stones)
    >>> round(pooled.odds_ratio.value, 4), round(pooled.risk_ratio.value, 4)
    (1.4468, 1.069)
    >>> round(pooled.difference.value, 4)
    0.0538
    """
    deviate(confidence)
    shared = [stratum for stratum in strata if stratum.is_shared]
    return MantelHaenszel(
        odds_ratio=_odds_ratio(shared, confidence),
        risk_ratio=_risk_ratio(shared, confidence),
        difference=_difference(shared, confidence),
        strata_used=len(shared),
        strata_left_out=len(strata) - len(shared),
    )


def cochran_mantel_haenszel(strata: Sequence[Stratum], *, corrected: bool = True) -> Significance:
    """Whether two groups differ within strata, all strata taken together.

    Effects of opposite sign in different strata cancel; the test then finds little.

    Args:
        strata: The counts of both groups in every stratum; those that lack a group say nothing.
        corrected: Whether half a hit is taken off the distance between found and expected; it takes
            the distance to 0 at most.

    Returns:
        Statistic and p-value with 1 degree of freedom; undefined where no stratum has both groups,
        or each that has them is all hits or all misses.

    Source:
        Mantel and Haenszel 1959. Where the distance is below a half, R's ``mantelhaen.test``
        drops the correction instead, and statsmodels overshoots.

    >>> stones = [Stratum(81, 87, 234, 270), Stratum(192, 263, 55, 80)]
    >>> round(cochran_mantel_haenszel(stones).statistic, 4)
    2.0913
    """
    name = "Cochran-Mantel-Haenszel" + (", corrected" if corrected else "")
    shared = [stratum for stratum in strata if stratum.is_shared]
    if not shared:
        return Significance(test=name, undefined_because=_NO_STRATUM)
    variance = fsum(
        one.of_a * one.of_b * one.hits * one.misses / (one.of * one.of * (one.of - 1))
        for one in shared
    )
    if variance == 0:
        return Significance(test=name, undefined_because="every stratum is all hits or all misses")
    distance = abs(fsum(one.excess / one.of for one in shared))
    if corrected:
        distance = max(0.0, distance - 0.5)
    statistic = distance * distance / variance
    return Significance(
        test=name, p_value=chi_square_tail(statistic), statistic=statistic, degrees=1
    )


def _odds_ratio(shared: Sequence[Stratum], confidence: float) -> Estimate:
    if not shared:
        return Estimate(undefined_because=_NO_STRATUM)
    alike = [(one.hits_a + one.misses_b) / one.of for one in shared]
    unlike = [(one.misses_a + one.hits_b) / one.of for one in shared]
    above = [one.hits_a * one.misses_b / one.of for one in shared]
    below = [one.misses_a * one.hits_b / one.of for one in shared]
    top, bottom = fsum(above), fsum(below)
    if bottom == 0:
        return Estimate(undefined_because="no stratum has both a miss in a and a hit in b")
    variance = 0.0
    if top:
        crossed = _dot(alike, below) + _dot(unlike, above)
        variance = (
            _dot(alike, above) / top / top / 2
            + crossed / top / bottom / 2
            + _dot(unlike, below) / bottom / bottom / 2
        )
    return ratio_estimate(top, bottom, variance=variance, confidence=confidence)


def _risk_ratio(shared: Sequence[Stratum], confidence: float) -> Estimate:
    if not shared:
        return Estimate(undefined_because=_NO_STRATUM)
    top = fsum(one.hits_a * one.of_b / one.of for one in shared)
    bottom = fsum(one.hits_b * one.of_a / one.of for one in shared)
    if bottom == 0:
        return Estimate(undefined_because="group b has no hit to divide by")
    spread = fsum(
        (one.hits_a * one.of_a * one.misses_b + one.hits_b * one.of_b * one.misses_a)
        / (one.of * one.of)
        for one in shared
    )
    variance = spread / top / bottom if top else 0.0
    return ratio_estimate(top, bottom, variance=variance, confidence=confidence)


def _difference(shared: Sequence[Stratum], confidence: float) -> Estimate:
    if not shared:
        return Estimate(undefined_because=_NO_STRATUM)
    weight = fsum(one.of_a * one.of_b / one.of for one in shared)
    difference = fsum(one.excess / one.of for one in shared) / weight
    # both parts in whole numbers up to the division, so that no variation is exactly 0
    lopsided = [
        (
            2 * one.of_a * one.of_a * one.hits_b
            - 2 * one.of_b * one.of_b * one.hits_a
            + one.of_a * one.of_b * (one.of_b - one.of_a)
        )
        / (2 * one.of * one.of)
        for one in shared
    ]
    mixed = [
        (one.hits_a * one.misses_b + one.hits_b * one.misses_a) * one.of / (2 * one.of * one.of)
        for one in shared
    ]
    spread = fsum([*(difference * part for part in lopsided), *mixed])
    return difference_estimate(difference, variance=spread / weight / weight, confidence=confidence)


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return fsum(one * other for one, other in zip(left, right, strict=True))
