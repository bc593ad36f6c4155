"""How well one column of numbers orders another."""

from __future__ import annotations

from collections.abc import Sequence
from math import atanh, fsum, sqrt, tanh

from partnerleads.errors import OptionError
from partnerleads.stats.confidence import deviate
from partnerleads.stats.estimate import Estimate

__all__ = ["ranks_of", "spearman", "top_lift"]

_LEAST = 4


def ranks_of(values: Sequence[float]) -> list[float]:
    """The rank of each value from the least up; equal values share the mean of their ranks.

    >>> ranks_of([30.0, 10.0, 30.0])
    [2.5, 1.0, 2.5]
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + 1 + end) / 2
        start = end
    return ranks


def spearman(first: Sequence[float], second: Sequence[float], *, confidence: float) -> Estimate:
    """The rank correlation of two columns: 1 where they order alike, -1 where against each other.

    Args:
        first: One value of each member.
        second: Another value of each.
        confidence: Of the interval. [0..1, exclusive]

    Returns:
        The correlation of the ranks. Undefined where a column has one value alone. The interval is
        Fisher's, with the variance ``(1 + r^2 / 2) / (n - 3)``; undefined for fewer than 4 members
        and where the order is the same, or the reverse, throughout. [-1..1]

    Source:
        Spearman 1904; interval after Bonett and Wright 2000.

    >>> round(spearman([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 3.0, 4.0], confidence=0.95).value, 9)
    0.8
    """
    z = deviate(confidence)
    n = len(first)
    if n != len(second):
        raise OptionError("second", len(second), f"must have {n} values, as the first has")
    x, y = _centred(ranks_of(first)), _centred(ranks_of(second))
    spread = sqrt(fsum(a * a for a in x) * fsum(b * b for b in y))
    if not spread:
        return Estimate(undefined_because="all are equal in one of the two")
    r = fsum(a * b for a, b in zip(x, y, strict=True)) / spread
    if n < _LEAST:
        return Estimate(value=r, undefined_because=f"no interval of fewer than {_LEAST}")
    if 1 - abs(r) < 1e-12:
        return Estimate(value=r, undefined_because="no variation, so no interval")
    reach = z * sqrt((1 + r * r / 2) / (n - 3))
    return Estimate(value=r, interval=(tanh(atanh(r) - reach), tanh(atanh(r) + reach)))


def _centred(values: Sequence[float]) -> list[float]:
    mean = fsum(values) / len(values) if values else 0.0
    return [value - mean for value in values]


def top_lift(
    scores: Sequence[float], outcomes: Sequence[float], *, part: float = 0.25
) -> float | None:
    """Mean outcome of the best scored over the mean of all.

    Where equal scores straddle the line, each of them counts with the same part.

    Args:
        scores: Score of each member.
        outcomes: Outcome of each member.
        part: How large a part of the members is the top; rounded up to whole members. [0..1]

    Returns:
        1 where the score tells nothing; None without an outcome above 0 on average. [ratio]

    >>> top_lift([9.0, 5.0, 4.0, 1.0], [60.0, 20.0, 20.0, 0.0])
    2.4
    """
    n = len(scores)
    mean = fsum(outcomes) / n if n else 0.0
    if mean <= 0:
        return None
    size = -int(-part * n // 1)
    line = sorted(scores, reverse=True)[size - 1]
    above = [o for s, o in zip(scores, outcomes, strict=True) if s > line]
    level = [o for s, o in zip(scores, outcomes, strict=True) if s == line]
    top = fsum(above) + fsum(level) * (size - len(above)) / len(level)
    return top / size / mean
