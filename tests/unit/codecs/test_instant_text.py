from __future__ import annotations

from datetime import UTC, datetime

import pytest

from partnerleads.codecs.instant_text import parse_instant, why_no_instant

NINE = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04T09:12:00+00:00",
        "2026-03-04T09:12:00Z",
        "2026-03-04 09:12:00Z",
        "2026-03-04T09:12Z",
        "2026-03-04T09:12:00.000Z",
        "2026-03-04T09:12:00.000000+00:00",
        "2026-03-04T10:12:00+01:00",
        "2026-03-04T10:12:00+0100",
        "2026-03-04T03:42:00-05:30",
        "2026-03-04T09:12:00-00:00",
    ],
)
def test_forms_of_one_instant_read_alike_and_in_utc(text: str) -> None:
    found = parse_instant(text)

    assert found is not None
    assert (NINE, UTC) == (found, found.tzinfo)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no instant;"),
        ("2026-03-04", "is only a date; add a time and an offset"),
        ("2026-03-04T09:12:00", "example '2026-03-04T09:12:00+00:00'"),
        ("2026-03-04T09Z", "is no instant;"),
        ("20260304T091200Z", "is no instant;"),
        ("2026-W10-3T09:12:00Z", "is no instant;"),
        ("2026-063T09:12:00Z", "is no instant;"),
        ("2026-03-04x09:12:00Z", "is no instant;"),
        ("2026-03-04t09:12:00z", "is no instant;"),
        ("2026-03-04T09:12:00,5Z", "is no instant;"),
        ("2026-03-04T09:12:00.1234567+00:00", "is finer than a microsecond"),
        ("2026-03-04T09:12:00.123456789", "is finer than a microsecond"),
        ("2026-03-04T24:00:00Z", "is no instant;"),
        ("2026-03-04T09:12:60Z", "is no instant;"),
        ("2026-03-04T09:12:00+24:00", "is no instant;"),
        ("2026-03-04T09:12:00+01:60", "is no instant;"),
        ("2026-03-04T09:12:00+00:60", "is no instant;"),
        ("2026-03-04T09:12:00+00:00:30", "is no instant;"),
        ("2026-03-04T09:12:00+00:", "is no instant;"),
        ("2026-03-04T09:12:00Z\n", "is no instant;"),
        ("\uff12026-03-04T09:12:00Z", "is no instant;"),
        ("2026-02-30T09:12:00Z", "is no instant of the years"),
        ("2026-02-30T09:12:00+01:00", "is no instant of the years"),
        ("2026-02-30T09:12Z", "is no instant of the years"),
        ("0000-01-01T00:00:00Z", "is no instant of the years"),
        ("0001-01-01T00:00:00+01:00", "is no instant of the years"),
        ("9999-12-31T23:59:59-01:00", "is no instant of the years"),
    ],
)
def test_other_texts_are_refused_with_the_fix(text: str, words: str) -> None:
    assert parse_instant(text) is None
    assert words in why_no_instant(text)
