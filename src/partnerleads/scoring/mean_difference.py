"""How far the means of two samples of scores are apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt
from statistics import variance

from partnerleads.stats import Estimate
from partnerleads.stats.beta import beta_quantile
from partnerleads.stats.confidence import one_tail

__all__ = ["mean_difference"]


def mean_difference(
    a: Sequence[float], b: Sequence[float], *, confidence: float = 0.95
) -> Estimate:
    """Mean of group a less that of group b, with Welch's interval, cut at -100 and 100.

    It needs no equal spread of the two; with few scores it is wide, as Student's t is.

    Args:
        a: Scores of the one group. [points, 0..100]
        b: Scores of the other. [points, 0..100]
        confidence: Chance that such an interval holds the true difference. [0..1, exclusive]

    Raises:
        OptionError: When the confidence is none.

    Source:
        Welch 1947, with the degrees of freedom of Satterthwaite 1946.

    >>> found = mean_difference([10.0, 20.0, 30.0], [10.0, 12.0])
    >>> found.value, [round(limit, 2) for limit in found.interval]
    (9.0, [-14.91, 32.91])
    """
    tails = 2 * one_tail(confidence)
    if not a or not b:
        return Estimate(undefined_because="a group has no score")
    difference = fsum(a) / len(a) - fsum(b) / len(b)
    if min(len(a), len(b)) < 2:
        return Estimate(value=difference, undefined_because="a group has one score alone")
    of_a, of_b = variance(a) / len(a), variance(b) / len(b)
    total = of_a + of_b
    if not total:
        return Estimate(value=difference, undefined_because="no variation, so no interval")
    degrees = 1 / ((of_a / total) ** 2 / (len(a) - 1) + (of_b / total) ** 2 / (len(b) - 1))
    left = beta_quantile(tails, degrees / 2, 0.5)
    reach = sqrt(degrees * (1 - left) / left * total)
    return Estimate(
        value=difference, interval=(max(-100.0, difference - reach), min(100.0, difference + reach))
    )
