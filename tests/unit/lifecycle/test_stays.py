"""How long a lead stood in each stage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import given

from partnerleads import fold
from partnerleads.lifecycle.stays import STAGES, stays_of
from partnerleads.testing import at, history, strategies
from tests.properties import kpi_cases as cases


def told(text: str) -> dict[str, list[tuple[str, str | None]]]:
    """The visits of the one lead of a text, by stage, as days of January."""
    lead = fold(history(text), as_of=at("2026-06-01"))["L1"]
    return {
        stay.stage: [
            (f"{entered.occurred_at:%d}", left and f"{left.occurred_at:%d}")
            for entered, left in stay.visits
        ]
        for stay in stays_of(lead.events)
    }


def test_each_step_to_another_stage_is_a_visit() -> None:
    assert {
        "captured": [("01", "02")],
        "accepted": [("02", "04"), ("05", None)],
        "returned": [("04", "05")],
    } == told("""
        2026-01-01 L1 captured
        2026-01-02 L1 accepted by acme
        2026-01-03 L1 accepted by beta
        2026-01-04 L1 returned by acme
        2026-01-05 L1 accepted by acme
    """)


def test_a_close_ends_a_visit_and_a_reopen_starts_one() -> None:
    assert {"captured": [("01", "02"), ("05", "06")]} == told("""
        2026-01-01 L1 captured
        2026-01-02 L1 lost
        2026-01-03 L1 disqualified
        2026-01-05 L1 reopened
        2026-01-05 L1 reopened seq=1
        2026-01-06 L1 won
    """)


def test_a_lead_without_any_step_stands_nowhere() -> None:
    assert {} == told("""
        2026-01-02 L1 lost
        2026-01-03 L1 reopened
        2026-01-04 L1 lost
    """)


@given(events=strategies.histories(), as_of=cases.moments)
def test_an_open_lead_stands_in_its_stage_and_a_closed_one_nowhere(
    events: tuple[Any, ...], as_of: datetime
) -> None:
    for lead in fold(events, as_of=as_of).values():
        visits = [(stay.stage, left) for stay in stays_of(lead.events) for _, left in stay.visits]
        standing = [stage for stage, left in visits if left is None]

        assert ([] if lead.closed is not None or not lead.stage else [lead.stage]) == standing
        assert {stage for stage, _ in visits} <= set(STAGES)


def test_what_is_no_step_changes_no_stage() -> None:
    assert {"captured": [("01", None)]} == told("""
        2026-01-01 L1 captured
        2026-01-02 L1 lead_updated region=DACH
    """)
