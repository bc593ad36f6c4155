from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.stats.homogeneity import breslow_day
from partnerleads.stats.strata import mantel_haenszel
from partnerleads.stats.stratum import Stratum
from tests.unit.stats.drawn_tables import BERKELEY, KIDNEY_STONES, strata

Strata = list[Stratum]


def test_the_kidney_stones() -> None:
    # counts of Charig et al. 1986; worked out with statsmodels 0.15 (test_equal_odds)
    test = breslow_day(KIDNEY_STONES)

    assert pytest.approx(0.968446, abs=5e-7) == test.statistic
    assert pytest.approx(0.325068, abs=5e-7) == test.p_value
    assert ("Breslow-Day", 1) == (test.test, test.degrees)


def test_in_berkeley_department_a_is_another_matter() -> None:
    assert breslow_day(BERKELEY).p_value < 0.01
    assert breslow_day(BERKELEY[1:]).p_value > 0.5
    assert 5 == breslow_day(BERKELEY).degrees


@given(strata)
def test_there_is_a_chance_or_a_reason(strata: Strata) -> None:
    test = breslow_day(strata)

    if test.undefined_because is None:
        assert 0 <= test.p_value <= 1
        assert 0 <= test.statistic
        assert isfinite(test.statistic)
    else:
        assert (None, None, None) == (test.p_value, test.statistic, test.degrees)


@given(strata)
def test_swapping_the_groups_or_counting_misses_changes_nothing(strata: Strata) -> None:
    test = breslow_day(strata)
    others = (
        breslow_day([one.swapped() for one in strata]),
        breslow_day([Stratum(one.misses_a, one.of_a, one.misses_b, one.of_b) for one in strata]),
    )

    for other in others:
        if test.statistic is not None and other.statistic is not None:
            assert pytest.approx(test.statistic, rel=1e-5, abs=1e-6) == other.statistic


@given(
    st.integers(1, 50),
    st.integers(1, 50),
    st.integers(1, 50),
    st.integers(1, 50),
    st.lists(st.integers(1, 100_000), min_size=2, max_size=5),
)
def test_equal_odds_ratios_fit_exactly(
    hits_a: int, misses_a: int, hits_b: int, misses_b: int, sizes: list[int]
) -> None:
    strata = [
        Stratum(size * hits_a, size * (hits_a + misses_a), hits_b, hits_b + misses_b)
        for size in sizes
    ]

    assert pytest.approx(0, abs=1e-9) == breslow_day(strata).statistic
    assert pytest.approx(1, abs=1e-3) == breslow_day(strata).p_value


@given(strata)
def test_strata_that_say_nothing_are_left_out(strata: Strata) -> None:
    silent = [Stratum(1, 2, 0, 0), Stratum(0, 5, 0, 8), Stratum(5, 5, 8, 8)]

    assert breslow_day(strata) == breslow_day([*strata, *silent])


@pytest.mark.parametrize(
    "strata",
    [[], [Stratum(3, 5, 2, 9)], [Stratum(3, 5, 2, 9), Stratum(0, 5, 0, 8), Stratum(1, 1, 0, 0)]],
)
def test_one_stratum_can_not_differ(strata: Strata) -> None:
    assert "fewer than two strata to compare" == breslow_day(strata).undefined_because


@pytest.mark.parametrize(
    "strata",
    [[Stratum(5, 5, 0, 9), Stratum(1, 1, 0, 2)], [Stratum(0, 5, 9, 9), Stratum(0, 1, 2, 2)]],
)
def test_without_a_pooled_odds_ratio_nothing_can_be_expected(strata: Strata) -> None:
    assert not mantel_haenszel(strata).odds_ratio.value
    assert "the pooled odds ratio is no number above 0" == breslow_day(strata).undefined_because


def test_odds_ratios_far_apart_leave_no_doubt() -> None:
    many = 10_000_000
    test = breslow_day([Stratum(many - 1, many, 1, many), Stratum(1, many, many - 1, many)])

    assert 0 == test.p_value
    assert isfinite(test.statistic)
