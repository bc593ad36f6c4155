"""The dirt that a CSV file showed while it was read, counted."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from attrs import frozen

__all__ = ["Dirt", "DirtCounts", "counted"]

DirtCounts: TypeAlias = Counter[tuple[str, str, str]]


@frozen
class Dirt:
    """Something a mapping settled, or left out, without refusing the row.

    Attributes:
        kind: ``cleaned``, ``missing``, ``trimmed``, ``rounded``, ``assumed``, ``repeated hour``,
            ``skipped hour``, ``unknown key``, ``unused key``, ``unmapped stage``,
            ``no rule for``, ``unused rule``, ``repeated id``, ``no recording instant`` or
            ``blank line``.
        column: Where: a column, a side file or a rule.
        value: What was met, in words.
        count: How often; once a row at most for columns. [count]
    """

    kind: str
    column: str
    value: str
    count: int

    def __str__(self) -> str:
        where = " ".join(part for part in (self.column, self.value) if part)
        return f"{self.kind:<14} {self.count:>7}  {where}".rstrip()


def counted(counts: DirtCounts) -> tuple[Dirt, ...]:
    """The counts as findings, in a fixed order."""
    return tuple(Dirt(*key, count) for key, count in sorted(counts.items()))
