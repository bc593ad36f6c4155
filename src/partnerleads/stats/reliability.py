"""Stated chances held against what happened, bin by bin, and the parts of the Brier score."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import fsum, inf
from typing import Literal, TypeAlias, get_args

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.stats.chi_square import chi_square_tail
from partnerleads.stats.forecasts import brier_score, check_forecasts
from partnerleads.stats.intervals import wilson
from partnerleads.stats.quantiles import quantile
from partnerleads.stats.significance import Significance

__all__ = [
    "BINNINGS",
    "Binning",
    "BrierParts",
    "ReliabilityBin",
    "brier_parts",
    "calibration_error",
    "calibration_test",
    "reliability_table",
]

Binning: TypeAlias = Literal["width", "quantile", "identical"]
"""How forecasts are grouped: into ranges as wide, into groups as large, or with their equals."""

BINNINGS: tuple[str, ...] = get_args(Binning)


@frozen(kw_only=True)
class ReliabilityBin:
    """Forecasts that are nearly the same, and what became of them.

    Attributes:
        low: Forecasts in it are above, or equal in the first bin. [0..1]
        high: Forecasts in it are at most that. [0..1]
        n: How many there are. [count, >= 1]
        hits: How many of them happened. [count]
        forecast: Their mean. [0..1]
        spread: Mean of the variances that they expect, ``p (1 - p)``; 0 where all are certain.
            [0..0.25]
        variance: Mean square of their distances from their mean. [>= 0]
        covariance: Mean product of the distances of forecast and outcome from their means.
    """

    low: float
    high: float
    n: int
    hits: int
    forecast: float
    spread: float
    variance: float
    covariance: float

    @property
    def rate(self) -> float:
        """The part that happened. [0..1]"""
        return self.hits / self.n

    @property
    def gap(self) -> float:
        """How much more often it happened than was said. [-1..1]"""
        return self.rate - self.forecast

    def interval(self, *, confidence: float = 0.95) -> tuple[float, float]:
        """Wilson's limits of the part that happened. [0..1 each]

        Args:
            confidence: Chance that such an interval holds the true part. [0..1, exclusive]
        """
        return wilson(self.hits, self.n, confidence=confidence)


@frozen(kw_only=True)
class BrierParts:
    """What a Brier score is made of.

    ``score = reliability - resolution + uncertainty + within``, up to rounding.

    Attributes:
        score: The mean squared distance. [0..1]
        reliability: What the bins' forecasts are off; 0 is best. [0..1]
        resolution: How far the bins' rates are from the rate of all; more is better. [0..1]
        uncertainty: The variance of the outcomes, which no forecast can change. [0..0.25]
        within: What differences of forecasts inside the bins add; 0 where the forecasts of a bin
            are identical. Below 0 where they tell hits from misses.
        bins: How many bins there are. [count]
        n: Forecasts. [count]
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    bins: int
    n: int


def reliability_table(
    forecasts: Sequence[float],
    outcomes: Sequence[bool],
    *,
    bins: int = 10,
    by: Binning = "width",
) -> tuple[ReliabilityBin, ...]:
    """Forecasts by bins, each with how often it happened.

    A forecast on an edge belongs to the lower bin. Equal forecasts are never parted, so with many
    equals there may be fewer bins by ``quantile`` than asked for; empty bins are left out.

    Args:
        forecasts: Stated chances. [0..1 each]
        outcomes: Whether it happened, in the same order.
        bins: How many; of no account by ``identical``. [count, >= 1]
        by: ``width`` for ranges as wide, ``quantile`` for groups as large, ``identical`` for one
            bin for each forecast that occurs.

    Returns:
        The bins by rising forecast, without empty ones.

    Raises:
        OptionError: When forecasts and outcomes, or an option, make no sense.

    >>> table = reliability_table([0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0],
    ...                           [False] * 4 + [True] * 5, bins=3)
    >>> [(round(one.forecast, 3), one.rate) for one in table]
    [(0.2, 0.0), (0.525, 0.5), (0.85, 1.0)]
    """
    check_forecasts(forecasts, outcomes)
    edges = _edges(forecasts, bins, by)
    groups: dict[int, list[tuple[float, bool]]] = {}
    for chance, outcome in zip(forecasts, outcomes, strict=True):
        place = bisect_left(edges, chance)
        groups.setdefault(place, []).append((chance, outcome))
    limits = [0.0, *edges, 1.0]
    return tuple(
        _bin(limits[place], limits[place + 1], groups[place])
        if by != "identical"
        else _bin(groups[place][0][0], groups[place][0][0], groups[place])
        for place in sorted(groups)
    )


def brier_parts(
    forecasts: Sequence[float],
    outcomes: Sequence[bool],
    *,
    bins: int = 10,
    by: Binning = "identical",
) -> BrierParts:
    """The Brier score as reliability, resolution and uncertainty.

    With few different forecasts group them by ``identical``: nothing is left within the bins then.
    Where nearly every forecast is another, that says of each bin that it resolves everything, and
    ranges say more.

    Args:
        forecasts: Stated chances. [0..1 each]
        outcomes: Whether it happened, in the same order.
        bins: How many; of no account by ``identical``. [count, >= 1]
        by: As in :func:`reliability_table`.

    Raises:
        OptionError: When forecasts and outcomes, or an option, make no sense.

    Source:
        Murphy 1973; the part within bins is Stephenson, Coelho and Jolliffe 2008.

    >>> parts = brier_parts([0.2, 0.2, 0.6, 0.6], [False, True, True, True])
    >>> [round(one, 4) for one in (parts.reliability, parts.resolution, parts.uncertainty)]
    [0.125, 0.0625, 0.1875]
    """
    table = reliability_table(forecasts, outcomes, bins=bins, by=by)
    n = len(forecasts)
    rate = sum(one.hits for one in table) / n
    return BrierParts(
        score=brier_score(forecasts, outcomes),
        reliability=fsum(one.n * one.gap**2 for one in table) / n,
        resolution=fsum(one.n * (one.rate - rate) ** 2 for one in table) / n,
        uncertainty=rate * (1 - rate),
        within=fsum(one.n * (one.variance - 2 * one.covariance) for one in table) / n,
        bins=len(table),
        n=n,
    )


def calibration_error(table: Sequence[ReliabilityBin]) -> float:
    """By how much stated chances were off on average: the expected calibration error.

    It hangs on the bins: fewer of them hide more. Every forecast being the rate of all gives 0,
    and helps nobody; look at the resolution too.

    Args:
        table: A reliability table.

    Returns:
        The mean of the bins' absolute gaps, each as often as it has forecasts. [0..1]

    Source:
        Naeini, Cooper and Hauskrecht 2015.

    >>> table = reliability_table([0.2, 0.4, 0.9], [False, True, True], bins=2)
    >>> round(calibration_error(table), 6)
    0.166667
    """
    return fsum(one.n * abs(one.gap) for one in table) / sum(one.n for one in table)


def calibration_test(table: Sequence[ReliabilityBin]) -> Significance:
    """Whether stated chances are off by more than chance alone would have them.

    Only for forecasts of outcomes that nothing was fitted to: one degree of freedom for each bin.
    Bins with fewer than about five expected hits or misses make it rough.

    Args:
        table: A reliability table.

    Returns:
        Statistic and p-value. Bins that were certain, and right, are left out; one that was
        certain and wrong makes the statistic infinite. Undefined where every bin is certain and
        right, as these leave nothing to chance.

    Source:
        Hosmer and Lemeshow 1980.

    >>> table = reliability_table([0.3] * 100, [True] * 40 + [False] * 60)
    >>> test = calibration_test(table)
    >>> round(test.statistic, 4), round(test.p_value, 4)
    (4.7619, 0.0291)
    """
    name = "Hosmer-Lemeshow"
    # of certain forecasts as many may be wrong either way, which leaves no gap
    tested = [one for one in table if one.spread or one.gap or one.covariance != one.variance]
    if not tested:
        return Significance(test=name, undefined_because="every forecast is certain, and right")
    terms = (one.n * one.gap**2 / one.spread if one.spread else inf for one in tested)
    statistic, degrees = fsum(terms), len(tested)
    tail = chi_square_tail(statistic, degrees=degrees) if statistic < inf else 0.0
    return Significance(test=name, statistic=statistic, p_value=tail, degrees=degrees)


def _edges(forecasts: Sequence[float], bins: int, by: Binning) -> list[float]:
    """The inner edges, rising."""
    if by not in BINNINGS:
        raise OptionError("by", by, f"is none of {', '.join(BINNINGS)}")
    if bins < 1:
        raise OptionError("bins", bins, "must be 1 or more")
    if by == "identical":
        return sorted(set(forecasts))
    if by == "width":
        return [step / bins for step in range(1, bins)]
    ordered = sorted(forecasts)
    return sorted({quantile(ordered, step / bins) for step in range(1, bins)})


def _bin(low: float, high: float, pairs: Sequence[tuple[float, bool]]) -> ReliabilityBin:
    n = len(pairs)
    hits = sum(outcome for _, outcome in pairs)
    mean = fsum(chance for chance, _ in pairs) / n
    if low == high:  # the mean of equals may differ from them in its last digit
        mean = low
    return ReliabilityBin(
        low=low,
        high=high,
        n=n,
        hits=hits,
        forecast=mean,
        spread=fsum(chance * (1 - chance) for chance, _ in pairs) / n,
        variance=fsum((chance - mean) ** 2 for chance, _ in pairs) / n,
        covariance=fsum((chance - mean) * (outcome - hits / n) for chance, outcome in pairs) / n,
    )
