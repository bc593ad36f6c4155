"""Counts of won and lost leads by what was seen of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from partnerleads.model import FrozenMap

__all__ = ["BayesTable", "SegmentCounts", "ValueCounts"]

ValueCounts = FrozenMap[str, FrozenMap[str, tuple[int, int]]]
"""Won and lost of each value of each name."""


def _frozen(counts: Mapping[str, Mapping[str, tuple[int, int]]]) -> ValueCounts:
    return FrozenMap({name: FrozenMap(values) for name, values in counts.items()})


@frozen(kw_only=True)
class SegmentCounts:
    """What was learned in one segment.

    Attributes:
        won: Won leads. [count]
        lost: Leads that were not won. [count]
        values: Won and lost of each value of each name. [counts]
    """

    won: int
    lost: int
    values: ValueCounts = field(converter=_frozen)


@frozen(kw_only=True)
class BayesTable:
    """Everything that naive Bayes learned: whole numbers, so nothing is lost by taking back.

    Attributes:
        segments: The counts by segment; None are leads without one.
    """

    segments: FrozenMap[str | None, SegmentCounts]

    @property
    def won(self) -> int:
        """Won leads. [count]"""
        return sum(one.won for one in self.segments.values())

    @property
    def lost(self) -> int:
        """Leads that were not won. [count]"""
        return sum(one.lost for one in self.segments.values())

    def pooled(self) -> SegmentCounts:
        """The counts of all segments together."""
        sums: dict[str, dict[str, tuple[int, int]]] = {}
        for segment in self.segments.values():
            for name, values in segment.values.items():
                known = sums.setdefault(name, {})
                for value, (won, lost) in values.items():
                    before = known.get(value, (0, 0))
                    known[value] = before[0] + won, before[1] + lost
        return SegmentCounts(won=self.won, lost=self.lost, values=sums)

    def to_dicts(self) -> list[dict[str, object]]:
        """The counts as flat rows, by segment, name and value; the whole of a segment first."""
        return list(self._rows())

    def _rows(self) -> Iterator[dict[str, object]]:
        for segment in sorted(self.segments, key=lambda one: (one is not None, one or "")):
            counts = self.segments[segment]
            whole = {"segment": segment, "name": None, "value": None}
            yield {**whole, "won": counts.won, "lost": counts.lost}
            for name in sorted(counts.values):
                for value, (won, lost) in sorted(counts.values[name].items()):
                    row = {"segment": segment, "name": name, "value": value}
                    yield {**row, "won": won, "lost": lost}
