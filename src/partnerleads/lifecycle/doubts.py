"""What a reviewer should doubt about a history as a whole."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from partnerleads.attribution import backdating_findings
from partnerleads.attribution.findings import early_record_findings
from partnerleads.attribution.verdict import attributing
from partnerleads.events import ContactMade, DealRegistered, LeadCaptured
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.model import Finding

__all__ = ["BULK", "EXPECTED_CLOSES", "doubts"]

BULK = 1000
"""As many captures and registrations recorded at one instant, of several days, were imported."""

EXPECTED_CLOSES = 5
"""When as many early closes were to be expected and there is none, the beginning is missing."""

_GROUNDS = frozenset(kind.rank for kind in (LeadCaptured, DealRegistered, ContactMade))


def doubts(leads: Sequence[LeadLifecycle]) -> Iterator[Finding]:
    """Everything doubtful about a history, lead by lead and then as a whole.

    Args:
        leads: The lifecycles, in the order in which the findings shall come.
    """
    for lead in leads:
        if lead.claimed and any(
            event.rank in _GROUNDS and event.recorded_at != event.occurred_at
            for event in lead.events
        ):
            yield from backdating_findings(
                lead.lead_id,
                attributing(lead.events),
                captured=lead.captured,
                policy=lead.moment.policy,
                as_of=lead.moment.as_of,
            )
        yield from early_record_findings(lead.events)
    yield from _bulk_recorded(leads)
    yield from _left_truncated(leads)


def _bulk_recorded(leads: Sequence[LeadLifecycle]) -> Iterator[Finding]:
    """Instants at which captures and registrations of several days were recorded at once."""
    days: dict[datetime, set[date]] = defaultdict(set)
    counts: Counter[datetime] = Counter()
    for lead in leads:
        for event in (lead.captured, lead.registered):
            if event is None or event.recorded_at is event.occurred_at:
                continue
            if event.recorded_at != event.occurred_at:
                counts[event.recorded_at] += 1
                days[event.recorded_at].add(event.occurred_at.date())
    for moment, count in sorted(counts.items()):
        if count >= BULK and len(days[moment]) > 1:
            yield Finding(
                rule="bulk_recorded",
                words=(
                    f"{count} captures and registrations were recorded at {moment.isoformat()}; "
                    "who was first cannot be judged from that import"
                ),
                at=moment,
            )


def _left_truncated(leads: Sequence[LeadLifecycle]) -> Iterator[Finding]:
    """A log that begins with leads and no closes, where their pace would have brought some."""
    closes = [
        (lead.captured.occurred_at, lead.closed.occurred_at)
        for lead in leads
        if lead.captured is not None and lead.closed is not None
    ]
    if not closes:
        return
    first_close = min(closed for _, closed in closes)
    early = [
        lead.captured.occurred_at
        for lead in leads
        if lead.captured is not None and lead.captured.occurred_at < first_close
    ]
    if len(early) < EXPECTED_CLOSES:
        return
    spans = sorted(closed - captured for captured, closed in closes)
    by_then = sum(bisect_right(spans, first_close - captured) for captured in early)
    expected = by_then / len(leads)
    if expected >= EXPECTED_CLOSES:
        yield Finding(
            rule="left_truncated",
            words=(
                f"{len(early)} leads were captured before the first close on "
                f"{first_close:%Y-%m-%d}; by the pace of all closes about {expected:.0f} of them "
                "should have closed by then, so leads that closed earlier are missing and the "
                "early closes are slow ones"
            ),
            at=first_close,
        )
