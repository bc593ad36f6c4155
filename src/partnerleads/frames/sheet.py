"""The columns of members that figures are summed from; what several figures read is there once."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.frames.conditions import Reader
from partnerleads.frames.flags import YES, all_of, one_where

__all__ = ["Sheet"]


class Sheet:
    """Columns by names that nobody else has; one and the same expression is one column.

    Attributes:
        flags: Whether a unit belongs to the population of a figure.
        columns: What is summed, over a frame that has the flags and ``troubles``.
        readers: What reads conditions, by zone.
    """

    def __init__(self) -> None:
        self.flags: dict[str, Any] = {}
        self.columns: dict[str, Any] = {}
        self.readers: dict[tzinfo, Reader] = {}
        self._members: dict[int, Any] = {}
        self._troubles: dict[int, Any] = {}
        self._ones: dict[tuple[int, int], Any] = {}
        self._kept: list[Any] = []
        self._names: dict[int, str] = {}

    def member(self, flag: Any) -> Any:
        """A population, told by a column, or known beforehand."""
        if flag is YES:
            return YES
        if id(flag) not in self._members:
            name = f"member{len(self.flags)}"
            self.flags[name] = flag
            self._members[id(flag)] = nw.col(name)
        return self._members[id(flag)]

    def troubles(self, member: Any) -> Any:
        """The problems of the members of a population."""
        if id(member) not in self._troubles:
            troubles = nw.when(member).then(nw.col("troubles")).otherwise(nw.lit(0))
            self._troubles[id(member)] = troubles
        return self._troubles[id(member)]

    def ones(self, member: Any, flag: Any) -> Any:
        """1 for the members for whom a flag is up, 0 for all others."""
        both = id(member), id(flag)
        if both not in self._ones:
            self._kept += member, flag  # so that none other has its id
            self._ones[both] = one_where(all_of(member, flag))
        return self._ones[both]

    def named(self, column: Any) -> str:
        """The name of a column that is asked for."""
        if id(column) not in self._names:
            name = f"sum{len(self.columns)}"
            self.columns[name] = column
            self._names[id(column)] = name
        return self._names[id(column)]
