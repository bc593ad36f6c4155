"""The beta distribution: its probabilities and quantiles, also for very large parameters."""

from __future__ import annotations

from math import exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

from partnerleads.errors import OptionError

__all__ = ["beta_probability", "beta_quantile", "log_gamma_rest", "share_of_odds"]

STEADY = 4e-15
"""Factors this close to 1 change nothing any more. [relative]"""

LEAST, MOST = 1e-12, 1e12
"""Weights between which the sums are exact and short."""

FURTHEST = 745.0
"""Log-odds beyond which a share is 0 or 1 as a float."""


def beta_probability(share: float, a: float, b: float) -> float:
    """Chance that a beta variable is at most *share*: the regularised incomplete beta function.

    Args:
        share: The limit. [0..1]
        a: Weight on the side of 1. [1e-12..1e12]
        b: Weight on the side of 0. [1e-12..1e12]

    Returns:
        Right to about 12 digits, 9 where a or b exceed ten million. [0..1]

    Raises:
        OptionError: When an argument makes no sense.

    Source:
        The continued fraction of DLMF 8.17.22; Stirling's series for its factor (DLMF 5.11.1).

    >>> round(beta_probability(0.5, 2, 3), 4)
    0.6875
    """
    _check(a, b)
    if not 0 <= share <= 1:
        raise OptionError("share", share, "must lie between 0 and 1")
    if share in {0, 1}:
        return float(share)
    return _below(share, 1 - share, a, b)


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The share that a beta variable stays below with the given probability.

    Args:
        probability: 0.5 for the median. [0..1, exclusive]
        a: Weight on the side of 1. [1e-12..1e12]
        b: Weight on the side of 0. [1e-12..1e12]

    Returns:
        The share; 0 or 1 where it comes closer to them than a float can. [0..1]

    Raises:
        OptionError: When an argument makes no sense.

    >>> round(beta_quantile(0.5, 2, 3), 4)
    0.3857
    """
    _check(a, b)
    if not 0 < probability < 1:
        raise OptionError("probability", probability, "must lie between 0 and 1, such as 0.975")
    low, high = -FURTHEST, FURTHEST
    if _below(*share_of_odds(low), a, b) >= probability:
        return 0.0
    if _below(*share_of_odds(high), a, b) <= probability:
        return 1.0
    guess = log(a / b) + NormalDist().inv_cdf(probability) * sqrt(1 / a + 1 / b)
    odds = min(max(guess, low), high)
    before = last = high - low
    while True:
        share, rest = share_of_odds(odds)
        excess = _below(share, rest, a, b) - probability
        low, high = (low, odds) if excess > 0 else (odds, high)
        slope = exp(_log_factor(share, rest, a, b))
        step = -excess / slope if slope else inf
        if not (low < odds + step < high and 2 * abs(step) < before):
            step = (low + high) / 2 - odds
        before, last = last, abs(step)
        odds += step
        if last <= STEADY * max(1.0, abs(odds)):
            return share_of_odds(odds)[0]


def log_gamma_rest(z: float) -> float:
    """What Stirling's formula leaves of the logarithm of the gamma function. [0..]"""
    if z < 16:
        return lgamma(z) - (z - 0.5) * log(z) + z - log(2 * pi) / 2
    s = 1 / (z * z)
    return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / z


def share_of_odds(odds: float) -> tuple[float, float]:
    """The share with these log-odds, and the rest to 1; both exact when tiny."""
    small = exp(-abs(odds))
    near, far = small / (1 + small), 1 / (1 + small)
    return (near, far) if odds < 0 else (far, near)


def _check(a: float, b: float) -> None:
    for name, value in (("a", a), ("b", b)):
        if not LEAST <= value <= MOST:
            raise OptionError(name, value, f"must lie between {LEAST:g} and {MOST:g}")


def _log_factor(share: float, rest: float, a: float, b: float) -> float:
    """Logarithm of ``share^a rest^b / B(a, b)``, without the loss of large terms."""
    total = a + b
    mean, other = a / total, b / total
    above = share - mean if share < rest else other - rest
    return (
        a * _log_ratio(share, mean, above)
        + b * _log_ratio(rest, other, -above)
        + (log(a) + log(b) - log(2 * pi * total)) / 2
        + log_gamma_rest(total)
        - log_gamma_rest(a)
        - log_gamma_rest(b)
    )


def _log_ratio(value: float, base: float, difference: float) -> float:
    """``log(value / base)``, by the difference where that is small."""
    if abs(difference) < base / 2:
        return log1p(difference / base)
    return log(value) - log(base)


def _below(share: float, rest: float, a: float, b: float) -> float:
    if share * (a + b + 2) > a + 1:
        return 1 - _below_mean(rest, share, b, a)
    return _below_mean(share, rest, a, b)


def _below_mean(share: float, rest: float, a: float, b: float) -> float:
    """The continued fraction, by Lentz's method; it converges below the mean."""
    total = a + b
    numerator, denominator = 1.0, 1 / (1 - total * share / (a + 1))
    fraction = denominator
    m, change = 0, inf
    while abs(change - 1) > STEADY:
        m += 1
        place = a + 2 * m
        change = 1.0
        for factor in (
            m * (b - m) * share / ((place - 1) * place),
            -(a + m) * (total + m) * share / (place * (place + 1)),
        ):
            denominator = 1 / (1 + factor * denominator)
            numerator = 1 + factor / numerator
            change *= denominator * numerator
        fraction *= change
    return exp(_log_factor(share, rest, a, b)) * fraction / a
