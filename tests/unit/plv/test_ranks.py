"""Ranks, their correlation, and the lift of the top."""

from __future__ import annotations

import pytest

from partnerleads.errors import OptionError
from partnerleads.plv.ranks import ranks_of, spearman, top_lift


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    assert [1.0, 4.0, 2.5, 2.5, 5.0] == ranks_of([1, 3, 2, 2, 9])
    assert [] == ranks_of([])


def test_the_textbook_case_of_intelligence_and_television() -> None:
    # ten people by IQ and hours of television a week: rho = -29 / 165, the worked example of the
    # encyclopedia's article on the coefficient
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]

    found = spearman(iq, hours, confidence=0.95)

    assert pytest.approx(-29 / 165, abs=1e-12) == found.value
    assert found.interval is not None
    low, high = found.interval
    assert -1 < low < -29 / 165 < high < 1


def test_the_interval_is_that_of_bonett_and_wright() -> None:
    # sum of squared differences 110, so r = 1 - 6 x 110 / 1320 = .5; atanh(.5) = .549306,
    # se = sqrt(1.125 / 8) = .375, half width 1.959964 x .375 = .734986
    second = [8, 4, 3, 2, 6, 5, 7, 1, 10, 9, 11]

    found = spearman(range(1, 12), second, confidence=0.95)

    assert pytest.approx(0.5, abs=1e-12) == found.value
    assert pytest.approx((-0.183577, 0.857626), abs=2e-6) == found.interval


@pytest.mark.parametrize(
    ("first", "second", "value", "because"),
    [
        ([], [], None, "all are equal in one of the two"),
        ([1, 2, 3], [5, 5, 5], None, "all are equal in one of the two"),
        ([1, 2, 3], [1, 3, 2], 0.5, "no interval of fewer than 4"),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1.0, "no variation, so no interval"),
    ],
)
def test_what_has_no_correlation_or_no_interval_says_why(
    first: list[float], second: list[float], value: float | None, because: str
) -> None:
    found = spearman(first, second, confidence=0.95)

    assert (found.interval, found.undefined_because) == (None, because)
    assert found.value == (None if value is None else pytest.approx(value))


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(OptionError, match="must have 2 values"):
        spearman([1, 2], [1], confidence=0.95)


def test_equal_scores_at_the_line_count_in_part() -> None:
    # of eight the top is two: 9, and one of three that scored 5 and won 30 on average
    scores = [9.0, 5.0, 5.0, 5.0, 1.0, 1.0, 1.0, 1.0]
    won = [50.0, 90.0, 0.0, 0.0, 5.0, 5.0, 5.0, 5.0]

    assert pytest.approx((50 + 30) / 2 / 20) == top_lift(scores, won)


def test_without_anything_won_there_is_no_lift() -> None:
    assert top_lift([], []) is None
    assert top_lift([1.0, 2.0], [0.0, 0.0]) is None
