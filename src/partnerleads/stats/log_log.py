"""The log-log interval, which keeps the limits of a curve between 0 and 1."""

from __future__ import annotations

from math import exp, log, sqrt
from sys import float_info

from partnerleads.stats.confidence import deviate

__all__ = ["log_log_limits"]


def log_log_limits(
    share: float, *, variance: float, confidence: float
) -> tuple[float, float] | None:
    """Limits of an estimated share, whose ``log(-log(share))`` is taken as normal.

    Args:
        share: The estimate. [0..1]
        variance: Its variance. [>= 0]
        confidence: Chance that such an interval holds the true value. [0..1, exclusive]

    Returns:
        Lower and upper limit; None where there is no spread to go by: at 0 and 1, and where the
        share is so small that its variance leaves the floats. [0..1 each]

    Raises:
        OptionError: When the confidence makes no sense.

    Source:
        Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure Time Data, sections 1.4
        and 8.2.
    """
    z = deviate(confidence)
    if not 0 < share < 1 or variance < float_info.min:
        return None
    ratio = exp(z * sqrt(variance) / (share * -log(share)))
    return share**ratio, share ** (1 / ratio)
