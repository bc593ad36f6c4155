"""From several shares to one, at the edges."""

from __future__ import annotations

from math import exp, inf, isclose, log, log1p

import pytest

from partnerleads import plv
from partnerleads.errors import OptionError

HALVES = [0.5, 0.5]


@pytest.mark.parametrize(
    ("aggregator", "shares", "mean"),
    [
        (plv.WeightedMean(), [1.0, 0.0], 0.5),
        (plv.FlooredGeometric(floor=0), [1.0, 0.0], 0.0),
        (plv.FlooredGeometric(floor=0.25), [1.0, 0.0], (0.5 - 0.25) / 0.75),
        (plv.PowerMean(exponent=0), [1.0, 0.25], 0.5),
        (plv.PowerMean(exponent=0), [1.0, 0.0], 0.0),
        (plv.PowerMean(exponent=-1), [1.0, 0.0], 0.0),
        (plv.PowerMean(exponent=-1), [1.0, 1 / 3], 0.5),
        (plv.PowerMean(exponent=2), [1.0, 0.0], 0.5**0.5),
        (plv.PowerMean(exponent=2), [0.0, 0.0], 0.0),
        (plv.PowerMean(exponent=-100), [1.0, 1e-9], 1e-9 * 2**0.01),
    ],
)
def test_means_by_hand(aggregator: plv.Aggregator, shares: list[float], mean: float) -> None:
    assert isclose(mean, aggregator.combined(shares, HALVES), rel_tol=1e-12)


@pytest.mark.parametrize("exponent", [0.0, -1e-5, -1e-3, -1.0, -100.0])
def test_a_share_of_almost_nothing_is_weighed_like_any_other(exponent: float) -> None:
    least = 2.0**-1060  # so little that the best share is more times as large than a float can say
    expected = log(least) / 2
    if exponent:
        power = exponent * log(least)
        expected = (power + log1p(exp(-power)) - log(2)) / exponent
    found = plv.PowerMean(exponent=exponent).combined([1.0, least], HALVES)

    assert isclose(expected, log(found), rel_tol=0, abs_tol=1e-3)


def test_the_best_share_may_be_weighed_more_than_a_float_can_say() -> None:
    found = plv.PowerMean(exponent=0).combined([1.0, 2.0**-1074], [0.999, 0.001])

    assert isclose(2.0**-1.074, found, rel_tol=1e-12)


def test_a_share_of_0_decides_alone_where_nothing_lies_under_it() -> None:
    assert -inf == plv.FlooredGeometric(floor=0).forward(0.0)
    assert -inf == plv.PowerMean(exponent=-2).forward(0.0)
    assert 0.0 == plv.PowerMean(exponent=2).forward(0.0)


def test_a_mean_counts_each_share_by_its_power_or_logarithm() -> None:
    assert 0.0625 == plv.PowerMean(exponent=2).forward(0.25)
    assert -4.0 == plv.PowerMean(exponent=-1).forward(0.25)
    assert log(0.25) == plv.PowerMean(exponent=0).forward(0.25)


def test_a_gate_takes_one_name_for_itself() -> None:
    assert ("margin",) == plv.Gate(names="margin", cap=50).names  # type: ignore[arg-type]


def test_means_and_gates_that_make_no_sense_are_refused() -> None:
    with pytest.raises(OptionError, match="below 1"):
        plv.FlooredGeometric(floor=1)
    with pytest.raises(OptionError, match="at most 100"):
        plv.PowerMean(exponent=101)
    with pytest.raises(OptionError, match="at most 100"):
        plv.Gate(cap=101)


@pytest.mark.parametrize("exponent", [1e-6, 1e-9, 1e-12, 1e-16, 1e-300])
def test_the_power_mean_comes_to_the_geometric_mean_as_its_exponent_comes_to_0(
    exponent: float,
) -> None:
    means = [plv.PowerMean(exponent=p).combined([1.0, 0.25], HALVES) for p in (exponent, -exponent)]

    assert [0.5, 0.5] == pytest.approx(means, rel=exponent + 1e-15)


def test_a_small_exponent_still_takes_a_share_of_0() -> None:
    assert 0.0 == plv.PowerMean(exponent=1e-6).combined([1.0, 0.0], HALVES)
