"""Intervals for rates, in closed form."""

from __future__ import annotations

from math import sqrt

from partnerleads.errors import OptionError
from partnerleads.stats.confidence import deviate

__all__ = ["wilson"]


def wilson(hits: int, of: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a share.

    It stays inside 0 and 1 and is sensible for small counts and for shares of 0 and 1.

    Args:
        hits: How many of them have the property. [count, 0..of]
        of: How many there are. [count, >= 1]
        confidence: Chance that such an interval holds the true share. [0..1, exclusive]

    Returns:
        Lower and upper limit. [0..1]

    Raises:
        OptionError: When the counts or the confidence make no sense.

    Source:
        Wilson 1927; recommended for small n by Brown, Cai and DasGupta 2001.

    >>> low, high = wilson(60, 400)
    >>> round(low, 4), round(high, 4)
    (0.1183, 0.1883)
    """
    if not 0 <= hits <= of or of < 1:
        raise OptionError("hits", hits, f"of {of} is no share; write 0 <= hits <= of and of >= 1")
    z = deviate(confidence)
    share = hits / of
    centre = share + z * z / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    low = 0.0 if hits == 0 else (centre - spread) / scale
    high = 1.0 if hits == of else (centre + spread) / scale
    return low, high
