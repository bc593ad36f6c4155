"""In progress, worked by hand."""

from datetime import timedelta

import pytest

from partnerleads import Period, kpis
from partnerleads.errors import OptionError
from partnerleads.testing import at, history

NOW = at("2026-03-01")
# L1 progressed, silent since 5 January: 55 days; L2 progressed on 20 February
# L3 never progressed; L4 lost; L5 lost and reopened on 20 February; L6 won
# L7 progressed after 1 March
WORK = history("""
    2026-01-02 L1 captured
    2026-01-05 L1 progressed
    2026-01-02 L2 captured
    2026-02-20 L2 progressed
    2026-01-02 L3 captured
    2026-01-02 L4 captured
    2026-01-03 L4 progressed
    2026-01-04 L4 lost
    2026-01-02 L5 captured
    2026-01-03 L5 progressed
    2026-01-04 L5 lost
    2026-02-20 L5 reopened
    2026-01-02 L6 captured
    2026-01-03 L6 progressed
    2026-02-01 L6 won
    2026-01-02 L7 captured
    2026-03-02 L7 progressed
""")


def test_open_and_progressed_at_least_once() -> None:
    # L1, L2, L5; L1 has been silent for more than 30 days
    leads = kpis.in_progress(WORK, as_of=NOW)

    assert (3, ("L1",)) == (leads.value, leads.listed)
    assert "leads in progress; 1 stalled over 30 days" == leads.basis_text()


def test_only_with_activity_in_the_last_days() -> None:
    assert 2 == kpis.in_progress(WORK, as_of=NOW, active_within=timedelta(days=30)).value


def test_activity_exactly_so_long_ago_still_counts() -> None:
    nine, eight = timedelta(days=9), timedelta(days=8, hours=23)

    # 20 February to 1 March
    assert 2 == kpis.in_progress(WORK, as_of=NOW, active_within=nine).value
    assert 0 == kpis.in_progress(WORK, as_of=NOW, active_within=eight).value
    assert ("L1",) == kpis.in_progress(WORK, as_of=NOW, stalled_after=nine).listed


def test_activity_of_the_very_moment() -> None:
    now = kpis.in_progress(WORK, as_of=at("2026-02-20"), active_within=timedelta(0))

    assert 2 == now.value
    assert "0:00:00" == now.definition["active within"]
    assert "any time" == kpis.in_progress(WORK, as_of=NOW).definition["active within"]


def test_stalled_after_hours_says_so() -> None:
    leads = kpis.in_progress(WORK, as_of=NOW, stalled_after=timedelta(hours=12))

    assert "leads in progress; 3 stalled over 12:00:00" == leads.basis_text()


@pytest.mark.parametrize("name", ["active_within", "stalled_after"])
def test_a_negative_span_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match=name):
        kpis.in_progress(WORK, as_of=NOW, **{name: timedelta(days=-1)})


def test_a_stock_takes_no_period() -> None:
    with pytest.raises(OptionError, match="choose the moment by as_of"):
        kpis.in_progress(WORK, as_of=NOW, period=Period.month(2026, 1))
