"""What is worked out for a measure: columns to be added up, and how the sums are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import field, frozen

from partnerleads.kpis.measuring.tally import Tally

__all__ = ["Asked", "Row", "total"]

Row: TypeAlias = Mapping[str, Any]


@frozen(kw_only=True)
class Asked:
    """What is worked out for a measure.

    Attributes:
        member: Whether a unit belongs to the population.
        counts: Flags of each member; how often each is up is wanted.
        sums: Whole numbers of each member, to be added up.
        lengths: Time that each took, null where there is none; its quantiles and mean are wanted.
        splits: Columns to group by, besides the segments.
        read: Makes a tally of the sums: of one row, or of one for each group.
        listing: Which members to list by id.
    """

    member: Any
    counts: dict[str, Any]
    read: Callable[[Sequence[Row]], Tally]
    sums: dict[str, Any] = field(factory=dict)
    lengths: Any | None = None
    splits: dict[str, Any] = field(factory=dict)
    listing: Any | None = None


def total(rows: Sequence[Row], name: str) -> int:
    """A sum over all rows; 0 where there is nothing to add, or no engine was asked."""
    return sum(int(row.get(name) or 0) for row in rows)
