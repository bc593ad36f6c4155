"""Texts of the command line as values."""

from argparse import ArgumentTypeError
from datetime import date

import pytest

from partnerleads import Period
from partnerleads.review.arguments import as_count, as_moment, as_period, as_zone
from partnerleads.testing import at


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026", Period.year(2026)),
        ("2026-Q3", Period.quarter(2026, 3)),
        ("2026-q3", Period.quarter(2026, 3)),
        ("2026-09", Period.month(2026, 9)),
        ("2026-07-01..2026-10-01", Period.days(date(2026, 7, 1), date(2026, 10, 1))),
    ],
)
def test_a_period(text: str, period: Period) -> None:
    assert period == as_period(text)("UTC", 1)


def test_a_period_in_a_zone_and_of_a_fiscal_year() -> None:
    berlin = "Europe/Berlin"

    assert Period.quarter(2026, 3, tz=berlin, fiscal_start=4) == as_period("2026-Q3")(berlin, 4)
    assert Period.year(2026, tz=berlin, fiscal_start=4) == as_period("2026")(berlin, 4)
    # months and days are of the calendar
    assert Period.month(2026, 9, tz=berlin) == as_period("2026-09")(berlin, 4)
    assert date(2026, 7, 1) == as_period("2026-07-01..2026-07-02")(berlin, 4).first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "write 2026, 2026-Q3"),
        ("26", "write 2026, 2026-Q3"),
        ("2026-9", "write 2026, 2026-Q3"),
        ("2026Q3", "write 2026, 2026-Q3"),
        (" 2026", "write 2026, 2026-Q3"),
        ("2026-Q3-1", "write 2026, 2026-Q3"),
        ("\u0662026", "write 2026, 2026-Q3"),
        ("2026-07-01", "write 2026, 2026-Q3"),
        ("2026-07-01..", "write 2026, 2026-Q3"),
        ("2026-Q5", "no quarter; write 1 to 4"),
        ("2026-Q0", "no quarter; write 1 to 4"),
        ("2026-13", "no month; write 1 to 12"),
        ("0000", "year 0 is out of range"),
        ("0001", "leaves the calendar"),
        ("9999", "leaves the calendar"),
        ("2026-02-29..2026-03-01", "day is out of range for month"),
        ("2026-07-01..2026-07-01", "is empty"),
        ("2026-07-02..2026-07-01", "is empty"),
    ],
)
def test_what_is_no_period_is_shown_with_the_fix(text: str, words: str) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        as_period(text)

    assert repr(text) in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text", ["2026-10-01T00:00:00+02:00", "2026-09-30 22:00Z", "2026-09-30T22:00:00.000+00:00"]
)
def test_an_instant(text: str) -> None:
    assert at("2026-09-30 22:00") == as_moment(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-10-01", "has no offset from UTC; write for example 2026-10-01T00:00:00+00:00"),
        ("2026-10-01T09:00", "has no offset from UTC; write for example 2026-10-01T09:00:00+00:00"),
        ("yesterday", "is no instant; write for example 2026-10-01T00:00:00+00:00"),
        ("2026-02-30T00:00Z", "is no instant"),
        ("0001-01-01T00:00+05:00", "is no instant"),
        ("9999-12-31T23:00-05:00", "is no instant"),
    ],
)
def test_what_is_no_instant_is_shown_with_the_fix(text: str, words: str) -> None:
    with pytest.raises(ArgumentTypeError) as caught:
        as_moment(text)

    assert f"{text!r} {words}" in str(caught.value)


def test_a_time_zone() -> None:
    assert "Europe/Berlin" == as_zone("Europe/Berlin")
    for text in ("", "Berlin", "../etc/passwd", "Europe"):
        with pytest.raises(ArgumentTypeError, match="is no IANA time zone"):
            as_zone(text)


def test_a_count() -> None:
    assert [0, 50] == [as_count("0"), as_count("50")]
    for text in ("", "-3", "1.5", "\u0663", "all"):
        with pytest.raises(ArgumentTypeError, match="is no count; write 0 or more"):
            as_count(text)
