"""The likelihood of shares that vary between groups as a beta distribution does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import exp, log, log1p, sqrt

from partnerleads.stats.beta import log_gamma_rest, share_of_odds

__all__ = ["BetaBinomial", "falling_root"]

FURTHEST = 60.0
"""Log-odds of a mean share that no data of this world reach."""

PRECISION = 1e-12
"""How closely the best mean and strength are found, as logarithms."""


class BetaBinomial:
    """The log-likelihood of groups' counts, by mean and strength of the beta distribution.

    The sums run over distinct counts, so their cost does not grow with the trials. For a given
    strength the likelihood is concave in the mean, so that the best mean is found safely.

    Args:
        counts: Hits and trials of each group, neither all hits nor none. [0 <= hits <= of]
    """

    def __init__(self, counts: Sequence[tuple[int, int]]) -> None:
        self._hits = Counter(hits for hits, _ in counts if hits)
        self._misses = Counter(of - hits for hits, of in counts if of > hits)
        self._trials = Counter(of for _, of in counts)

    def best_mean(self, strength: float) -> float:
        """The likeliest mean for a strength. [0..1]"""

        def slope(odds: float) -> float:
            mean, rest = share_of_odds(odds)
            gains = _rise_slope(strength * mean, self._hits)
            return gains - _rise_slope(strength * rest, self._misses)

        return share_of_odds(falling_root(slope, -FURTHEST, FURTHEST))[0]

    def slope(self, strength: float) -> float:
        """How the log-likelihood of the best mean grows with the strength. [1 / trial]"""
        mean = self.best_mean(strength)
        return (
            mean * _rise_slope(strength * mean, self._hits)
            + (1 - mean) * _rise_slope(strength * (1 - mean), self._misses)
            - _rise_slope(strength, self._trials)
        )

    def at(self, strength: float) -> float:
        """The log-likelihood of the best mean for a strength, without the binomial factors."""
        mean = self.best_mean(strength)
        return (
            log(mean) * sum(hits * groups for hits, groups in self._hits.items())
            + log1p(-mean) * sum(misses * groups for misses, groups in self._misses.items())
            + _rise(strength * mean, self._hits)
            + _rise(strength * (1 - mean), self._misses)
            - _rise(strength, self._trials)
        )

    def best_strength(self, low: float, high: float, *, steps: int) -> float:
        """The likeliest strength between limits, looked for in equal steps of its logarithm.

        Args:
            low: The least strength. [> 0]
            high: The largest strength. [> low]
            steps: How many parts the range is cut into. [count, >= 1]
        """
        ratio = log(high / low) / steps
        grid = [log(low) + ratio * step for step in range(steps)] + [log(high)]

        def slope(log_strength: float) -> float:
            return exp(log_strength) * self.slope(exp(log_strength))

        slopes = [slope(place) for place in grid]
        peaks = [low] if slopes[0] <= 0 else []
        for left, right, rising, falling in zip(grid, grid[1:], slopes, slopes[1:], strict=False):
            if rising > 0 >= falling:
                peaks.append(exp(falling_root(slope, left, right)))
        if slopes[-1] > 0:
            peaks.append(high)
        return max(peaks, key=self.at)


def falling_root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that is positive at *low* and not at *high* passes 0.

    Ridders' method: every round at least halves the bracket.
    """
    above, below = function(low), function(high)
    place = low
    while below:
        middle = (low + high) / 2
        value = function(middle)
        shift = (middle - low) * value / sqrt(value * value - above * below)
        before, place = place, middle + shift
        if abs(place - before) <= PRECISION * max(1.0, abs(place)):
            return place
        for x, y in ((middle, value), (place, function(place))):
            if y > 0:
                low, above = max((low, above), (x, y))
            else:
                high, below = min((high, below), (x, y))
    return high


def _rise(z: float, counts: Counter[int]) -> float:
    """Sum of ``log(gamma(z + count) / gamma(z)) - count log(z)``, exact also for large terms."""
    start = log_gamma_rest(z)
    return sum(
        groups * ((z + count - 0.5) * log1p(count / z) - count + log_gamma_rest(z + count) - start)
        for count, groups in counts.items()
    )


def _rise_slope(z: float, counts: Counter[int]) -> float:
    """Sum of ``digamma(z + count) - digamma(z)``."""
    start = _digamma_rest(z)
    return sum(
        groups * (log1p(count / z) + _digamma_rest(z + count) - start)
        for count, groups in counts.items()
    )


def _digamma_rest(z: float) -> float:
    """``digamma(z) - log(z)``, after DLMF 5.11.2 and the recurrence 5.5.2."""
    shift, large = 0.0, z
    while large < 10:
        shift += 1 / large
        large += 1
    s = 1 / (large * large)
    series = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s / 132))))
    return log(large / z) - 1 / (2 * large) - series - shift
