"""Learned lead scores and their calibration against scikit-learn and SciPy, on random data."""

from __future__ import annotations

import random
from typing import Any

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
    drift,
    isotonic,
    log_loss,
    reliability_table,
)
from partnerleads.testing import at

np = pytest.importorskip("numpy")
stats = pytest.importorskip("scipy.stats")
optimize = pytest.importorskip("scipy.optimize")
linear_model = pytest.importorskip("sklearn.linear_model")
metrics = pytest.importorskip("sklearn.metrics")
sk_calibration = pytest.importorskip("sklearn.calibration")
sk_isotonic = pytest.importorskip("sklearn.isotonic")
naive = pytest.importorskip("sklearn.naive_bayes")
preprocessing = pytest.importorskip("sklearn.preprocessing")

START = at("2026-01-01")
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
        won = chance.random() < 1 / (1 + 3**-odds)
        found.append(Example(features=features, won=won, closed_at=at("2026-02-01")))
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
