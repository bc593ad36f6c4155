import pickle
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import PeriodError
from partnerleads.model import UTC, Period
from partnerleads.testing import at, strategies


@pytest.mark.parametrize(
    ("period", "first", "until", "name"),
    [
        (Period.month(2026, 2), date(2026, 2, 1), date(2026, 3, 1), "2026-02"),
        (Period.month(2026, 12), date(2026, 12, 1), date(2027, 1, 1), "2026-12"),
        (Period.quarter(2026, 4), date(2026, 10, 1), date(2027, 1, 1), "Q4 2026"),
        (Period.year(2026), date(2026, 1, 1), date(2027, 1, 1), "2026"),
        (Period.quarter(2026, 1, fiscal_start=4), date(2025, 4, 1), date(2025, 7, 1), "Q1 FY2026"),
        (Period.quarter(2026, 4, fiscal_start=4), date(2026, 1, 1), date(2026, 4, 1), "Q4 FY2026"),
        (Period.year(2026, fiscal_start=12), date(2025, 12, 1), date(2026, 12, 1), "FY2026"),
        (Period.days(date(2026, 1, 5), date(2026, 1, 12)), date(2026, 1, 5), date(2026, 1, 12), ""),
    ],
)
def test_first_and_last_day(period: Period, first: date, until: date, name: str) -> None:
    assert (first, until, name) == (period.first, period.until, period.name)


def test_a_period_holds_its_start_and_not_its_end() -> None:
    january = Period.month(2026, 1)

    assert at("2026-01-01") in january
    assert at("2026-01-31 23:59:59.999999") in january
    assert at("2026-02-01") not in january
    assert at("2025-12-31 23:59:59.999999") not in january


@pytest.mark.parametrize(
    ("period", "hours"),
    [
        (Period.days(date(2026, 3, 29), date(2026, 3, 30), tz="Europe/Berlin"), 23),
        (Period.days(date(2026, 10, 25), date(2026, 10, 26), tz="Europe/Berlin"), 25),
        (Period.month(2026, 3, tz="Europe/Berlin"), 31 * 24 - 1),
        (Period.days(date(2026, 4, 5), date(2026, 4, 6), tz="Australia/Lord_Howe"), 24.5),
        # clocks went from midnight to one, so the day starts at one; and back from one to midnight
        (Period.days(date(2018, 11, 4), date(2018, 11, 5), tz="America/Sao_Paulo"), 23),
        (Period.days(date(2026, 11, 1), date(2026, 11, 2), tz="America/Havana"), 25),
    ],
)
def test_days_have_the_hours_they_really_had(period: Period, hours: float) -> None:
    assert timedelta(hours=hours) == period.end - period.start


def test_instants_of_any_zone_are_placed() -> None:
    january = Period.month(2026, 1, tz="America/New_York")
    new_year = datetime(2026, 1, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    assert new_year not in january
    assert new_year in Period.month(2026, 1, tz="Europe/Berlin")


@pytest.mark.parametrize(
    ("period", "steps", "first", "until", "name"),
    [
        (Period.month(2026, 1), -1, date(2025, 12, 1), date(2026, 1, 1), "2025-12"),
        (Period.month(2026, 1), 13, date(2027, 2, 1), date(2027, 3, 1), "2027-02"),
        (Period.quarter(2026, 1), -1, date(2025, 10, 1), date(2026, 1, 1), "Q4 2025"),
        (Period.year(2026, fiscal_start=7), 1, date(2026, 7, 1), date(2027, 7, 1), "FY2027"),
        (Period.year(2026), 1, date(2027, 1, 1), date(2028, 1, 1), "2027"),
        (
            Period.quarter(2026, 4, fiscal_start=2),
            1,
            date(2026, 2, 1),
            date(2026, 5, 1),
            "Q1 FY2027",
        ),
        (
            Period(first=date(2026, 1, 1), until=date(2026, 4, 1), name="the start", months=3),
            1,
            date(2026, 4, 1),
            date(2026, 7, 1),
            "",
        ),
        (
            Period(first=date(2026, 1, 15), until=date(2026, 2, 15), name="2026-01", months=1),
            1,
            date(2026, 2, 15),
            date(2026, 3, 15),
            "",
        ),
        (
            Period.days(date(2026, 1, 5), date(2026, 1, 12), name="week 2"),
            2,
            date(2026, 1, 19),
            date(2026, 1, 26),
            "",
        ),
        (Period.month(2026, 1), 0, date(2026, 1, 1), date(2026, 2, 1), "2026-01"),
    ],
)
def test_shifting(period: Period, steps: int, first: date, until: date, name: str) -> None:
    shifted = period.shifted(steps)

    assert (first, until, name) == (shifted.first, shifted.until, shifted.name)


@given(strategies.periods(), st.integers(-12, 12))
def test_neighbours_meet_without_gap_or_overlap(period: Period, steps: int) -> None:
    here, following = period.shifted(steps), period.shifted(steps + 1)

    assert here.end == following.start
    assert (here.tz, here.months) == (period.tz, period.months)
    assert (period.first, period.until) == (here.shifted(-steps).first, here.shifted(-steps).until)
    assert period == pickle.loads(pickle.dumps(period))  # noqa: S301 - our own bytes
    assert UTC == period.start.tzinfo


@given(st.integers(1, 12), st.integers(2000, 2030), st.integers(0, 3), st.integers(-9, 9))
def test_a_quarter_and_a_year_get_the_names_of_where_they_get_to(
    start: int, year: int, quarter: int, steps: int
) -> None:
    years, place = divmod(quarter + steps, 4)
    there = Period.quarter(year + years, place + 1, fiscal_start=start)

    assert there == Period.quarter(year, quarter + 1, fiscal_start=start).shifted(steps)
    assert Period.year(year + steps, fiscal_start=start) == (
        Period.year(year, fiscal_start=start).shifted(steps)
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Period.month(2026, 13), "'13' is no month"),
        (lambda: Period.month(2026, 0), "'0' is no month"),
        (lambda: Period.month(0, 1), "'0' is no year"),
        (lambda: Period.month(9999, 12), "leaves the calendar"),
        (lambda: Period.quarter(2026, 5), "'5' is no quarter"),
        (lambda: Period.quarter(2026, 1, fiscal_start=13), "'13' is no month to start"),
        (lambda: Period.quarter(9999, 4), "leaves the calendar"),
        (lambda: Period.year(2026, fiscal_start=0), "'0' is no month to start"),
        (lambda: Period.year(1, fiscal_start=4), "is no year"),
        (lambda: Period.year(1, tz="Asia/Tokyo"), "lies at the end of the calendar"),
        (lambda: Period.month(2026, 1).shifted(100_000), "leaves the calendar"),
        (
            lambda: Period.days(date(9999, 1, 1), date(9999, 12, 1)).shifted(1),
            "leaves the calendar",
        ),
        (lambda: Period.days(date(2026, 1, 2), date(2026, 1, 2)), "is empty"),
        (lambda: Period.days(date(2026, 1, 2), date(2026, 1, 1)), "is empty"),
        (lambda: Period.days(at("2026-01-02 09:30"), date(2026, 1, 3)), "is an instant"),
        (lambda: Period.days(date(2026, 1, 2), at("2026-01-03")), "is an instant"),
        (lambda: Period.month(2026, 1, tz="Nowhere/Land"), "is no IANA time zone"),
        (lambda: Period.month(2026, 1, tz=""), "is no IANA time zone"),
        (lambda: Period.month(2026, 1, tz="../etc"), "is no IANA time zone"),
    ],
)
def test_what_is_no_period_is_refused(make: object, words: str) -> None:
    with pytest.raises(PeriodError, match=words):
        make()  # type: ignore[operator]


def test_a_period_without_a_name_shows_its_days() -> None:
    week = Period.days(date(2026, 1, 5), date(2026, 1, 12), tz="Europe/Berlin")

    assert "2026-01-05 to 2026-01-12 Europe/Berlin" == str(week)
    assert "2026-01 (2026-01-01 to 2026-02-01 UTC)" == str(Period.month(2026, 1))


@pytest.mark.parametrize("first", ["2026-01-01", 20260101, None])
def test_what_is_no_date_is_refused_with_the_fix(first: Any) -> None:
    with pytest.raises(PeriodError, match=r"is no date; write one such as date\(2026, 1, 1\)"):
        Period.days(first, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda text: Period.quarter(2026, text), "'3' is no quarter; write a whole number"),
        (lambda text: Period.quarter(text, 3), "'3' is no year; write a whole number"),
        (lambda text: Period.month(2026, text), "'3' is no month; write a whole number"),
        (lambda text: Period.month(text, 3), "'3' is no year; write a whole number"),
        (Period.year, "'3' is no year; write a whole number"),
        (lambda text: Period.year(2026, fiscal_start=text), "'3' is no month; write a whole"),
    ],
)
def test_the_text_of_a_number_is_no_number(make: Any, words: str) -> None:
    with pytest.raises(PeriodError, match=words):
        make("3")


def test_whole_numbers_may_come_out_of_a_data_frame() -> None:
    year, one = np.int64(2026), np.int64(1)

    assert Period.month(2026, 1) == Period.month(year, one)  # type: ignore[arg-type]
    assert Period.quarter(2026, 1) == Period.quarter(year, one)  # type: ignore[arg-type]
    assert Period.year(2026) == Period.year(year)  # type: ignore[arg-type]
