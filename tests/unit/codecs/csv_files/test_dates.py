"""Dates as people write them."""

from __future__ import annotations

import pytest

from partnerleads.codecs.csv_files.dates import moment_reader, pattern_fault
from partnerleads.codecs.csv_files.rules import CellFormat

BERLIN = "Europe/Berlin"


def instant(text: str, **written: object) -> str:
    return moment_reader(CellFormat(**{"time_zone": BERLIN, **written}))(text).at.isoformat()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("2026-03-04", (), "2026-03-03T23:00:00+00:00"),
        ("20260304", (), "2026-03-03T23:00:00+00:00"),
        ("2026-03-04 09:12:00", (), "2026-03-04T08:12:00+00:00"),
        ("2026-03-04T09:12:00-05:00", (), "2026-03-04T14:12:00+00:00"),
        ("4.3.2026", ("%d.%m.%Y",), "2026-03-03T23:00:00+00:00"),
        ("03/04/2026 09:12 PM", ("%m/%d/%Y %I:%M %p",), "2026-03-04T20:12:00+00:00"),
        ("4 Mar 2026 09:12 +0000", ("%d %b %Y %H:%M %z",), "2026-03-04T09:12:00+00:00"),
        ("1772615520", ("epoch",), "2026-03-04T09:12:00+00:00"),
        ("1772615520000", ("epoch_ms",), "2026-03-04T09:12:00+00:00"),
        ("46085", ("excel",), "2026-03-03T23:00:00+00:00"),
        ("46085.5", ("excel",), "2026-03-04T11:00:00+00:00"),
    ],
)
def test_a_date_is_read_as_iso_or_as_a_stated_pattern(
    text: str, formats: tuple[str, ...], expected: str
) -> None:
    assert expected == instant(text, date_formats=formats)


def test_a_date_alone_is_told_from_a_time() -> None:
    read = moment_reader(CellFormat(time_zone=BERLIN, date_formats=("excel", "%d.%m.%Y")))

    assert (True, True, True) == tuple(read(t).dated for t in ("2026-03-04", "46085", "4.3.2026"))
    assert (False, False) == tuple(read(t).dated for t in ("2026-03-04 00:00", "46085.5"))


@pytest.mark.parametrize(
    ("text", "formats", "words"),
    [
        ("2026-03-04T09:30:00.1234567Z", (), "finer than a microsecond"),
        ("1772616600.1234567", ("epoch",), "finer than a microsecond"),
        ("1772616600123.4567", ("epoch_ms",), "finer than a microsecond"),
        ("soon", (), "is no date as ISO 8601; add its pattern"),
        ("2026-02-31", (), "is no day of the calendar or time of day as ISO 8601; mend it"),
        ("31.02.2026", ("%d.%m.%Y",), "is no day of the calendar or time of day as '%d.%m.%Y'"),
        ("31.02.2026", ("%d.%m.%Y", "%d.%m.%Y %H:%M"), "time of day as '%d.%m.%Y'; mend it"),
        ("2026-03-04 25:00", (), "is no day of the calendar or time of day as ISO 8601; mend it"),
        ("2026-Marz", ("%Y-%b",), "is no date as ISO 8601 or '%Y-%b'"),
        ("soon", ("%d.%m.%Y", "epoch"), "is no date as ISO 8601 or '%d.%m.%Y' or 'epoch'"),
        ("59", ("excel",), "is no date"),
        ("9" * 15, ("epoch",), "is no date"),
        ("03/04/2026", ("%d/%m/%Y", "%m/%d/%Y"), "is ambiguous: 2026-04-03 as '%d/%m/%Y' and"),
        ("2026-03-04", ("%Y-%d-%m",), "is ambiguous: 2026-03-04 as ISO 8601 and 2026-04-03"),
        ("2026-03-29 02:30", (), "did not exist"),
        ("9999-12-31 23:30-01:00", (), "leaves the years"),
        ("0001-01-01", (), "leaves the years"),
    ],
)
def test_a_text_that_names_no_one_moment_is_refused(
    text: str, formats: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        instant(text, date_formats=formats)


def test_two_patterns_that_agree_are_no_ambiguity() -> None:
    formats = ("%d/%m/%Y", "%m/%d/%Y")

    assert "2026-04-03T22:00:00+00:00" == instant("04/04/2026", date_formats=formats)
    assert "2026-03-12T23:00:00+00:00" == instant("13/03/2026", date_formats=formats)


def test_iso_can_be_switched_off() -> None:
    swapped = instant("2026-03-04", date_formats=("%Y-%d-%m",), iso_dates=False)

    assert "2026-04-02T22:00:00+00:00" == swapped


def test_the_repeated_hour_of_autumn_is_the_earlier_unless_said() -> None:
    text = "2026-10-25 02:30"

    assert "2026-10-25T00:30:00+00:00" == instant(text)
    assert "2026-10-25T01:30:00+00:00" == instant(text, repeated_hour="later")
    with pytest.raises(ValueError, match="happened twice"):
        instant(text, repeated_hour="reject")


def test_the_skipped_hour_of_spring_is_refused_unless_said() -> None:
    assert "2026-03-29T01:30:00+00:00" == instant("2026-03-29 02:30", skipped_hour="shift")


def test_what_a_clock_change_did_is_noted() -> None:
    read = moment_reader(CellFormat(time_zone=BERLIN, skipped_hour="shift"))
    texts = ("2026-10-25 02:30", "2026-03-29 02:30", "2026-03-04 02:30")

    assert ("repeated", "skipped", "") == tuple(read(text).shifted for text in texts)


def test_a_day_that_begins_with_a_gap_begins_after_it() -> None:
    assert "2018-11-04T03:00:00+00:00" == instant("2018-11-04", time_zone="America/Sao_Paulo")


@pytest.mark.parametrize("text", ["2026-03-04", "2026-03-04 10:00"])
def test_without_a_zone_only_offsets_are_taken(text: str) -> None:
    with pytest.raises(ValueError, match="say time_zone in the mapping"):
        instant(text, time_zone=None)
    stated = moment_reader(CellFormat())("2026-03-04T10:00+02:00")

    assert "2026-03-03T22:00:00+00:00" == stated.midnight.isoformat()


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("%d.%m.%y", ""),
        ("%Y-W%V-%u", "is no pattern"),
        ("%G-W%V-%u", ""),
        ("epoch", ""),
        ("%d.%m.%Y %H:%M %Z", "reads names of zones"),
        ("%d.%m.%Y %H:%M %z", ""),
        ("%H:%M", "does not carry year"),
        ("", "does not carry year"),
        ("%", "is no pattern"),
    ],
)
def test_patterns_are_tried_before_any_row(pattern: str, fault: str) -> None:
    assert pattern_fault(pattern).startswith(fault)
    assert bool(fault) == bool(pattern_fault(pattern))


def test_digits_that_say_nothing_are_no_finer_than_a_microsecond() -> None:
    stated = "2026-03-04T09:30:00.123456+00:00"

    assert stated == instant("2026-03-04T09:30:00.1234560Z")
    assert stated == instant("1772616600.1234560", date_formats=("epoch",))
    assert stated == instant("1772616600123.4560", date_formats=("epoch_ms",))


def test_the_last_day_there_is_has_a_midnight_but_no_end() -> None:
    last = moment_reader(CellFormat(time_zone="UTC"))("9999-12-31")

    assert "9999-12-31T00:00:00+00:00" == last.at.isoformat()
    with pytest.raises(ValueError, match="ends after the year 9999"):
        _ = last.next_midnight
