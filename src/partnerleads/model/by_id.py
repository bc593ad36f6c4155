"""Results that are a mapping of the results that they hold, by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, TypeVar

__all__ = ["ById"]

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class ById(Mapping[K, V_co]):
    """A result that holds others by id, and is a mapping of them."""

    __slots__ = ()

    _held: ClassVar[str]
    """The field that holds them."""

    def _results(self) -> Mapping[K, V_co]:
        held: Mapping[K, V_co] = getattr(self, self._held)
        return held

    def __getitem__(self, key: K) -> V_co:
        return self._results()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._results())

    def __len__(self) -> int:
        return len(self._results())
