"""The deviate of Student's t distribution, through the beta distribution."""

from __future__ import annotations

from math import sqrt

from partnerleads.errors import OptionError
from partnerleads.stats.beta import beta_quantile
from partnerleads.stats.confidence import one_tail

__all__ = ["student_deviate"]


def student_deviate(confidence: float, *, degrees: int) -> float:
    """How many standard errors a two-sided interval of Student's t reaches to each side.

    Args:
        confidence: Chance inside. [0..1, exclusive]
        degrees: Degrees of freedom. [count, >= 1]

    Returns:
        The deviate t, 2.262 for 95 % and 9 degrees. [>= 0]

    Raises:
        OptionError: When the confidence or the degrees are none.

    Source:
        The tail of t as an incomplete beta function: Abramowitz and Stegun 1964, 26.7.1.

    >>> round(student_deviate(0.95, degrees=9), 3)
    2.262
    """
    if degrees < 1:
        raise OptionError("degrees", degrees, "must be 1 or more")
    # t^2 / (t^2 + degrees) is a beta variable
    part = beta_quantile(2 * one_tail(confidence), degrees / 2, 0.5)
    return sqrt(degrees * (1 - part) / part)
