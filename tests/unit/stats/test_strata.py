from math import isfinite, log

import pytest
from hypothesis import given

from partnerleads.errors import OptionError
from partnerleads.stats.estimate import Estimate
from partnerleads.stats.independence import chi_square_test
from partnerleads.stats.ratios import risk_ratio
from partnerleads.stats.significance import Significance
from partnerleads.stats.strata import MantelHaenszel, cochran_mantel_haenszel, mantel_haenszel
from partnerleads.stats.stratum import Stratum
from tests.unit.stats.drawn_tables import (
    BERKELEY,
    KIDNEY_STONES,
    confidences,
    full_strata,
    full_tables,
    strata,
)

Strata = list[Stratum]
NOBODY = Stratum(0, 10, 0, 20)
EVERYBODY = Stratum(10, 10, 20, 20)
NO_VARIATION = "no variation, so no interval"


def counts(table: Stratum) -> tuple[int, int, int, int]:
    return table.hits_a, table.of_a, table.hits_b, table.of_b


def figures(pooled: MantelHaenszel) -> tuple[Estimate, Estimate, Estimate]:
    return pooled.odds_ratio, pooled.risk_ratio, pooled.difference


def swapped(strata: Strata) -> Strata:
    return [stratum.swapped() for stratum in strata]


def test_the_kidney_stones() -> None:
    # counts of Charig et al. 1986; worked out with statsmodels 0.15 (StratifiedTable)
    pooled = mantel_haenszel(KIDNEY_STONES)

    assert pytest.approx(1.4468466, abs=5e-8) == pooled.odds_ratio.value
    assert (0.9157934, 2.2858487) == pytest.approx(pooled.odds_ratio.interval, abs=5e-8)
    assert pytest.approx(1.0690002, abs=5e-8) == pooled.risk_ratio.value
    assert (0.9849756, 1.1601925) == pytest.approx(pooled.risk_ratio.interval, abs=1e-7)
    assert pytest.approx(0.0538355702, abs=5e-11) == pooled.difference.value
    assert (2, 0) == (pooled.strata_used, pooled.strata_left_out)


def test_the_kidney_stones_tested() -> None:
    plain = cochran_mantel_haenszel(KIDNEY_STONES, corrected=False)
    corrected = cochran_mantel_haenszel(KIDNEY_STONES)

    assert pytest.approx(2.4338555, abs=5e-8) == plain.statistic
    assert pytest.approx(0.118741, abs=5e-7) == plain.p_value
    assert pytest.approx(2.0912569, abs=5e-8) == corrected.statistic
    assert pytest.approx(0.148144, abs=5e-7) == corrected.p_value
    assert "Cochran-Mantel-Haenszel" == plain.test
    assert "Cochran-Mantel-Haenszel, corrected" == corrected.test


def test_berkeley() -> None:
    # Bickel et al. 1975; R's mantelhaen.test(UCBAdmissions) prints 1.4269 and 0.2323
    pooled, test = mantel_haenszel(BERKELEY), cochran_mantel_haenszel(BERKELEY)

    assert pytest.approx(0.9046968, abs=5e-8) == pooled.odds_ratio.value
    assert (0.7719074, 1.0603298) == pytest.approx(pooled.odds_ratio.interval, abs=5e-8)
    assert pytest.approx(1.4269, abs=5e-5) == test.statistic
    assert pytest.approx(0.2323, abs=5e-5) == test.p_value
    assert 1 == test.degrees


def test_the_difference_has_the_variance_of_sato() -> None:
    # his formulas by hand: weights 5 and 2, differences .4 and .5
    pooled = mantel_haenszel([Stratum(8, 10, 4, 10), Stratum(2, 3, 1, 6)]).difference
    difference = (5 * 0.4 + 2 * 0.5) / 7
    lopsided = [
        (10**2 * 4 - 10**2 * 8 + 10 * 10 * (10 - 10) / 2) / 20**2,
        (3**2 * 1 - 6**2 * 2 + 3 * 6 * (6 - 3) / 2) / 9**2,
    ]
    mixed = [(8 * 6 + 4 * 2) / 40, (2 * 5 + 1 * 1) / 18]
    spread = 1.959963985 * ((difference * sum(lopsided) + sum(mixed)) / 7**2) ** 0.5

    assert pytest.approx(difference) == pooled.value
    assert (difference - spread, difference + spread) == pytest.approx(pooled.interval)


@given(full_tables)
def test_one_stratum_is_the_crude_comparison(table: Stratum) -> None:
    pooled = mantel_haenszel([table])
    crude = risk_ratio(*counts(table))
    difference = table.hits_a / table.of_a - table.hits_b / table.of_b

    assert (crude.value is None) == (pooled.risk_ratio.value is None)
    assert crude.undefined_because == pooled.risk_ratio.undefined_because
    if crude.value:
        assert pytest.approx(crude.value) == pooled.risk_ratio.value
    if crude.interval:
        assert crude.interval == pytest.approx(pooled.risk_ratio.interval)
    if table.misses_a and table.hits_b:
        odds = table.hits_a * table.misses_b / (table.misses_a * table.hits_b)
        assert pytest.approx(odds) == pooled.odds_ratio.value
    assert pytest.approx(difference, abs=1e-12) == pooled.difference.value


@given(full_tables.filter(lambda one: all((one.hits_a, one.hits_b, one.misses_a, one.misses_b))))
def test_one_stratum_has_woolfs_interval_for_the_odds_ratio(table: Stratum) -> None:
    cells = (table.hits_a, table.hits_b, table.misses_a, table.misses_b)
    low, high = mantel_haenszel([table]).odds_ratio.interval

    assert pytest.approx(2 * 1.959963985 * sum(1 / cell for cell in cells) ** 0.5) == log(
        high / low
    )


@given(full_tables.filter(lambda table: table.hits and table.misses))
def test_one_stratum_is_tested_like_one_table_but_for_one_member(table: Stratum) -> None:
    plain = chi_square_test(*counts(table), corrected=False)
    pooled = cochran_mantel_haenszel([table], corrected=False)

    assert pytest.approx(plain.statistic * (table.of - 1) / table.of) == pooled.statistic


@given(strata, confidences)
def test_every_figure_is_finite_and_what_is_missing_has_a_reason(
    strata: Strata, confidence: float
) -> None:
    pooled = mantel_haenszel(strata, confidence=confidence)

    assert len(strata) == pooled.strata_used + pooled.strata_left_out
    for figure in figures(pooled):
        assert (figure.interval is None) == (figure.undefined_because is not None)
        assert figure.value is None or isfinite(figure.value)
        if figure.interval is not None:
            assert all(map(isfinite, figure.interval))
            assert figure.interval[0] <= figure.value <= figure.interval[1]


@given(full_strata)
def test_swapping_the_groups_mirrors_every_figure(strata: Strata) -> None:
    one, other = mantel_haenszel(strata), mantel_haenszel(swapped(strata))

    for ratio, turned in ((one.odds_ratio, other.odds_ratio), (one.risk_ratio, other.risk_ratio)):
        if ratio.value and turned.value:
            assert pytest.approx(1 / ratio.value) == turned.value
            assert (ratio.interval is None) == (turned.interval is None)
        if ratio.interval and turned.interval:
            low, high = ratio.interval
            assert (1 / high, 1 / low) == pytest.approx(turned.interval, rel=1e-5)
    assert pytest.approx(-one.difference.value, abs=1e-12) == other.difference.value
    if one.difference.interval and other.difference.interval:
        low, high = one.difference.interval
        assert (-high, -low) == pytest.approx(other.difference.interval, abs=1e-9)


@given(full_strata)
def test_swapping_the_groups_leaves_the_test_alone(strata: Strata) -> None:
    for corrected in (False, True):
        assert cochran_mantel_haenszel(strata, corrected=corrected) == cochran_mantel_haenszel(
            swapped(strata), corrected=corrected
        )


@given(full_strata)
def test_the_order_of_the_strata_does_not_matter(strata: Strata) -> None:
    assert mantel_haenszel(strata) == mantel_haenszel(strata[::-1])
    assert cochran_mantel_haenszel(strata) == cochran_mantel_haenszel(strata[::-1])


@given(full_strata)
def test_strata_that_lack_a_group_are_left_out_and_counted(strata: Strata) -> None:
    more = [Stratum(3, 5, 0, 0), *strata, Stratum(0, 0, 2, 2), Stratum(0, 0, 0, 0)]
    alone, pooled = mantel_haenszel(strata), mantel_haenszel(more)

    assert figures(alone) == figures(pooled)
    assert (len(strata), 3) == (pooled.strata_used, pooled.strata_left_out)
    assert cochran_mantel_haenszel(strata) == cochran_mantel_haenszel(more)


@given(full_strata)
def test_more_confidence_is_wider(strata: Strata) -> None:
    less, more = (mantel_haenszel(strata, confidence=confidence) for confidence in (0.5, 0.9999))

    for narrow, wide in zip(figures(less), figures(more), strict=True):
        if narrow.interval and wide.interval:
            assert wide.interval[0] <= narrow.interval[0]
            assert narrow.interval[1] <= wide.interval[1]


@given(full_strata)
def test_the_correction_makes_it_less_surprising(strata: Strata) -> None:
    plain, corrected = (
        cochran_mantel_haenszel(strata, corrected=corrected) for corrected in (False, True)
    )

    assert plain.undefined_because == corrected.undefined_because
    if plain.p_value is not None and corrected.p_value is not None:
        assert 0 <= plain.p_value <= corrected.p_value <= 1


def test_the_correction_never_overshoots() -> None:
    # a distance of a quarter
    test = cochran_mantel_haenszel([Stratum(1, 2, 2, 6)])

    assert (0, 1) == (test.statistic, test.p_value)


@pytest.mark.parametrize("strata", [[], [Stratum(0, 0, 0, 0)], [Stratum(1, 2, 0, 0)] * 2])
def test_without_a_stratum_that_has_both_groups_nothing_is_defined(strata: Strata) -> None:
    reason = "no stratum has both groups"
    pooled, test = mantel_haenszel(strata), cochran_mantel_haenszel(strata)

    assert (Estimate(undefined_because=reason),) * 3 == figures(pooled)
    assert (0, len(strata)) == (pooled.strata_used, pooled.strata_left_out)
    assert (None, reason) == (test.p_value, test.undefined_because)


@pytest.mark.parametrize(
    ("strata", "odds_ratio", "risk", "difference"),
    [
        ([NOBODY], None, None, (0, NO_VARIATION)),
        ([EVERYBODY], None, (1, NO_VARIATION), (0, NO_VARIATION)),
        ([NOBODY, EVERYBODY], None, (1, NO_VARIATION), (0, NO_VARIATION)),
        ([Stratum(5, 5, 0, 9), Stratum(1, 1, 0, 2)], None, None, (1, NO_VARIATION)),
        (
            [Stratum(0, 5, 9, 9), Stratum(0, 1, 2, 2)],
            (0, "a ratio of 0 has no log interval"),
            (0, "a ratio of 0 has no log interval"),
            (-1, NO_VARIATION),
        ),
    ],
)
def test_zero_cells(
    strata: Strata,
    odds_ratio: tuple[float, str] | None,
    risk: tuple[float, str] | None,
    difference: tuple[float, str],
) -> None:
    no_odds = (None, "no stratum has both a miss in a and a hit in b")
    no_risk = (None, "group b has no hit to divide by")
    expected = (odds_ratio or no_odds, risk or no_risk, difference)

    assert [Estimate(value=value, undefined_because=reason) for value, reason in expected] == list(
        figures(mantel_haenszel(strata))
    )


def test_a_zero_cell_in_one_stratum_does_no_harm() -> None:
    pooled = mantel_haenszel([Stratum(0, 5, 2, 9), Stratum(7, 20, 4, 30)])

    assert [True] * 3 == [figure.interval is not None for figure in figures(pooled)]


@pytest.mark.parametrize("corrected", [False, True])
def test_strata_of_hits_only_or_misses_only_can_not_be_tested(*, corrected: bool) -> None:
    test = cochran_mantel_haenszel([NOBODY, EVERYBODY], corrected=corrected)

    assert (None, None) == (test.p_value, test.statistic)
    assert "every stratum is all hits or all misses" == test.undefined_because


def test_pairs_that_differ_are_the_odds_ratio_of_matched_pairs() -> None:
    # McNemar: 12 pairs favour a, 5 favour b, the rest are silent; sqrt(1/12 + 1/5) = 0.532291
    pairs = [Stratum(1, 1, 0, 1)] * 12 + [Stratum(0, 1, 1, 1)] * 5 + [Stratum(1, 1, 1, 1)] * 30
    odds_ratio = mantel_haenszel(pairs).odds_ratio

    assert pytest.approx(2.4) == odds_ratio.value
    assert pytest.approx(2 * 1.959963985 * 0.532291, rel=1e-6) == log(
        odds_ratio.interval[1] / odds_ratio.interval[0]
    )
    assert (
        pytest.approx((12 - 5) ** 2 / 17)
        == cochran_mantel_haenszel(pairs, corrected=False).statistic
    )
    assert pytest.approx((12 - 5 - 1) ** 2 / 17) == cochran_mantel_haenszel(pairs).statistic


def test_very_large_counts_stay_finite() -> None:
    many = 10_000_000
    huge = [Stratum(many - 1, many, 1, many), Stratum(0, many, 1, many)]
    pooled, test = mantel_haenszel(huge), cochran_mantel_haenszel(huge)

    assert [True] * 3 == [figure.interval is not None for figure in figures(pooled)]
    assert (0, True) == (test.p_value, isfinite(test.statistic))


def test_an_interval_beyond_all_floats_is_none() -> None:
    lopsided = [Stratum(1_000, 10_001_000, 0, 1_000), Stratum(0, 1, 1, 10_000_000)]
    odds_ratio = mantel_haenszel(lopsided).odds_ratio

    assert odds_ratio.value > 0
    assert (None, "the interval exceeds what a float holds") == (
        odds_ratio.interval,
        odds_ratio.undefined_because,
    )


def test_a_confidence_is_checked_even_without_strata() -> None:
    with pytest.raises(OptionError, match="confidence"):
        mantel_haenszel([], confidence=95)


def test_an_untestable_answer_has_no_numbers() -> None:
    assert Significance(
        test="Cochran-Mantel-Haenszel", undefined_because="no stratum has both groups"
    ) == cochran_mantel_haenszel([], corrected=False)
