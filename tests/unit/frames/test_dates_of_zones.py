"""Dates that begin at the midnight of another zone, on frames as on rows."""

from __future__ import annotations

from collections.abc import Callable
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


@pytest.mark.parametrize("backend", ["polars", "duckdb", "pandas"])
@pytest.mark.parametrize("said", [{}, {"tz": BERLIN}, {"period": Period.year(2026)}])
@pytest.mark.parametrize("kpi", [kpis.won_velocity, kpis.hours_to_acceptance, kpis.action_delay])
def test_frames_tell_dates_of_another_zone_as_rows_do(
    kpi: Callable[..., Any], said: dict[str, Any], backend: str
) -> None:
    frame = frames.events_frame(EVENTS, backend=backend)
    expected = kpi(EVENTS, as_of=AS_OF, **said)
    actual = kpi(frames.history(frame, as_of=AS_OF), **said)

    codes = [one.code for one in expected.warnings]
    assert ("tz" not in said) == ("dates_of_another_zone" in codes)
    words = [str(one) for one in expected.warnings if one.code == "dates_of_another_zone"]
    assert all("by a day: 2; pass tz=" in one for one in words)
    assert "" == parity.difference(expected, actual)
