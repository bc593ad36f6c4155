from math import inf, log
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.stats import brier_score, log_loss


def test_the_rate_of_all_scores_the_variance_of_the_outcomes() -> None:
    outcomes = [True] * 3 + [False] * 7

    assert pytest.approx(0.3 * 0.7) == brier_score([0.3] * 10, outcomes)


def test_one_half_scores_a_quarter_and_a_bit() -> None:
    assert 0.25 == brier_score([0.5, 0.5], [True, False])
    assert pytest.approx(log(2)) == log_loss([0.5, 0.5], [True, False])


def test_what_was_called_impossible_and_happened_is_infinitely_surprising() -> None:
    assert inf == log_loss([0.0, 0.5], [True, True])
    assert inf == log_loss([1.0, 0.5], [False, True])
    assert 0 == log_loss([0.0, 1.0], [False, True])


@pytest.mark.parametrize(
    ("forecasts", "outcomes", "why"),
    [
        ([], [], "at least one"),
        ([0.5], [], "as many as outcomes, of which there are 0"),
        ([1.5], [True], "is no chance"),
        ([float("nan")], [True], "is no chance"),
        ([0.5], [2], "is no outcome"),
        ([0.5], [None], "is no outcome"),
    ],
)
@pytest.mark.parametrize("score", [brier_score, log_loss])
def test_what_are_no_forecasts_is_refused(
    score: Any, forecasts: list[float], outcomes: Any, why: str
) -> None:
    with pytest.raises(OptionError, match=why):
        score(forecasts, outcomes)
