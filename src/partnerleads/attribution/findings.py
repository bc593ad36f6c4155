"""What a reviewer should doubt: records that were dated back to win, or to beat, a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import attrs

from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.verdict import Verdict, judge
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.fact import LeadFact
from partnerleads.events.order import LeadEvent
from partnerleads.model.ids import LeadId
from partnerleads.model.problem import Finding

__all__ = ["backdating_findings"]


def backdating_findings(
    lead_id: LeadId,
    events: Sequence[LeadEvent],
    *,
    captured: LeadCaptured | None,
    closed: LeadFact | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> Iterator[Finding]:
    """Claims that would win by when things are said to have happened, or lose only by that.

    ``backdated_claim``: the claim would win by its occurrence, but was recorded too late.
    ``backdated_contact``: the claim wins by its recording, but a contact recorded after it is said
    to have happened before.

    Args:
        lead_id: The lead.
        events: Its events, settled and in order.
        captured: Its first capture.
        closed: Its standing close.
        policy: The rules; both times are tried.
        as_of: The moment looked from.
    """
    both = [
        judge(
            events,
            captured=captured,
            closed=closed,
            policy=attrs.evolve(policy, times=times),
            as_of=as_of,
        )
        for times in ("recorded", "occurred")
    ]
    recorded, occurred = (_winner(verdict) for verdict in both)
    if recorded == occurred:
        return
    for verdict, rule in zip(both, ("backdated_contact", "backdated_claim"), strict=True):
        for one in verdict.claims:
            if not one.failure:
                event = one.claim.event
                yield Finding(
                    rule=rule,
                    words=_words(rule, one.claim.partner_id, event),
                    lead_id=lead_id,
                    partner_id=one.claim.partner_id,
                    event_ids=(event.event_id,),
                    at=event.recorded_at,
                )


def _winner(verdict: Verdict) -> str | None:
    return next((c.claim.event.event_id for c in verdict.claims if not c.failure), None)


def _words(rule: str, partner_id: str, event: LeadFact) -> str:
    times = (
        f"it is said to have happened {event.occurred_at:%Y-%m-%d %H:%M} "
        f"and was recorded {event.recorded_at:%Y-%m-%d %H:%M}"
    )
    if rule == "backdated_claim":
        return f"{partner_id}'s claim would win by when it happened, not by its record; {times}"
    return f"{partner_id}'s claim wins by its record, not by when things happened; {times}"
