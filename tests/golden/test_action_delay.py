"""Action delay, worked by hand."""

from partnerleads import Period, kpis
from partnerleads.model import WorkingHours
from partnerleads.testing import at, history

NOW = at("2026-03-01")
# L1 answered by a machine, then by a person without the qualification, then properly: 3 days
# L2 12 hours: half a day; L3 open without an answer; L4 disqualified without one
RESPONSES = history("""
    2026-01-02 00:00 L1 captured
    2026-01-02 00:01 L1 responded automatic=yes
    2026-01-03 00:00 L1 responded qualified=no
    2026-01-04 12:00 L1 assigned agent=ann
    2026-01-05 00:00 L1 responded agent=ann
    2026-01-09 00:00 L1 responded agent=ann
    2026-01-02 00:00 L2 captured
    2026-01-02 12:00 L2 responded
    2026-01-02 00:00 L3 captured
    2026-01-02 00:00 L4 captured
    2026-01-05 00:00 L4 disqualified
""")


def test_days_from_capture_to_the_first_response_by_a_qualified_person() -> None:
    delay = kpis.action_delay(RESPONSES, as_of=NOW)

    assert (2, 1, 1) == (delay.n, delay.censored, delay.closed_without)
    assert (1.75, 1.75, "days") == (delay.median, delay.mean, delay.unit)
    assert 0.5 + 0.9 * 2.5 == delay.p90


def test_from_the_first_assignment() -> None:
    delay = kpis.action_delay(RESPONSES, as_of=NOW, since="assigned")

    # only L1 was ever assigned, half a day before the answer
    assert (0.5, 1, 0) == (delay.median, delay.n, delay.censored)
    assert "leads captured and assigned" == delay.counted


def test_a_working_day_is_24_working_hours() -> None:
    # Monday 09:00 to Wednesday 17:00: 24 hours of business
    events = history("""
        2026-01-05 09:00 L1 captured
        2026-01-07 17:00 L1 responded
    """)
    hours = WorkingHours.parse({"mon-fri": "09:00-17:00"})

    assert 1.0 == kpis.action_delay(events, as_of=NOW, working_hours=hours).median


def test_a_date_and_an_instant_compare_by_dates_in_the_zone_asked_for() -> None:
    # 23:30 UTC on the 2nd is the 3rd in Berlin
    events = history("""
        2026-01-02 23:30 L1 captured
        2026-01-05       L1 responded precision=day
    """)

    assert 3.0 == kpis.action_delay(events, as_of=NOW).median
    assert 2.0 == kpis.action_delay(events, as_of=NOW, tz="Europe/Berlin").median
    assert () == kpis.action_delay(events, as_of=NOW).warnings


def test_a_period_brings_its_zone() -> None:
    events = history("""
        2026-01-02 23:30 L1 captured
        2026-01-05       L1 responded precision=day
    """)
    month = Period.month(2026, 1, tz="Europe/Berlin")

    assert 2.0 == kpis.action_delay(events, as_of=NOW, period=month).median


def test_ends_that_are_vague_leave_and_are_counted() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 responded precision=assumed
        2026-01-02 L2 captured precision=relative
        2026-01-05 L2 responded
        2026-01-02 L3 captured precision=relative
        2026-01-06 L3 responded precision=relative
    """)
    delay = kpis.action_delay(events, as_of=NOW)

    # the distances between relative events of one lead are true
    assert (1, 4.0) == (delay.n, delay.median)
    assert {
        "an end is only known as 'by' or 'assumed'": 1,
        "one end has an invented calendar": 1,
    } == delay.left_out_because
