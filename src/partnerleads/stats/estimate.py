"""An estimated number with its interval, or the reason why there is none."""

from __future__ import annotations

from math import exp, log, sqrt

from attrs import frozen

from partnerleads.stats.confidence import deviate

__all__ = ["Estimate", "difference_estimate", "ratio_estimate"]

_LARGEST_LOG = 700.0  # beyond it a float ends


@frozen(kw_only=True)
class Estimate:
    """A number worked out from a sample.

    Attributes:
        value: The best single answer; None where undefined.
        interval: Lower and upper limit at the confidence asked for; None where undefined. A value
            can be defined without its interval, never the other way round.
        undefined_because: Why the value or the interval is missing; None where both are there.
    """

    value: float | None = None
    interval: tuple[float, float] | None = None
    undefined_because: str | None = None


def ratio_estimate(above: float, below: float, *, variance: float, confidence: float) -> Estimate:
    """A ratio with the interval that is normal on the scale of logarithms.

    Args:
        above: The numerator. [>= 0]
        below: The denominator. [> 0]
        variance: Of the logarithm of the ratio; read only where the ratio is above 0. [>= 0]
        confidence: Chance that such an interval holds the true ratio. [0..1, exclusive]

    Returns:
        The ratio. Its interval is undefined for a ratio of 0, which has no logarithm, where the
        sample shows no variation at all, which is no certainty, and where a limit is no float.

    >>> ratio_estimate(3.0, 2.0, variance=0.0, confidence=0.95).value
    1.5
    """
    reach = deviate(confidence) * sqrt(variance)
    ratio = above / below
    if ratio == 0:
        return Estimate(value=ratio, undefined_because="a ratio of 0 has no log interval")
    if variance == 0:
        return Estimate(value=ratio, undefined_because="no variation, so no interval")
    if abs(log(ratio)) + reach > _LARGEST_LOG:
        return Estimate(value=ratio, undefined_because="the interval exceeds what a float holds")
    return Estimate(value=ratio, interval=(ratio * exp(-reach), ratio * exp(reach)))


def difference_estimate(difference: float, *, variance: float, confidence: float) -> Estimate:
    """A difference of rates with the normal interval, cut at -1 and 1.

    Args:
        difference: Of two rates. [-1..1]
        variance: Of the difference. [not below 0 but for rounding]
        confidence: Chance that such an interval holds the true difference. [0..1, exclusive]

    Returns:
        The difference. Its interval is undefined where the sample shows no variation at all,
        which is no certainty.

    >>> difference_estimate(0.5, variance=0.0, confidence=0.95).undefined_because
    'no variation, so no interval'
    """
    z = deviate(confidence)
    if variance <= 0:
        return Estimate(value=difference, undefined_because="no variation, so no interval")
    reach = z * sqrt(variance)
    return Estimate(
        value=difference, interval=(max(-1.0, difference - reach), min(1.0, difference + reach))
    )
