"""Scores by what naive Bayes learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import fsum, log
from typing import TYPE_CHECKING, TypeAlias

from attrs import asdict, field, frozen

from partnerleads.model import Caution
from partnerleads.scoring.bands import band
from partnerleads.scoring.bayes_table import BayesTable, SegmentCounts
from partnerleads.scoring.feature_names import nothing_learned
from partnerleads.scoring.fingerprints import fingerprint_of
from partnerleads.scoring.lead_features import LeadFeatures, check_lead
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.predicting import LogOdds, Seen, base_reason, learned_rows, predicted
from partnerleads.scoring.standing_in import UNCALIBRATED, shortage
from partnerleads.showing import SHOWN, Shown

if TYPE_CHECKING:
    from partnerleads.scoring.naive_bayes import NaiveBayes

__all__ = ["BayesScorer", "Weights"]


NameWeights: TypeAlias = tuple[str, str | None, tuple[float, ...] | None, dict[str, float]]
"""A name, what separates several values of it, the edges of its bands, and what each value speaks
for. A tuple, since it is unpacked for every value of every lead. [log odds]"""


@frozen
class Weights:
    """What a segment, or all of them, speak for.

    Attributes:
        first: The reason that is there before anything is seen of a lead.
        names: What is looked at, by name.
        warnings: What to beware of.
    """

    first: Reason
    names: tuple[NameWeights, ...]
    warnings: tuple[Caution, ...]


def _no_weights() -> dict[object, Weights]:
    return {}


@frozen(kw_only=True, repr=False)
class BayesScorer(Shown):
    """Scores leads by what naive Bayes learned; it steps back to all segments where one has little.

    Attributes:
        design: How it was learned.
        table: What was counted.
    """

    design: NaiveBayes
    table: BayesTable
    fingerprint: str = field(init=False, eq=False)
    _weights: dict[object, Weights] = field(init=False, factory=_no_weights, eq=False)
    _right = frozenset({2})
    _most = SHOWN

    @fingerprint.default
    def _mark(self) -> str:
        design = asdict(self.design, recurse=False)
        plain = {name: _plain(value) for name, value in design.items()}
        return fingerprint_of("naive Bayes", plain, self.table.to_dicts())

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The score of a lead: 100 times its chance, with a reason for each value seen.

        Raises:
            OptionError: When it is no features of a lead, such as its id.
        """
        check_lead("lead", lead)
        weights = self.weights(lead.segment)
        return predicted(
            lead,
            weights.first,
            self._seen(weights, lead),
            scorer="naive Bayes",
            fingerprint=self.fingerprint,
            warnings=weights.warnings,
        )

    def _seen(self, weights: Weights, lead: LeadFeatures) -> list[Seen]:
        values, numbers = lead.values, lead.numbers
        found = []
        for name, separator, edges, known in weights.names:
            value = values.get(name)
            if edges is not None and name in numbers:
                value = band(numbers[name], edges)
            if value is None:
                continue
            if separator is None:
                odds = known.get(value, 0.0)
            else:
                odds = fsum(known.get(piece, 0.0) for piece in self.design.pieces(name, value))
            found.append((name, value, odds))
        return found

    def weights(self, segment: str | None) -> Weights:
        """What speaks for a win in a segment; that of all segments where it has too little."""
        found = self._weights.get(segment)
        if found is None:
            found = self._weights[segment] = self._made(segment)
        return found

    def _made(self, segment: str | None) -> Weights:
        if segment is None:
            return self._pooled()
        own = self.table.segments.get(segment)
        won, lost = (0, 0) if own is None else (own.won, own.lost)
        missing = shortage(won, lost, self.design.least_of_each)
        if own is None or missing:
            pooled = self.weights(None)
            words = f"scored by all segments together: {segment!r} has {missing or 'no outcomes'}"
            warnings = (Caution("segment_too_small", words), *pooled.warnings)
            return Weights(pooled.first, pooled.names, warnings)
        base, names = _log_odds_of(own, self.design, _once(own), 1)
        return Weights(base_reason(base), names, self.weights(None).warnings)

    def _pooled(self) -> Weights:
        """What all segments together speak for."""
        pooled = self.table.pooled()
        times, segments = _once(pooled), 1
        if self.design.pooling == "segments":
            segments = max(1, len(self.table.segments))
            times = Counter(
                (name, value)
                for one in self.table.segments.values()
                for name, values in one.values.items()
                for value in values
            )
        base, names = _log_odds_of(pooled, self.design, times, segments)
        design = self.design
        asked = {*(design.names or ()), *design.bands, *design.separators, *design.against_leads}
        unknown = nothing_learned(asked, pooled.values)
        return Weights(base_reason(base), names, (UNCALIBRATED, *unknown))

    def to_dicts(self) -> list[dict[str, object]]:
        """What all segments together speak for, as flat rows: the base rate, then each value.

        What was counted in each segment is in the rows of the ``table``.
        """
        weights, counts = self.weights(None), self.table.pooled()
        base = {"name": weights.first.name, "value": None, "log_odds": weights.first.evidence}
        rows: list[dict[str, object]] = [{**base, "won": counts.won, "lost": counts.lost}]
        for name, _, _, known in weights.names:
            for value, odds in known.items():
                won, lost = counts.values[name][value]
                row = {"name": name, "value": value, "log_odds": odds}
                rows.append({**row, "won": won, "lost": lost})
        return [{**row, "fingerprint": self.fingerprint} for row in rows]

    def _head(self) -> str:
        table = self.table
        return f"naive Bayes ({table.won} won, {table.lost} not, fingerprint {self.fingerprint})"

    def _titles(self) -> tuple[str, ...]:
        return "name", "value", "log odds", "basis"

    def _rows(self) -> list[tuple[str, ...]]:
        return learned_rows(self._learned())

    def _learned(self) -> Iterator[LogOdds]:
        counts = self.table.pooled().values
        for name, _, _, known in self.weights(None).names:
            for value, odds in known.items():
                won, lost = counts[name][value]
                yield name, value, odds, f"{won} won, {lost} not"

    def _notes(self) -> list[str]:
        several = len(self.table.segments) > 1
        words = "all segments together; `table` has the counts of each"
        return [*([words] if several else []), *map(str, self.weights(None).warnings)]


def _once(counts: SegmentCounts) -> Mapping[tuple[str, str], int]:
    return {(name, value): 1 for name, values in counts.values.items() for value in values}


def _log_odds_of(
    counts: SegmentCounts,
    design: NaiveBayes,
    times: Mapping[tuple[str, str], int],
    segments: int,
) -> tuple[float, tuple[NameWeights, ...]]:
    """The log odds of the base and of each value, smoothed as often as it is told."""
    prior = design.prior_smoothing * segments
    leads = counts.won + prior, counts.lost + prior
    names = []
    for name, values in sorted(counts.values.items()):
        extra = {value: design.smoothing * times[name, value] for value in values}
        of = leads
        if name not in design.against_leads:
            more = fsum(extra.values())
            won = sum(one for one, _ in values.values())
            lost = sum(other for _, other in values.values())
            of = won + more, lost + more
        known = {
            value: log(one + extra[value]) - log(of[0]) - (log(other + extra[value]) - log(of[1]))
            for value, (one, other) in values.items()
        }
        names.append((name, design.separators.get(name), design.bands.get(name), known))
    return log(leads[0]) - log(leads[1]), tuple(names)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return sorted(value) if isinstance(value, frozenset) else value
