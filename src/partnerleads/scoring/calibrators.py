"""Maps from scores to chances, learned from outcomes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import Caution
from partnerleads.model.numbers import in_range
from partnerleads.scoring.fingerprints import fingerprint_of
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.past_scores import checked_outcomes, checked_scores, the_scorer
from partnerleads.scoring.protocol import Calibrator, LeadScorer, checked_scorer
from partnerleads.scoring.standing_in import LEAST_OF_EACH, UNCALIBRATED, shortage
from partnerleads.stats import isotonic, logistic_regression, sigmoid

__all__ = ["Calibrated", "IsotonicMap", "PlattMap", "isotonic_map", "platt_map"]


@frozen(kw_only=True)
class IsotonicMap:
    """Chances that rise with the score, as steps joined by straight lines.

    Attributes:
        scores: Scores between which it is a straight line, rising. [points, 0..100]
        chances: The chances there, never falling. [0..1 each]
        learned_for: Fingerprint of the scorer that it was learned for.
        won: Won leads that it was learned from. [count]
        lost: Leads not won that it was learned from. [count]
    """

    scores: tuple[float, ...] = field(repr=False)
    chances: tuple[float, ...] = field(repr=False)
    learned_for: str
    won: int
    lost: int

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ between different maps."""
        return fingerprint_of("isotonic", self.learned_for, self.scores, self.chances)

    def probability(self, score: float, /) -> float:
        """The chance of a win at a score; beyond the scores seen that of the nearest. [0..1]"""
        above = bisect_left(self.scores, score)
        if above == 0:
            return self.chances[0]
        if above == len(self.scores):
            return self.chances[-1]
        low, high = self.chances[above - 1], self.chances[above]
        way = (score - self.scores[above - 1]) / (self.scores[above] - self.scores[above - 1])
        return min(high, low + way * (high - low))


@frozen(kw_only=True)
class PlattMap:
    """Chances that rise with the score along one S-shaped curve.

    Attributes:
        slope: What a point adds. [log odds, > 0]
        base: Log odds at a score of 0. [log odds]
        learned_for: Fingerprint of the scorer that it was learned for.
        won: Won leads that it was learned from. [count]
        lost: Leads not won that it was learned from. [count]
    """

    slope: float = field(validator=in_range(0, open_low=True))
    base: float
    learned_for: str
    won: int
    lost: int

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that differ between different maps."""
        return fingerprint_of("platt", self.learned_for, self.slope, self.base)

    def probability(self, score: float, /) -> float:
        """The chance of a win at a score. [0..1]"""
        return sigmoid(self.base + self.slope * score)


def isotonic_map(
    scores: Sequence[LeadScore],
    outcomes: Sequence[bool],
    *,
    least_of_each: int = LEAST_OF_EACH,
) -> IsotonicMap:
    """The rising chances nearest to the outcomes.

    It takes any rising shape, and so needs more outcomes than :func:`platt_map`: below a thousand
    or so it follows chance. Its ends are often 0 and 1, which is what was seen and not what is
    sure. It ties scores within a step, so the order within it is lost.

    Args:
        scores: Scores of one scorer, of leads that it did not learn from.
        outcomes: Whether each lead was won, in the same order.
        least_of_each: Won leads, and leads not won, that are needed. [count, >= 1]

    Raises:
        OptionError: When there is too little, not as many of either, or there are several scorers.

    Source:
        Zadrozny and Elkan 2002.
    """
    points, won, fingerprint = _checked(scores, outcomes, least_of_each)
    counts: dict[float, tuple[int, int]] = {}
    for score, outcome in zip(points, won, strict=True):
        hits, of = counts.get(score, (0, 0))
        counts[score] = hits + outcome, of + 1
    known = sorted(counts)
    shares = [counts[score][0] / counts[score][1] for score in known]
    chances = isotonic(shares, weights=[counts[score][1] for score in known])
    last = len(known) - 1
    ends = [
        place
        for place, chance in enumerate(chances)
        if place in {0, last} or chances[place - 1] < chance or chance < chances[place + 1]
    ]
    return IsotonicMap(
        scores=tuple(known[place] for place in ends),
        chances=tuple(min(1.0, chances[place]) for place in ends),
        learned_for=fingerprint,
        won=sum(won),
        lost=len(won) - sum(won),
    )


def platt_map(
    scores: Sequence[LeadScore],
    outcomes: Sequence[bool],
    *,
    least_of_each: int = LEAST_OF_EACH,
) -> PlattMap:
    """The S-shaped curve likeliest to have brought the outcomes.

    Wins are taken as (won + 1) / (won + 2) and losses as 1 / (lost + 2), so the curve stays finite
    also where a score tells both apart without error.

    Args:
        scores: Scores of one scorer, of leads that it did not learn from.
        outcomes: Whether each lead was won, in the same order.
        least_of_each: Won leads, and leads not won, that are needed. [count, >= 1]

    Raises:
        OptionError: When there is too little, not as many of either, or there are several scorers;
            or when higher scores were won no more often, which no map can mend.

    Source:
        Platt 1999; Lin, Lin and Weng 2007.
    """
    points, outcomes, fingerprint = _checked(scores, outcomes, least_of_each)
    won = sum(outcomes)
    lost = len(outcomes) - won
    if min(points) == max(points):
        raise OptionError("scores", points[0], "is the score of every lead; nothing can be learned")
    targets = [(won + 1) / (won + 2) if outcome else 1 / (lost + 2) for outcome in outcomes]
    middle, width = (min(points) + max(points)) / 2, (max(points) - min(points)) / 2
    lines = [[(0, (point - middle) / width)] for point in points]
    curve = logistic_regression(lines, targets, columns=1, penalty=0.0)
    slope = curve.weights[0] / width
    if slope <= 0:
        reason = "fall where wins rise; no map mends that, so look at the scorer itself"
        raise OptionError("scores", f"{slope:.4g} log odds a point", reason)
    return PlattMap(
        slope=slope,
        base=curve.base - slope * middle,
        learned_for=fingerprint,
        won=won,
        lost=lost,
    )


@frozen(kw_only=True)
class Calibrated:
    """A scorer whose chances were held against outcomes; points and reasons stay as they are.

    Attributes:
        scorer: The scorer.
        calibrator: What turns its points into chances.
    """

    scorer: LeadScorer = field(converter=checked_scorer)
    calibrator: Calibrator

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The scorer's score, with the chance that outcomes taught.

        Without a chance, and saying so, where the score is not of the scorer that the map was
        learned for, as when rules stand in for it.
        """
        score = self.scorer.score(lead)
        warnings = tuple(one for one in score.warnings if one != UNCALIBRATED)
        if getattr(self.calibrator, "learned_for", score.fingerprint) != score.fingerprint:
            words = (
                "no chance: the map was learned for another scorer, or the same taught otherwise"
            )
            other = Caution("other_scorer", words)
            return evolve(score, probability=None, warnings=(*warnings, other))
        taught = getattr(self.calibrator, "fingerprint", None) or repr(self.calibrator)
        return evolve(
            score,
            probability=self.calibrator.probability(score.score),
            scorer=f"{score.scorer}, calibrated",
            fingerprint=fingerprint_of("calibrated", score.fingerprint, taught),
            warnings=warnings,
        )


def _checked(
    scores: Sequence[LeadScore], outcomes: Sequence[bool], least: int
) -> tuple[list[float], list[bool], str]:
    """The points, which leads were won, and the fingerprint of the scorer."""
    known = checked_scores("scores", scores)
    won = checked_outcomes(known, outcomes)
    if least < 1:
        raise OptionError("least_of_each", least, "must be at least 1")
    missing = shortage(sum(won), len(won) - sum(won), least)
    if missing:
        reason = f"{missing}; use the scores as they are, or pass a smaller least_of_each"
        raise OptionError("outcomes", len(won), reason)
    return [one.score for one in known], won, the_scorer(known)
