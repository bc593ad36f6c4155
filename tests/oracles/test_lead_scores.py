"""Published figures of learned lead scores and of calibration, and other programs' answers."""

from __future__ import annotations

from math import log
from typing import Any

import attrs
import pytest

from partnerleads.scoring import (
    Example,
    LeadFeatures,
    NaiveBayes,
)
from partnerleads.stats import (
    brier_score,
    calibration_error,
    drift,
    isotonic,
    log_loss,
    reliability_table,
)
from partnerleads.testing import at

START = at("2026-01-01")


def lead(name: str, segment: str | None = None, **values: str) -> LeadFeatures:
    return LeadFeatures(
        lead_id=name, captured_at=START, as_of=START, values=values, segment=segment
    )


def example(features: LeadFeatures, *, won: bool) -> Example:
    return Example(features=features, won=won, closed_at=at("2026-02-01"))


class TestOdoo:
    """Leads of the test ``test_predictive_lead_scoring`` of Odoo's CRM.

    ``addons/crm/tests/test_crm_pls.py`` in github.com/odoo/odoo: the values of its fourteen leads
    and the chances that it expects of four of them. No lead has an e-mail or a telephone, so the
    states of both are the same for all and cancel out.
    """

    STAGES = ("new", "qualified", "proposition", "won")
    LEADS = (
        # team, country, state, source, stage
        (1, 0, 0, 0, 0),
        (1, 1, 1, 1, 1),
        (1, 2, 2, 2, 2),
        (1, 0, 1, 2, 1),
        (1, 1, 1, 1, 0),
        (2, 0, 1, 1, 2),
        (2, 0, 1, 2, 1),
        (2, 0, 2, 2, 0),
        (2, 0, 1, 2, 1),
        (2, 1, 0, 1, 1),
        (3, 1, 1, 1, 2),
        (3, 0, 1, 0, 0),
        (3, 1, 2, 2, 0),
        (3, 0, 1, 2, 1),
    )
    WON = (2, 7, 10)
    LOST = (0, 1, 5, 6, 11, 12)

    DESIGN = NaiveBayes(
        separators={"stage": " "},
        against_leads=["stage"],
        smoothing=0.1,
        prior_smoothing=0.1,
        pooling="segments",
        least_of_each=1,
    )
    """A tenth of a lead for every count, and all teams together the sum of the teams."""

    def lead(self, place: int, *, stage: int | None = None, pooled: bool = False) -> LeadFeatures:
        team, country, state, source, own = self.LEADS[place]
        return lead(
            f"lead {place}",
            segment=None if pooled and team == 3 else f"team {team}",
            country=str(country),
            state=str(state),
            source=str(source),
            stage=self.STAGES[own if stage is None else stage],
            email_state="none",
            phone_state="none",
        )

    def outcome(self, place: int, *, won: bool, pooled: bool = False) -> Example:
        features = self.lead(place, pooled=pooled)
        reached = 4 if won else self.LEADS[place][-1] + 1
        passed = {"stage": " ".join(self.STAGES[:reached])}
        values = {**features.values, **passed}
        return example(lead(features.lead_id, features.segment, **values), won=won)

    def learner(self, *, pooled: bool = False) -> Any:
        learner = self.DESIGN.learner()
        for place in (*self.WON, *self.LOST):
            learner.learn(self.outcome(place, won=place in self.WON, pooled=pooled))
        return learner

    @pytest.mark.parametrize(("place", "chance"), [(3, 33.49), (8, 7.74), (13, 35.09)])
    def test_chances_within_a_team(self, place: int, chance: float) -> None:
        scorer = self.learner().scorer()

        assert chance == round(scorer.score(self.lead(place)).score, 2)

    def test_chance_of_a_lead_without_a_team(self) -> None:
        scorer = self.learner(pooled=True).scorer()

        assert 35.19 == round(scorer.score(self.lead(13, pooled=True)).score, 2)

    def test_chances_after_live_outcomes_and_one_taken_back(self) -> None:
        learner = self.learner(pooled=True)
        learner.learn(self.outcome(4, won=False))
        learner.learn(self.outcome(9, won=True))
        learner.unlearn("lead 4")
        scorer = learner.scorer()
        there = self.lead(8, stage=0)
        moved = lead("lead 8", there.segment, **{**there.values, "country": "1"})

        assert 20.87 == round(scorer.score(self.lead(3, stage=0)).score, 2)
        assert 2.43 == round(scorer.score(self.lead(8, stage=0)).score, 2)
        # they round it up to 34.38
        assert pytest.approx(34.375, abs=1e-9) == scorer.score(moved).score

    def test_tags_count_one_by_one(self) -> None:
        design = NaiveBayes(
            separators={"tags": " "}, smoothing=0.1, prior_smoothing=0.1, least_of_each=1
        )
        learner = design.learner()
        outcomes = [("1", 30, 19), ("2", 40, 9), ("1 2", 35, 14)]
        for tags, lost, won in outcomes:
            for number in range(lost + won):
                features = lead(f"{tags}-{number}", tags=tags)
                learner.learn(example(features, won=number >= lost))
        scorer = learner.scorer()

        assert 33.69 == round(scorer.score(lead("x", tags="1")).score, 2)
        assert 23.51 == round(scorer.score(lead("x", tags="2")).score, 2)
        assert 28.05 == round(scorer.score(lead("x", tags="1 2")).score, 2)
        assert 28.6 == round(scorer.score(lead("x")).score, 2)

    def test_chance_after_a_first_win(self) -> None:
        # pull requests 84259 and 104365: 1.1 won and 0.1 lost is 91.67 %
        design = attrs.evolve(self.DESIGN, least_of_each=0)
        first = example(lead("first", stage="new qualified won"), won=True)

        scorer = design.fit([first])

        assert 91.67 == round(scorer.score(lead("next", stage="new")).score, 2)


# --- calibration, as published -------------------------------------------------------------------


def test_scores_of_forecasts_as_in_the_manual_of_scikit_learn() -> None:
    # user guide and docstrings of brier_score_loss and log_loss
    spam = log_loss([0.9, 0.1, 0.2, 0.65], [True, False, False, True])

    assert pytest.approx(0.0375) == brier_score([0.1, 0.9, 0.8, 0.3], [False, True, True, False])
    assert 0.21616 == round(spam, 5)


def test_a_reliability_table_as_in_the_manual_of_scikit_learn() -> None:
    # docstring of calibration_curve
    forecasts = [0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0]
    table = reliability_table(forecasts, [False] * 4 + [True] * 5, bins=3)

    assert [0, 0.5, 1] == [one.rate for one in table]
    assert [0.2, 0.525, 0.85] == [pytest.approx(one.forecast) for one in table]
    # (3 x .2 + 2 x .025 + 4 x .15) / 9
    assert pytest.approx(1.25 / 9) == calibration_error(table)
    assert 0.138889 == round(calibration_error(table), 6)


def test_the_rising_sequence_of_the_manual_of_r() -> None:
    # example(isoreg): isoreg(c(1,0,4,3,3,5,4,2,3,0))
    assert [0.5] * 2 + [3.0] * 8 == isotonic([1, 0, 4, 3, 3, 5, 4, 2, 3, 0])


def test_a_stability_index_by_hand() -> None:
    # .1 ln 2 + 0 + .1 ln(6/5)
    found = drift([10, 30, 60], [20, 30, 50])

    assert pytest.approx(0.1 * log(2) + 0.1 * log(6 / 5)) == found.index
    assert 0.0875469 == round(found.index, 7)
