from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.stats.discrete import relative_chances


@given(st.integers(1, 200), st.data())
def test_fair_coins_walk_through_the_triangle_of_pascal(of: int, data: st.DataObject) -> None:
    mode = data.draw(st.sampled_from([of // 2, (of + 1) // 2]))
    first, chances = relative_chances(
        mode, least=0, most=of, step=lambda count: (of - count, count + 1)
    )

    assert 0 == first
    assert [comb(of, count) / comb(of, mode) for count in range(of + 1)] == pytest.approx(chances)


def test_a_single_possible_count_is_certain() -> None:
    assert (3, [1.0]) == relative_chances(3, least=3, most=3, step=lambda _: (1, 1))


def test_what_is_as_good_as_impossible_is_left_away_at_both_ends() -> None:
    steps = {0: (1, 0), 1: (2, 1), 2: (1, 2), 3: (0, 1)}

    assert (1, [0.5, 1.0, 0.5]) == relative_chances(2, least=0, most=4, step=steps.__getitem__)
