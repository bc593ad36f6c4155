"""Many faults in few lines: equal ones stand once, with the rows they are in."""

from __future__ import annotations

from collections.abc import Iterable

from partnerleads.errors import Fault
from partnerleads.showing import spaced

__all__ = ["fault_lines"]

_MOST_LINES = 5


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
    more = [f"and {spaced(left)} more; {how}"] if left else []
    return [*map(_together, groups[:most]), *more]


def _alike(faults: Iterable[Fault]) -> list[list[Fault]]:
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.path, fault.value, fault.reason), []).append(fault)
    return list(groups.values())


def _together(group: list[Fault]) -> str:
    """Faults that differ only in their lines, in one line."""
    if len(group) == 1:
        return str(group[0])
    lines = ", ".join(str(fault.line) for fault in group[:_MOST_LINES])
    more = ", ..." if len(group) > _MOST_LINES else ""
    return f"{group[0]} ({spaced(len(group))} times: lines {lines}{more})"
