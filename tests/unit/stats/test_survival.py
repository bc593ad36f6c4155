from itertools import pairwise
from math import inf, nan, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import SurvivalCurve, kaplan_meier

# Freireich et al. 1963, remission in weeks under 6-mercaptopurine; a + was still in remission
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"

subjects = st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 12)), max_size=30)


def curve_of(notation: str) -> SurvivalCurve:
    """The curve of durations, where a + means censored."""
    return kaplan_meier(
        [int(text.rstrip("+")) for text in notation.split()],
        events=[not text.endswith("+") for text in notation.split()],
    )


def split(rows: list[tuple[int, bool, int]]) -> tuple[list[int], list[bool], list[int]]:
    """Durations, flags, and entries that are not later."""
    return [row[0] for row in rows], [row[1] for row in rows], [min(r[0], r[2]) for r in rows]


def test_six_mp_as_published_by_kalbfleisch_and_prentice() -> None:
    curve = curve_of(SIX_MP)
    published = {
        6: 0.857143,
        7: 0.806723,
        10: 0.752941,
        13: 0.690196,
        16: 0.627451,
        22: 0.537815,
        23: 0.448179,
    }

    assert tuple(published) == curve.times
    assert tuple(published.values()) == pytest.approx(curve.survival, abs=5e-7)
    assert (21, 17, 15, 12, 11, 7, 6) == curve.at_risk
    assert (3, 1, 1, 1, 1, 1, 1) == curve.events
    assert (21, 0, 35) == (curve.n, curve.left_out, curve.follow_up)


def test_greenwoods_variance_of_six_mp() -> None:
    curve = curve_of(SIX_MP)
    by_hand = 0.448179271708683**2 * (
        3 / (21 * 18)
        + 1 / (17 * 16)
        + 1 / (15 * 14)
        + 1 / (12 * 11)
        + 1 / (11 * 10)
        + 1 / (7 * 6)
        + 1 / (6 * 5)
    )

    assert pytest.approx(0.07636035, abs=5e-9) == sqrt(curve.variance[0])
    assert pytest.approx(by_hand, rel=1e-12) == curve.variance[-1]


def test_log_log_limits_of_six_mp() -> None:
    # lifelines 0.30, SciPy 1.17 and statsmodels 0.15 agree
    curve = curve_of(SIX_MP)

    assert (0.619718, 0.951552) == pytest.approx(curve.interval_at(6), abs=5e-7)
    assert (0.188052, 0.680143) == pytest.approx(curve.interval_at(23), abs=5e-7)
    assert curve.interval_at(23) == curve.interval_at(35)


def test_the_median_of_six_mp_has_an_open_upper_limit() -> None:
    # median and limits as R's survfit prints them for these data with conf.type "log-log"
    curve = curve_of(SIX_MP)

    assert curve.median == 23
    assert (13, None) == curve.quantile_interval(0.5)
    assert curve.quantile(0.6) is None


def test_at_a_tie_the_event_comes_before_the_censoring() -> None:
    curve = curve_of("5 5+ 5 10")

    assert (0.5, 0.0) == curve.survival
    assert (4, 1) == curve.at_risk


def test_a_value_holds_until_the_next_step() -> None:
    curve = curve_of("2 4 6+ 6+")

    assert [1, 1, 0.75, 0.75, 0.5, 0.5] == [curve.at(t) for t in (0, 1.9, 2, 3.9, 4, 6)]


def test_after_the_follow_up_the_curve_is_not_known() -> None:
    curve = curve_of("2 4 6+ 6+")

    assert curve.at(6.1) is None
    assert curve.interval_at(6.1) is None


def test_when_nobody_is_left_it_stays_at_0() -> None:
    curve = curve_of("2 4")

    assert curve.at(99) == 0
    assert curve.variance[-1] == 0
    assert curve.interval_at(99) is None
    assert (2, None) == curve.quantile_interval(0.5)


def test_before_the_first_event_there_is_no_interval() -> None:
    curve = curve_of("2 4")

    assert curve.at(1) == 1
    assert curve.interval_at(1) is None
    assert curve.interval_at(2) is not None


def test_without_subjects_nothing_is_known() -> None:
    curve = kaplan_meier([], events=[])

    assert (0, None, ()) == (curve.n, curve.follow_up, curve.times)
    assert curve.at(0) is None
    assert curve.interval_at(0) is None
    assert curve.median is None
    assert (None, None) == curve.quantile_interval(0.5)


def test_one_event_is_the_median_without_a_limit_above() -> None:
    curve = kaplan_meier([7], events=[True])

    assert (7, (7, None)) == (curve.median, curve.quantile_interval(0.5))


def test_when_all_are_censored_the_curve_stays_at_1() -> None:
    curve = kaplan_meier([3, 5], events=[False, False])

    assert ((), 1, None) == (curve.times, curve.at(5), curve.at(6))
    assert curve.median is None
    assert curve.interval_at(5) is None


def test_an_event_at_once_counts_at_0() -> None:
    curve = kaplan_meier([0, 0, 3], events=[True, False, True])

    assert ((0, 3), (3, 1)) == (curve.times, curve.at_risk)
    assert pytest.approx(2 / 3) == curve.at(0)


def test_who_enters_late_is_at_risk_only_after() -> None:
    curve = kaplan_meier([4, 5, 6, 8], events=[True] * 4, entries=[0, 4, 4.5, 0])

    # at 4 the one that enters at 4 is not yet there
    assert (2, 3, 2, 1) == curve.at_risk
    assert (0.5, 1 / 3, 1 / 6, 0) == pytest.approx(curve.survival)


def test_who_goes_when_it_comes_was_never_at_risk() -> None:
    curve = kaplan_meier([4, 5, 6], events=[True] * 3, entries=[0, 5, 0])

    assert (2, 1, (4, 6)) == (curve.n, curve.left_out, curve.times)


def test_who_goes_at_once_was_at_risk_when_there_from_the_start() -> None:
    curve = kaplan_meier([0, 6], events=[True, True], entries=[0, 3])

    assert (0, (0, 6), (1, 1)) == (curve.left_out, curve.times, curve.at_risk)


def test_a_quantile_does_not_hang_on_rounding() -> None:
    curve = kaplan_meier(list(range(1, 11)), events=[True] * 10)

    assert [1, 2, 3, 6, 7, 9] == [curve.quantile(s) for s in (0.1, 0.2, 0.3, 0.6, 0.7, 0.9)]


def test_survival_too_small_for_a_float_is_0_and_breaks_nothing() -> None:
    # always two at risk and one goes: the curve halves at every step
    steps = 1200
    curve = kaplan_meier(
        [*range(1, steps + 1), steps],
        events=[True] * steps + [False],
        entries=[*range(steps), 0],
    )
    seen = [curve.interval_at(time) for time in range(1, steps + 1)]

    assert pytest.approx(2.0**-300, rel=1e-9) == curve.survival[299]
    assert curve.survival[-1] == 0
    assert seen[0] is not None
    assert seen[299] is not None
    assert seen[-1] is None


def test_many_subjects_make_a_curve_as_exact_as_few() -> None:
    n = 200_000
    curve = kaplan_meier(list(range(n)), events=[True] * n)

    assert pytest.approx(0.5, abs=1e-9) == curve.at(n // 2 - 1)
    assert pytest.approx(0.25 / n, rel=1e-9) == curve.variance[n // 2 - 1]
    assert n // 2 - 1 == curve.median


@given(subjects)
def test_it_starts_at_most_at_1_and_never_rises(rows: list[tuple[int, bool, int]]) -> None:
    durations, events, entries = split(rows)
    curve = kaplan_meier(durations, events=events, entries=entries)

    assert all(1 >= one >= other >= 0 for one, other in pairwise((1.0, *curve.survival)))
    assert all(variance >= 0 for variance in curve.variance)


@given(subjects)
def test_the_interval_holds_the_curve(rows: list[tuple[int, bool, int]]) -> None:
    durations, events, entries = split(rows)
    curve = kaplan_meier(durations, events=events, entries=entries)

    for time, survival in zip(curve.times, curve.survival, strict=True):
        limits = curve.interval_at(time)
        assert (survival == 0) == (limits is None)
        low, high = limits or (0, 1)
        assert 0 <= low <= survival <= high <= 1


@given(subjects, st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_lies_within_its_limits(rows: list[tuple[int, bool, int]], share: float) -> None:
    durations, events, _ = split(rows)
    curve = kaplan_meier(durations, events=events)
    place = curve.quantile(share)
    low, high = curve.quantile_interval(share)

    assert (-inf if low is None else low) <= (inf if place is None else place)
    assert (inf if place is None else place) <= (inf if high is None else high)


@given(subjects, st.randoms(use_true_random=False))
def test_the_order_of_subjects_means_nothing(
    rows: list[tuple[int, bool, int]], random: Random
) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())
    durations, events, entries = split(rows)
    others = split(shuffled)

    assert kaplan_meier(durations, events=events, entries=entries) == kaplan_meier(
        others[0], events=others[1], entries=others[2]
    )


@given(subjects)
def test_another_unit_of_time_changes_the_times_only(rows: list[tuple[int, bool, int]]) -> None:
    durations, events, entries = split(rows)
    days = kaplan_meier(durations, events=events, entries=entries)
    hours = kaplan_meier(
        [24 * d for d in durations], events=events, entries=[24 * e for e in entries]
    )

    assert tuple(24 * time for time in days.times) == hours.times
    assert (days.survival, days.variance) == (hours.survival, hours.variance)


@given(subjects)
def test_entries_at_the_start_are_no_entries(rows: list[tuple[int, bool, int]]) -> None:
    durations, events, _ = split(rows)

    assert kaplan_meier(durations, events=events) == kaplan_meier(
        durations, events=events, entries=[0] * len(rows)
    )


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.integers(0, 9))
def test_without_censoring_it_is_the_part_that_lasted_longer(
    durations: list[int], time: int
) -> None:
    curve = kaplan_meier(durations, events=[True] * len(durations))
    longer = sum(duration > time for duration in durations) / len(durations)

    assert pytest.approx(longer, abs=1e-12) == curve.at(time)


@pytest.mark.parametrize("bad", [-1, nan, inf])
def test_what_is_no_duration_is_refused(bad: float) -> None:
    with pytest.raises(OptionError, match=r"durations=.*write a finite number from 0"):
        kaplan_meier([1, bad], events=[True, True])


def test_what_is_no_flag_is_refused() -> None:
    with pytest.raises(OptionError, match="events=2: write True for an event"):
        kaplan_meier([1, 1], events=[True, 2])  # type: ignore[list-item]


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(OptionError, match="events=1: write one for each of 2 durations"):
        kaplan_meier([1, 1], events=[True])
    with pytest.raises(OptionError, match="entries=3: write one for each of 2 durations"):
        kaplan_meier([1, 1], events=[True, True], entries=[0, 0, 0])


def test_an_entry_after_its_exit_is_refused() -> None:
    with pytest.raises(OptionError, match="entries=5: lies after its duration"):
        kaplan_meier([9, 4], events=[True, True], entries=[0, 5])


def test_misuse_of_a_curve_is_refused() -> None:
    curve = kaplan_meier([1, 2], events=[True, True])
    with pytest.raises(OptionError, match="time=-1"):
        curve.at(-1)
    with pytest.raises(OptionError, match="time=nan"):
        curve.interval_at(nan)
    with pytest.raises(OptionError, match="confidence=95"):
        curve.interval_at(1, confidence=95)
    with pytest.raises(OptionError, match="share=0: must lie between 0 and 1"):
        curve.quantile(0)
    with pytest.raises(OptionError, match="share=1"):
        curve.quantile_interval(1)
