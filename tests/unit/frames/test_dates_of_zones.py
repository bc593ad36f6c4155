"""Dates that begin at the midnight of another zone, on frames as on rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from partnerleads import Period, frames, kpis
from partnerleads.testing import at, history
from tests import frames_parity as parity

AS_OF = at("2026-07-01")
BERLIN = "Europe/Berlin"
EVENTS = history("""
    2026-01-01T23:00Z L1 captured by acme precision=day
    2026-01-04T09:00Z L1 offered to acme
    2026-01-04T23:00Z L1 accepted by acme precision=day
    2026-01-09T23:30Z L1 won
    2026-01-02T12:00Z L2 captured
    2026-01-02T23:00Z L2 won precision=day
    2026-01-03T12:00Z L3 captured
    2026-01-05T12:00Z L3 won
    2026-01-02T23:00Z L4 captured precision=day
""")
"""By the clocks of Berlin its dates are 2, 5, 3 and 3 January; L4 has no end yet, L2 one alone."""


WEEK = timedelta(days=7)
IN_A_WEEK = kpis.Within("captured", "won", WEEK)
LATER = kpis.AllOf((IN_A_WEEK, kpis.Not(kpis.Within("captured", "won", timedelta(days=1)))))


def share(hit: kpis.Condition, judged: kpis.Condition = kpis.EVERY) -> kpis.Kpi:
    form = kpis.ShareOf(hit, judged)
    return kpis.define("share", form, counted="leads captured", anchor="captured")


KPIS: dict[str, tuple[Callable[..., Any], int]] = {
    "won_velocity": (kpis.won_velocity, 2),
    "hours_to_acceptance": (kpis.hours_to_acceptance, 2),
    "action_delay": (kpis.action_delay, 2),
    "cohort_close_rate": (partial(kpis.cohort_close_rate, within=WEEK), 3),
    "won so far": (partial(kpis.cohort_close_rate, within=None), 3),
    "partner_conversion_rate": (partial(kpis.partner_conversion_rate, within=WEEK), 1),
    "share with limits": (share(LATER), 3),
    "share of the old": (share(kpis.Has("won"), kpis.Older("captured", WEEK)), 2),
}
"""How many of the members have such a date."""


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
@pytest.mark.parametrize("backend", ["polars", "duckdb", "pandas"])
@pytest.mark.parametrize("said", [{}, {"tz": BERLIN}, {"period": Period.year(2026)}])
@pytest.mark.parametrize("name", KPIS)
def test_frames_tell_dates_of_another_zone_as_rows_do(
    name: str, said: dict[str, Any], backend: str
) -> None:
    kpi, count = KPIS[name]
    frame = frames.events_frame(EVENTS, backend=backend)
    expected = kpi(EVENTS, as_of=AS_OF, **said)
    actual = kpi(frames.history(frame, as_of=AS_OF), **said)

    codes = [one.code for one in expected.warnings]
    assert ("tz" not in said) == ("dates_of_another_zone" in codes)
    words = [str(one) for one in expected.warnings if one.code == "dates_of_another_zone"]
    assert all(f"by a day: {count}; pass tz=" in one for one in words)
    assert "" == parity.difference(expected, actual)
