"""Credibility at its edges."""

from __future__ import annotations

from math import inf, nan

import pytest

from partnerleads.errors import OptionError
from partnerleads.stats import (
    buhlmann_straub,
    credible_mean,
    credible_share,
    gamma_poisson_rate,
    james_stein,
)


def test_without_observations_the_collective_is_the_answer_whatever_the_mean() -> None:
    assert 7.0 == credible_mean(nan, 0, collective=7.0, strength=0)


def test_without_a_collective_weight_the_own_mean_is_the_answer() -> None:
    assert 3.25 == credible_mean(3.25, 4, collective=7.0, strength=0)


def test_where_nothing_weighs_there_is_no_share_and_no_rate() -> None:
    assert credible_share(0, 0, a=0, b=0) is None
    assert gamma_poisson_rate(0, 0.0, k=1, theta=0) is None


@pytest.mark.parametrize(("hits", "of"), [(-1, 3), (4, 3)])
def test_counts_that_are_no_share_are_refused(hits: int, of: int) -> None:
    with pytest.raises(OptionError, match="is no share"):
        credible_share(hits, of, a=1, b=1)


@pytest.mark.parametrize("strength", [-1.0, nan, inf])
def test_weights_are_finite_and_not_negative(strength: float) -> None:
    with pytest.raises(OptionError, match="strength"):
        credible_mean(1.0, 1, collective=0.0, strength=strength)


def test_groups_that_differ_by_chance_alone_are_pooled() -> None:
    fit = buhlmann_straub([[(10, 1), (20, 1)], [(20, 2), (10, 2)]])

    assert 0.0 == fit.between
    assert inf == fit.strength
    assert (0.0, 0.0) == fit.factors
    assert (15.0, 15.0) == fit.means


def test_a_group_without_weight_of_its_own_is_drawn_furthest() -> None:
    fit = buhlmann_straub([[(10, 1), (12, 9)], [(30, 1), (33, 1)]])

    assert fit.factors[0] > fit.factors[1]
    assert fit.within / fit.between == fit.strength


def test_an_iteration_is_not_begun_where_groups_differ_by_chance_alone() -> None:
    fit = buhlmann_straub([[(10, 1), (20, 1)], [(20, 2), (10, 2)]], between="iterative")

    assert 0.0 == fit.between


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [[(1.0, 1.0), (2.0, 1.0)]],
        [[(1.0, 1.0)], [(2.0, 1.0)]],
        [[(1.0, 1.0), (2.0, 1.0)], []],
    ],
)
def test_groups_that_cannot_tell_how_much_they_differ_are_refused(
    groups: list[list[tuple[float, float]]],
) -> None:
    with pytest.raises(OptionError, match="needs two groups"):
        buhlmann_straub(groups)


@pytest.mark.parametrize("row", [(nan, 1.0), (1.0, 0.0), (1.0, inf)])
def test_observations_need_values_and_weights_above_0(row: tuple[float, float]) -> None:
    with pytest.raises(OptionError, match="weights above 0"):
        buhlmann_straub([[row, (1.0, 1.0)], [(2.0, 1.0)]])


def test_equal_means_are_not_moved() -> None:
    assert (2.0,) * 4 == james_stein([2.0] * 4, variance=1.0).means


def test_means_closer_than_chance_become_their_mean() -> None:
    assert 0.0 == james_stein([1.0, 1.1, 0.9, 1.0], variance=5.0).factor


def test_james_stein_needs_four_means_and_a_variance() -> None:
    with pytest.raises(OptionError, match="at least 4"):
        james_stein([1.0, 2.0, 3.0], variance=1.0)
    with pytest.raises(OptionError, match="variance"):
        james_stein([1.0, 2.0, 3.0, 4.0], variance=0.0)
