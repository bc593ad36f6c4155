from collections.abc import Callable, Sequence
from math import inf, nan
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import (
    BetaPrior,
    PriorFit,
    beta_prior_by_likelihood,
    beta_prior_by_moments,
    beta_prior_from_mean,
)
from partnerleads.stats.beta import beta_probability, beta_quantile
from partnerleads.stats.beta_binomial import falling_root

Fit: TypeAlias = Callable[[Sequence[tuple[int, int]]], PriorFit]

# six partners, worked out with SciPy 1.17: hits and trials
PARTNERS = [(5, 5), (0, 50), (20, 60), (3, 10), (1, 2), (40, 200)]
FITS = [beta_prior_by_likelihood, beta_prior_by_moments]

shares = st.integers(0, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
weights = st.floats(1e-3, 1e6)


def prior_of(fit: PriorFit) -> BetaPrior:
    """The prior of a fit that was not refused."""
    assert fit.prior is not None
    return fit.prior


def test_two_batters_as_published_by_robinson() -> None:
    # Robinson 2017, Introduction to Empirical Bayes, chapter 3
    prior = BetaPrior(a=78.661, b=224.875)

    assert pytest.approx(0.26364, abs=5e-6) == prior.posterior_mean(4, 10)
    assert pytest.approx(0.29049, abs=5e-6) == prior.posterior_mean(300, 1000)
    assert "given" == prior.estimator


def test_six_partners_by_likelihood() -> None:
    prior = prior_of(beta_prior_by_likelihood(PARTNERS))

    assert (0.5147128, 0.8895908) == pytest.approx((prior.a, prior.b), abs=2e-7)
    # where both derivatives are 0, in 50 digits with mpmath
    assert (0.514712769840, 0.889590719203) == pytest.approx((prior.a, prior.b), rel=1e-10)
    assert (0.86109, 0.01001, 0.33409, 0.30819, 0.44494, 0.20116) == pytest.approx(
        [prior.posterior_mean(hits, of) for hits, of in PARTNERS], abs=5e-6
    )
    assert ("maximum likelihood", 327) == (prior.estimator, prior.trials)


def test_six_partners_by_moments() -> None:
    # the estimator of Kleinman 1973 with weights n
    fit = beta_prior_by_moments(PARTNERS)
    prior = prior_of(fit)

    assert (0.9071945, 3.3921185) == pytest.approx((prior.a, prior.b), abs=5e-8)
    assert ("moments", None) == (prior.estimator, fit.held_at)
    assert (6, 327) == (fit.groups, fit.trials)
    assert pytest.approx(69 / 327) == prior.mean


@pytest.mark.parametrize("fit", FITS)
def test_groups_without_trials_tell_nothing(fit: Fit) -> None:
    assert fit(PARTNERS) == fit([(0, 0), *PARTNERS, (0, 0)])


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("counts", "because"),
    [
        ([], "no trials"),
        ([(0, 0), (0, 0)], "no trials"),
        ([(3, 10), (0, 0)], "one group shows nothing of how groups differ"),
        ([(1, 1), (0, 1), (1, 1)], "no group has two trials"),
    ],
)
def test_fitting_is_refused_with_a_reason(
    fit: Fit, counts: list[tuple[int, int]], because: str
) -> None:
    refused = fit(counts)

    assert refused.prior is None
    assert str(refused.refused_because).startswith(because)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    "counts",
    [
        [(1, 2), (2, 4), (3, 6)],
        [(1, 2), (500, 1000)],
        [(2, 5), (3, 5), (2, 5)],
        [(10**6, 10**7), (10**6 + 500, 10**7), (10**6 - 900, 10**7)],
    ],
)
def test_shares_no_further_apart_than_chance_are_pooled(
    fit: Fit, counts: list[tuple[int, int]]
) -> None:
    fitted = fit(counts)
    prior = prior_of(fitted)
    largest = max(of for _, of in counts)
    pooled = sum(hits for hits, _ in counts) / sum(of for _, of in counts)

    assert "most" == fitted.held_at
    assert pytest.approx(1000 * largest) == prior.strength
    for hits, of in counts:
        distance = abs(hits / of - pooled)
        assert abs(prior.posterior_mean(hits, of) - pooled) <= distance / 1000 + 1e-6


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("counts", "mean"), [([(0, 5), (0, 7)], 1 / 26), ([(5, 5), (7, 7)], 25 / 26)]
)
def test_where_all_or_none_hit_half_a_hit_is_lent(
    fit: Fit, counts: list[tuple[int, int]], mean: float
) -> None:
    fitted = fit(counts)

    assert pytest.approx(mean) == prior_of(fitted).mean
    assert "most" == fitted.held_at


@pytest.mark.parametrize("fit", FITS)
def test_groups_with_nothing_in_common_keep_nearly_their_own_share(fit: Fit) -> None:
    fitted = fit([(50, 50), (0, 50)])
    prior = prior_of(fitted)

    assert "least" == fitted.held_at
    assert pytest.approx(0.1) == prior.strength
    assert pytest.approx(1, abs=0.002) == prior.posterior_mean(50, 50)


def test_tens_of_millions_of_trials_are_fitted() -> None:
    counts = [(10**6, 10**7), (2 * 10**6, 10**7), (11, 100)]
    prior = prior_of(beta_prior_by_likelihood(counts))
    low, high = prior.interval(*counts[0])

    # where both derivatives are 0, in 50 digits with mpmath
    assert (8.4477618295, 51.6644050936) == pytest.approx((prior.a, prior.b), rel=1e-10)
    assert low < 0.1 < high
    assert pytest.approx(2 * 1.959964 * (0.09 / 10**7) ** 0.5, rel=1e-4) == high - low


def test_the_order_of_groups_means_nothing() -> None:
    one, other = (prior_of(beta_prior_by_likelihood(c)) for c in (PARTNERS, PARTNERS[::-1]))

    assert (one.a, one.b) == pytest.approx((other.a, other.b), rel=1e-9)


def test_an_interval_as_scipy_has_it() -> None:
    # the quantiles of a beta distribution with 5 and 15, by SciPy 1.17
    prior = BetaPrior(a=2, b=8)

    assert (0.0914658, 0.4556531) == pytest.approx(prior.interval(3, 10), abs=5e-7)


def test_a_fitted_prior_weighs_no_more_in_an_interval_than_was_seen() -> None:
    fitted = prior_of(beta_prior_by_likelihood([(2, 5), (2, 5), (2, 5)]))
    as_if_seen = BetaPrior(a=6, b=9)

    assert as_if_seen.interval(2, 5) == pytest.approx(fitted.interval(2, 5))
    assert BetaPrior(a=fitted.a, b=fitted.b).interval(2, 5)[0] > fitted.interval(2, 5)[0]


def test_a_group_without_trials_gets_the_prior() -> None:
    prior = BetaPrior(a=2, b=8)

    assert prior.mean == prior.posterior_mean(0, 0)
    assert (beta_quantile(0.025, 2, 8), beta_quantile(0.975, 2, 8)) == pytest.approx(
        prior.interval(0, 0), rel=1e-12
    )


@given(weights, weights, shares)
def test_the_shrunken_share_lies_between_the_prior_and_the_raw_one(
    a: float, b: float, share: tuple[int, int]
) -> None:
    prior = BetaPrior(a=a, b=b)
    hits, of = share
    raw = hits / of if of else prior.mean
    low, high = sorted((raw, prior.mean))

    assert low - 1e-12 <= prior.posterior_mean(hits, of) <= high + 1e-12


@settings(max_examples=60)
@given(st.lists(shares, max_size=8))
def test_every_fit_shrinks_or_says_why_not(counts: list[tuple[int, int]]) -> None:
    for fit in FITS:
        fitted = fit(counts)

        assert (fitted.prior is None) == (fitted.refused_because is not None)
        if fitted.prior is None:
            continue
        most = 1000 * max(of for _, of in counts)
        assert 0.1 - 1e-9 <= fitted.prior.strength <= most * (1 + 1e-9)
        for hits, of in counts:
            low, high = fitted.prior.interval(hits, of)
            assert 0 <= low <= high <= 1


@settings(max_examples=60)
@given(st.integers(1, 9), st.integers(2, 10), st.lists(st.integers(1, 50), min_size=2, max_size=5))
def test_equal_shares_are_pooled_whatever_the_sizes(hits: int, of: int, sizes: list[int]) -> None:
    counts = [(min(hits, of - 1) * size, of * size) for size in sizes]
    fitted = beta_prior_by_likelihood(counts)

    assert "most" == fitted.held_at
    assert pytest.approx(min(hits, of - 1) / of) == prior_of(fitted).mean


@given(weights, weights, st.floats(1e-6, 1 - 1e-6))
def test_a_quantile_is_the_inverse_of_the_probability(a: float, b: float, p: float) -> None:
    share = beta_quantile(p, a, b)

    assert 0 <= share <= 1
    if 1e-300 < share < 1 - 1e-9:
        assert pytest.approx(p, abs=1e-7) == beta_probability(share, a, b)


@given(weights, weights, st.floats(0, 1))
def test_hits_and_misses_mirror_one_another(a: float, b: float, share: float) -> None:
    rest = 1 - share

    assert pytest.approx(1, abs=1e-9) == beta_probability(1 - rest, a, b) + beta_probability(
        rest, b, a
    )


def test_the_ends_of_the_beta_distribution() -> None:
    assert (0, 1) == (beta_probability(0, 2, 3), beta_probability(1, 2, 3))
    assert 0 == beta_quantile(0.025, 1e-4, 1)
    assert 1 == beta_quantile(0.975, 1, 1e-4)


def test_the_arcsine_law_in_closed_form() -> None:
    # Beta(1/2, 1/2) has the quantile sin^2(pi p / 2)
    assert pytest.approx(0.5 - 3**0.5 / 4) == beta_quantile(1 / 6, 0.5, 0.5)
    assert pytest.approx(1 / 6) == beta_probability(0.5 - 3**0.5 / 4, 0.5, 0.5)


def test_a_root_at_the_upper_end_is_found() -> None:
    assert 3 == falling_root(lambda x: 3 - x, 0, 3)
    assert pytest.approx(2**0.5) == falling_root(lambda x: 2 - x * x, 0, 3)


def test_misuse_is_refused() -> None:
    prior = BetaPrior(a=1, b=1)
    for bad in (0, -1, nan, inf):
        with pytest.raises(OptionError, match="a="):
            BetaPrior(a=bad, b=1)
    for beyond in (0, nan, inf, 1e-13, 1e13):
        with pytest.raises(OptionError, match=r"b=.*must lie between 1e-12 and 1e[+]12"):
            beta_quantile(0.5, 1, beyond)
    with pytest.raises(OptionError, match="hits=3: of 2 is no share"):
        prior.posterior_mean(3, 2)
    with pytest.raises(OptionError, match="hits=-1"):
        beta_prior_by_moments([(-1, 2)])
    with pytest.raises(OptionError, match="confidence=1"):
        prior.interval(1, 2, confidence=1)
    with pytest.raises(OptionError, match=r"share=1\.5"):
        beta_probability(1.5, 1, 1)
    with pytest.raises(OptionError, match="probability=0"):
        beta_quantile(0, 1, 1)


@given(st.floats(1e-3, 1 - 1e-3), st.floats(1e-3, 1 - 1e-3))
def test_a_prior_from_a_mean_has_that_mean_and_deviation(mean: float, part: float) -> None:
    sd = part * (mean * (1 - mean)) ** 0.5
    prior = beta_prior_from_mean(mean, sd=sd)
    total = prior.a + prior.b
    variance = prior.a * prior.b / (total * total * (total + 1))

    assert (mean, sd) == pytest.approx((prior.mean, variance**0.5), rel=1e-9)
    assert "given" == prior.estimator


@pytest.mark.parametrize("mean", [0, 1, -0.1, nan])
def test_a_prior_needs_a_mean_between_0_and_1(mean: float) -> None:
    with pytest.raises(OptionError, match="between 0 and 1, both excluded"):
        beta_prior_from_mean(mean, sd=0.1)


@pytest.mark.parametrize("sd", [0, -0.1, 0.4, 0.5, inf, nan])
def test_a_prior_needs_a_deviation_that_shares_can_have(sd: float) -> None:
    with pytest.raises(OptionError, match=r"between 0 and 0\.4 for this mean"):
        beta_prior_from_mean(0.2, sd=sd)
