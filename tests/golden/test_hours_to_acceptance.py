"""Hours to acceptance, worked by hand."""

import pytest

from partnerleads import Period, kpis
from partnerleads.model import WorkingHours
from partnerleads.testing import at, history

NOW = at("2026-03-01")
# L1 4 h from capture, 3 h from the offer, 5 h to its first and 29 h to its last assignment
# L2 10 h, accepted without an offer; the second acceptance is not the first
# L3 open without acceptance; L4 lost without it
ACCEPTANCES = history("""
    2026-01-02 08:00 L1 captured
    2026-01-02 09:00 L1 offered  by acme
    2026-01-02 12:00 L1 accepted by acme
    2026-01-02 13:00 L1 assigned agent=ann
    2026-01-03 13:00 L1 assigned agent=bob
    2026-01-02 08:00 L2 captured
    2026-01-02 18:00 L2 accepted by acme
    2026-01-09 18:00 L2 accepted by bolt
    2026-01-02 08:00 L3 captured
    2026-01-02 08:00 L4 captured
    2026-01-04 08:00 L4 lost
""")


def test_hours_from_capture_to_the_first_acceptance() -> None:
    hours = kpis.hours_to_acceptance(ACCEPTANCES, as_of=NOW)

    assert (2, 1, 1, 0) == (hours.n, hours.censored, hours.closed_without, hours.left_out)
    assert (7.0, 7.0, "hours") == (hours.median, hours.mean, hours.unit)
    assert pytest.approx(4 + 0.9 * 6) == hours.p90


@pytest.mark.parametrize(("until", "expected"), [("assigned", 5.0), ("last assigned", 29.0)])
def test_to_the_first_or_last_assignment(until: str, expected: float) -> None:
    hours = kpis.hours_to_acceptance(ACCEPTANCES, as_of=NOW, until=until)

    # of the four captured, L2 and L3 are open without an assignment
    assert (expected, 1, 2, 1) == (hours.median, hours.n, hours.censored, hours.closed_without)


def test_from_the_offer_that_was_accepted() -> None:
    hours = kpis.hours_to_acceptance(ACCEPTANCES, as_of=NOW, since="offered")

    # of the two accepted leads, L2 was accepted without an offer
    assert (3.0, 1) == (hours.median, hours.n)
    assert {"it has no start": 1} == hours.left_out_because
    assert "leads accepted" == hours.counted


def test_the_accepted_offer_is_not_always_the_first() -> None:
    events = history("""
        2026-01-02 08:00 L1 captured
        2026-01-02 09:00 L1 offered  by acme
        2026-01-02 10:00 L1 declined by acme
        2026-01-02 11:00 L1 offered  by bolt
        2026-01-02 13:00 L1 accepted by bolt
    """)

    assert 2.0 == kpis.hours_to_acceptance(events, as_of=NOW, since="offered").median


def test_business_hours() -> None:
    # Friday 16:00 to Monday 10:00 in Berlin: one hour on Friday, one on Monday
    events = history("""
        2026-03-06 15:00 L1 captured
        2026-03-09 09:00 L1 accepted by acme
    """)
    hours = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin")

    assert (
        2.0 == kpis.hours_to_acceptance(events, as_of=at("2026-04-01"), working_hours=hours).median
    )


def test_business_hours_between_dates_run_from_midnight_to_midnight() -> None:
    # the acceptance is only a date, so Monday 15:00 counts as Monday: two full days, 16 h
    events = history("""
        2026-01-05 15:00 L1 captured
        2026-01-07       L1 accepted by acme precision=day
        2026-01-05 15:00 L2 captured
        2026-01-05       L2 accepted by acme precision=day
    """)
    hours = WorkingHours.parse({"mon-fri": "09:00-17:00"})
    figure = kpis.hours_to_acceptance(events, as_of=NOW, working_hours=hours)

    # the same date is no time at all, never a negative one
    assert (2, 8.0, 16 * 0.9) == (figure.n, figure.median, figure.p90)
    assert ["dates_in_hours"] == [warning.code for warning in figure.warnings]


def test_warns_when_the_milestone_chosen_is_absent_and_another_is_there() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 assigned agent=ann
    """)
    hours = kpis.hours_to_acceptance(events, as_of=NOW)

    assert hours.median is None
    assert "none of the leads captured has both ends" == hours.undefined_because
    assert ["another_milestone"] == [warning.code for warning in hours.warnings]
    assert "1 was assigned" in str(hours.warnings[0])


def test_warns_the_other_way_round_too() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme
    """)
    hours = kpis.hours_to_acceptance(events, as_of=NOW, until="assigned")

    assert ["another_milestone"] == [warning.code for warning in hours.warnings]


def test_no_such_warning_where_the_milestone_is_there_but_its_time_is_vague() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 accepted by acme precision=by
        2026-01-03 L1 assigned agent=ann
    """)
    hours = kpis.hours_to_acceptance(events, as_of=NOW)

    assert hours.median is None
    assert () == hours.warnings


def test_neither_milestone_there_warns_of_nothing() -> None:
    hours = kpis.hours_to_acceptance(history("2026-01-02 L1 captured"), as_of=NOW)

    assert () == hours.warnings


def test_the_period_is_that_of_the_capture() -> None:
    events = history("""
        2026-01-31 L1 captured
        2026-02-02 L1 accepted by acme
    """)
    january, february = Period.month(2026, 1), Period.month(2026, 2)

    assert 48.0 == kpis.hours_to_acceptance(events, as_of=NOW, period=january).median
    assert 0 == kpis.hours_to_acceptance(events, as_of=NOW, period=february).n


def test_an_acceptance_before_the_capture_is_left_out_and_counted() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-01 L1 accepted by acme
    """)
    hours = kpis.hours_to_acceptance(events, as_of=NOW)

    assert {"its end comes before its start": 1} == hours.left_out_because
    assert 0 == hours.n
