"""What a reviewer should doubt about a history as a whole."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter

from partnerleads.attribution import backdating_findings
from partnerleads.attribution.findings import Ground, early_record_findings
from partnerleads.events import ContactMade, DealRegistered, LeadCaptured
from partnerleads.lifecycle.compiled import milestone_columns
from partnerleads.lifecycle.kind_columns import KindColumns
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.model import Finding, LeadId
from partnerleads.model.moments import moment_text

__all__ = ["BULK", "EXPECTED_CLOSES", "doubts"]

BULK = 1000
"""As many captures and registrations recorded at one instant, of several days, were imported."""

EXPECTED_CLOSES = 5
"""When as many early closes were to be expected and there is none, the beginning is missing."""

_recorded_at = attrgetter("recorded_at")

_GROUNDS = (LeadCaptured, DealRegistered, ContactMade)


def doubts(log: KindColumns) -> Iterator[Finding]:
    """Everything doubtful about a history, by lead id and then as a whole.

    Args:
        log: The leads.
    """
    # most were recorded when they happened, and then the one instant is the other
    strays = [
        event
        for event in log.of(_GROUNDS)
        if event.recorded_at is not event.occurred_at and event.recorded_at != event.occurred_at
    ]
    yield from _in_doubt(log, strays)
    yield from _bulk_recorded(log, strays)
    yield from _left_truncated(log.leads)


def _in_doubt(log: KindColumns, strays: Sequence[Ground]) -> Iterator[Finding]:
    """What is doubtful about single leads.

    Args:
        log: The leads.
        strays: The claims and contacts that were not recorded when they happened.
    """
    doubtful = {event.lead_id for event in strays}
    early: dict[LeadId, list[Ground]] = defaultdict(list)
    for event in strays:
        if event.recorded_at < event.occurred_at:
            early[event.lead_id].append(event)
    for lead in log.among(doubtful):
        if lead.claimed:
            yield from backdating_findings(
                lead.lead_id,
                lead.events,
                captured=lead.captured,
                policy=lead.moment.policy,
                as_of=lead.moment.as_of,
            )
        yield from early_record_findings(early.get(lead.lead_id, ()))


def _bulk_recorded(log: KindColumns, strays: Sequence[Ground]) -> Iterator[Finding]:
    """Instants at which captures and registrations of several days were recorded at once.

    Args:
        log: The leads.
        strays: The claims and contacts that were not recorded when they happened.
    """
    if max(Counter(map(_recorded_at, strays)).values(), default=0) < BULK:
        return
    days: dict[datetime, set[date]] = defaultdict(set)
    counts: Counter[datetime] = Counter()
    for lead in log.leads:
        for event in (lead.captured, lead.registered):
            if event is not None and event.recorded_at != event.occurred_at:
                counts[event.recorded_at] += 1
                days[event.recorded_at].add(event.occurred_at.date())
    for moment, count in sorted(counts.items()):
        if count >= BULK and len(days[moment]) > 1:
            yield Finding(
                rule="bulk_recorded",
                words=(
                    f"{count} captures and registrations were recorded at {moment_text(moment)}; "
                    "who was first cannot be judged from that import"
                ),
                at=moment,
            )


def _left_truncated(leads: Sequence[LeadLifecycle]) -> Iterator[Finding]:
    """A log that begins with leads and no closes, where their pace would have brought some."""
    captures, ends = milestone_columns(("captured", "closed"))(leads)
    closes = [
        (captured.occurred_at, closed.occurred_at)
        for captured, closed in zip(captures, ends, strict=True)
        if captured is not None and closed is not None
    ]
    if not closes:
        return
    first_close = min(closed for _, closed in closes)
    early = [
        captured.occurred_at
        for captured in captures
        if captured is not None and captured.occurred_at < first_close
    ]
    if len(early) < EXPECTED_CLOSES:
        return
    longest = first_close - min(early)
    spans = sorted(span for start, end in closes if (span := end - start) <= longest)
    by_then = sum(bisect_right(spans, first_close - captured) for captured in early)
    expected = by_then / (len(captures) - captures.count(None))
    if expected >= EXPECTED_CLOSES:
        yield Finding(
            rule="left_truncated",
            words=(
                f"{len(early)} leads were captured before the first close on "
                f"{moment_text(first_close)}; by the pace of all closes about {expected:.0f} "
                "of them should have closed by then, so leads that closed earlier are missing and "
                "the early closes are slow ones"
            ),
            at=first_close,
        )
