"""The gamma distribution: its probabilities and quantiles."""

from __future__ import annotations

from math import exp, inf, lgamma, log, sqrt

from partnerleads.errors import OptionError
from partnerleads.stats.beta_binomial import falling_root
from partnerleads.stats.confidence import one_tail

__all__ = ["gamma_limits", "gamma_probability", "gamma_quantile"]

_STEADY = 1e-16


def gamma_probability(value: float, shape: float) -> float:
    """Chance that a gamma variable of rate 1 is at most *value*.

    Args:
        value: The limit. [>= 0]
        shape: Shape of the distribution, also its mean. [> 0]

    Returns:
        The regularised incomplete gamma function. [0..1]

    Raises:
        OptionError: When an argument makes no sense.

    Source:
        The series DLMF 8.7.1 below the mean, else the continued fraction 8.9.2.

    >>> round(gamma_probability(1, 1), 4)
    0.6321
    """
    _check(shape)
    if not 0 <= value < inf:
        raise OptionError("value", value, "must be finite and not negative")
    return _below(log(value), shape) if value else 0.0


def gamma_quantile(probability: float, shape: float) -> float:
    """The value that a gamma variable of rate 1 stays below with the given probability.

    Args:
        probability: 0.5 for the median. [0..1, exclusive]
        shape: Shape of the distribution, also its mean. [> 0]

    Returns:
        The value; 0 where it is smaller than a float can hold. [>= 0]

    Raises:
        OptionError: When an argument makes no sense.

    >>> round(gamma_quantile(0.5, 1), 4)
    0.6931
    """
    _check(shape)
    if not 0 < probability < 1:
        raise OptionError("probability", probability, "must lie between 0 and 1, such as 0.975")
    low = (log(probability) + lgamma(shape + 1)) / shape - 1
    high = log(shape + 50 * sqrt(shape) + 800)
    return exp(falling_root(lambda place: probability - _below(place, shape), low, high))


def gamma_limits(shape: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Limits of a gamma variable with as much chance beyond either, as multiples of its mean.

    Args:
        shape: Shape of the distribution. [> 0]
        confidence: Chance inside. [0..1, exclusive]

    Raises:
        OptionError: When an argument makes no sense.

    >>> [round(limit, 3) for limit in gamma_limits(4)]
    [0.272, 2.192]
    """
    tail = one_tail(confidence)
    low, high = (gamma_quantile(chance, shape) for chance in (tail, 1 - tail))
    return low / shape, high / shape


def _check(shape: float) -> None:
    if not 0 < shape < inf:
        raise OptionError("shape", shape, "must be a finite number above 0")


def _below(log_value: float, shape: float) -> float:
    """The chance up to a value given by its logarithm, which may be that of a tiny one."""
    value = exp(log_value)
    factor = exp(shape * log_value - value - lgamma(shape))
    if value < shape + 1:
        term = total = 1 / shape
        step = shape
        while term > _STEADY * total:
            step += 1
            term *= value / step
            total += term
        return factor * total
    denominator = value + 1 - shape
    numerator, fraction, step, change = inf, 1 / denominator, 0, inf
    denominator = 1 / denominator
    while abs(change - 1) > 4 * _STEADY:
        step += 1
        weight = step * (shape - step)
        place = value + 2 * step + 1 - shape
        denominator = 1 / (place + weight * denominator)
        numerator = place + weight / numerator
        change = denominator * numerator
        fraction *= change
    return 1 - factor * fraction
