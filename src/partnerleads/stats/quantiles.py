"""Quantiles with linear interpolation."""

from __future__ import annotations

from collections.abc import Sequence

from partnerleads.errors import OptionError

__all__ = ["quantile"]


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which *share* of an ordered sample lies, interpolated linearly.

    Args:
        ordered: The sample in ascending order, not empty.
        share: 0.5 for the median. [0..1]

    Raises:
        OptionError: When the sample is empty or the share is none.

    Source:
        Hyndman and Fan 1996, type 7; the default of NumPy and R.

    >>> quantile([1.0, 2.0, 3.0, 10.0], 0.5)
    2.5
    """
    if not ordered:
        raise OptionError("ordered", ordered, "has no value, so no quantile")
    if not 0 <= share <= 1:
        raise OptionError("share", share, "must lie between 0 and 1, such as 0.5 for the median")
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    low, high = ordered[below], ordered[above]
    return min(high, low + (high - low) * (place - below))
