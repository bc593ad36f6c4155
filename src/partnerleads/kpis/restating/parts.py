"""The parts of a figure that add up over leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

from partnerleads.model import Count, Figure, FrozenMap, Share, Totals
from partnerleads.model.money import EXACT
from partnerleads.showing import spaced

__all__ = ["Parts", "added", "difference", "is_mixed", "parts_of", "signed"]

Number: TypeAlias = int | Decimal
Parts: TypeAlias = FrozenMap[str, Number]
"""The parts of a figure by name."""


def parts_of(figure: Figure | None) -> Parts:
    """The parts of a figure; none where it is not there or does not add up.

    Args:
        figure: A count has one part, a rate two, a sum of money one for each currency.
    """
    if isinstance(figure, Count):
        return FrozenMap({"count": figure.value})
    if isinstance(figure, Totals):
        return FrozenMap({code: money.amount for code, money in figure.by_currency.items()})
    if not isinstance(figure, Share):
        return FrozenMap()
    if isinstance(figure.of, int):
        return FrozenMap({"hits": figure.hits, "of": figure.of})
    if figure.unit == "money":
        return FrozenMap()
    return FrozenMap({f"hits {figure.unit}": figure.hits, f"of {figure.unit}": figure.of})


def is_mixed(figure: Figure) -> bool:
    """Whether it is a rate of amounts in several currencies, which has no parts."""
    return isinstance(figure, Share) and figure.unit == "money" and figure.n > 0


def difference(before: Mapping[str, Number], after: Mapping[str, Number]) -> Parts:
    """How far each part moved.

    >>> difference({"hits": 1, "of": 4}, {"hits": 1, "of": 3})
    FrozenMap({'hits': 0, 'of': -1})
    """
    names = dict.fromkeys((*before, *after))
    return FrozenMap({n: _plus(after.get(n, 0), _minus(before.get(n, 0))) for n in names})


def added(changes: Iterable[Parts]) -> Parts:
    """All changes together."""
    total: dict[str, Number] = {}
    for change in changes:
        for name, number in change.items():
            total[name] = _plus(total.get(name, 0), number)
    return FrozenMap(total)


def _minus(number: Number) -> Number:
    return -number if isinstance(number, int) else EXACT.minus(number)


def _plus(one: Number, other: Number) -> Number:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return EXACT.add(Decimal(one), Decimal(other))


def signed(parts: Parts) -> str:
    """Parts for people.

    >>> signed(FrozenMap({"hits": 1, "of": -2}))
    'hits +1, of -2'
    """
    return ", ".join(f"{name} {spaced(number, form='+,')}" for name, number in parts.items())
