"""The default period: the last quarter that is over by a moment."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import NaiveInstantError, PeriodError
from partnerleads.review import last_quarter
from partnerleads.testing import at

ZONES = ["UTC", "America/New_York", "Pacific/Kiritimati", "America/Asuncion", "Asia/Beirut"]


@given(
    st.datetimes(
        datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis sets the zone
        datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.sampled_from(ZONES),
    st.integers(1, 12),
)
def test_it_is_over_and_the_next_one_is_not(moment: datetime, tz: str, fiscal_start: int) -> None:
    quarter = last_quarter(moment, tz=tz, fiscal_start=fiscal_start)

    assert quarter.end <= moment < quarter.shifted(1).end
    assert 0 == (quarter.first.month - fiscal_start) % 3


@pytest.mark.parametrize(
    ("moment", "tz", "fiscal_start", "name"),
    [
        # the quarter ends with the very moment
        ("2026-10-01", "UTC", 1, "Q3 2026"),
        ("2026-09-30 23:59:59Z", "UTC", 1, "Q2 2026"),
        # in New York it is still September
        ("2026-10-01", "America/New_York", 1, "Q2 2026"),
        ("2026-10-01 04:00", "America/New_York", 1, "Q3 2026"),
        ("2026-01-01", "UTC", 1, "Q4 2025"),
        # a fiscal year bears the year in which it ends
        ("2026-03-31", "UTC", 4, "Q3 FY2026"),
        ("2026-04-01", "UTC", 4, "Q4 FY2026"),
        ("2026-07-01", "UTC", 4, "Q1 FY2027"),
        ("2026-02-01", "UTC", 2, "Q4 FY2026"),
        ("2026-12-31", "UTC", 12, "Q4 FY2026"),
    ],
)
def test_its_name(moment: str, tz: str, fiscal_start: int, name: str) -> None:
    assert name == last_quarter(at(moment), tz=tz, fiscal_start=fiscal_start).name


def test_what_is_no_zone_no_month_or_no_instant_is_refused() -> None:
    now = at("2026-10-01")
    with pytest.raises(PeriodError, match="no IANA time zone"):
        last_quarter(now, tz="Mars/Olympus")
    with pytest.raises(PeriodError, match="no month to start"):
        last_quarter(now, fiscal_start=13)
    with pytest.raises(NaiveInstantError):
        last_quarter(datetime(2026, 10, 1))  # noqa: DTZ001 - the fault that is looked for
