"""Closed won, worked by hand."""

from partnerleads import Period, kpis
from partnerleads.testing import at, history

NOW = at("2026-04-01")
# L1 won in January, reopened and won again in March: one standing win, two in all
# L2 won, then lost: none stands; L3 won, then disqualified; L4 won, then reopened
# L5 won twice running: the last stands; L6 won and never captured
WINS = history("""
    2026-01-02 L1 captured
    2026-01-05 L1 won
    2026-02-01 L1 reopened
    2026-03-09 L1 won
    2026-01-02 L2 captured
    2026-01-05 L2 won
    2026-01-06 L2 lost
    2026-01-02 L3 captured
    2026-01-05 L3 won
    2026-01-06 L3 disqualified
    2026-01-02 L4 captured
    2026-01-05 L4 won
    2026-01-06 L4 reopened
    2026-01-02 L5 captured
    2026-01-05 L5 won
    2026-02-05 L5 won
    2026-01-05 L6 won
""")


def test_a_lead_is_won_once_by_the_win_that_stands() -> None:
    # L1 and L5
    assert 2 == kpis.closed_won(WINS, as_of=NOW).value


def test_gross_counts_every_win_at_its_own_time() -> None:
    january = Period.month(2026, 1)

    # 2 + 1 + 1 + 1 + 2, in January 1 each
    assert 7 == kpis.closed_won(WINS, as_of=NOW, gross=True).value
    assert 5 == kpis.closed_won(WINS, as_of=NOW, gross=True, period=january).value


def test_by_the_time_of_the_win() -> None:
    months = [Period.month(2026, number) for number in (1, 2, 3)]

    assert [0, 1, 1] == [kpis.closed_won(WINS, as_of=NOW, period=m).value for m in months]


def test_an_earlier_moment_knows_no_later_reopen() -> None:
    # on 5 January all five leads had just been won
    assert 5 == kpis.closed_won(WINS, as_of=at("2026-01-05")).value


def test_a_period_is_half_open() -> None:
    events = history("""
        2025-12-31 23:59:59.999999 L0 captured
        2026-01-01 L1 captured
        2026-01-01 L1 won
        2026-01-01 L2 captured
        2026-01-31 23:59:59.999999 L2 won
        2026-01-01 L3 captured
        2026-02-01 L3 won
    """)
    january, february = Period.month(2026, 1), Period.month(2026, 2)

    assert 2 == kpis.closed_won(events, as_of=NOW, period=january).value
    assert 1 == kpis.closed_won(events, as_of=NOW, period=february).value


def test_a_period_starts_at_its_zones_midnight() -> None:
    # summer time: midnight of 1 April in Berlin is 22:00 UTC of the day before
    events = history("""
        2026-03-01       L1 captured
        2026-03-31 21:59 L1 won
        2026-03-01       L2 captured
        2026-03-31 22:00 L2 won
    """)
    april = Period.month(2026, 4, tz="Europe/Berlin")

    assert 1 == kpis.closed_won(events, as_of=at("2026-05-01"), period=april).value


def test_wins_with_an_invented_calendar_fall_into_no_period() -> None:
    events = history("""
        2026-01-02 L1 captured precision=relative
        2026-01-05 L1 won precision=relative
        2026-01-02 L2 captured
        2026-01-05 L2 won
    """)
    wins = kpis.closed_won(events, as_of=NOW, period=Period.month(2026, 1))

    assert (1, {"its calendar is invented": 1}) == (wins.value, wins.left_out_because)
    assert 2 == kpis.closed_won(events, as_of=NOW).value


def test_vague_wins_count_in_periods_with_a_warning() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 won precision=by
        2026-01-02 L2 captured
        2026-01-05 L2 won precision=assumed
        2026-01-02 L3 captured
        2026-01-05 L3 won precision=day
    """)
    wins = kpis.closed_won(events, as_of=NOW, period=Period.month(2026, 1))

    assert 3 == wins.value
    assert [("vague_times", "placed by a time known only as 'by' or 'assumed': 2")] == [
        (warning.code, str(warning)) for warning in wins.warnings
    ]
    assert () == kpis.closed_won(events, as_of=NOW).warnings


def test_a_date_of_another_zone_is_warned_of() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 won precision=day
    """)
    month = Period.month(2026, 1, tz="America/New_York")
    wins = kpis.closed_won(events, as_of=NOW, period=month)

    assert ["dates_of_another_zone"] == [warning.code for warning in wins.warnings]
