"""Time to approval, worked by hand."""

import pytest

from partnerleads import Period, kpis
from partnerleads.model import WorkingHours
from partnerleads.testing import at, history

NOW = at("2026-03-01")
# L1 approved after 4 hours; L2 after 3 days; never captured
# L3 submitted twice, approved 8 days after the first time
# L4 rejected after a day, submitted again, approved after 2 days
# L5 withdrawn; L6 pending; L7 approved by a vague time
CLAIMS = history("""
    2026-01-02 10:00 L1 registered by acme
    2026-01-02 14:00 L1 approved   by acme
    2026-01-02 L2 registered by bolt
    2026-01-05 L2 approved   by bolt
    2026-01-02 L3 captured
    2026-01-02 L3 registered by acme
    2026-01-08 L3 registered by acme
    2026-01-10 L3 approved   by acme
    2026-01-02 L4 captured
    2026-01-02 L4 registered by bolt
    2026-01-03 L4 rejected   by bolt
    2026-02-05 L4 registered by bolt
    2026-02-07 L4 approved   by bolt
    2026-01-02 L5 registered by acme
    2026-01-03 L5 registration_withdrawn by acme
    2026-01-04 L5 approved   by acme
    2026-01-02 L6 registered by acme
    2026-01-02 L7 registered by acme
    2026-01-09 L7 approved   by acme precision=by
""")


def test_days_from_the_submission_to_the_approval() -> None:
    time = kpis.time_to_approval(CLAIMS, as_of=NOW)

    # 1/6, 2, 3 and 8 days
    assert (4, 2.5, "days") == (time.n, time.median, time.unit)
    assert (1 / 6 + 2 + 3 + 8) / 4 == pytest.approx(time.mean)


def test_those_without_approval_are_counted_apart() -> None:
    time = kpis.time_to_approval(CLAIMS, as_of=NOW)

    # L6; L4's first and L5, whose approval came after the withdrawal; L7
    assert (1, 2) == (time.censored, time.closed_without)
    assert {"an end is only known as 'by' or 'assumed'": 1} == time.left_out_because
    assert "4 registrations submitted; 1 open without it; 2 closed without it" == time.basis_text()


def test_by_the_partner_that_claims() -> None:
    time = kpis.time_to_approval(CLAIMS, as_of=NOW, by="holder")

    assert {"acme": 2, "bolt": 2} == {key: one.n for key, one in time.segments.items()}
    assert {"acme": (1, 1), "bolt": (0, 1)} == {
        key: (one.censored, one.closed_without) for key, one in time.segments.items()
    }


def test_placed_by_the_submission() -> None:
    time = kpis.time_to_approval(CLAIMS, as_of=NOW, period=Period.month(2026, 2))

    assert (1, 2.0) == (time.n, time.median)


def test_in_working_time_a_day_is_24_hours_of_work() -> None:
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"})
    time = kpis.time_to_approval(CLAIMS, as_of=NOW, working_hours=office, by="lead_id")

    # 4 hours; the Friday of 2 January; it and the week after; Thursday and Friday in February
    assert [4 / 24, 8 / 24, 48 / 24, 16 / 24] == pytest.approx(
        [time.segments[lead].median for lead in ("L1", "L2", "L3", "L4")]
    )
    assert "True" == time.definition["working hours"]


def test_dates_compare_in_the_zone_that_is_told() -> None:
    # approved at 20:00 in New York on the day of the submission
    events = history("""
        2026-01-02 05:00 L1 registered by acme precision=day
        2026-01-03 01:00 L1 approved   by acme
    """)

    assert 1.0 == kpis.time_to_approval(events, as_of=NOW).median
    assert 0.0 == kpis.time_to_approval(events, as_of=NOW, tz="America/New_York").median


def test_where_nothing_is_approved_there_is_no_time() -> None:
    time = kpis.time_to_approval(CLAIMS, as_of=at("2026-01-02"))

    assert None is time.median
    assert "none of the registrations submitted has both ends" == time.undefined_because
