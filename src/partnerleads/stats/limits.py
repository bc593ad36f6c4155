"""Limits of a funnel plot: which rates of a group of this size are chance alone."""

from __future__ import annotations

from itertools import accumulate
from math import floor, fsum

from partnerleads.errors import OptionError
from partnerleads.stats.confidence import one_tail
from partnerleads.stats.discrete import relative_chances

__all__ = ["funnel_limits"]


def funnel_limits(of: int, share: float, *, confidence: float = 0.998) -> tuple[float, float]:
    """Within which limits the rate of a group of this size stays by chance alone.

    The exact quantiles of the binomial distribution, so a rate outside is rarer than the tail on
    its side: at 99.8 %, fewer than 1 in 1 000 groups fall below the lower limit, and no more above
    the upper one. A rate on a limit is not outside. Time grows with the square root of the group.

    Args:
        of: How many there are in the group. [count, >= 1]
        share: The rate that the group is held against, such as that of all groups. [0..1]
        confidence: Chance that a group without a difference of its own stays inside. [0..1,
            exclusive]

    Returns:
        Lower and upper limit, each a count divided by ``of``. In tiny groups, where a single hit or
        miss is already rare, they need not enclose the share itself. [0..1]

    Raises:
        OptionError: When the count, the share or the confidence make no sense.

    Source:
        Spiegelhalter 2005, "Funnel plots for comparing institutional performance", without the
        interpolation between counts.

    >>> funnel_limits(20, 0.2, confidence=0.95)
    (0.05, 0.4)
    """
    if of < 1:
        raise OptionError("of", of, "has no rate; write 1 or more")
    if not 0 <= share <= 1:
        raise OptionError("share", share, "must lie between 0 and 1, such as 0.2")
    tail = one_tail(confidence)
    first, chances = relative_chances(
        min(of, floor((of + 1) * share)),
        least=0,
        most=of,
        step=lambda hits: ((of - hits) * share, (hits + 1) * (1 - share)),
    )
    rare = tail * fsum(chances)
    below = sum(total < rare for total in accumulate(chances))
    above = sum(total <= rare for total in accumulate(reversed(chances)))
    return (first + below) / of, (first + len(chances) - 1 - above) / of
