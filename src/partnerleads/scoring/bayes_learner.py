"""Counts that are taught outcome by outcome, and can take each back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, LeadId
from partnerleads.scoring.bayes_scorer import BayesScorer
from partnerleads.scoring.bayes_table import BayesTable, SegmentCounts
from partnerleads.scoring.examples import Example
from partnerleads.scoring.protocol import LeadScorer
from partnerleads.scoring.standing_in import StandIn, shortage, stand_in

if TYPE_CHECKING:
    from partnerleads.scoring.naive_bayes import NaiveBayes

__all__ = ["BayesLearner"]

_Learned: TypeAlias = tuple[str | None, tuple[tuple[str, str], ...], bool]
"""Segment, pieces and outcome of a lead, as they were counted."""


class BayesLearner:
    """Learns one outcome at a time, in time that does not grow with what it has learned.

    It remembers what it counted of each lead. So an outcome that comes twice counts once, and one
    taken back leaves the counts exactly as if it had never come, whatever has become of the lead's
    values since.
    """

    def __init__(self, design: NaiveBayes) -> None:
        """Start with nothing learned.

        Args:
            design: How to count.
        """
        self.design = design
        self._learned: dict[LeadId, _Learned] = {}
        self._leads: dict[str | None, list[int]] = {}
        self._counts: dict[str | None, dict[str, dict[str, list[int]]]] = {}

    def __len__(self) -> int:
        """How many leads it has learned from."""
        return len(self._learned)

    def learn(self, example: Example) -> None:
        """Count one outcome; the same one again changes nothing.

        Raises:
            OptionError: When it was told something else of the lead: unlearn that first.
        """
        features = example.features
        pieces = self.design.pieces
        seen = ((name, pieces(name, value)) for name, value in self.design.seen(features))
        pairs = tuple((name, piece) for name, several in seen for piece in several)
        self._take(features.lead_id, (features.segment, pairs, bool(example.won)))

    def unlearn(self, lead_id: LeadId) -> None:
        """Take back what was counted of a lead, as when it is reopened.

        Raises:
            OptionError: When nothing was learned from it.
        """
        learned = self._learned.pop(lead_id, None)
        if learned is None:
            raise OptionError("lead_id", lead_id, "was not learned from")
        self._count(learned, -1)

    def merge(self, other: BayesLearner) -> None:
        """Count all that another learned, as if it had been learned here.

        Raises:
            OptionError: When it counts otherwise, or both were told different things of a lead;
                nothing is counted then.
        """
        if other.design != self.design:
            raise OptionError("other", other.design, "counts otherwise; merge what counts alike")
        for lead_id, learned in other._learned.items():
            self._known(lead_id, learned)
        for lead_id, learned in list(other._learned.items()):
            self._take(lead_id, learned)

    def table(self) -> BayesTable:
        """What was counted up to now, frozen."""
        return BayesTable(segments=FrozenMap(dict(self._segments())))

    def scorer(self, *, rules: LeadScorer | None = None) -> BayesScorer | StandIn:
        """A scorer by what was counted up to now; it stays as it is when more is learned.

        Args:
            rules: What scores instead while there is too little to learn from.

        Raises:
            OptionError: When there is too little to learn from, and no rules.
        """
        table = self.table()
        missing = shortage(table.won, table.lost, self.design.least_of_each)
        if missing:
            return stand_in("naive Bayes", missing, rules)
        return BayesScorer(design=self.design, table=table)

    def _known(self, lead_id: LeadId, learned: _Learned) -> bool:
        """Whether just that was learned already."""
        before = self._learned.get(lead_id)
        if before is not None and before != learned:
            reason = "was learned with another outcome or other values; unlearn it first"
            raise OptionError("lead_id", lead_id, reason)
        return before is not None

    def _take(self, lead_id: LeadId, learned: _Learned) -> None:
        if not self._known(lead_id, learned):
            self._learned[lead_id] = learned
            self._count(learned, 1)

    def _count(self, learned: _Learned, step: int) -> None:
        segment, pairs, won = learned
        side = 0 if won else 1
        self._leads.setdefault(segment, [0, 0])[side] += step
        names = self._counts.setdefault(segment, {})
        for name, piece in pairs:
            names.setdefault(name, {}).setdefault(piece, [0, 0])[side] += step

    def _segments(self) -> Iterator[tuple[str | None, SegmentCounts]]:
        """What is left of each segment, without what was taken back."""
        for segment, (won, lost) in self._leads.items():
            values = {
                name: {value: (one[0], one[1]) for value, one in counts.items() if any(one)}
                for name, counts in self._counts[segment].items()
            }
            if won or lost:
                kept = {name: counts for name, counts in values.items() if counts}
                yield segment, SegmentCounts(won=won, lost=lost, values=kept)
