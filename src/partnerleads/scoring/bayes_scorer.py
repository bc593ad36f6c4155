"""Scores by what naive Bayes learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import fsum, log
from typing import TYPE_CHECKING

from attrs import asdict, field, frozen

from partnerleads.model import Caution
from partnerleads.scoring.bayes_table import BayesTable, SegmentCounts
from partnerleads.scoring.fingerprints import fingerprint_of
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.reasons import Evidence, reasons_of, sigmoid
from partnerleads.scoring.standing_in import UNCALIBRATED, shortage

if TYPE_CHECKING:
    from partnerleads.scoring.naive_bayes import NaiveBayes

__all__ = ["BayesScorer", "Weights"]


@frozen
class Weights:
    """Log odds that a segment, or all of them, speak for.

    Attributes:
        base: Those of a lead of which nothing is seen. [log odds]
        values: Those of each value of each name. [log odds]
        warnings: What to beware of.
    """

    base: float
    values: dict[str, dict[str, float]]
    warnings: tuple[Caution, ...]


def _no_weights() -> dict[object, Weights]:
    return {}


@frozen(kw_only=True)
class BayesScorer:
    """Scores leads by what naive Bayes learned; it steps back to all segments where one has little.

    Attributes:
        design: How it was learned.
        table: What was counted.
    """

    design: NaiveBayes
    table: BayesTable = field(repr=False)
    fingerprint: str = field(init=False, eq=False)
    _weights: dict[object, Weights] = field(init=False, factory=_no_weights, eq=False, repr=False)

    @fingerprint.default
    def _mark(self) -> str:
        design = asdict(self.design, recurse=False)
        plain = {name: _plain(value) for name, value in design.items()}
        return fingerprint_of("naive Bayes", plain, self.table.to_dicts())

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The score of a lead: 100 times its chance, with a reason for each value seen."""
        weights = self.weights(lead.segment)
        evidence = [
            Evidence(name, value, self._log_odds(weights, name, value))
            for name, value in self.design.seen(lead)
        ]
        chance = sigmoid(weights.base + fsum(one.log_odds for one in evidence))
        return LeadScore(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            score=100 * chance,
            probability=chance,
            reasons=reasons_of(weights.base, evidence),
            scorer="naive Bayes",
            fingerprint=self.fingerprint,
            warnings=weights.warnings,
        )

    def probability(self, lead: LeadFeatures, /) -> float:
        """The chance alone, for large numbers of leads. [0..1]"""
        weights = self.weights(lead.segment)
        odds = [self._log_odds(weights, name, value) for name, value in self.design.seen(lead)]
        return sigmoid(weights.base + fsum(odds))

    def weights(self, segment: str | None) -> Weights:
        """What speaks for a win in a segment; that of all segments where it has too little."""
        found = self._weights.get(segment)
        if found is None:
            found = self._weights[segment] = self._made(segment)
        return found

    def _log_odds(self, weights: Weights, name: str, value: str) -> float:
        known = weights.values.get(name, {})
        return fsum(known.get(piece, 0.0) for piece in self.design.pieces(name, value))

    def _made(self, segment: str | None) -> Weights:
        own = None if segment is None else self.table.segments.get(segment)
        won, lost = (0, 0) if own is None else (own.won, own.lost)
        missing = shortage(won, lost, self.design.least_of_each)
        if own is not None and not missing:
            values = _log_odds_of(own, self.design, _once(own), 1)
            return Weights(*values, (UNCALIBRATED,))
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
        warnings: tuple[Caution, ...] = (UNCALIBRATED,)
        if segment is not None:
            words = f"scored by all segments together: {segment!r} has {missing}"
            warnings = (Caution("segment_too_small", words), UNCALIBRATED)
        return Weights(*_log_odds_of(pooled, self.design, times, segments), warnings)


def _once(counts: SegmentCounts) -> Mapping[tuple[str, str], int]:
    return {(name, value): 1 for name, values in counts.values.items() for value in values}


def _log_odds_of(
    counts: SegmentCounts,
    design: NaiveBayes,
    times: Mapping[tuple[str, str], int],
    segments: int,
) -> tuple[float, dict[str, dict[str, float]]]:
    """The log odds of the base and of each value, smoothed as often as it is told."""
    prior = design.prior_smoothing * segments
    leads = counts.won + prior, counts.lost + prior
    weights: dict[str, dict[str, float]] = {}
    for name, values in counts.values.items():
        extra = {value: design.smoothing * times[name, value] for value in values}
        of = leads
        if name not in design.against_leads:
            more = fsum(extra.values())
            won = sum(one for one, _ in values.values())
            lost = sum(other for _, other in values.values())
            of = won + more, lost + more
        weights[name] = {
            value: log((one + extra[value]) / of[0]) - log((other + extra[value]) / of[1])
            for value, (one, other) in values.items()
        }
    return log(leads[0] / leads[1]), weights


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return sorted(value) if isinstance(value, frozenset) else value
