from fractions import Fraction
from itertools import pairwise
from math import inf, nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import gini, holders_of_share, top_share

holdings = st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any)


def by_definition(values: list[int]) -> float:
    """Half the mean difference over the mean, each with each, in fractions."""
    n, total = len(values), sum(values)
    return float(Fraction(sum(abs(x - y) for x in values for y in values), 2 * n * total))


def test_three_of_fifteen_partners_carry_the_wins() -> None:
    wins = [20, 15, 10] + [0] * 12

    assert 1 == top_share(wins, 3)
    assert pytest.approx(35 / 45) == top_share(wins, 2)
    assert [1, 2, 3] == [holders_of_share(wins, share) for share in (0.4, 0.7, 1)]
    assert pytest.approx(by_definition(wins)) == gini(wins)


def test_equal_holders_have_none() -> None:
    assert 0 == gini([0.1] * 7)
    assert 0 == gini([5])


@pytest.mark.parametrize("n", [1, 2, 10, 1000])
def test_one_holder_of_all_has_the_most_there_can_be(n: int) -> None:
    values = [0] * (n - 1) + [7]

    assert pytest.approx((n - 1) / n) == gini(values)
    assert 1 == top_share(values, 1)
    assert 1 == holders_of_share(values, 1)


@pytest.mark.parametrize("values", [[], [0], [0, 0.0]])
def test_where_nothing_is_held_nothing_is_concentrated(values: list[float]) -> None:
    assert (None, None, None) == (gini(values), top_share(values, 1), holders_of_share(values, 1))


def test_more_than_all_holders_is_all() -> None:
    assert 1 == top_share([1, 2], 9)


def test_a_share_does_not_hang_on_rounding() -> None:
    assert [3, 7, 10] == [holders_of_share([0.1] * 10, share) for share in (0.3, 0.7, 1)]


def test_values_at_the_edge_of_floats() -> None:
    assert pytest.approx(0.25) == gini([1.7e308, 1.7e308 / 3])
    assert pytest.approx(0.5) == gini([5e-324, 0])


@given(holdings)
def test_gini_is_half_the_mean_difference_over_the_mean(values: list[int]) -> None:
    assert pytest.approx(by_definition(values), abs=1e-12) == gini(values)


@given(holdings)
def test_gini_lies_between_0_and_below_1(values: list[int]) -> None:
    value = gini(values)

    assert value is not None
    assert 0 <= value <= (len(values) - 1) / len(values) + 1e-12


@given(holdings, st.floats(1e-3, 1e3), st.sampled_from([0.2, 0.5, 0.8]))
def test_the_unit_means_nothing(values: list[int], scale: float, share: float) -> None:
    scaled = [scale * value for value in values]

    assert pytest.approx(gini(values), abs=1e-12) == gini(scaled)
    assert pytest.approx(top_share(values, 2)) == top_share(scaled, 2)
    assert holders_of_share(values, share) == holders_of_share(scaled, share)


@given(holdings, st.randoms(use_true_random=False))
def test_the_order_of_holders_means_nothing(values: list[int], random: Random) -> None:
    shuffled = sorted(values, key=lambda _: random.random())

    assert gini(values) == gini(shuffled)
    assert top_share(values, 3) == top_share(shuffled, 3)


@given(holdings)
def test_the_holders_of_a_share_are_the_fewest(values: list[int]) -> None:
    tops = [top_share(values, k) or 0 for k in range(1, len(values) + 1)]
    k = holders_of_share(values, 0.8) or 0

    assert all(one <= other + 1e-12 for one, other in pairwise(tops))
    assert tops[k - 1] >= 0.8 - 1e-9
    assert all(top < 0.8 for top in tops[: k - 1])


@pytest.mark.parametrize("bad", [-1, nan, inf])
def test_what_cannot_be_held_is_refused(bad: float) -> None:
    for measure in (gini, lambda values: top_share(values, 1)):
        with pytest.raises(OptionError, match=r"values=.*must be finite and not negative"):
            measure([1, bad])


def test_misuse_is_refused() -> None:
    with pytest.raises(OptionError, match="k=0: must be at least 1"):
        top_share([1], 0)
    for share in (0, 1.1, nan):
        with pytest.raises(OptionError, match="share"):
            holders_of_share([1], share)
