"""A mapping that cannot change, hashes, and pickles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

__all__ = ["EMPTY", "FrozenMap"]

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class FrozenMap(Mapping[K, V_co]):
    """An immutable mapping, equal to any mapping with the same items.

    >>> FrozenMap({"a": 1}) == {"a": 1}
    True
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V_co] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: K) -> V_co:
        return self._items[key]

    if not TYPE_CHECKING:  # the types are those of Mapping, whose own ways look up one by one

        def get(self, key: K, default: object = None) -> object:
            """The value of a key, or the default."""
            return self._items.get(key, default)

        def values(self) -> object:
            """The values; those of the dict are read without a look-up for each."""
            return self._items.values()

        def items(self) -> object:
            """The keys with their values."""
            return self._items.items()

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


EMPTY: FrozenMap[str, str] = FrozenMap()


def frozen_map(items: Mapping[str, str]) -> FrozenMap[str, str]:
    """Freeze text by text, for attrs converters."""
    return items if isinstance(items, FrozenMap) else FrozenMap(items)
