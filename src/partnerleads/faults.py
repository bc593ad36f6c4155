"""What is wrong with a row, and how much of what is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from partnerleads.showing import spaced

__all__ = ["MOST_LINES", "Fault", "fault_lines", "first_lines", "listed"]

MOST_LINES = 50
"""How many lines a message lists. [count]"""

_MOST_ROWS = 5


@frozen
class Fault:
    """One thing wrong with one input row.

    Attributes:
        path: Where in the row, as a JSON path such as ``$.value.amount``; ``$`` is the whole row.
        value: The offending value as text, shortened.
        reason: What is wrong and what to do about it.
        line: Line of the file, counted from 1; None where the row came from no file.
        file: Name of the file; empty where the row came from no file.
    """

    path: str
    value: str
    reason: str
    line: int | None = None
    file: str = ""

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line:>6}  "
        shown = f"{self.value} " if self.value else ""
        return f"{where}{self.path:<22} {shown}{self.reason}"


def first_lines(things: Sequence[object], *, most: int = MOST_LINES, how: str) -> list[str]:
    """The first of many things, a line each, and how many more there are.

    Args:
        things: The things, in order.
        most: How many to tell. [count]
        how: How to see the others.

    >>> first_lines(["one", "two", "three"], most=1, how="read all")
    ['one', 'and 2 more; read all']
    """
    return [*map(str, things[:most]), *_rest(len(things[most:]), how)]


def listed(faults: Sequence[Fault], *, most: int = MOST_LINES, how: str) -> list[str]:
    """Every fault; where they are too many, the first different ones and how many more there are.

    Args:
        faults: The faults, in the order of the file.
        most: How many to tell; where there are more, equal ones stand once. [count]
        how: How to see the others.

    >>> faults = [Fault("$.type", "'x'", "is no kind", line) for line in (2, 3)]
    >>> len(listed(faults, most=2, how="read all")), len(listed(faults, most=1, how="read all"))
    (2, 1)
    """
    if len(faults) <= most:
        return [*map(str, faults)]
    return fault_lines(faults, most=most, how=how)


def fault_lines(faults: Iterable[Fault], *, most: int, how: str) -> list[str]:
    """The first faults, equal ones once, and how many more there are.

    Args:
        faults: The faults, in the order of the file.
        most: How many different ones to tell. [count]
        how: How to see the others.

    >>> faults = [Fault("$.type", "'x'", "is no kind", line) for line in (2, 3)]
    >>> fault_lines(faults, most=1, how="read `.faults`")
    ["line      2  $.type                 'x' is no kind (2 times: lines 2, 3)"]
    >>> fault_lines(faults, most=0, how="read `.faults`")
    ['and 2 more; read `.faults`']
    """
    groups = _alike(faults)
    left = sum(map(len, groups[most:]))
    return [*map(_together, groups[:most]), *_rest(left, how)]


def _rest(count: int, how: str) -> list[str]:
    return [f"and {spaced(count)} more; {how}"] if count else []


def _alike(faults: Iterable[Fault]) -> list[list[Fault]]:
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.path, fault.value, fault.reason), []).append(fault)
    return list(groups.values())


def _together(group: list[Fault]) -> str:
    """Faults that differ only in their lines, in one line."""
    if len(group) == 1:
        return str(group[0])
    lines = ", ".join(str(fault.line) for fault in group[:_MOST_ROWS])
    more = ", ..." if len(group) > _MOST_ROWS else ""
    return f"{group[0]} ({spaced(len(group))} times: lines {lines}{more})"
