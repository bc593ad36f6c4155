"""The upper tail of the chi-square distribution, in closed form."""

from __future__ import annotations

from math import erfc, exp, fsum, inf, lgamma, log, sqrt

from partnerleads.errors import OptionError

__all__ = ["chi_square_tail"]


def chi_square_tail(statistic: float, *, degrees: int = 1) -> float:
    """The chance of a chi-square value at least as large.

    Args:
        statistic: The value found. [finite, >= 0]
        degrees: Degrees of freedom. [count, >= 1]

    Returns:
        The p-value; 0.0 where it is smaller than a float can hold. [0..1]

    Raises:
        OptionError: When the statistic or the degrees make no sense.

    Source:
        Repeated integration by parts of the incomplete gamma function: Abramowitz and Stegun 1964,
        26.4.4 (odd degrees) and 26.4.5 (even degrees). All terms are positive, so nothing cancels.

    >>> round(chi_square_tail(3.841459), 6), round(chi_square_tail(5.991465, degrees=2), 6)
    (0.05, 0.05)
    """
    if not 0 <= statistic < inf:
        raise OptionError("statistic", statistic, "must be finite and not negative")
    if degrees < 1:
        raise OptionError("degrees", degrees, "must be 1 or more")
    half = statistic / 2
    if half == 0:
        return 1.0
    odd = degrees % 2
    powers = (step + odd / 2 for step in range(degrees // 2))
    terms = [exp(power * log(half) - half - lgamma(power + 1)) for power in powers]
    return min(1.0, fsum([erfc(sqrt(half)) if odd else 0.0, *terms]))
