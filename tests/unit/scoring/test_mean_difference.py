"""How far two means of scores are apart."""

from __future__ import annotations

import pytest

from partnerleads.errors import OptionError
from partnerleads.scoring.mean_difference import mean_difference


def test_equal_spread_and_size_give_student_s_t() -> None:
    # 1, 2, 3 against 4, 5, 6: variance 1 each, so the root of 2/3 and 4 degrees; t is 2.7764
    found = mean_difference([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])

    assert -3.0 == found.value
    assert found.interval is not None
    assert (-3 - 2.7764 * 0.816497, -3 + 2.7764 * 0.816497) == pytest.approx(
        found.interval, abs=1e-4
    )


def test_more_confidence_is_wider() -> None:
    sample = [1.0, 2.0, 3.0], [4.0, 5.0, 7.0]
    wide, narrow = (mean_difference(*sample, confidence=one).interval for one in (0.99, 0.5))

    assert wide is not None
    assert narrow is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_an_interval_stays_on_the_scale() -> None:
    assert (-100.0, 100.0) == mean_difference([0.0, 100.0], [0.0, 90.0]).interval


@pytest.mark.parametrize(
    ("a", "b", "value", "reason"),
    [
        ([], [1.0], None, "a group has no score"),
        ([1.0], [], None, "a group has no score"),
        ([1.0], [1.0, 3.0], -1.0, "a group has one score alone"),
        ([2.0, 2.0], [1.0, 1.0], 1.0, "no variation, so no interval"),
    ],
)
def test_without_enough_to_go_by_there_is_no_interval(
    a: list[float], b: list[float], value: float | None, reason: str
) -> None:
    found = mean_difference(a, b)

    assert (value, None, reason) == (found.value, found.interval, found.undefined_because)


def test_a_confidence_that_is_none_is_refused() -> None:
    with pytest.raises(OptionError, match="confidence"):
        mean_difference([], [], confidence=95)
