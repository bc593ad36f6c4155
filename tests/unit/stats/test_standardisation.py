import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats.kitagawa import kitagawa
from partnerleads.stats.standardisation import Standardised, direction_flips, standardise
from partnerleads.stats.stratum import Stratum, crude_difference
from tests.unit.stats.drawn_tables import (
    BERKELEY,
    KIDNEY_STONES,
    confidences,
    full_strata,
    strata,
)

Strata = list[Stratum]
MIXES = st.sampled_from(["pooled", "a", "b"])


def swapped(strata: Strata) -> Strata:
    return [stratum.swapped() for stratum in strata]


def test_the_kidney_stones_turn_around() -> None:
    # counts of Charig et al. 1986; worked out with SciPy 1.17 from the formulas, pooled weights
    # of 357 and 343
    adjusted = standardise(KIDNEY_STONES)

    assert 0.78 - 0.825714 == pytest.approx(adjusted.crude_difference, abs=5e-7)
    assert pytest.approx(0.8325462174, abs=5e-11) == adjusted.rate_a
    assert pytest.approx(0.778875, abs=1e-15) == adjusted.rate_b
    assert pytest.approx(0.0536712, abs=5e-8) == adjusted.difference.value
    assert (-0.0121557, 0.1194981) == pytest.approx(adjusted.difference.interval, abs=5e-8)
    assert adjusted.direction_flips


def test_berkeley_turns_around() -> None:
    # counts of Bickel et al. 1975; worked out from the formulas, pooled weights
    adjusted = standardise(BERKELEY)

    assert pytest.approx(0.3873186, abs=5e-8) == adjusted.rate_a
    assert pytest.approx(0.4299554, abs=5e-8) == adjusted.rate_b
    assert adjusted.direction_flips
    assert (6, 0, 0, 0, 0) == (
        adjusted.strata_used,
        adjusted.strata_left_out,
        adjusted.left_out_share_a,
        adjusted.left_out_share_b,
        adjusted.left_out_weight,
    )


@pytest.mark.parametrize(
    ("weights", "rate_a", "rate_b"),
    [
        # small and large stones: .931034 and .730038 against .866667 and .6875
        ("a", 0.78, (87 * 234 / 270 + 263 * 55 / 80) / 350),
        ("b", (270 * 81 / 87 + 80 * 192 / 263) / 350, 289 / 350),
        ([1, 0], 81 / 87, 234 / 270),
        ([0, 0.1], 192 / 263, 55 / 80),
        ([3, 1], 0.75 * 81 / 87 + 0.25 * 192 / 263, 0.75 * 234 / 270 + 0.25 * 55 / 80),
    ],
)
def test_the_mix_can_be_that_of_one_group_or_any_other(
    weights: object, rate_a: float, rate_b: float
) -> None:
    adjusted = standardise(KIDNEY_STONES, weights=weights)  # type: ignore[arg-type]

    assert (rate_a, rate_b) == pytest.approx((adjusted.rate_a, adjusted.rate_b))
    assert pytest.approx(rate_a - rate_b) == adjusted.difference.value


def test_strata_that_lack_a_group_are_left_out_and_stated() -> None:
    strata = [Stratum(3, 4, 5, 8), Stratum(1, 6, 0, 0), Stratum(0, 0, 2, 2)]

    adjusted = standardise(strata)

    assert (0.75, 0.625, 0.125) == (adjusted.rate_a, adjusted.rate_b, adjusted.difference.value)
    assert pytest.approx(4 / 10 - 7 / 10) == adjusted.crude_difference
    assert (1, 2) == (adjusted.strata_used, adjusted.strata_left_out)
    assert (0.6, 0.2, 0.4) == (
        adjusted.left_out_share_a,
        adjusted.left_out_share_b,
        adjusted.left_out_weight,
    )
    assert 0.75 == standardise(strata, weights=[1, 2, 1]).left_out_weight
    assert 0.2 == standardise(strata, weights="b").left_out_weight


@pytest.mark.parametrize(
    ("strata", "shares"),
    [
        ([], (None, None, None)),
        ([Stratum(0, 0, 0, 0)], (None, None, None)),
        ([Stratum(1, 2, 0, 0)], (1, None, 1)),
        ([Stratum(1, 2, 0, 0), Stratum(0, 0, 2, 2)], (1, 1, 1)),
    ],
)
def test_without_a_shared_stratum_there_is_no_common_mix(
    strata: Strata, shares: tuple[float | None, ...]
) -> None:
    adjusted = standardise(strata)

    assert (None, None, None) == (adjusted.rate_a, adjusted.rate_b, adjusted.difference.value)
    assert "no stratum with any weight has both groups" == adjusted.difference.undefined_because
    assert not adjusted.direction_flips
    assert shares == (
        adjusted.left_out_share_a,
        adjusted.left_out_share_b,
        adjusted.left_out_weight,
    )


def test_a_mix_of_left_out_strata_only_is_none() -> None:
    adjusted = standardise([Stratum(3, 4, 5, 8), Stratum(1, 6, 0, 0)], weights=[0, 1])

    assert (None, 1) == (adjusted.rate_a, adjusted.left_out_weight)
    assert "no stratum with any weight has both groups" == adjusted.difference.undefined_because


@pytest.mark.parametrize(
    "table", [Stratum(0, 10, 0, 20), Stratum(10, 10, 20, 20), Stratum(10, 10, 0, 20)]
)
def test_no_variation_is_no_certainty(table: Stratum) -> None:
    adjusted = standardise([table, table])

    assert (table.hits_a / table.of_a, table.hits_b / table.of_b) == (
        adjusted.rate_a,
        adjusted.rate_b,
    )
    assert adjusted.difference.interval is None
    assert "no variation, so no interval" == adjusted.difference.undefined_because


@given(strata, MIXES, confidences)
def test_rates_are_rates_and_what_is_missing_has_a_reason(
    strata: Strata, weights: str, confidence: float
) -> None:
    adjusted = standardise(strata, weights=weights, confidence=confidence)  # type: ignore[arg-type]
    difference = adjusted.difference

    assert (difference.interval is None) == (difference.undefined_because is not None)
    assert len(strata) == adjusted.strata_used + adjusted.strata_left_out
    if adjusted.rate_a is not None and adjusted.rate_b is not None:
        assert 0 <= adjusted.rate_a <= 1
        assert 0 <= adjusted.rate_b <= 1
        assert adjusted.rate_a - adjusted.rate_b == pytest.approx(difference.value, abs=1e-12)
    if difference.interval:
        assert -1 <= difference.interval[0] <= difference.value <= difference.interval[1] <= 1


@given(full_strata)
def test_swapping_the_groups_mirrors_everything(strata: Strata) -> None:
    one, other = standardise(strata), standardise(swapped(strata))

    assert (one.rate_a, one.rate_b) == (other.rate_b, other.rate_a)
    assert -one.difference.value == other.difference.value
    assert -one.crude_difference == other.crude_difference
    assert one.direction_flips == other.direction_flips
    if one.difference.interval and other.difference.interval:
        low, high = one.difference.interval
        assert (-high, -low) == pytest.approx(other.difference.interval, abs=1e-15)


@given(full_strata)
def test_the_mix_of_a_group_gives_its_crude_rate(strata: Strata) -> None:
    rate_a = sum(one.hits_a for one in strata) / sum(one.of_a for one in strata)
    rate_b = sum(one.hits_b for one in strata) / sum(one.of_b for one in strata)

    assert pytest.approx(rate_a) == standardise(strata, weights="a").rate_a
    assert pytest.approx(rate_b) == standardise(strata, weights="b").rate_b


@given(
    st.lists(
        st.tuples(st.integers(1, 1000), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6
    ),
    st.integers(1, 1000),
    MIXES,
)
def test_standardising_groups_of_the_same_mix_changes_nothing(
    sizes: list[tuple[int, float, float]], times: int, weights: str
) -> None:
    strata = [
        Stratum(round(of * part_a), of, round(of * times * part_b), of * times)
        for of, part_a, part_b in sizes
    ]
    adjusted = standardise(strata, weights=weights)  # type: ignore[arg-type]

    assert pytest.approx(crude_difference(strata), abs=1e-12) == adjusted.difference.value
    assert not adjusted.direction_flips
    assert 0 == kitagawa(strata).mix


@given(full_strata, st.data())
def test_only_the_proportions_of_the_weights_count(strata: Strata, data: st.DataObject) -> None:
    weights = data.draw(
        st.lists(st.floats(0.001, 1000), min_size=len(strata), max_size=len(strata))
    )
    one = standardise(strata, weights=weights)
    other = standardise(strata, weights=[weight * 1e304 for weight in weights])

    assert one.rate_a == pytest.approx(other.rate_a)
    assert one.rate_b == pytest.approx(other.rate_b)
    assert one.difference.value == pytest.approx(other.difference.value, abs=1e-12)


@given(full_strata)
def test_more_confidence_is_wider(strata: Strata) -> None:
    less, more = (
        standardise(strata, confidence=confidence).difference.interval
        for confidence in (0.5, 0.9999)
    )

    assert (less is None) == (more is None)
    if less and more:
        assert more[0] <= less[0] <= less[1] <= more[1]


@given(full_strata)
def test_equal_rates_in_every_stratum_flip_nothing(strata: Strata) -> None:
    equal = [
        Stratum(one.hits_a * one.of_b, one.of_a * one.of_b, one.hits_a, one.of_a) for one in strata
    ]
    adjusted = standardise(equal)

    assert 0 == adjusted.difference.value
    assert not adjusted.direction_flips


@pytest.mark.parametrize(
    ("crude", "adjusted", "flips"),
    [
        (-0.1, 0.2, True),
        (0.1, -0.2, True),
        (0.1, 0.2, False),
        (-0.1, -0.2, False),
        (0.0, 0.2, False),
        (0.1, 0.0, False),
        (0.1, -1e-13, False),
        (-1e-13, 0.1, False),
        (None, 0.2, False),
        (0.1, None, False),
    ],
)
def test_a_direction_flips_where_the_signs_differ(
    crude: float | None, adjusted: float | None, *, flips: bool
) -> None:
    assert flips == direction_flips(crude, adjusted)


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        ("c", "offered are 'pooled', 'a', 'b'"),
        ([1], "must be 2, one for each stratum"),
        ([1, 2, 3], "must be 2, one for each stratum"),
        ([1, -1], "must be finite and not negative"),
        ([1, float("inf")], "must be finite and not negative"),
        ([1, float("nan")], "must be finite and not negative"),
        ([0, 0], "must not all be 0"),
    ],
)
def test_weights_that_are_no_mix_are_refused(weights: object, reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        standardise(KIDNEY_STONES, weights=weights)  # type: ignore[arg-type]


def test_no_weights_for_no_strata() -> None:
    assert standardise([], weights="pooled") == standardise([], weights=[])
    assert isinstance(standardise([], weights=[]), Standardised)


def test_a_confidence_is_checked_even_without_strata() -> None:
    with pytest.raises(OptionError, match="confidence"):
        standardise([], confidence=95)
