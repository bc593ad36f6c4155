from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from partnerleads.errors import NaiveInstantError, OptionError, PeriodError
from partnerleads.model import UTC, instant, local_date, zone
from partnerleads.model.instant import wall_instant
from partnerleads.testing import at, strategies

BERLIN = ZoneInfo("Europe/Berlin")


@given(strategies.instants(zones=("UTC", "Europe/Berlin", "Australia/Lord_Howe")))
def test_instants_are_kept_in_utc(moment: datetime) -> None:
    assert moment == instant(moment)
    assert instant(moment).tzinfo is UTC


def test_what_is_in_utc_is_kept_as_it_is() -> None:
    moment = at("2026-01-02")

    assert moment is instant(moment)


def test_the_repeated_hour_of_autumn_is_two_hours() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    again = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)

    # by their wall clocks they are the same
    assert timedelta(0) == again - first
    assert timedelta(hours=1) == instant(again) - instant(first)


def test_any_kind_of_zone_will_do() -> None:
    moment = datetime(2026, 3, 4, 9, tzinfo=timezone(timedelta(hours=5, minutes=45)))

    assert at("2026-03-04 03:15") == instant(moment)


def test_a_naive_instant_is_refused_with_the_fix() -> None:
    with pytest.raises(NaiveInstantError) as caught:
        instant(datetime(2026, 3, 4, 9), "as_of")  # noqa: DTZ001 - naive on purpose

    assert (
        "as_of: naive instant '2026-03-04T09:00:00'; add an offset, for example "
        "'2026-03-04T09:00:00+00:00'"
    ) == str(caught.value)


def test_a_date_depends_on_the_zone() -> None:
    moment = at("2026-01-02 23:30")

    assert date(2026, 1, 2) == local_date(moment, UTC)
    assert date(2026, 1, 3) == local_date(moment, BERLIN)


def test_zones_by_name_or_as_they_are() -> None:
    assert zone("UTC") is UTC
    assert zone(BERLIN) is BERLIN
    assert BERLIN == zone("Europe/Berlin")


@pytest.mark.parametrize("name", ["Nowhere/Land", "", "Europe", "../etc/passwd", "CEST+9"])
def test_what_is_no_zone_is_refused_and_shown(name: str) -> None:
    with pytest.raises(PeriodError) as caught:
        zone(name)

    assert f"{name!r} is no IANA time zone; try 'Europe/Berlin' or 'UTC'" == str(caught.value)


@pytest.mark.parametrize("value", ["2026-10-01", date(2026, 10, 1), None])
def test_what_is_no_datetime_is_refused_with_the_fix(value: Any) -> None:
    with pytest.raises(OptionError, match=r"as_of=.*pass an aware datetime"):
        instant(value, "as_of")


def test_dates_beyond_the_calendar_are_its_ends() -> None:
    last, first = at("9999-12-31 20:00"), datetime(1, 1, 1, 2, tzinfo=UTC)

    assert date.max == local_date(last, zone("Asia/Tokyo"))
    assert date.min == local_date(first, zone("America/New_York"))


@pytest.mark.parametrize(
    ("day", "clock", "ends", "expected"),
    [
        (date(2026, 3, 28), time(2, 30), False, "2026-03-28 01:30"),
        # 02:00 to 03:00 is skipped at 01:00 UTC
        (date(2026, 3, 29), time(2, 0), False, "2026-03-29 01:00"),
        (date(2026, 3, 29), time(2, 30, 0, 1), False, "2026-03-29 01:00"),
        (date(2026, 3, 29), time(2, 59), True, "2026-03-29 01:00"),
        (date(2026, 3, 29), time(3, 0), False, "2026-03-29 01:00"),
        (date(2026, 10, 25), time(2, 30), False, "2026-10-25 00:30"),
        (date(2026, 10, 25), time(2, 30), True, "2026-10-25 01:30"),
    ],
)
def test_times_of_the_wall_clock(day: date, clock: time, ends: Any, expected: str) -> None:
    assert at(expected) == wall_instant(day, clock, BERLIN, ends=ends)


def test_times_of_the_wall_clock_beyond_the_calendar_are_its_ends() -> None:
    ends = (
        wall_instant(date.min, time.min, zone("Asia/Tokyo")),
        wall_instant(date.max, time(23), zone("America/New_York")),
    )

    assert (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)) == ends
