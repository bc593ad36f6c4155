"""Won velocity, worked by hand."""

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-04-01")
# L1 3 days to its first and 38 to its standing win; L2 10 days; L3 won before it was captured
# L4 open; L5 won and lost: no standing win, 5 days to the first
VELOCITY = history("""
    2026-01-02 L1 captured
    2026-01-05 L1 won
    2026-02-01 L1 reopened
    2026-02-09 L1 won
    2026-01-02 L2 captured
    2026-01-12 L2 won
    2026-01-02 L3 captured
    2026-01-01 L3 won
    2026-01-02 L4 captured
    2026-01-02 L5 captured
    2026-01-07 L5 won
    2026-01-08 L5 lost
""")


def test_days_from_capture_to_the_standing_win() -> None:
    days = kpis.won_velocity(VELOCITY, as_of=NOW)

    assert (2, 24.0, 24.0, 10 + 0.9 * 28) == (days.n, days.median, days.mean, days.p90)
    assert {"its end comes before its start": 1} == days.left_out_because
    assert (0, 0) == (days.censored, days.closed_without)


def test_to_the_first_win() -> None:
    days = kpis.won_velocity(VELOCITY, as_of=NOW, win="first")

    # 3, 10 and 5
    assert (3, 5.0, 6.0) == (days.n, days.median, days.mean)


def test_by_the_time_of_the_win() -> None:
    january, february = Period.month(2026, 1), Period.month(2026, 2)

    assert 10.0 == kpis.won_velocity(VELOCITY, as_of=NOW, period=january).median
    assert 38.0 == kpis.won_velocity(VELOCITY, as_of=NOW, period=february).median
    assert 5.0 == kpis.won_velocity(VELOCITY, as_of=NOW, period=january, win="first").median


def test_without_a_win_it_is_undefined() -> None:
    days = kpis.won_velocity(history("2026-01-02 L1 captured"), as_of=NOW)

    assert (None, None, None, 0) == (days.median, days.p90, days.mean, days.n)
    assert "none of the leads won has both ends" == days.undefined_because


def test_dates_count_whole_days_across_a_change_of_clocks() -> None:
    # 29 March has 23 hours in Berlin; between dates it is one day all the same
    events = history("""
        2026-03-28T23:00+00:00 L1 captured precision=day
        2026-03-29T22:00+00:00 L1 won precision=day
    """)

    assert 1.0 == kpis.won_velocity(events, as_of=NOW, tz="Europe/Berlin").median


def test_by_the_cohort_of_the_capture() -> None:
    january = Period.month(2026, 1)
    days = kpis.won_velocity(VELOCITY, as_of=NOW, counting="captured", period=january, by="status")

    # all were captured in January: L1 and L2 won, L4 open, L5 lost
    assert (2, 24.0, 1, 1) == (days.n, days.median, days.censored, days.closed_without)
    assert ["wins_so_far"] == [warning.code for warning in days.warnings]
    assert {"won": ["wins_so_far"], "open": [], "lost": []} == {
        status: [warning.code for warning in one.warnings] for status, one in days.segments.items()
    }


def test_another_counting_date_is_refused() -> None:
    with pytest.raises(OptionError, match="counting"):
        kpis.won_velocity(VELOCITY, as_of=NOW, counting="offered")  # type: ignore[arg-type]
