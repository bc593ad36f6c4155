"""Fit and engagement in one score, and in a grid."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve, frozen

from partnerleads.errors import OptionError, ScorerError
from partnerleads.model import Caution
from partnerleads.scoring import DEFAULT_RULES, Grid, Hybrid, LeadFeatures, LeadScore, Reason
from partnerleads.testing import at

NOW = at("2026-02-01")
LEAD = LeadFeatures(lead_id="L1", captured_at=NOW, as_of=NOW)


@frozen
class Fixed:
    """Scores every lead alike."""

    points: float
    mark: str = "f"
    warnings: tuple[Caution, ...] = ()

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        return LeadScore(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            score=self.points,
            probability=self.points / 100,
            reasons=[Reason(name="fixed", points=self.points, evidence=1.0)],
            scorer="fixed",
            fingerprint=self.mark,
            warnings=self.warnings,
        )


@frozen
class Halved:
    """Believes half of a score."""

    def probability(self, score: float, /) -> float:
        return score / 200


def test_the_score_is_the_weighted_mean_and_the_reasons_are_both() -> None:
    score = Hybrid(fit=Fixed(80), engagement=Fixed(40), fit_weight=0.25).score(LEAD)

    assert (50, "hybrid", None) == (score.score, score.scorer, score.probability)
    assert [("fit: fixed", 20, 1.0), ("engagement: fixed", 30, 1.0)] == [
        (one.name, one.points, one.evidence) for one in score.reasons
    ]


@pytest.mark.parametrize(("weight", "name"), [(1, "fit: fixed"), (0, "engagement: fixed")])
def test_what_has_no_weight_gives_no_reason(weight: float, name: str) -> None:
    score = Hybrid(fit=Fixed(80), engagement=Fixed(80), fit_weight=weight).score(LEAD)

    assert 80 == score.score
    assert [name] == [one.name for one in score.reasons]


def test_a_calibrator_gives_the_chance() -> None:
    hybrid = Hybrid(fit=Fixed(80), engagement=Fixed(40), calibrator=Halved())

    assert 0.3 == hybrid.score(LEAD).probability


def test_warnings_of_both_are_kept_once() -> None:
    few, old = Caution("few", "rests on little"), Caution("old", "is old")
    hybrid = Hybrid(fit=Fixed(1, "f", (few,)), engagement=Fixed(1, "f", (few, old)))

    assert (few, old) == hybrid.score(LEAD).warnings


def test_whatever_changes_the_score_changes_the_fingerprint() -> None:
    hybrid = Hybrid(fit=Fixed(1, "a"), engagement=Fixed(1, "b"))
    others = [
        evolve(hybrid, name="x"),
        evolve(hybrid, fit=Fixed(1, "c")),
        evolve(hybrid, fit=hybrid.engagement, engagement=hybrid.fit),
        evolve(hybrid, fit_weight=0.4),
        evolve(hybrid, calibrator=Halved()),
    ]

    assert 6 == len({one.score(LEAD).fingerprint for one in (hybrid, *others)})
    again = Hybrid(fit=Fixed(1, "a"), engagement=Fixed(1, "b"), grid=Grid(fit=(1,)))
    assert hybrid.score(LEAD).fingerprint == again.score(LEAD).fingerprint


@pytest.mark.parametrize(
    ("fit", "engagement", "name"),
    [(100, 100, "A1"), (70, 40, "A2"), (69.9, 39.9, "B3"), (0, 70, "C1"), (40, 0, "B3")],
)
def test_a_lead_stands_in_the_cell_of_both_scores(fit: float, engagement: float, name: str) -> None:
    cell = Hybrid(fit=Fixed(fit), engagement=Fixed(engagement)).cell(LEAD)

    assert (name, fit, engagement) == cell


def test_a_grid_has_one_letter_more_than_limits() -> None:
    grid = Grid(fit=range(90, 0, -10), engagement=[50])

    assert ["A1", "J2"] == [
        grid.cell(fit=90, engagement=50).name,
        grid.cell(fit=0, engagement=0).name,
    ]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ((), "takes 1 to 9 limits"),
        (range(90, 40, -5), "takes 1 to 9 limits"),
        ((40, 70), "go from the best down"),
        ((40, 40), "go from the best down"),
        ((101,), "go from the best down"),
        ((0,), "go from the best down"),
        (("x",), "must be a finite number"),
    ],
)
def test_limits_that_make_no_sense_are_refused(limits: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Grid(fit=limits)


def test_what_is_no_scorer_or_calibrator_is_refused() -> None:
    with pytest.raises(OptionError, match=r"fit=.* is no scorer"):
        Hybrid(fit=Fixed, engagement=DEFAULT_RULES)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="engagement='x': is no scorer"):
        Hybrid(fit=DEFAULT_RULES, engagement="x")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="calibrator=3: is no calibrator"):
        Hybrid(fit=DEFAULT_RULES, engagement=DEFAULT_RULES, calibrator=3)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="fit_weight=2"):
        Hybrid(fit=DEFAULT_RULES, engagement=DEFAULT_RULES, fit_weight=2)


def test_a_part_that_answers_for_another_lead_is_refused() -> None:
    class Confused(Fixed):
        def score(self, lead: LeadFeatures, /) -> LeadScore:
            return super().score(evolve(lead, lead_id="L2"))

    with pytest.raises(ScorerError, match="Confused on lead 'L1': answers for 'L2'"):
        Hybrid(fit=Confused(1), engagement=Fixed(1)).score(LEAD)
