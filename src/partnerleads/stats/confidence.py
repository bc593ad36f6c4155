"""From a confidence to the tail it leaves and to the deviate of the normal distribution."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

from partnerleads.errors import OptionError

__all__ = ["deviate", "one_tail"]


def one_tail(confidence: float) -> float:
    """The chance left outside on one side of a two-sided interval.

    Args:
        confidence: Chance inside. [0..1, exclusive]

    Returns:
        ``(1 - confidence) / 2``. [0..0.5]

    Raises:
        OptionError: When the confidence is none.

    >>> one_tail(0.5)
    0.25
    """
    if not 0 < confidence < 1:
        raise OptionError("confidence", confidence, "must lie between 0 and 1, such as 0.95")
    return (1 - confidence) / 2


@lru_cache(maxsize=64)  # many intervals have one confidence
def deviate(confidence: float) -> float:
    """How many standard errors a two-sided normal interval reaches to each side.

    Args:
        confidence: Chance inside. [0..1, exclusive]

    Returns:
        The deviate z, 1.96 for 95 %. [>= 0]

    Raises:
        OptionError: When the confidence is none.

    >>> round(deviate(0.95), 4)
    1.96
    """
    return abs(NormalDist().inv_cdf(one_tail(confidence)))
