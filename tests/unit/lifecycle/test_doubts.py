"""Doubts about a history as a whole: where its beginning is missing."""

from __future__ import annotations

from datetime import timedelta

from partnerleads.events import Event, LeadCaptured, LeadWon
from partnerleads.lifecycle import fold
from partnerleads.testing import at

DAY = timedelta(days=1)
AS_OF = at("2027-01-01")


def programme(spans: list[int], *, every: int = 1) -> list[Event]:
    """Leads captured one after the other; each is won after its span of days, 0 is never."""
    events: list[Event] = []
    for number, span in enumerate(spans):
        captured_at = at("2026-01-01") + number * every * DAY
        names = {"lead_id": f"L{number:03}"}
        events.append(LeadCaptured(event_id=f"c{number}", occurred_at=captured_at, **names))
        if span:
            won_at = captured_at + span * DAY
            events.append(LeadWon(event_id=f"w{number}", occurred_at=won_at, **names))
    return events


def rules(events: list[Event]) -> list[str]:
    return [finding.rule for finding in fold(events, as_of=AS_OF).findings]


def test_a_log_whose_early_leads_close_late_has_lost_its_beginning() -> None:
    events = programme([60] * 20 + [2] * 80)
    (found,) = fold(events, as_of=AS_OF).findings

    assert found.rule == "left_truncated"
    assert found.at == at("2026-01-23")
    assert "22 leads were captured before the first close on 2026-01-23 00:00 UTC; " in found.words


def test_a_log_of_one_pace_is_whole() -> None:
    assert rules(programme([20] * 100)) == []


def test_a_log_without_closes_says_nothing() -> None:
    assert rules(programme([0] * 100)) == []


def test_a_log_with_few_early_leads_says_nothing() -> None:
    assert rules(programme([60, 60, 60, 60] + [1] * 50, every=30)) == []


def test_leads_that_were_never_captured_hide_no_missing_beginning() -> None:
    strangers = [
        LeadWon(event_id=f"s{number}", lead_id=f"S{number}", occurred_at=at("2026-12-01"))
        for number in range(500)
    ]

    assert rules([*programme([60] * 20 + [2] * 80), *strangers]) == ["left_truncated"]
