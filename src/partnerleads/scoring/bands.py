"""Numbers as bands between edges."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap
from partnerleads.model.numbers import check_number
from partnerleads.scoring.rules import number_text

__all__ = ["Bands", "band", "checked_bands", "no_bands"]

Bands: TypeAlias = FrozenMap[str, tuple[float, ...]]
"""The edges between the bands of numbers, by name."""


def checked_bands(bands: Mapping[str, Sequence[float]]) -> Bands:
    """Frozen edges.

    Raises:
        OptionError: When edges do not rise, or there are none.
    """
    for name, edges in bands.items():
        for edge in edges:
            check_number(f"bands.{name}", edge)
        if not edges or any(low >= high for low, high in pairwise(edges)):
            raise OptionError(f"bands.{name}", edges, "must rise, and hold at least one edge")
    return FrozenMap({name: tuple(edges) for name, edges in bands.items()})


def no_bands() -> Bands:
    """Nothing is a number."""
    return FrozenMap()


def band(number: float, edges: Sequence[float]) -> str:
    """The band of a number, in words; on an edge the upper one.

    >>> [band(number, [50, 250]) for number in (9, 50, 1000)]
    ['below 50', '50 to 250', '250 or more']
    """
    place = bisect_right(edges, number)
    if place == 0:
        return f"below {_text(edges[0])}"
    low = _text(edges[place - 1])
    return f"{low} or more" if place == len(edges) else f"{low} to {_text(edges[place])}"


def _text(edge: float) -> str:
    """An edge in few digits where these are all it has, so that no two bands share a name."""
    short = f"{edge:g}"
    return short if float(short) == edge else number_text(edge)
