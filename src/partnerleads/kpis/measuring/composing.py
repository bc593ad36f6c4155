"""Figures made of other figures, segment by segment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from attrs import evolve, frozen

from partnerleads.kpis.measuring.figures import By, keys_of
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.model import (
    Caution,
    CloseRate,
    Count,
    Durations,
    Figure,
    FrozenMap,
    SegmentKey,
    Share,
    Totals,
)
from partnerleads.model.figure import frozen_counts
from partnerleads.model.money import EXACT

__all__ = [
    "Nested",
    "apart",
    "as_decimal",
    "compose",
    "empty_like",
    "left_out_of",
    "nested",
    "plain",
    "seen_by",
    "shared_cautions",
]

F = TypeVar("F", bound=Figure)
G = TypeVar("G", bound=Figure)

_NO_SHARE: dict[str, Any] = {"value": None, "hits": 0, "of": 0, "interval": None}
_NO_RATE = {"matured": 0, "projection": None, "projection_interval": None, "curve": None}
_NO_TIMES = {"median": None, "p90": None, "mean": None, "censored": 0, "closed_without": 0}
_NOTHING: dict[type[Figure], dict[str, Any]] = {
    Count: {"value": 0, "listed": ()},
    Share: _NO_SHARE,
    CloseRate: _NO_SHARE | _NO_RATE,
    Durations: _NO_TIMES,
    Totals: {"by_currency": FrozenMap(), "without_value": 0},
}
"""What each kind of result says of no members at all."""


@frozen
class Nested(Generic[G]):
    """A figure apart by its own keys, for the whole and inside every segment of others.

    Attributes:
        whole: The figure of all, segmented by its own keys.
        by: The keys around it.
        segments: The figure of each value of these, segmented by its own keys.
    """

    whole: G
    by: tuple[str, ...]
    segments: Mapping[SegmentKey, G]


def nested(
    measured: Callable[[tuple[str, ...]], G], *, by: By, inside: tuple[str, ...]
) -> Nested[G]:
    """A figure apart by keys inside the segments of others.

    Args:
        measured: Gives the figure segmented by the keys it is called with.
        by: Key or keys of the segments around; None for none.
        inside: Keys that tell apart what is in each of them.
    """
    outer = keys_of(by)
    whole = measured(inside)
    if not outer:
        return Nested(whole, (), {})
    names = (*outer, *(name for name in inside if name not in outer))
    places = [names.index(name) for name in inside]
    groups: dict[SegmentKey, dict[SegmentKey, Figure]] = defaultdict(dict)
    for key, one in measured(names).segments.items():
        values = key if isinstance(key, tuple) else (key,)
        groups[_key(values[: len(outer)])][_key(tuple(values[at] for at in places))] = one
    segments = {
        key: evolve(one, by=inside, segments=FrozenMap(groups[key]))
        for key, one in measured(outer).segments.items()
    }
    return Nested(whole, outer, segments)


def _key(values: tuple[str | None, ...]) -> SegmentKey:
    return values[0] if len(values) == 1 else values


def compose(
    make: Callable[..., F],
    parts: Mapping[str, Figure | Nested[Any]],
    *,
    absent: Literal["none", "empty"] = "none",
) -> F:
    """A figure made of others, for the whole and for every segment that any of them has.

    Args:
        make: Takes the parts by their names, and makes the figure of them.
        parts: The parts, segmented by the same keys.
        absent: What stands for a part that has no such segment: None, or a figure of the same
            kind over no members.
    """
    wholes = {
        name: part.whole if isinstance(part, Nested) else part for name, part in parts.items()
    }
    whole = make(**wholes)
    by = next(iter(parts.values())).by
    if not by:
        return whole

    def of_segment(name: str, key: SegmentKey) -> Figure | None:
        found: Figure | None = parts[name].segments.get(key)
        if found is None and absent == "empty":
            return empty_like(wholes[name])
        return found

    keys = sorted({key for part in parts.values() for key in part.segments}, key=none_last)
    segments = {key: make(**{name: of_segment(name, key) for name in parts}) for key in keys}
    return evolve(whole, by=by, segments=FrozenMap[Any, Any](segments))


def plain(figure: G) -> G:
    """The figure without its segments, as a part of another one.

    Args:
        figure: Any figure.
    """
    return evolve(figure, by=(), segments=FrozenMap())


def apart(figure: Figure) -> dict[str, Any]:
    """The segments of a figure with one key, without the one that states none.

    Args:
        figure: A figure segmented by one key.
    """
    return {key: one for key, one in figure.segments.items() if isinstance(key, str)}


def empty_like(figure: G) -> G:
    """The figure as it is of no members, under the same definition.

    Args:
        figure: A count, share, close rate, durations or totals.
    """
    kind = type(figure)
    reason = None if kind is Count else f"there are no {figure.counted}"
    return evolve(
        figure,
        n=0,
        left_out_because=FrozenMap(),
        problems=0,
        warnings=(),
        undefined_because=reason,
        segments=FrozenMap(),
        **_NOTHING[kind],
    )


def seen_by(*parts: Figure) -> dict[str, Any]:
    """The fields that a figure has from its parts: from when it looks, and what to beware of.

    Problems are those of the part that has most, since parts share members.

    Args:
        parts: The parts.
    """
    first = parts[0]
    moment: datetime = first.as_of
    return {
        "as_of": moment,
        "known_at": first.known_at,
        "problems": max(part.problems for part in parts),
        "warnings": shared_cautions(*parts),
    }


def left_out_of(*parts: Figure) -> FrozenMap[str, int]:
    """Whom the parts leave out, by reason; of the part that has most, since parts share members.

    Args:
        parts: The parts.
    """
    found: Counter[str] = Counter()
    for part in parts:
        found |= Counter(part.left_out_because)
    return frozen_counts(found)


def shared_cautions(*parts: Figure | None) -> tuple[Caution, ...]:
    """The warnings of several figures, each once.

    Dates of another zone are those of the part that has most, since parts share members.
    """
    found: dict[object, Caution] = {}
    for caution in (one for part in parts if part is not None for one in part.warnings):
        key = caution.code if caution.code == "dates_of_another_zone" else caution
        found[key] = max(found.get(key, caution), caution, key=_count)
    return tuple(found.values())


def _count(caution: Caution) -> tuple[int, str]:
    """What to compare words by that differ in a count alone: a longer number is a larger one."""
    return len(caution.words), caution.words


def as_decimal(value: Fraction) -> Decimal:
    """A fraction with more digits than any money has.

    >>> as_decimal(Fraction(1, 8))
    Decimal('0.125')
    """
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
