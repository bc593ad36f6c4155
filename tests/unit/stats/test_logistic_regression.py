from math import exp, inf, log, nan
from sys import modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import logistic_regression, sigmoid
from partnerleads.stats.logistic_regression import _Data, _moved

rows = st.lists(
    st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.booleans()), min_size=2, max_size=15
).filter(lambda drawn: len({outcome for *_, outcome in drawn}) == 2)


@given(rows, st.sampled_from([0.01, 1.0, 30.0]))
def test_the_slope_of_the_loss_is_nil_at_the_answer(
    drawn: list[tuple[float, float, bool]], penalty: float
) -> None:
    lines = [[(0, a), (1, b)] for a, b, _ in drawn]
    curve = logistic_regression(lines, [float(o) for *_, o in drawn], columns=2, penalty=penalty)
    errors = [
        sigmoid(curve.log_odds(line)) - row[2] for line, row in zip(lines, drawn, strict=True)
    ]

    assert pytest.approx(0, abs=1e-6) == sum(errors)
    for column in (0, 1):
        pulled = sum(error * line[column][1] for error, line in zip(errors, lines, strict=True))

        assert pytest.approx(0, abs=1e-6) == pulled + penalty * curve.weights[column]


def test_without_columns_the_base_is_the_log_odds_of_the_rate() -> None:
    curve = logistic_regression([[]] * 4, [1, 0, 0, 0], columns=0)

    assert pytest.approx(log(1 / 3)) == curve.base
    assert () == curve.weights


def test_targets_can_be_chances() -> None:
    curve = logistic_regression([[(0, -1.0)], [(0, 1.0)]], [0.2, 0.8], columns=1, penalty=0)

    assert pytest.approx(0, abs=1e-12) == curve.base
    assert pytest.approx(log(4)) == curve.weights[0]


def test_a_penalty_keeps_weights_finite_where_rows_can_be_told_apart() -> None:
    lines = [[(0, -1.0)]] * 5 + [[(0, 1.0)]] * 5
    curve = logistic_regression(lines, [0] * 5 + [1] * 5, columns=1, penalty=1e-4)

    # 10 chances of a slip times 1 = penalty times weight
    assert pytest.approx(10 / (1 + exp(curve.weights[0]))) == 1e-4 * curve.weights[0]


@pytest.mark.parametrize(
    "lines",
    [[[(0, -1.0)], [(0, 1.0)]], [[(0, 1.0)], [(0, 1.0)]], [[(0, 1.0), (1, 1.0)], [], []]],
)
def test_without_a_penalty_what_has_no_single_answer_is_refused(lines: Any) -> None:
    targets = [0.0, 1.0, 1.0][: len(lines)]

    with pytest.raises(OptionError, match="no single finite answer"):
        logistic_regression(lines, targets, columns=2 if len(lines) == 3 else 1, penalty=0)


def test_a_step_that_goes_too_far_is_halved_until_nothing_is_lost() -> None:
    data = _Data([[(0, 1.0)], [(0, 1.0)]], [0.0, 1.0], 1.0)
    start = [0.0, 0.0]
    place, loss = _moved(data, start, [0.0, -64.0], data.loss(start))

    assert data.loss(place) == loss
    assert loss <= data.loss(start)
    assert place[1] < 1e-6


def test_hardly_overlapping_rows_have_an_answer() -> None:
    # rounding of the loss once hid the gain of the last steps here
    for values, targets in (([3.0, 1.0], [0, 1]), ([-1000.0, 2.0, -2.0, 10.0], [0, 1, 1, 1])):
        lines = [[(0, value)] for value in values]
        curve = logistic_regression(lines, targets, columns=1, penalty=0.001)
        pulled = sum(
            (sigmoid(curve.log_odds(line)) - target) * line[0][1]
            for line, target in zip(lines, targets, strict=True)
        )

        assert pytest.approx(0, abs=1e-9) == pulled + 0.001 * curve.weights[0]


@pytest.mark.parametrize(
    ("lines", "targets", "penalty", "why"),
    [
        ([[]], [], 1, "one for each row"),
        ([[], []], [1, 1], 1, "must differ"),
        ([[], []], [0, 2], 1, "outcomes or chances"),
        ([[], []], [0, 1], -1, "not negative"),
        ([[(0, nan)], []], [0, 1], 1, "finite numbers"),
        ([], [], 1, "must differ"),
    ],
)
def test_what_makes_no_sense_is_refused(lines: Any, targets: Any, penalty: float, why: str) -> None:
    with pytest.raises(OptionError, match=why):
        logistic_regression(lines, targets, columns=1, penalty=penalty)


def test_chances_of_extreme_log_odds() -> None:
    assert (0.0, 1.0, 1.0) == (sigmoid(-inf), sigmoid(inf), sigmoid(800.0))
    assert pytest.approx(1) == sigmoid(3.0) + sigmoid(-3.0)


def test_what_takes_too_many_steps_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules[_moved.__module__], "_MOST_STEPS", 2)

    with pytest.raises(OptionError, match="no single finite answer"):
        logistic_regression([[(0, 1.0)], [], []], [1, 0, 1], columns=1)
