"""Published figures of learned lead scores and of calibration, and other programs' answers."""

from __future__ import annotations

import random
from math import log
from typing import Any

import attrs
import pytest

from partnerleads.scoring import (
    Example,
    LeadFeatures,
    LeadScore,
    Logistic,
    NaiveBayes,
    Reason,
    estimator,
    isotonic_map,
    platt_map,
)
from partnerleads.stats import (
    auc,
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


# --- other programs ------------------------------------------------------------------------------

np = pytest.importorskip("numpy")
stats = pytest.importorskip("scipy.stats")
optimize = pytest.importorskip("scipy.optimize")
linear_model = pytest.importorskip("sklearn.linear_model")
metrics = pytest.importorskip("sklearn.metrics")
sk_calibration = pytest.importorskip("sklearn.calibration")
sk_isotonic = pytest.importorskip("sklearn.isotonic")
naive = pytest.importorskip("sklearn.naive_bayes")
preprocessing = pytest.importorskip("sklearn.preprocessing")

SEEDS = range(25)


def forecasts_of(seed: int) -> tuple[list[float], list[bool]]:
    """Random chances, some of them equal, and outcomes that follow them."""
    chance = random.Random(seed)
    many = chance.randint(20, 300)
    found = [round(chance.betavariate(2, 3), chance.choice((1, 2, 6))) for _ in range(many)]
    outcomes = [chance.random() < one**1.5 for one in found]
    return found, [True, False, *outcomes[2:]]


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_of_forecasts_agree_with_scikit_learn(seed: int) -> None:
    forecasts, outcomes = forecasts_of(seed)
    inside = [min(max(one, 0.001), 0.999) for one in forecasts]

    assert pytest.approx(metrics.brier_score_loss(outcomes, forecasts)) == brier_score(
        forecasts, outcomes
    )
    assert pytest.approx(metrics.log_loss(outcomes, inside)) == log_loss(inside, outcomes)
    assert pytest.approx(metrics.roc_auc_score(outcomes, forecasts)) == auc(forecasts, outcomes)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("by", "strategy"), [("width", "uniform"), ("quantile", "quantile")])
def test_reliability_tables_agree_with_scikit_learn(seed: int, by: Any, strategy: str) -> None:
    forecasts, outcomes = forecasts_of(seed)
    # chances on an edge, where rounding decides, are moved off it
    moved = [min(one + 1e-7, 1.0) for one in forecasts]
    table = reliability_table(moved, outcomes, bins=7, by=by)
    rates, means = sk_calibration.calibration_curve(outcomes, moved, n_bins=7, strategy=strategy)

    assert pytest.approx(list(rates)) == [one.rate for one in table]
    assert pytest.approx(list(means)) == [one.forecast for one in table]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_area_agrees_with_the_test_of_mann_and_whitney(seed: int) -> None:
    forecasts, outcomes = forecasts_of(seed)
    won = [one for one, outcome in zip(forecasts, outcomes, strict=True) if outcome]
    lost = [one for one, outcome in zip(forecasts, outcomes, strict=True) if not outcome]
    pairs = stats.mannwhitneyu(won, lost).statistic

    assert pytest.approx(pairs / (len(won) * len(lost))) == auc(forecasts, outcomes)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rising_sequence_agrees_with_scipy(seed: int) -> None:
    chance = random.Random(seed)
    values = [chance.gauss(place / 10, 3) for place in range(60)]
    weights = [chance.uniform(0.1, 5) for _ in values]
    peer = optimize.isotonic_regression(values, weights=weights).x

    assert pytest.approx(list(peer)) == isotonic(values, weights=weights)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stability_index_agrees_with_relative_entropy_both_ways(seed: int) -> None:
    chance = random.Random(seed)
    bins = chance.randint(2, 12)
    before, after = ([chance.randint(1, 90) for _ in range(bins)] for _ in range(2))
    found = drift(before, after)
    both = stats.entropy(before, after) + stats.entropy(after, before)
    tail = stats.chi2.sf(both / (1 / sum(before) + 1 / sum(after)), bins - 1)

    assert pytest.approx(both) == found.index
    assert pytest.approx(tail) == found.p_value


def judged(seed: int) -> tuple[list[LeadScore], list[bool]]:
    forecasts, outcomes = forecasts_of(seed)
    scores = [
        LeadScore(
            lead_id=f"L{place}",
            as_of=START,
            score=100 * one,
            reasons=[Reason(name="drawn", points=100 * one)],
            scorer="drawn",
            fingerprint="1",
        )
        for place, one in enumerate(forecasts)
    ]
    return scores, outcomes


@pytest.mark.parametrize("seed", SEEDS)
def test_maps_of_steps_agree_with_scikit_learn(seed: int) -> None:
    scores, outcomes = judged(seed)
    points = [one.score for one in scores]
    peer = sk_isotonic.IsotonicRegression(out_of_bounds="clip").fit(points, outcomes)
    rising = isotonic_map(scores, outcomes, least_of_each=1)
    asked = [place / 3 for place in range(301)]

    assert pytest.approx(list(peer.predict(asked)), abs=1e-9) == [
        rising.probability(one) for one in asked
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_curves_agree_with_a_general_minimiser(seed: int) -> None:
    scores, outcomes = judged(seed)
    points = np.array([one.score for one in scores])
    won = sum(outcomes)
    high, low = (won + 1) / (won + 2), 1 / (len(outcomes) - won + 2)
    targets = np.where(outcomes, high, low)

    def loss(place: Any) -> float:
        odds = place[0] + place[1] * (points - 40) / 20
        return float(np.sum(np.logaddexp(0, odds) - targets * odds))

    base, slope = optimize.minimize(loss, [0, 1], method="BFGS", options={"gtol": 1e-9}).x
    curve = platt_map(scores, outcomes, least_of_each=1)

    assert pytest.approx(slope / 20, rel=1e-4, abs=1e-6) == curve.slope
    assert pytest.approx(base - 2 * slope, rel=1e-4, abs=1e-5) == curve.base


def closed(seed: int, *, gaps: bool) -> list[Example]:
    chance = random.Random(seed)
    found = []
    for place in range(chance.randint(30, 90)):
        values = {
            name: chance.choice("abcd"[: place_of + 2])
            for place_of, name in enumerate(("country", "industry", "role"))
            if not gaps or chance.random() < 0.8
        }
        numbers = {"size": chance.lognormvariate(3, 1)} if chance.random() < 0.8 or not gaps else {}
        odds = (values.get("role") == "a") - (values.get("industry") == "b") - 0.3
        features = LeadFeatures(
            lead_id=f"L{place:03}",
            captured_at=START,
            as_of=START,
            values=values,
            numbers=numbers,
        )
        found.append(example(features, won=chance.random() < 1 / (1 + 3**-odds)))
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("penalty", [0.1, 1.0, 20.0])
def test_logistic_regression_agrees_with_scikit_learn(
    seed: int, penalty: float, *, gaps: bool
) -> None:
    known = closed(seed, gaps=gaps)
    names = sorted({name for one in known for name in one.features.values})
    values = [[one.features.values.get(name, "") for name in names] for one in known]
    levels = [sorted({row[place] for row in values} - {""}) for place in range(len(names))]
    coded = preprocessing.OneHotEncoder(
        categories=levels, handle_unknown="ignore", sparse_output=False
    ).fit_transform(values)
    sizes = np.array([one.features.numbers.get("size", np.nan) for one in known])
    standard = np.nan_to_num((sizes - np.nanmean(sizes)) / np.nanstd(sizes))
    rows = np.column_stack([coded, standard])
    peer = linear_model.LogisticRegression(
        C=1 / penalty, tol=1e-12, max_iter=1000, solver="newton-cholesky"
    ).fit(rows, [one.won for one in known])
    scorer = Logistic(penalty=penalty, least_of_each=1).fit(known)

    assert pytest.approx(list(peer.predict_proba(rows)[:, 1]), abs=1e-6) == [
        scorer.score(one.features).probability for one in known
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_naive_bayes_agrees_with_scikit_learn(seed: int) -> None:
    known = closed(seed, gaps=False)
    names = sorted(known[0].features.values)
    rows = preprocessing.OrdinalEncoder().fit_transform(
        [[one.features.values[name] for name in names] for one in known]
    )
    peer = naive.CategoricalNB(alpha=0.5).fit(rows, [one.won for one in known])
    scorer = NaiveBayes(smoothing=0.5, least_of_each=1).fit(known)

    assert pytest.approx(list(peer.predict_proba(rows)[:, 1]), abs=1e-9) == [
        scorer.score(one.features).probability for one in known
    ]


def test_an_estimator_of_scikit_learn_is_a_scorer() -> None:
    known = closed(7, gaps=False)

    def row(features: LeadFeatures) -> list[float]:
        return [features.numbers["size"], float(features.values["role"] == "a")]

    rows, outcomes = [row(one.features) for one in known], [one.won for one in known]
    model = linear_model.LogisticRegression().fit(rows, outcomes)
    won = sum(outcomes)
    scorer = estimator(
        model,
        row=row,
        name="sklearn",
        version="1",
        trained_on=(won, len(known) - won),
        coefficients=dict(zip(("size", "is a"), map(float, model.coef_[0]), strict=True)),
        intercept=float(model.intercept_[0]),
        least_of_each=1,
    )

    assert pytest.approx(list(model.predict_proba(rows)[:, 1])) == [
        scorer.score(one.features).probability for one in known
    ]
