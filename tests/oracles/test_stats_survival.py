"""Curves, tests and priors against other programs, on random inputs."""

from __future__ import annotations

import warnings
from itertools import combinations
from random import Random
from typing import Any

import pytest

from partnerleads.stats import (
    beta_prior_by_likelihood,
    cumulative_incidence,
    gini,
    kaplan_meier,
    log_rank,
)
from partnerleads.stats.beta import beta_probability, beta_quantile

SEEDS = range(300)


def subjects(random: Random, *, causes: int = 1, ties: bool = True) -> tuple[list[Any], list[int]]:
    """Some durations, with ties or without, and what ended each; 0 is nothing."""
    n = random.randint(2, 60)
    latest = random.choice([5, 20, 100])
    whole = [random.randint(1, latest) for _ in range(n)]
    exact = [random.expovariate(0.1) + 0.01 for _ in range(n)]
    return (whole if ties else exact), [random.randint(0, causes) for _ in range(n)]


def entries_before(random: Random, durations: list[int]) -> list[float]:
    """Entries, about half of them late, and all before their exit."""
    return [random.choice([0, random.uniform(0, duration - 0.5)]) for duration in durations]


@pytest.mark.parametrize("seed", SEEDS)
def test_kaplan_meier_as_scipy_has_it(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    durations, ended = subjects(Random(seed))
    curve = kaplan_meier(durations, events=[bool(e) for e in ended])
    with warnings.catch_warnings(action="ignore"):
        theirs = stats.ecdf(
            stats.CensoredData(
                uncensored=[d for d, e in zip(durations, ended, strict=True) if e],
                right=[d for d, e in zip(durations, ended, strict=True) if not e],
            )
        ).sf
        limits = theirs.confidence_interval(method="log-log")

    for time in curve.times:
        assert pytest.approx(float(theirs.evaluate(time)), abs=1e-12) == curve.at(time)
        ours = curve.interval_at(time)
        if ours is not None:
            low, high = (float(end.evaluate(time)) for end in (limits.low, limits.high))
            assert (low, high) == pytest.approx(ours, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_kaplan_meier_with_late_entries_as_statsmodels_has_it(seed: int) -> None:
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    random = Random(seed)
    durations, ended = subjects(random)
    entries = entries_before(random, durations)
    if not any(ended):
        ended[0] = 1
    curve = kaplan_meier(durations, events=[bool(e) for e in ended], entries=entries)
    with warnings.catch_warnings(action="ignore"):
        theirs = survfunc.SurvfuncRight(durations, ended, entry=entries)

    assert list(curve.times) == list(theirs.surv_times)
    assert list(curve.at_risk) == list(theirs.n_risk)
    assert list(theirs.surv_prob) == pytest.approx(list(curve.survival), abs=1e-12)
    for left, variance, error in zip(
        curve.survival, curve.variance, theirs.surv_prob_se, strict=True
    ):
        if left > 0:
            assert pytest.approx(float(error), rel=1e-9) == variance**0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_median_and_its_limits_as_lifelines_has_them(seed: int) -> None:
    lifelines = pytest.importorskip("lifelines")
    utils = pytest.importorskip("lifelines.utils")
    durations, ended = subjects(Random(seed))
    curve = kaplan_meier(durations, events=[bool(e) for e in ended])
    with warnings.catch_warnings(action="ignore"):
        theirs = lifelines.KaplanMeierFitter().fit(durations, ended)
        frame = utils.median_survival_times(theirs.confidence_interval_)
    low, high = sorted(float(end) for end in frame.iloc[0])
    ours = [float("inf") if end is None else end for end in curve.quantile_interval(0.5)]

    median = float("inf") if curve.median is None else curve.median
    # it misses a half that rounding puts just above
    assert median == theirs.median_survival_time_ or curve.at(median) == pytest.approx(
        0.5, abs=1e-9
    )
    assert ours[0] == low
    # it takes the curve for certain where nobody is left; here the upper limit is open then
    assert ours[1] == high or (curve.survival[-1] == 0 and high == curve.times[-1])


@pytest.mark.parametrize("seed", SEEDS)
def test_incidence_and_its_variance_as_statsmodels_has_them(seed: int) -> None:
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    durations, ended = subjects(Random(seed), causes=3)
    ended[:3] = [1, 2, 3][: len(ended)]
    with warnings.catch_warnings(action="ignore"):
        theirs = survfunc.CumIncidenceRight(durations, ended)
    causes = [cause or None for cause in ended]

    for place, cause in enumerate(range(1, max(ended) + 1)):
        curve = cumulative_incidence(durations, causes=causes, cause=cause)
        for step, time in enumerate(theirs.times):
            share, error = theirs.cinc[place][step], theirs.cinc_se[place][step]
            at = curve.times.index(time) if time in curve.times else None
            assert pytest.approx(float(share), abs=1e-12) == curve.at(time)
            if at is not None and curve.survival[at] > 0:
                assert pytest.approx(float(error), rel=1e-6, abs=1e-9) == curve.variance[at] ** 0.5


@pytest.mark.parametrize("seed", range(100))
def test_limits_of_the_incidence_as_lifelines_has_them(seed: int) -> None:
    lifelines = pytest.importorskip("lifelines")
    durations, ended = subjects(Random(seed), causes=2, ties=False)
    ended[0] = 1
    curve = cumulative_incidence(durations, causes=[cause or None for cause in ended], cause=1)
    with warnings.catch_warnings(action="ignore"):
        theirs = lifelines.AalenJohansenFitter().fit(durations, ended, event_of_interest=1)
    shares, limits = theirs.cumulative_density_, theirs.confidence_interval_

    for time, left in zip(curve.times, curve.survival, strict=True):
        assert pytest.approx(float(shares.loc[time].iloc[0]), abs=1e-12) == curve.at(time)
        ours = curve.interval_at(time)
        if ours is not None and left > 0:
            assert sorted(limits.loc[time]) == pytest.approx(ours, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_log_rank_as_statsmodels_has_it(seed: int) -> None:
    numpy = pytest.importorskip("numpy")
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    random = Random(seed)
    durations, ended = subjects(random)
    entries = entries_before(random, durations)
    first = [random.random() < 0.5 for _ in durations]
    first[:2] = [True, False]
    columns = list(zip(durations, [bool(e) for e in ended], entries, strict=True))
    one = [row for row, chosen in zip(columns, first, strict=True) if chosen]
    other = [row for row, chosen in zip(columns, first, strict=True) if not chosen]
    test = log_rank(
        [row[0] for row in one],
        events=[row[1] for row in one],
        entries=[row[2] for row in one],
        other_durations=[row[0] for row in other],
        other_events=[row[1] for row in other],
        other_entries=[row[2] for row in other],
    )
    if test.statistic is None:
        return
    with warnings.catch_warnings(action="ignore"):
        statistic, p_value = survfunc.survdiff(
            *map(numpy.array, (durations, ended, first)), entry=numpy.array(entries)
        )

    assert pytest.approx(float(statistic), rel=1e-9, abs=1e-12) == test.statistic
    assert pytest.approx(float(p_value), rel=1e-9, abs=1e-12) == test.p_value


@pytest.mark.parametrize("seed", range(10))
def test_the_beta_distribution_as_scipy_has_it(seed: int) -> None:
    special = pytest.importorskip("scipy.special")
    random = Random(seed)
    for _ in range(200):
        a, b = 10 ** random.uniform(-3, 7.5), 10 ** random.uniform(-3, 7.5)
        share, probability = random.random(), random.choice([0.025, 0.975, random.random()])

        assert pytest.approx(special.betainc(a, b, share), abs=1e-9) == beta_probability(
            share, a, b
        )
        assert pytest.approx(special.betaincinv(a, b, probability), rel=1e-7) == beta_quantile(
            probability, a, b
        )


@pytest.mark.parametrize("seed", range(60))
def test_the_fitted_prior_is_at_least_as_likely_as_scipys(seed: int) -> None:
    numpy = pytest.importorskip("numpy")
    optimize = pytest.importorskip("scipy.optimize")
    special = pytest.importorskip("scipy.special")
    random = Random(seed)
    a, b = 10 ** random.uniform(-0.5, 1.5), 10 ** random.uniform(-0.5, 1.5)
    trials = [random.randint(1, 200) for _ in range(random.randint(2, 30))]
    counts = []
    for of in trials:
        share = random.betavariate(a, b)
        counts.append((sum(random.random() < share for _ in range(of)), of))
    fit = beta_prior_by_likelihood(counts)
    hits, of = (numpy.array(column) for column in zip(*counts, strict=True))
    assert fit.prior is not None

    def surprise(logs: Any) -> float:
        one, other = numpy.exp(logs)
        parts = special.betaln(hits + one, of - hits + other) - special.betaln(one, other)
        return -float(parts.sum())

    ours = numpy.log([fit.prior.a, fit.prior.b])
    theirs = optimize.minimize(surprise, ours + 0.3, method="Nelder-Mead", tol=1e-10)

    if fit.held_at is None:
        assert surprise(ours) <= theirs.fun + 1e-7
        assert list(theirs.x) == pytest.approx(list(ours), abs=1e-3)
    elif fit.held_at == "most":
        assert surprise(ours) <= surprise(ours - 2) + 1e-7


@pytest.mark.parametrize("seed", range(50))
def test_gini_is_half_the_relative_mean_difference(seed: int) -> None:
    random = Random(seed)
    values = [random.lognormvariate(0, 2) for _ in range(random.randint(1, 60))]
    difference = sum(abs(x - y) for x, y in combinations(values, 2)) / len(values) ** 2

    assert pytest.approx(difference / (sum(values) / len(values)), abs=1e-12) == gini(values)
