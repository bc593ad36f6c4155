"""From several shares to one, at the edges."""

from __future__ import annotations

from math import inf, isclose

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


def test_a_share_of_0_decides_alone_where_nothing_lies_under_it() -> None:
    assert -inf == plv.FlooredGeometric(floor=0).forward(0.0)
    assert -inf == plv.PowerMean(exponent=-2).forward(0.0)
    assert 0.0 == plv.PowerMean(exponent=2).forward(0.0)


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
