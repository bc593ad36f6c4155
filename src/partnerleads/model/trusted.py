"""Fast construction of frozen objects from values that are known to be right.

A frozen attrs class pays one guarded call a field. An unguarded twin with the very same slots
is filled by plain assignment and then becomes the frozen class, at about a quarter of the cost.
Only code that has already checked its values may use it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

__all__ = ["trusted"]

T = TypeVar("T")


def trusted(cls: type[T]) -> Callable[..., T]:
    """A constructor of *cls* that takes its arguments by position, in order, and checks nothing.

    Args:
        cls: A frozen, slotted attrs class. No converter is applied, and of the defaults only those
            of fields that are no arguments, which must be constants.
    """
    fields = attrs.fields(cls)  # type: ignore[arg-type]
    names = [field.name for field in fields if field.init]
    own = cls.__dict__["__slots__"]
    body = "\n".join(
        f"        self.{field.name} = {field.name if field.init else repr(field.default)}"
        for field in fields
    )
    source = (
        "class Twin(Parent):\n"
        f"    __slots__ = {own!r}\n"
        "    __setattr__ = object.__setattr__\n    __delattr__ = object.__delattr__\n"
        f"    def __init__(self, {', '.join(names)}):\n"
        f"{body}\n"
        "        self.__class__ = Final\n"
    )
    room: dict[str, Any] = {"Parent": cls.__base__, "Final": cls}
    exec(source, room)  # noqa: S102 - the source is made of attrs' own field names alone
    twin: Callable[..., T] = room["Twin"]
    return twin
