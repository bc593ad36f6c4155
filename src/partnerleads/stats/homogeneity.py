"""Whether an effect is the same in every stratum."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

from partnerleads.stats.chi_square import chi_square_tail
from partnerleads.stats.significance import Significance
from partnerleads.stats.strata import mantel_haenszel
from partnerleads.stats.stratum import Stratum

__all__ = ["breslow_day"]


def breslow_day(strata: Sequence[Stratum]) -> Significance:
    """Whether two groups have the same odds ratio in every stratum.

    A small p-value says that one pooled figure hides different effects. Built for few large
    strata; where expected counts are small, the p-value is only rough.

    Args:
        strata: The counts of both groups in every stratum. Those that lack a group, and those of
            hits only or misses only, say nothing.

    Returns:
        Statistic and p-value; one degree of freedom less than there are strata that say something.
        Undefined where these are fewer than two, or the pooled odds ratio is undefined or 0.

    Source:
        Breslow and Day 1980, page 142, at Mantel and Haenszel's odds ratio, without Tarone's
        correction.

    >>> stones = [Stratum(81, 87, 234, 270), Stratum(192, 263, 55, 80)]
    >>> round(breslow_day(stones).p_value, 4)
    0.3251
    """
    name = "Breslow-Day"
    telling = [one for one in strata if one.is_shared and one.hits and one.misses]
    if len(telling) < 2:
        return Significance(test=name, undefined_because="fewer than two strata to compare")
    odds_ratio = mantel_haenszel(telling).odds_ratio.value
    if not odds_ratio:
        return Significance(
            test=name, undefined_because="the pooled odds ratio is no number above 0"
        )
    if odds_ratio > 1:
        odds_ratio, telling = 1 / odds_ratio, [one.swapped() for one in telling]
    statistic = fsum(_misfit(one, odds_ratio) for one in telling)
    degrees = len(telling) - 1
    return Significance(
        test=name,
        p_value=chi_square_tail(statistic, degrees=degrees),
        statistic=statistic,
        degrees=degrees,
    )


def _misfit(one: Stratum, odds_ratio: float) -> float:
    """Squared distance of the stratum from what the odds ratio makes of its margins."""
    hits_a = _expected_hits(odds_ratio, one.of_a, one.of_b, one.hits)
    misses_b = _expected_hits(odds_ratio, one.of_b, one.of_a, one.misses)
    cells = (hits_a, one.of_a - hits_a, one.of_b - misses_b, misses_b)
    return (one.hits_a - hits_a) ** 2 * fsum(1 / cell for cell in cells)


def _expected_hits(odds_ratio: float, of_a: int, of_b: int, hits: int) -> float:
    """The hits in a at which the table has the odds ratio; it is at most 1, so nothing cancels."""
    linear = of_b - hits + odds_ratio * (of_a + hits)
    product = odds_ratio * of_a * hits
    root = sqrt(linear * linear + 4 * (1 - odds_ratio) * product)
    if linear >= 0:
        return 2 * product / (linear + root)
    return (root - linear) / (2 * (1 - odds_ratio))
