"""A mapping that cannot change, hashes, and pickles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NoReturn, TypeVar

__all__ = ["EMPTY", "FrozenMap"]

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)

if TYPE_CHECKING:
    Stored = Mapping
else:
    Stored = dict


def _refuse(self: object, *_: object, **__: object) -> NoReturn:
    """What the ways to change a dict come to."""
    reason = f"a {type(self).__name__} cannot change; make a new one of its items"
    raise TypeError(reason)


class FrozenMap(Stored[K, V_co]):
    """An immutable mapping, equal to any mapping with the same items.

    It is a dict that refuses to change, and so is read as fast as one.

    >>> FrozenMap({"a": 1}) == {"a": 1}
    True
    """

    __slots__ = ()

    if TYPE_CHECKING:  # it is made and read as a dict is

        def __init__(self, items: Mapping[K, V_co] = ..., /) -> None: ...
        def __getitem__(self, key: K, /) -> V_co: ...
        def __iter__(self) -> Iterator[K]: ...
        def __len__(self) -> int: ...

    else:
        __setitem__ = __delitem__ = __ior__ = _refuse
        clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({dict(self)!r})"

    def __reduce__(self) -> tuple[type[FrozenMap[K, V_co]], tuple[dict[K, V_co]]]:
        return FrozenMap, (dict(self),)


EMPTY: FrozenMap[str, str] = FrozenMap()


def frozen_map(items: Mapping[str, str]) -> FrozenMap[str, str]:
    """Freeze text by text, for attrs converters."""
    return items if isinstance(items, FrozenMap) else FrozenMap(items or {})
