"""From the units of a metric to a share of the best: non-decreasing maps to [0, 1].

All but those made of a reference are absolute: no other partner moves them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise
from math import log
from typing import ClassVar, Literal, Protocol

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.numbers import check_number, finite, in_range
from partnerleads.model.options import one_of

__all__ = [
    "NORMALISERS",
    "CappedTarget",
    "Goalposts",
    "LogGoalposts",
    "Normaliser",
    "Percentile",
    "PointsTable",
    "Saturating",
]


class Normaliser(Protocol):
    """How a metric becomes a share; any frozen class with these is a normaliser.

    Attributes:
        kind: Its name.
    """

    kind: ClassVar[str]

    def share(self, value: float, /) -> float:
        """The share of a value, never less for a larger one. [0..1]"""
        ...


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _rising(low: float, high: float) -> None:
    if not low < high:
        raise OptionError("high", high, f"must lie above low, {low!r}")


@frozen
class Goalposts:
    """0 up to *low*, 1 from *high* on, in proportion between.

    Attributes:
        low: The most that is worth nothing. [unit of the metric]
        high: The least that is worth all. [unit of the metric, > low]

    >>> Goalposts(0, 200_000).share(50_000)
    0.25
    """

    low: float = field(validator=finite)
    high: float = field(validator=finite)
    kind: ClassVar[str] = "goalposts"

    def __attrs_post_init__(self) -> None:
        _rising(self.low, self.high)

    @classmethod
    def of(cls, reference: Iterable[float]) -> Goalposts:
        """Goalposts at the least and the most of a reference, which are frozen with it.

        This is min-max scaling. Made anew for each pool it lets a partner that enters the pool
        turn the order of two others; so choose a reference once, and keep it.

        Args:
            reference: Values of the metric; at least two different ones. [unit of the metric]
        """
        values = sorted(reference)
        if len(set(values)) < 2:
            raise OptionError("reference", values, "needs two different values")
        return cls(values[0], values[-1])

    def share(self, value: float, /) -> float:
        """The share of a value. [0..1]"""
        return _clipped((value - self.low) / (self.high - self.low))


@frozen
class LogGoalposts:
    """Goalposts on the logarithm: each doubling is worth as much as the one before.

    Attributes:
        low: The most that is worth nothing. [unit of the metric, > 0]
        high: The least that is worth all. [unit of the metric, > low]

    >>> round(LogGoalposts(1_000, 1_000_000).share(10_000), 4)
    0.3333
    """

    low: float = field(validator=in_range(0, open_low=True))
    high: float = field(validator=finite)
    kind: ClassVar[str] = "log_goalposts"

    def __attrs_post_init__(self) -> None:
        _rising(self.low, self.high)

    def share(self, value: float, /) -> float:
        """The share of a value. [0..1]"""
        if value <= self.low:
            return 0.0
        return _clipped((log(value) - log(self.low)) / (log(self.high) - log(self.low)))


@frozen
class CappedTarget:
    """In proportion up to a target, and no more beyond it.

    Attributes:
        target: What is worth all. [unit of the metric, > 0]

    >>> CappedTarget(4).share(3), CappedTarget(4).share(9)
    (0.75, 1.0)
    """

    target: float = field(validator=in_range(0, open_low=True))
    kind: ClassVar[str] = "capped_target"

    def share(self, value: float, /) -> float:
        """The share of a value. [0..1]"""
        return _clipped(value / self.target)


@frozen
class Saturating:
    """value / (value + half): each more is worth less, and nothing is worth all.

    Attributes:
        half: What is worth a half. [unit of the metric, > 0]

    >>> Saturating(5).share(5), Saturating(5).share(15)
    (0.5, 0.75)
    """

    half: float = field(validator=in_range(0, open_low=True))
    kind: ClassVar[str] = "saturating"

    def share(self, value: float, /) -> float:
        """The share of a value; 0 for what is not above 0. [0..1]"""
        return 1 / (1 + self.half / value) if value > 0 else 0.0


def _points(points: Iterable[Iterable[float]]) -> tuple[tuple[float, float], ...]:
    table = []
    for row in points:
        value, share = row
        check_number("points", value)
        check_number("points", share)
        table.append((value, share))
    return tuple(table)


@frozen
class PointsTable:
    """Shares read from a table.

    Attributes:
        points: Values, rising, with their shares, never falling. [(unit of the metric, 0..1)]
        between: ``linear`` goes straight from point to point; ``step`` keeps the share of the
            last point reached, and is 0 before the first.

    >>> PointsTable(((0, 0), (10, 0.5), (40, 1))).share(25)
    0.75
    >>> PointsTable(((5, 0.4), (10, 1)), between="step").share(9)
    0.4
    """

    points: tuple[tuple[float, float], ...] = field(converter=_points)
    between: Literal["linear", "step"] = field(default="linear", validator=one_of("linear", "step"))
    kind: ClassVar[str] = "points_table"

    def __attrs_post_init__(self) -> None:
        shares = [share for _, share in self.points]
        rising = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(self.points))
        if not self.points or not rising or shares[0] < 0 or shares[-1] > 1:
            reason = "needs values that rise, with shares from 0 to 1 that do not fall"
            raise OptionError("points", self.points, reason)

    def share(self, value: float, /) -> float:
        """The share of a value; the first and the last go on for ever. [0..1]"""
        place = bisect_right(self.points, value, key=lambda point: point[0])
        if place == 0:
            return 0.0 if self.between == "step" else self.points[0][1]
        left, low = self.points[place - 1]
        if place == len(self.points) or self.between == "step":
            return low
        right, high = self.points[place]
        return min(low + (high - low) * ((value - left) / (right - left)), high)


def _sorted(values: Iterable[float]) -> tuple[float, ...]:
    reference = tuple(values)
    for value in reference:
        check_number("reference", value)
    return tuple(sorted(reference))


@frozen
class Percentile:
    """The part of a frozen reference that is below, with half of what is equal.

    Attributes:
        reference: Values of the metric, such as those of all partners at the end of last year.
            Kept sorted; at least one. [unit of the metric]

    >>> Percentile((1, 2, 2, 9)).share(2)
    0.5
    """

    reference: tuple[float, ...] = field(converter=_sorted)
    kind: ClassVar[str] = "percentile"

    def __attrs_post_init__(self) -> None:
        if not self.reference:
            raise OptionError("reference", self.reference, "needs a value")

    def share(self, value: float, /) -> float:
        """The share of a value. [0..1]"""
        below, up_to = bisect_left(self.reference, value), bisect_right(self.reference, value)
        return (below + up_to) / (2 * len(self.reference))


NORMALISERS: dict[str, type[Normaliser]] = {
    one.kind: one
    for one in (Goalposts, LogGoalposts, CappedTarget, Saturating, PointsTable, Percentile)
}
"""The normalisers of this library by name."""
