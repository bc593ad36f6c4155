"""A user's file: it calls the public names as a stranger would, and passes a strict check."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from partnerleads import Money, Period, attribution, events, fold, kpis, lifecycle, testing
from partnerleads.errors import PartnerLeadsError

AS_OF = datetime(2026, 9, 30, tzinfo=UTC)

CAPTURED = events.LeadCaptured(
    event_id="c-1",
    occurred_at=datetime(2026, 7, 2, 9, tzinfo=UTC),
    lead_id="L-1",
    originator="acme",
    expected_value=Money("10000", "EUR"),
)


def log() -> list[events.Event]:
    """One lead from capture to win, in both ways of writing it."""
    later = testing.history("""
        2026-07-03 L-1 accepted by acme
        2026-08-01 L-1 won      9000 EUR
    """)
    return [CAPTURED, *later]


def figures() -> dict[str, str]:
    """Some figures of the third quarter."""
    quarter = Period.quarter(2026, 3, tz="Europe/Berlin")
    policy = attribution.AttributionPolicy(influence_lookback=timedelta(days=180))
    lives: lifecycle.Lifecycles = fold(log(), as_of=AS_OF, policy=policy)
    sourced = kpis.sourced_rate(lives, period=quarter, as_of=AS_OF)
    value: float | None = sourced.value
    hours = kpis.hours_to_acceptance(lives, period=quarter, as_of=AS_OF, by="region")
    median: float | None = hours.median
    won = kpis.final_lead_value(lives, as_of=AS_OF)
    total: Money | None = won.total
    return {"sourced": f"{value}", "hours": f"{median}", "won": f"{total}"}


def refusal() -> str:
    """Every error of the library has one root."""
    try:
        fold([CAPTURED], as_of=datetime(2026, 9, 30))  # noqa: DTZ001 - what a user gets wrong
    except PartnerLeadsError as error:
        return str(error)
    return "none"
