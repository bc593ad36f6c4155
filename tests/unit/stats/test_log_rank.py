import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import LogRank, log_rank

# Freireich et al. 1963, remission in weeks; a + was still in remission
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"

groups = st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=20)


def noted(one: str, other: str) -> LogRank:
    """The test of two groups, where a + means censored."""
    return log_rank(
        [int(text.rstrip("+")) for text in one.split()],
        events=[not text.endswith("+") for text in one.split()],
        other_durations=[int(text.rstrip("+")) for text in other.split()],
        other_events=[not text.endswith("+") for text in other.split()],
    )


def compared(one: list[tuple[int, bool]], other: list[tuple[int, bool]]) -> LogRank:
    """The test of two groups of rows."""
    return log_rank(
        [duration for duration, _ in one],
        events=[event for _, event in one],
        other_durations=[duration for duration, _ in other],
        other_events=[event for _, event in other],
    )


def test_six_mp_against_placebo_as_published() -> None:
    # chi-squared 16.79 and 10.75 / 19.25 expected: Collett, Modelling Survival Data; Cox 1972
    test = noted(SIX_MP, PLACEBO)

    assert pytest.approx(16.792941, abs=5e-7) == test.statistic
    assert pytest.approx(4.1688e-05, abs=5e-10) == test.p_value
    assert (9, 21) == test.observed
    assert (19.25, 10.75) == pytest.approx(test.expected, abs=5e-3)
    assert test.undefined_because is None


def test_two_steps_by_hand() -> None:
    # at 1: half of 1 expected, variance 1/4; at 2: 1 of 3, variance 2/9; at 3: half, 1/4
    test = noted("1 3+", "2 3")

    assert (1, 2) == test.observed
    assert (1 / 2 + 1 / 3 + 1 / 2, 1 / 2 + 2 / 3 + 1 / 2) == pytest.approx(test.expected)
    assert pytest.approx(1 / 4 + 2 / 9 + 1 / 4) == test.variance


def test_late_entries_are_at_risk_only_after() -> None:
    test = log_rank(
        [2, 5],
        events=[True, True],
        other_durations=[3, 6],
        other_events=[True, True],
        entries=[0, 2],
        other_entries=[0, 4],
    )

    # at risk just before 2, 3, 5, 6: first 1 1 1 0; other 1 1 1 1
    assert pytest.approx(3 / 2) == test.expected[0]
    assert pytest.approx(3 / 4) == test.variance


@pytest.mark.parametrize(
    ("one", "other"), [("", ""), ("1 2", ""), ("", "1 2"), ("1+ 2+", "3+"), ("4 4", "4")]
)
def test_what_tells_no_groups_apart_is_undefined(one: str, other: str) -> None:
    test = noted(one, other)

    assert (None, None, 0) == (test.statistic, test.p_value, test.variance)
    assert "no event tells the groups apart" in str(test.undefined_because)


def test_a_great_difference_has_a_small_chance_not_below_0() -> None:
    n = 5000
    test = log_rank(
        list(range(n)), events=[True] * n, other_durations=[n + 1] * n, other_events=[False] * n
    )

    assert test.statistic is not None
    assert test.statistic > 3000
    assert test.p_value == 0


@given(groups, groups)
def test_observed_and_expected_agree_in_total(
    one: list[tuple[int, bool]], other: list[tuple[int, bool]]
) -> None:
    test = compared(one, other)

    assert pytest.approx(sum(test.observed)) == sum(test.expected)
    assert test.variance >= 0


@given(groups, groups)
def test_it_does_not_matter_which_group_is_named_first(
    one: list[tuple[int, bool]], other: list[tuple[int, bool]]
) -> None:
    test, mirrored = compared(one, other), compared(other, one)

    assert pytest.approx(test.statistic) == mirrored.statistic
    assert test.observed == mirrored.observed[::-1]


@given(groups.filter(bool))
def test_a_group_does_not_differ_from_itself(one: list[tuple[int, bool]]) -> None:
    test = compared(one, one)

    assert test.statistic is None or test.statistic == pytest.approx(0, abs=1e-20)


@given(groups, groups)
def test_another_unit_of_time_changes_nothing(
    one: list[tuple[int, bool]], other: list[tuple[int, bool]]
) -> None:
    hours = [[(24 * duration, event) for duration, event in rows] for rows in (one, other)]

    assert compared(one, other) == compared(*hours)


def test_columns_of_other_lengths_are_refused_by_their_name() -> None:
    with pytest.raises(OptionError, match="other_events=1: write one for each of 2 durations"):
        log_rank([1], events=[True], other_durations=[1, 2], other_events=[True])
