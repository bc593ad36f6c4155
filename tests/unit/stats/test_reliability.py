import itertools
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import (
    Significance,
    brier_parts,
    brier_score,
    calibration_error,
    calibration_test,
    reliability_table,
    wilson,
)

pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)
ways = st.sampled_from(["width", "quantile", "identical"])


def apart(drawn: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [chance for chance, _ in drawn], [outcome for _, outcome in drawn]


@given(pairs, st.integers(1, 12), ways)
def test_the_parts_give_the_score(drawn: list[tuple[float, bool]], bins: int, by: Any) -> None:
    parts = brier_parts(*apart(drawn), bins=bins, by=by)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within

    assert pytest.approx(brier_score(*apart(drawn)), abs=1e-12) == parts.score
    assert pytest.approx(parts.score, abs=1e-12) == total


@given(pairs)
def test_nothing_is_left_within_bins_of_identical_forecasts(
    drawn: list[tuple[float, bool]],
) -> None:
    parts = brier_parts(*apart(drawn), by="identical")

    assert 0 == parts.within
    assert len({chance for chance, _ in drawn}) == parts.bins


@given(pairs, st.integers(1, 12), ways)
def test_every_forecast_is_in_one_bin_within_its_limits(
    drawn: list[tuple[float, bool]], bins: int, by: Any
) -> None:
    table = reliability_table(*apart(drawn), bins=bins, by=by)

    assert len(drawn) == sum(one.n for one in table)
    assert sum(outcome for _, outcome in drawn) == sum(one.hits for one in table)
    for one in table:
        assert one.n >= 1
        assert one.low - 1e-15 <= one.forecast <= one.high + 1e-15
    for before, after in itertools.pairwise(table):
        assert before.high <= after.high
        assert before.forecast < after.forecast or by == "identical"


def test_parts_by_hand() -> None:
    # .2: 1 of 2, .6: 3 of 3, .9: 0 of 1; the rate is 4/6
    forecasts = [0.2, 0.2, 0.6, 0.6, 0.6, 0.9]
    parts = brier_parts(forecasts, [True, False, True, True, True, False])
    reliability = (2 * Fraction(3, 10) ** 2 + 3 * Fraction(4, 10) ** 2 + Fraction(9, 10) ** 2) / 6
    resolution = (2 * Fraction(1, 6) ** 2 + 3 * Fraction(1, 3) ** 2 + Fraction(2, 3) ** 2) / 6

    assert pytest.approx(float(reliability)) == parts.reliability
    assert pytest.approx(float(resolution)) == parts.resolution
    assert pytest.approx(2 / 9) == parts.uncertainty
    assert (3, 6) == (parts.bins, parts.n)


def test_a_forecast_on_an_edge_belongs_to_the_lower_bin() -> None:
    table = reliability_table([0.0, 0.5, 0.51, 1.0], [False, False, True, True], bins=2)

    assert [(0.0, 0.5, 2, 0), (0.5, 1.0, 2, 2)] == [
        (one.low, one.high, one.n, one.hits) for one in table
    ]


def test_one_forecast_for_all_is_one_bin_and_off_by_what_it_is_off() -> None:
    outcomes = [True] * 2 + [False] * 8
    for by in ("width", "quantile", "identical"):
        table = reliability_table([0.5] * 10, outcomes, by=by)

        assert 1 == len(table)
        assert pytest.approx(0.3) == calibration_error(table)


def test_groups_by_quantile_are_as_large() -> None:
    table = reliability_table([n / 100 for n in range(100)], [False] * 100, bins=4, by="quantile")

    assert [25, 25, 25, 25] == [one.n for one in table]


def test_a_bin_has_limits_and_a_gap() -> None:
    (one,) = reliability_table([0.25] * 8, [True] * 4 + [False] * 4, bins=1)

    assert 0.25 == one.gap
    assert wilson(4, 8, confidence=0.9) == one.interval(confidence=0.9)


def test_forecasts_that_are_off_are_told_from_chance() -> None:
    true = reliability_table([0.3] * 100, [True] * 30 + [False] * 70)
    off = reliability_table([0.3] * 100, [True] * 60 + [False] * 40)

    assert pytest.approx(1) == calibration_test(true).p_value
    assert calibration_test(off).p_value < 1e-9
    assert 1 == calibration_test(off).degrees


def test_certain_forecasts_are_wrong_for_sure_or_leave_nothing_to_test() -> None:
    def test(forecasts: list[float], outcomes: list[bool]) -> Significance:
        return calibration_test(reliability_table(forecasts, outcomes, by="identical"))

    right, wrong = test([0.0, 1.0], [False, True]), test([0.0, 1.0], [False, False])
    mixed = test([0.0, 0.4, 0.4], [False, True, False])

    assert "every forecast is certain, and right" == right.undefined_because
    assert (inf, 0.0) == (wrong.statistic, wrong.p_value)
    # .4 of 2 hit, which is .5, with a variance of .24 each
    assert (1, pytest.approx(2 * 0.01 / 0.24)) == (mixed.degrees, mixed.statistic)


def test_nearly_certain_and_wrong_is_no_overflow() -> None:
    table = reliability_table([1e-310, 0.5], [True, True], by="identical")

    assert 0 == calibration_test(table).p_value


@pytest.mark.parametrize(
    ("options", "why"), [({"bins": 0}, "1 or more"), ({"by": "size"}, "none of width")]
)
def test_options_that_are_none_are_refused(options: Any, why: str) -> None:
    with pytest.raises(OptionError, match=why):
        reliability_table([0.5], [True], **options)


def test_certain_forecasts_that_are_wrong_both_ways_are_beyond_chance_without_a_gap() -> None:
    wrong = calibration_test(reliability_table([0, 1], [True, False], bins=1))
    right = calibration_test(reliability_table([0, 1], [False, True], bins=1))

    assert (inf, 0.0) == (wrong.statistic, wrong.p_value)
    assert "every forecast is certain, and right" == right.undefined_because
