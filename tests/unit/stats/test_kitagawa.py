from fractions import Fraction

import pytest
from hypothesis import given

from partnerleads.stats.kitagawa import GapPart, GapSplit, kitagawa
from partnerleads.stats.standardisation import standardise
from partnerleads.stats.stratum import Stratum, crude_difference
from tests.unit.stats.drawn_tables import BERKELEY, KIDNEY_STONES, full_strata, strata

Strata = list[Stratum]


def test_the_kidney_stones() -> None:
    # counts of Charig et al. 1986; worked out with SciPy 1.17 from the formulas
    split = kitagawa(KIDNEY_STONES)

    assert pytest.approx(-0.0457143, abs=5e-8) == split.gap
    assert pytest.approx(-0.0993855, abs=5e-8) == split.mix
    assert pytest.approx(0.0536712, abs=5e-8) == split.rate
    assert 0 == split.unshared


def test_berkeley_is_mix_against_rates() -> None:
    split = kitagawa(BERKELEY)

    assert pytest.approx(crude_difference(BERKELEY)) == split.gap
    assert split.rate < 0 < split.gap < split.mix


def test_a_split_by_hand() -> None:
    # a: 60 % at .5 and 40 % at .2; b: 20 % at .4 and 80 % at .1
    split = kitagawa([Stratum(30, 60, 8, 20), Stratum(8, 40, 8, 80)])

    assert pytest.approx(0.22) == split.gap
    assert pytest.approx(0.4 * 0.45 - 0.4 * 0.15) == split.mix
    assert pytest.approx(0.1 * 0.4 + 0.1 * 0.6) == split.rate
    assert [(0.18, 0.04), (-0.06, 0.06)] == [
        (pytest.approx(part.mix), pytest.approx(part.rate)) for part in split.parts if part
    ]


def test_members_without_a_counterpart_are_a_part_of_their_own() -> None:
    # shared: 3/4 against 5/8; all: 4/10 against 7/10
    split = kitagawa([Stratum(1, 6, 0, 0), Stratum(3, 4, 5, 8), Stratum(0, 0, 2, 2)])

    assert (
        GapSplit(
            gap=pytest.approx(-0.3),
            mix=0,
            rate=0.125,
            unshared=pytest.approx(-0.425),
            parts=(None, GapPart(mix=0, rate=0.125), None),
            strata_left_out=2,
        )
        == split
    )


@given(strata)
def test_the_parts_sum_to_the_gap(strata: Strata) -> None:
    split = kitagawa(strata)

    assert (split.mix is None) == (split.undefined_because is not None)
    assert len(strata) == len(split.parts)
    if split.mix is not None and split.rate is not None and split.unshared is not None:
        parts = [part for part in split.parts if part]
        assert split.gap == split.mix + split.rate + split.unshared
        assert pytest.approx(crude_difference(strata), abs=1e-12) == split.gap
        assert pytest.approx(sum(part.mix for part in parts), abs=1e-12) == split.mix
        assert pytest.approx(sum(part.rate for part in parts), abs=1e-12) == split.rate
        assert len(strata) - len(parts) == split.strata_left_out


@given(full_strata)
def test_where_all_is_shared_nothing_is_left_over(strata: Strata) -> None:
    split = kitagawa(strata)

    assert (0, 0) == (split.unshared, split.strata_left_out)
    assert pytest.approx(crude_difference(strata), abs=1e-12) == split.mix + split.rate


@given(strata)
def test_swapping_the_groups_turns_the_signs(strata: Strata) -> None:
    one, other = kitagawa(strata), kitagawa([stratum.swapped() for stratum in strata])

    assert one.undefined_because == other.undefined_because
    if one.mix is not None and one.rate is not None and one.unshared is not None:
        assert (-one.mix, -one.rate, -one.unshared) == (other.mix, other.rate, other.unshared)
        assert -one.gap == other.gap


@given(full_strata)
def test_it_is_the_definition_in_exact_fractions(strata: Strata) -> None:
    of_a, of_b = sum(one.of_a for one in strata), sum(one.of_b for one in strata)
    mix = rate = Fraction(0)
    for one in strata:
        part_a, part_b = Fraction(one.of_a, of_a), Fraction(one.of_b, of_b)
        rate_a, rate_b = Fraction(one.hits_a, one.of_a), Fraction(one.hits_b, one.of_b)
        mix += (part_a - part_b) * (rate_a + rate_b) / 2
        rate += (rate_a - rate_b) * (part_a + part_b) / 2

    assert pytest.approx(float(mix), abs=1e-14) == kitagawa(strata).mix
    assert pytest.approx(float(rate), abs=1e-14) == kitagawa(strata).rate


@given(full_strata)
def test_the_rate_part_is_the_standardised_gap_of_the_average_mix(strata: Strata) -> None:
    of_a, of_b = sum(one.of_a for one in strata), sum(one.of_b for one in strata)
    average = [one.of_a / of_a + one.of_b / of_b for one in strata]

    assert (
        pytest.approx(standardise(strata, weights=average).difference.value, abs=1e-12)
        == kitagawa(strata).rate
    )


@given(full_strata)
def test_equal_rates_leave_only_the_mix(strata: Strata) -> None:
    equal = [
        Stratum(one.hits_a * one.of_b, one.of_a * one.of_b, one.hits_a, one.of_a) for one in strata
    ]

    assert 0 == kitagawa(equal).rate


@pytest.mark.parametrize(
    "strata", [[], [Stratum(0, 0, 0, 0)], [Stratum(1, 2, 0, 0), Stratum(1, 3, 0, 0)]]
)
def test_without_a_group_there_is_no_gap(strata: Strata) -> None:
    assert GapSplit(
        gap=None,
        parts=(None,) * len(strata),
        strata_left_out=len(strata),
        undefined_because="a group is empty",
    ) == kitagawa(strata)


def test_without_a_shared_stratum_there_is_only_the_gap() -> None:
    assert GapSplit(
        gap=-0.5,
        parts=(None, None),
        strata_left_out=2,
        undefined_because="no stratum has both groups",
    ) == kitagawa([Stratum(1, 2, 0, 0), Stratum(0, 0, 2, 2)])
