"""What a reviewer should doubt: records that were dated back to win, or to beat, a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import attrs

from partnerleads.attribution.claims import Claim, Contact
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
    ``backdated_contact``: who wins depends on a contact that is said to have happened at another
    time than it was recorded.

    Args:
        lead_id: The lead.
        events: Its events, settled and in order.
        captured: Its first capture.
        closed: Its standing close.
        policy: The rules; both times are tried.
        as_of: The moment looked from.
    """
    recorded, occurred = (
        judge(
            events,
            captured=captured,
            closed=closed,
            policy=attrs.evolve(policy, times=times),
            as_of=as_of,
        )
        for times in ("recorded", "occurred")
    )
    wins, would_win = recorded.winning_claim, occurred.winning_claim
    if (wins and wins.event) is (would_win and would_win.event):
        return
    if wins is not None:
        words = f"{wins.partner_id}'s claim wins by its record, not by when things happened"
        yield from _contact_in_doubt(lead_id, wins, occurred, words)
    if would_win is None:
        return
    if would_win.event.recorded_at > would_win.event.occurred_at:
        words = f"{would_win.partner_id}'s claim would win by when it happened, not by its record"
        yield _doubt("backdated_claim", lead_id, would_win, f"{words}; it", would_win.event)
    else:
        words = f"{would_win.partner_id}'s claim would win by when things happened, not by record"
        yield from _contact_in_doubt(lead_id, would_win, recorded, words)


def _contact_in_doubt(
    lead_id: LeadId, claim: Claim, other: Verdict, words: str
) -> Iterator[Finding]:
    """What a claim that wins by one of the times fails against by the other.

    Nothing where that is a claim: it would win, and is in doubt itself.
    """
    lost = next(one for one in other.claims if one.claim.event is claim.event)
    if isinstance(lost.against, Contact):
        who = lost.against.partner_id or "the own team"
        words = f"{words}; a contact by {who}"
        yield _doubt("backdated_contact", lead_id, claim, words, lost.against.event)
    elif lost.against is None:
        yield _doubt("backdated_contact", lead_id, claim, f"{words}; it", claim.event)


def _doubt(rule: str, lead_id: LeadId, claim: Claim, words: str, event: LeadFact) -> Finding:
    return Finding(
        rule=rule,
        words=(
            f"{words} is said to have happened {event.occurred_at:%Y-%m-%d %H:%M} "
            f"and was recorded {event.recorded_at:%Y-%m-%d %H:%M}"
        ),
        lead_id=lead_id,
        partner_id=claim.partner_id,
        event_ids=tuple(dict.fromkeys((event.event_id, claim.event.event_id))),
        at=event.recorded_at,
    )
