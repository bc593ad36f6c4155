"""One row of a CSV file while it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from partnerleads.codecs.fault_words import shown
from partnerleads.errors import Fault

__all__ = ["BAD", "UNREAD", "Read", "RowState"]


class _Bad:
    """Stands for a value that could not be read; its fault is noted."""


BAD: Any = _Bad()
UNREAD: Any = object()


class RowState:
    """One row while it is read.

    Attributes:
        cells: Its cells.
        memo: What was read already, by place.
        faults: What is wrong with it.
    """

    __slots__ = ("cells", "faults", "memo")

    def __init__(self, cells: list[str], places: int) -> None:
        self.cells = cells
        self.memo: list[Any] = [UNREAD] * places
        self.faults: list[Fault] = []

    def blame(self, path: str, value: object, reason: str) -> Any:
        """Note a fault; the value is bad."""
        self.faults.append(Fault(path, "" if value is None else shown(value), reason))
        return BAD


Read: TypeAlias = Callable[[RowState], Any]
"""Reads a value off a row: None where it has none, ``BAD`` where it has a fault."""
