"""Lead scores held against what became of the leads."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf

from partnerleads.errors import OptionError
from partnerleads.model import Caution
from partnerleads.model.figure import counted
from partnerleads.model.numbers import check_number
from partnerleads.scoring.calibration_result import Calibration, Verdict
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.past_scores import checked_outcomes, checked_scores, the_scorer
from partnerleads.scoring.score_drift import score_drift
from partnerleads.scoring.standing_in import LEAST_OF_EACH, shortage
from partnerleads.stats import (
    Binning,
    Drift,
    auc,
    brier_parts,
    calibration_error,
    calibration_test,
    log_loss,
    reliability_table,
    top_scored,
    wilson,
)

__all__ = ["calibration"]

FEW_IN_A_BIN = 10
"""Bins with fewer leads say little."""

BEYOND_CHANCE = 0.05


def calibration(
    scores: Sequence[LeadScore],
    outcomes: Sequence[bool],
    *,
    bins: int = 10,
    by: Binning = "quantile",
    top: float = 0.1,
    tolerance: float = 0.05,
    before: Sequence[LeadScore] | None = None,
    least_of_each: int = LEAST_OF_EACH,
    confidence: float = 0.95,
) -> Calibration:
    """How far the chances of scores can be believed, and whether they need to be learned anew.

    Use leads that the scorer did not learn from. Scores without a chance are read as points of 100,
    with a warning.

    Args:
        scores: Scores of one scorer.
        outcomes: Whether each lead was won, in the same order.
        bins: Into how many groups the chances are put. [count, >= 1]
        by: Groups as large, ``quantile``; ranges as wide, ``width``; or equals, ``identical``.
        top: The part of the leads that are looked at for lift and capture. [0..1, more than 0]
        tolerance: By how much chances may be off on average. [0..1]
        before: Scores of an earlier time, for the drift since then.
        least_of_each: Won leads, and leads not won, that a verdict needs. [count]
        confidence: Of the limits of won parts. [0..1, exclusive]

    Returns:
        The figures and a verdict: ``retrain`` where higher scores are not won more often,
        ``recalibrate`` where chances are off by more than the tolerance and by more than chance,
        or scores drifted beyond chance; ``keep``, or ``too little data``. With the reasons.

    Raises:
        OptionError: When there are no scores or no list of them, not as many of either, several
            scorers, or an option makes no sense.

    Source:
        Brier 1950; Murphy 1973; Hosmer and Lemeshow 1980; the drift as in
        :func:`partnerleads.stats.drift`.
    """
    check_number("tolerance", tolerance)
    scores = checked_scores("scores", scores)
    won = checked_outcomes(scores, outcomes)
    if not scores:
        raise OptionError("scores", 0, "must be at least 1")
    fingerprint = the_scorer(scores)
    chances = [_chance(one) for one in scores]
    table = reliability_table(chances, won, bins=bins, by=by)
    points = [one.score for one in scores]
    power = auc(points, won)
    moved = None if before is None else score_drift(before, scores, bins=bins)
    found = Calibration(
        scorer=scores[0].scorer,
        fingerprint=fingerprint,
        as_of=max(one.as_of for one in scores),
        n=len(won),
        won=sum(won),
        forecast=fsum(chances) / len(chances),
        interval=wilson(sum(won), len(won), confidence=confidence),
        confidence=confidence,
        table=table,
        brier=brier_parts(chances, won, bins=bins, by=by),
        log_loss=log_loss(chances, won),
        error=calibration_error(table),
        test=calibration_test(table),
        auc=power,
        top=top_scored(points, won, share=top),
        drift=moved,
        verdict="keep",
        reasons=(),
        warnings=_warnings(scores, table, moved),
    )
    verdict, reasons = _verdict(found, tolerance, least_of_each)
    return found.judged(verdict, reasons)


def _chance(score: LeadScore) -> float:
    return score.score / 100 if score.probability is None else score.probability


def _warnings(
    scores: Sequence[LeadScore], table: Sequence[object], moved: Drift | None
) -> tuple[Caution, ...]:
    found = []
    without = sum(one.probability is None for one in scores)
    if without:
        have = "score has no chance; its" if without == 1 else "scores have no chance; their"
        words = f"{without} {have} points are read as one, out of 100"
        found.append(Caution("no_chance", words))
    if len(scores) < FEW_IN_A_BIN * len(table):
        where = f"{counted(len(scores), 'lead')} in {counted(len(table), 'bin')}"
        words = f"{where}: fewer than {FEW_IN_A_BIN} in a bin"
        found.append(Caution("small_bins", words))
    if moved is not None and len(moved.parts) == 1:
        words = "the earlier scores fill a single bin, so no drift can show"
        found.append(Caution("one_bin", words))
    return tuple(found)


def _verdict(found: Calibration, tolerance: float, least: int) -> tuple[Verdict, tuple[str, ...]]:
    missing = shortage(found.won, found.n - found.won, least)
    if missing:
        return "too little data", (missing,)
    if found.auc is not None and found.auc <= 0.5:
        return "retrain", (f"higher scores are not won more often: AUC {found.auc:.2f}",)
    reasons = []
    p_value = 0.0 if found.test.p_value is None else found.test.p_value
    if found.error > tolerance and p_value < BEYOND_CHANCE:
        off = f"chances are off by {found.error:.3f} on average, more than {tolerance:g}"
        reasons.append(f"{off}, and more than chance would have it")
    low, high = found.interval
    if abs(found.forecast - found.rate) > tolerance and not low <= found.forecast <= high:
        said = f"{100 * found.forecast:.1f} % were foretold"
        reasons.append(f"{said}, {100 * found.rate:.1f} % were won")
    moved = found.drift
    if moved is not None and moved.verdict == "drifted" and moved.beyond_chance:
        index = "infinite" if moved.index == inf else f"{moved.index:.2f}"
        reasons.append(f"scores drifted: stability index {index}, from 0.25 on they have")
    if reasons:
        return "recalibrate", tuple(reasons)
    off = f"chances are off by {found.error:.3f} on average"
    if found.error > tolerance:
        return "keep", (f"{off}, which is no more than chance would have it",)
    return "keep", (f"{off}, within {tolerance:g}",)
