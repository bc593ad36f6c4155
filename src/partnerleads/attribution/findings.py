"""What a reviewer should doubt: records that were dated back to win, or to beat, a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import attrs

from partnerleads.attribution.claims import Claim, Contact
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.verdict import judge
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
    recorded, occurred = both
    winners = [verdict.winning_claim for verdict in both]
    if len({None if claim is None else claim.event.event_id for claim in winners}) == 1:
        return
    for one in recorded.claims:
        loses = next((o for o in occurred.claims if o.claim.event is one.claim.event), None)
        if not one.failure and loses is not None and isinstance(loses.against, Contact):
            yield _doubt("backdated_contact", lead_id, one.claim, loses.against)
    for one in occurred.claims:
        if not one.failure:
            yield _doubt("backdated_claim", lead_id, one.claim, None)


def _doubt(rule: str, lead_id: LeadId, claim: Claim, contact: Contact | None) -> Finding:
    event = claim.event if contact is None else contact.event
    times = (
        f"is said to have happened {event.occurred_at:%Y-%m-%d %H:%M} "
        f"and was recorded {event.recorded_at:%Y-%m-%d %H:%M}"
    )
    if contact is None:
        words = f"{claim.partner_id}'s claim would win by when it happened, not by its record; it {times}"
    else:
        who = contact.partner_id or "the own team"
        words = f"{claim.partner_id}'s claim wins by its record; a contact by {who} {times}"
    return Finding(
        rule=rule,
        words=words,
        lead_id=lead_id,
        partner_id=claim.partner_id,
        event_ids=tuple(dict.fromkeys((event.event_id, claim.event.event_id))),
        at=event.recorded_at,
    )
