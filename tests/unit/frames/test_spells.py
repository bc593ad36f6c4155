"""Leads that are taken more than once, on frames as on rows."""

from __future__ import annotations

import pytest

from partnerleads import frames, kpis
from partnerleads.testing import at, history
from tests import frames_parity as parity

AS_OF = at("2026-07-01")
TAKEN_AGAIN = """
2026-01-02 L1 captured by acme
2026-01-03 L1 accepted by acme
2026-01-04 L1 returned by acme
2026-01-05 L1 accepted by acme
2026-01-06 L1 accepted by acme
2026-01-07 L1 progressed by acme
2026-01-02 L2 captured by beta
2026-01-03 L2 accepted by beta
2026-01-04 L2 accepted by acme
"""


@pytest.mark.parametrize("backend", ["polars", "duckdb"])
def test_a_lead_taken_again_begins_a_spell_or_goes_on_with_one(backend: str) -> None:
    events = history(TAKEN_AGAIN)
    frame = frames.events_frame(events, backend=backend)

    expected = kpis.partner_conversion_rate(events, as_of=AS_OF, credit="spell")
    actual = kpis.partner_conversion_rate(frames.history(frame, as_of=AS_OF), credit="spell")

    assert expected.n > 2
    assert "" == parity.difference(expected, actual)
