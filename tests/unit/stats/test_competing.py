from fractions import Fraction
from itertools import pairwise
from math import nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import IncidenceCurve, cumulative_incidence, kaplan_meier

CAUSES = ("won", "lost", "disqualified")

rows_of_leads = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([*CAUSES, None]), st.integers(0, 12)),
    max_size=30,
)


def watched_leads() -> IncidenceCurve:
    """Ten leads in days, worked out by hand with the steps of Aalen and Johansen 1978."""
    return cumulative_incidence(
        [10, 20, 21, 30, 31, 45, 60, 61, 90, 91],
        causes=["won", "lost", None, "won", "lost", None, "won", "lost", None, None],
        cause="won",
    )


def curve_of(
    rows: list[tuple[int, str | None, int]], cause: str, *, late: bool = True
) -> IncidenceCurve:
    """The curve of rows of duration, cause and an entry that is not later."""
    return cumulative_incidence(
        [duration for duration, _, _ in rows],
        causes=[ended for _, ended, _ in rows],
        cause=cause,
        entries=[min(duration, entry) for duration, _, entry in rows] if late else None,
    )


def test_ten_leads_by_hand() -> None:
    curve = watched_leads()
    first = Fraction(1, 10)
    second = first + Fraction(8, 10) * Fraction(1, 7)
    third = second + Fraction(8, 10) * Fraction(6, 7) * Fraction(5, 6) * Fraction(1, 4)

    assert [float(first), float(second), float(third)] == pytest.approx(
        [curve.at(10), curve.at(30), curve.at(60)], abs=1e-15
    )
    assert (0.1, 0.2142857, 0.3571429) == pytest.approx(
        (curve.at(10), curve.at(30), curve.at(60)), abs=5e-8
    )


def test_taking_the_lost_for_censored_overstates() -> None:
    curve = watched_leads()

    assert pytest.approx(0.4214286, abs=5e-8) == curve.ignoring_competition_at(60)
    assert pytest.approx(0.3571429, abs=5e-8) == curve.at(60)
    assert 0.3 == sum(curve.events) / curve.n


def test_half_of_the_eventual_wins() -> None:
    # half of .3571 is passed at day 30 with .2143
    curve = watched_leads()

    assert [10, 30, 60] == [curve.time_of_share(share) for share in (0.25, 0.5, 1)]


def test_half_does_not_hang_on_rounding() -> None:
    times = list(range(1, 11))
    curve = cumulative_incidence(times, causes=["won"] * 10, cause="won")

    assert times == [curve.time_of_share(time / 10) for time in times]


def test_what_never_happened_has_no_time_and_no_incidence() -> None:
    curve = cumulative_incidence([3, 5], causes=["lost", None], cause="won")

    assert curve.time_of_share(0.5) is None
    assert (0, None) == (curve.at(5), curve.interval_at(5))
    assert ((3,), (0,)) == (curve.times, curve.events)


def test_after_the_follow_up_nothing_is_known_unless_all_ended() -> None:
    opened = watched_leads()
    ended = cumulative_incidence([3, 5], causes=["won", "lost"], cause="won")

    assert (None, None, None) == (
        opened.at(92),
        opened.interval_at(92),
        opened.ignoring_competition_at(92),
    )
    assert 0.5 == ended.at(92)
    assert ended.interval_at(92) is not None


def test_without_subjects_nothing_is_known() -> None:
    curve = cumulative_incidence([], causes=[], cause="won")

    assert (0, None, None) == (curve.n, curve.follow_up, curve.at(0))
    assert curve.interval_at(0) is None
    assert curve.time_of_share(0.5) is None


def test_one_win_is_all_of_it() -> None:
    curve = cumulative_incidence([4], causes=["won"], cause="won")

    assert (0, 1, None) == (curve.at(3), curve.at(4), curve.interval_at(4))
    assert 0 == curve.variance[0]


def test_all_at_once_is_a_simple_share() -> None:
    curve = cumulative_incidence([5] * 10, causes=["won"] * 3 + ["lost"] * 7, cause="won")

    assert pytest.approx(0.3) == curve.at(5)
    assert pytest.approx(0.3 * 0.7 / 10) == curve.variance[0]


def test_without_censoring_the_variance_is_that_of_a_share() -> None:
    # known of the delta method with multinomial steps: Allignol et al. 2010
    causes = ["won", "lost", "lost", "won", "won", "lost", "lost", "lost"]
    curve = cumulative_incidence([1, 2, 3, 3, 4, 5, 5, 6], causes=causes, cause="won")

    assert [share * (1 - share) / 8 for share in curve.incidence] == pytest.approx(curve.variance)


def test_an_event_at_once_counts_at_0() -> None:
    curve = cumulative_incidence([0, 0, 3, 3], causes=["won", "lost", None, None], cause="won")

    assert 0.25 == curve.at(0)


def test_who_enters_late_is_at_risk_only_after() -> None:
    curve = cumulative_incidence(
        [4, 5, 6, 8], causes=["won", "lost", "won", None], cause="won", entries=[0, 4, 4, 0]
    )

    assert (2, 3, 2) == curve.at_risk
    assert (0.5, 0.5, 0.5 + 0.5 * 2 / 3 / 2) == pytest.approx(curve.incidence)


def test_who_goes_when_it_comes_was_never_at_risk() -> None:
    curve = cumulative_incidence([4, 5], causes=["won", "won"], cause="won", entries=[0, 5])

    assert (1, 1, (4,)) == (curve.n, curve.left_out, curve.times)


@given(rows_of_leads)
def test_the_causes_and_the_rest_make_up_the_whole(rows: list[tuple[int, str | None, int]]) -> None:
    curves = [curve_of(rows, cause) for cause in CAUSES]

    for *shares, left in zip(
        *(curve.incidence for curve in curves), curves[0].survival, strict=True
    ):
        assert pytest.approx(1) == sum(shares) + left


@given(rows_of_leads)
def test_it_stays_a_share_and_never_falls(rows: list[tuple[int, str | None, int]]) -> None:
    curve = curve_of(rows, "won")

    assert all(0 <= one <= other <= 1 for one, other in pairwise((0.0, *curve.incidence)))
    assert all(variance >= 0 for variance in curve.variance)


@given(rows_of_leads)
def test_ignoring_competition_never_understates(rows: list[tuple[int, str | None, int]]) -> None:
    curve = curve_of(rows, "won")
    lost_as_open = kaplan_meier(
        [duration for duration, _, _ in rows],
        events=[ended == "won" for _, ended, _ in rows],
        entries=[min(duration, entry) for duration, _, entry in rows],
    )

    for time, share, naive in zip(
        curve.times, curve.incidence, curve.ignoring_competition, strict=True
    ):
        assert naive >= share - 1e-12
        assert pytest.approx(1 - naive) == lost_as_open.at(time)


@given(rows_of_leads)
def test_without_competition_it_mirrors_kaplan_and_meier(
    rows: list[tuple[int, str | None, int]],
) -> None:
    durations = [duration for duration, _, _ in rows]
    entries = [min(duration, entry) for duration, _, entry in rows]
    causes = [cause and "won" for _, cause, _ in rows]
    curve = cumulative_incidence(durations, causes=causes, cause="won", entries=entries)
    mirror = kaplan_meier(durations, events=[c is not None for c in causes], entries=entries)

    assert tuple(1 - left for left in mirror.survival) == pytest.approx(curve.incidence)
    assert mirror.variance == pytest.approx(curve.variance, abs=1e-12)
    assert (mirror.times, mirror.at_risk) == (curve.times, curve.at_risk)


@given(rows_of_leads)
def test_the_interval_holds_the_share(rows: list[tuple[int, str | None, int]]) -> None:
    curve = curve_of(rows, "won")

    for time, share in zip(curve.times, curve.incidence, strict=True):
        low, high = curve.interval_at(time) or (0, 1)
        assert 0 <= low <= share <= high <= 1


@given(rows_of_leads, st.randoms(use_true_random=False))
def test_the_order_of_subjects_means_nothing(
    rows: list[tuple[int, str | None, int]], random: Random
) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())

    assert curve_of(rows, "won") == curve_of(shuffled, "won")


@given(rows_of_leads, st.sampled_from([0.1, 0.5, 1.0]))
def test_another_unit_of_time_changes_the_times_only(
    rows: list[tuple[int, str | None, int]], share: float
) -> None:
    days = curve_of(rows, "won")
    hours = curve_of([(24 * d, cause, 24 * e) for d, cause, e in rows], "won")
    when = days.time_of_share(share)

    assert (days.incidence, days.variance) == (hours.incidence, hours.variance)
    assert (None if when is None else 24 * when) == hours.time_of_share(share)


@given(rows_of_leads)
def test_entries_at_the_start_are_no_entries(rows: list[tuple[int, str | None, int]]) -> None:
    at_start = [(duration, cause, 0) for duration, cause, _ in rows]

    assert curve_of(rows, "won", late=False) == curve_of(at_start, "won")


@pytest.mark.parametrize("empty", [0, False, "", nan])
def test_what_other_programs_write_for_nothing_is_not_taken_for_a_cause(empty: object) -> None:
    with pytest.raises(OptionError, match=r"causes=.*: is no cause; write None"):
        cumulative_incidence([1, 2], causes=[1, empty], cause=1)


def test_causes_may_be_numbers() -> None:
    causes = [1, 2.0, None]

    assert pytest.approx(1 / 3) == cumulative_incidence([1, 2, 3], causes=causes, cause=2).at(3)


def test_misuse_is_refused() -> None:
    curve = watched_leads()
    with pytest.raises(OptionError, match="cause=None: stands for no event"):
        cumulative_incidence([1], causes=[None], cause=None)
    with pytest.raises(OptionError, match="causes=0: write one for each of 1 durations"):
        cumulative_incidence([1], causes=[], cause="won")
    with pytest.raises(OptionError, match="time=nan"):
        curve.at(nan)
    with pytest.raises(OptionError, match="confidence=0"):
        curve.interval_at(10, confidence=0)
    for share in (0, 1.5, nan):
        with pytest.raises(OptionError, match="share"):
            curve.time_of_share(share)
