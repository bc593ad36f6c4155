import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from dateutil import tz
from hypothesis import given

from partnerleads.errors import NaiveInstantError, OptionError, PeriodError
from partnerleads.model import WorkingHours
from partnerleads.testing import at, strategies

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin")
ALWAYS = WorkingHours.parse({"mon-sun": "00:00-24:00"}, time_zone="Europe/Berlin")


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-06 15:00", "2026-03-09 09:00", 2),  # over a week-end
        ("2026-03-07 00:00", "2026-03-08 23:00", 0),  # a week-end
        ("2026-03-09 05:00", "2026-03-09 06:00", 0),  # before opening
        ("2026-03-09 05:00", "2026-03-09 20:00", 8),
        ("2026-03-09 09:00", "2026-03-09 09:00", 0),
        ("2026-03-02 00:00", "2026-03-09 00:00", 40),
        # clocks go forward on Sunday 29 March and back on Sunday 25 October
        ("2026-03-27 15:00", "2026-03-30 08:00", 2),
        ("2026-10-23 14:00", "2026-10-26 09:00", 2),
    ],
)
def test_working_time(start: str, end: str, expected: float) -> None:
    assert hours(expected) == OFFICE.between(at(start), at(end))
    assert -hours(expected) == OFFICE.between(at(end), at(start))


def test_weeks_in_which_the_clocks_change_have_other_hours_round_the_clock() -> None:
    assert hours(7 * 24 - 1) == ALWAYS.between(at("2026-03-23 00:00"), at("2026-03-29 23:00"))
    assert hours(23) == ALWAYS.between(at("2026-03-28 23:00"), at("2026-03-29 22:00"))
    assert hours(25) == ALWAYS.between(at("2026-10-24 22:00"), at("2026-10-25 23:00"))


def test_the_repeated_hour_counts_twice_for_local_clocks_too() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    again = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)

    assert hours(1) == ALWAYS.between(first, again)


def test_several_spans_of_a_day_in_any_order() -> None:
    split = WorkingHours.parse({"mon": "13:00-17:30, 09:00-12:00", "sat": ""})

    assert hours(7.5) == split.between(at("2026-03-09"), at("2026-03-10"))
    assert hours(0) == split.between(at("2026-03-14"), at("2026-03-15"))


def test_a_night_shift_ends_at_24_00() -> None:
    night = WorkingHours.parse({"fri": "22:00-24:00", "sat": "00:00-06:00"})

    assert hours(8) == night.between(at("2026-03-13 12:00"), at("2026-03-14 12:00"))


def test_holidays_are_off() -> None:
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays={date(2026, 3, 10)})

    assert hours(16) == office.between(at("2026-03-09"), at("2026-03-12"))


@pytest.mark.parametrize("kind", [set, list, tuple, frozenset])
def test_days_off_tell_hours_apart_whatever_holds_them(kind: Callable[..., Any]) -> None:
    days = [date(2026, 3, 11), date(2026, 3, 10)]
    given = WorkingHours(OFFICE.days, OFFICE.tz, kind(days))
    same = WorkingHours(OFFICE.days, OFFICE.tz, frozenset(days))

    assert given == same
    assert hash(given) == hash(same)
    assert given != OFFICE
    assert given == pickle.loads(pickle.dumps(given))  # noqa: S301 - our own bytes


def test_days_off_are_those_that_were_given_whatever_becomes_of_the_set() -> None:
    days = {date(2026, 3, 10)}
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=days)
    days.clear()

    assert hours(16) == office.between(at("2026-03-09"), at("2026-03-12"))


def test_a_calendar_of_another_package_is_kept_and_makes_hours_that_can_be_hashed() -> None:
    class Calendar(dict[date, str]):
        """Fills itself in as it is asked, as such calendars do."""

        def __contains__(self, day: object) -> bool:
            return day == date(2026, 3, 10)

    calendar = Calendar()
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=calendar)

    assert office.holidays is calendar
    assert {office} == {WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=calendar)}
    assert hours(16) == office.between(at("2026-03-09"), at("2026-03-12"))


def test_a_calendar_made_of_a_set_answers_for_itself() -> None:
    class EveryFriday(set[date]):
        def __contains__(self, day: object) -> bool:
            return isinstance(day, date) and day.isoweekday() == 5

    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=EveryFriday())

    assert hours(0) == office.between(at("2026-03-06"), at("2026-03-07"))


@pytest.mark.parametrize("kind", [set, list, tuple])
def test_days_of_another_package_are_found_by_being_equal(kind: Callable[..., Any]) -> None:
    class Day:
        """Equal to a date, with another hash, as a numpy.datetime64 is."""

        def __eq__(self, other: object) -> bool:
            return other == date(2026, 3, 6)

        def __hash__(self) -> int:
            return 0

    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=kind([Day()]))

    assert hours(0) == office.between(at("2026-03-06"), at("2026-03-07"))


@pytest.mark.parametrize(
    "days",
    [
        [datetime(2026, 3, 6)],  # noqa: DTZ001 - as cells of a table are
        {pd.Timestamp("2026-03-06")},
        pd.DatetimeIndex(["2026-03-05", "2026-03-06"]),
    ],
)
def test_midnights_are_the_days_that_they_begin(days: Any) -> None:
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=days)

    assert hours(0) == office.between(at("2026-03-06"), at("2026-03-07"))


@pytest.mark.parametrize(
    "days", [None, "2026-03-06", ["2026-03-06"], [at("2026-03-06 09:00")], 20260306]
)
def test_days_off_that_no_date_would_be_found_among_are_refused(days: Any) -> None:
    with pytest.raises(OptionError, match="pass dates, such as"):
        WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=days)


def test_what_answers_for_dates_need_hold_none() -> None:
    class Never:
        def __contains__(self, day: object) -> bool:
            return False

    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=Never())

    assert hours(8) == office.between(at("2026-03-06"), at("2026-03-07"))


def test_the_entry_with_the_fewest_days_has_a_day_in_whatever_order() -> None:
    week, friday = {"mon-fri": "09:00-17:00"}, {"fri": "09:00-12:00"}

    assert WorkingHours.parse(week | friday) == WorkingHours.parse(friday | week)
    assert hours(3) == WorkingHours.parse(friday | week).between(at("2026-03-06"), at("2026-03-07"))


def test_entries_as_long_that_name_one_day_are_refused() -> None:
    with pytest.raises(OptionError, match="several entries as long name wed"):
        WorkingHours.parse({"mon-wed": "09:00-12:00", "wed-fri": "09:00-17:00"})


@pytest.mark.parametrize(
    "said", [{"mon": None}, {"mon": ["09:00-17:00"]}, {1: "09:00-17:00"}, "mon", None]
)
def test_hours_that_are_no_text_by_days_are_refused(said: Any) -> None:
    with pytest.raises(OptionError, match="write days and hours as"):
        WorkingHours.parse(said)


def test_a_zone_without_a_hash_makes_hours_with_one() -> None:
    berlin = tz.gettz("Europe/Berlin")
    office = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone=berlin)

    assert isinstance(hash(office), int)
    assert hours(8) == office.between(at("2026-03-09"), at("2026-03-10"))


@pytest.mark.parametrize(
    ("zone", "day"), [("Atlantic/Azores", "2026-10-24"), ("America/Havana", "2026-10-31")]
)
def test_a_day_ends_with_the_first_of_two_midnights(zone: str, day: str) -> None:
    # at 01:00 on Sunday the clock goes back to 00:00, so Sunday begins an hour before it repeats
    evening = WorkingHours.parse({"sat": "21:00-24:00"}, time_zone=zone)
    noon, half = at(f"{day} 12:00"), timedelta(minutes=30)
    parts = [evening.between(noon + n * half, noon + (n + 1) * half) for n in range(48)]

    assert hours(3) == evening.between(noon, noon + hours(24)) == sum(parts, timedelta())
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    assert hours(0) == evening.between(midnight, midnight + hours(24))


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(NaiveInstantError, match="end"):
        OFFICE.between(at("2026-03-09"), datetime(2026, 3, 10))  # noqa: DTZ001 - naive on purpose


@pytest.mark.parametrize(
    ("spelled", "words"),
    [
        ({"mon-fri": "9-17"}, "write days and hours as"),
        ({"mon-fri": "09:00"}, "write days and hours as"),
        ({"mon-fri": "09:00+01:00-17:00"}, "write days and hours as"),
        ({"monday": "09:00-17:00"}, "write days and hours as"),
        ({"fri-mon": "09:00-17:00"}, "days go from mon to sun"),
        ({"mon": "17:00-09:00"}, "a span must end after it starts"),
        ({"mon": "09:00-09:00"}, "a span must end after it starts"),
        ({"mon": "09:00-13:00, 12:00-17:00"}, "overlap"),
    ],
)
def test_what_are_no_hours_is_refused_and_shown(spelled: dict[str, str], words: str) -> None:
    with pytest.raises(OptionError, match=words) as caught:
        WorkingHours.parse(spelled)

    assert repr(spelled) in str(caught.value)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(PeriodError, match="Nowhere"):
        WorkingHours.parse({}, time_zone="Nowhere/Land")
    with pytest.raises(PeriodError, match="None is no IANA time zone"):
        WorkingHours.parse({}, time_zone=None)  # type: ignore[arg-type]


@given(strategies.instants(), strategies.instants())
def test_all_time_is_all_time(start: datetime, end: datetime) -> None:
    assert end - start == ALWAYS.between(start, end)


def test_hours_survive_pickling() -> None:
    assert OFFICE == pickle.loads(pickle.dumps(OFFICE))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("span", "day", "expected"),
    [
        # clocks go from 02:00 to 03:00
        ("02:30-03:30", "2026-03-29", 0.5),
        ("01:30-02:30", "2026-03-29", 0.5),
        ("02:15-02:45", "2026-03-29", 0),
        # clocks go from 03:00 back to 02:00
        ("01:30-02:30", "2026-10-25", 2),
        ("02:30-03:30", "2026-10-25", 2),
        ("01:00-02:30, 02:30-03:30", "2026-10-25", 3.5),
    ],
)
def test_bounds_in_a_skipped_or_repeated_hour(span: str, day: str, expected: float) -> None:
    sunday = WorkingHours.parse({"sun": span}, time_zone="Europe/Berlin")

    assert hours(expected) == sunday.between(at(day) - hours(12), at(day) + hours(36))


def test_a_midnight_that_comes_twice_counts_no_time_twice() -> None:
    # Havana goes from 01:00 back to 00:00 on 1 November
    always = WorkingHours.parse({"mon-sun": "00:00-24:00"}, time_zone="America/Havana")

    assert hours(72) == always.between(at("2026-10-31"), at("2026-11-03"))


@pytest.mark.parametrize("tz", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_last_day_of_the_calendar_has_hours(tz: str) -> None:
    always = WorkingHours.parse({"mon-sun": "00:00-24:00"}, time_zone=tz)

    assert hours(3) == always.between(at("9999-12-31 10:00"), at("9999-12-31 13:00"))


def test_time_stops_with_the_calendar() -> None:
    always = WorkingHours.parse({"mon-sun": "00:00-24:00"}, time_zone="Asia/Tokyo")
    last = at("9999-12-31 14:00")

    # in Tokyo it is 23:00, and no day follows
    assert hours(1) - timedelta(microseconds=1) == always.between(last, last + hours(8))
