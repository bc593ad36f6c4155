from collections.abc import Callable
from fractions import Fraction
from math import comb

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats.independence import chi_square_test, fisher_test, independence_test
from partnerleads.stats.significance import Significance
from partnerleads.stats.stratum import Stratum
from tests.unit.stats.drawn_tables import strata_of

Counts = tuple[int, int, int, int]
Test = Callable[..., Significance]
# Fisher's test takes its time where there are millions
tables = strata_of(0, 5) | strata_of(0, 60) | strata_of(1, 100_000)
full_tables = strata_of(1, 60) | strata_of(1, 100_000)
TESTS: tuple[Test, ...] = (fisher_test, chi_square_test, independence_test)


def counts(table: Stratum) -> Counts:
    return table.hits_a, table.of_a, table.hits_b, table.of_b


@pytest.mark.parametrize(
    ("table", "p_value", "within"),
    [
        # Fisher 1935, "The Design of Experiments", the lady tasting tea; R prints .4857
        ((3, 4, 1, 4), 0.4857, 5e-5),
        # Fisher 1962, convictions of twins of criminals; R prints .0005367
        ((2, 17, 10, 13), 0.0005367, 5e-8),
        # worked out with SciPy 1.17
        ((9, 10, 3, 10), 0.0197666, 5e-7),
    ],
)
def test_fisher_as_published(table: Counts, p_value: float, within: float) -> None:
    answer = fisher_test(*table)

    assert "Fisher exact" == answer.test
    assert pytest.approx(p_value, abs=within) == answer.p_value


@pytest.mark.parametrize(
    ("table", "corrected", "statistic", "p_value"),
    [
        # worked out with SciPy 1.17 (chi2_contingency)
        ((9, 10, 3, 10), False, 7.5, 0.0061699),
        ((56, 70, 48, 80), False, 7.0234114, 0.0080451),
        ((56, 70, 48, 80), True, 6.1142704, 0.0134095),
    ],
)
def test_chi_square_as_other_programs_have_it(
    table: Counts, *, corrected: bool, statistic: float, p_value: float
) -> None:
    answer = chi_square_test(*table, corrected=corrected)

    assert pytest.approx(statistic, abs=5e-8) == answer.statistic
    assert pytest.approx(p_value, abs=5e-8) == answer.p_value
    assert 1 == answer.degrees


def all_chances(table: Stratum) -> dict[int, Fraction]:
    """Every table with the same margins, in exact fractions."""
    ways = {
        hits: comb(table.of_a, hits) * comb(table.of_b, table.hits - hits)
        for hits in range(table.of_a + 1)
        if hits <= table.hits
    }
    return {hits: Fraction(way, sum(ways.values())) for hits, way in ways.items()}


@given(strata_of(1, 60))
def test_fisher_is_the_sum_over_the_tables_that_are_no_likelier(table: Stratum) -> None:
    chances = all_chances(table)
    limit = chances[table.hits_a] * (1 + Fraction(1, 10**7))
    expected = float(sum(chance for chance in chances.values() if chance <= limit))

    assert pytest.approx(expected, rel=1e-10) == fisher_test(*counts(table)).p_value


def test_yates_correction_never_overshoots() -> None:
    answer = chi_square_test(5, 10, 5, 11, corrected=True)

    assert (0, 1) == (answer.statistic, answer.p_value)
    assert chi_square_test(5, 10, 5, 11, corrected=False).p_value < 1


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ((9, 10, 3, 10), "Fisher exact"),  # 4 misses are expected in each group
        ((8, 10, 2, 10), "chi-square"),  # 5 hits and 5 misses are
        ((1, 10, 8, 10), "Fisher exact"),  # 4.5 hits
        ((5, 5, 95, 995), "Fisher exact"),  # half a hit in the small group
        ((56, 70, 48, 80), "chi-square"),
    ],
)
def test_fisher_is_chosen_where_fewer_than_5_are_expected(table: Counts, name: str) -> None:
    exact, plain = fisher_test(*table), chi_square_test(*table, corrected=False)

    assert (exact if name == "Fisher exact" else plain) == independence_test(*table)
    assert name == independence_test(*table).test


@pytest.mark.parametrize("table", [(0, 0, 0, 0), (0, 0, 3, 10), (3, 10, 0, 0)])
def test_an_empty_group_can_not_be_compared(table: Counts) -> None:
    assert ["a group is empty"] * 3 == [test(*table).undefined_because for test in TESTS]
    assert [None] * 3 == [test(*table).p_value for test in TESTS]


@pytest.mark.parametrize(
    ("table", "reason"),
    [((0, 10, 0, 20), "nobody is a hit"), ((10, 10, 20, 20), "everybody is a hit")],
)
def test_where_only_one_table_is_possible(table: Counts, reason: str) -> None:
    assert Significance(test="Fisher exact", p_value=1) == fisher_test(*table)
    assert Significance(test="Fisher exact", p_value=1) == independence_test(*table)
    assert Significance(test="chi-square", undefined_because=reason) == chi_square_test(
        *table, corrected=False
    )


@pytest.mark.parametrize("test", TESTS)
@given(table=full_tables.filter(lambda table: table.hits and table.misses))
def test_swapping_the_groups_or_counting_misses_changes_nothing(test: Test, table: Stratum) -> None:
    answer = test(*counts(table))
    misses = test(table.misses_a, table.of_a, table.misses_b, table.of_b)

    for other in (test(*counts(table.swapped())), misses):
        assert pytest.approx(answer.p_value, rel=1e-8, abs=1e-290) == other.p_value
        assert answer.test == other.test


@given(tables)
def test_a_p_value_is_a_chance_or_there_is_a_reason(table: Stratum) -> None:
    for test in TESTS:
        answer = test(*counts(table))

        assert (answer.p_value is None) == (answer.undefined_because is not None)
        assert answer.p_value is None or 0 <= answer.p_value <= 1


@given(full_tables)
def test_the_correction_makes_it_less_surprising(table: Stratum) -> None:
    plain = chi_square_test(*counts(table), corrected=False)
    corrected = chi_square_test(*counts(table))
    assume(plain.p_value is not None)

    assert plain.p_value <= corrected.p_value
    assert "chi-square, Yates corrected" == corrected.test


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_equal_shares_are_no_surprise(of_a: int, of_b: int) -> None:
    assert 0 == chi_square_test(of_a, 2 * of_a, of_b, 2 * of_b, corrected=False).statistic
    assert pytest.approx(1) == fisher_test(of_a, 2 * of_a, of_b, 2 * of_b).p_value


def test_tables_far_beyond_chance_have_a_p_value_of_0() -> None:
    table = (9_000_000, 10_000_000, 1_000_000, 10_000_000)

    assert [0, 0, 0] == [test(*table).p_value for test in TESTS]
    assert 12_800_000 == chi_square_test(*table, corrected=False).statistic


def test_few_hits_among_very_many_are_exact() -> None:
    # all three in one half: twice one in eight
    assert pytest.approx(0.25) == independence_test(3, 10**12, 0, 10**12).p_value


@pytest.mark.parametrize("test", TESTS)
def test_what_is_no_pair_of_shares_is_refused(test: Test) -> None:
    with pytest.raises(OptionError, match="hits_a=3: of 2"):
        test(3, 2, 1, 2)
