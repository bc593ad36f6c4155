"""Doubts about the claims on single leads: too late, or by several partners."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from operator import attrgetter

from attrs import evolve

from partnerleads.attribution import AttributionPolicy, Claim, ClaimVerdict, Contact
from partnerleads.attribution.weighing import judge_claims
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import Finding
from partnerleads.model.moments import moment_text

__all__ = ["claim_doubts"]

_DAY = timedelta(days=1)


def claim_doubts(lives: Lifecycles) -> Iterator[Finding]:
    """What is doubtful about the claims on single leads, whether or not they earned the credit.

    Claims that were rejected or withdrawn are past doubt. The findings come in no order.

    Args:
        lives: The leads.
    """
    # by their records alone, whatever else the policy asks or allows
    policy = evolve(lives.policy, times="recorded", claim_lock=None, contact_required=False)
    for lead in filter(attrgetter("claimed"), lives.leads.values()):
        judged = [one for one in _weighed(lead, policy) if one.failure != "undone"]
        yield from _after_contact(lead, judged)
        yield from _after_win(lead, judged)
        yield from _twice(lead, judged)


def _weighed(lead: LeadLifecycle, policy: AttributionPolicy) -> Sequence[ClaimVerdict]:
    return judge_claims(lead.events, captured=lead.captured, policy=policy, as_of=lead.moment.as_of)


def _after_contact(lead: LeadLifecycle, judged: Sequence[ClaimVerdict]) -> Iterator[Finding]:
    for one in judged:
        if one.failure == "late" and isinstance(one.against, Contact):
            claim, contact = one.claim, one.against
            who = contact.partner_id or "the own team"
            still = "; it has the credit all the same" if _is_credited(claim, lead) else ""
            first = f"the first contact by {who} {moment_text(contact.event.recorded_at)}"
            words = f"{_recorded(claim)}, {first}{still}"
            yield _doubt("claim_after_contact", lead, claim, words, contact.event.event_id)


def _is_credited(claim: Claim, lead: LeadLifecycle) -> bool:
    # two sources may give different events the same id
    return any(not one.failure and one.claim.event is claim.event for one in lead.verdict.claims)


def _after_win(lead: LeadLifecycle, judged: Sequence[ClaimVerdict]) -> Iterator[Finding]:
    won = lead.first_won
    if won is None or won.precision in ("assumed", "relative"):
        return
    over = won.occurred_at + (_DAY if won.precision == "day" else timedelta(0))
    for one in judged:
        recorded = one.claim.event.recorded_at
        if recorded > won.occurred_at and recorded >= over:
            words = f"{_recorded(one.claim)}, after the win of {moment_text(won.occurred_at)}"
            yield _doubt("claim_after_win", lead, one.claim, words, won.event_id)


def _twice(lead: LeadLifecycle, judged: Sequence[ClaimVerdict]) -> Iterator[Finding]:
    firsts: dict[str, Claim] = {}
    for one in judged:
        firsts.setdefault(one.claim.partner_id, one.claim)
    if len(firsts) > 1:
        credit = lead.sourcing_partner or "none of them"
        yield Finding(
            rule="claimed_twice",
            words=f"{', '.join(firsts)} claim it; {credit} has the credit",
            lead_id=lead.lead_id,
            event_ids=tuple(_id(claim) for claim in firsts.values()),
            at=max(claim.counts_at for claim in firsts.values()),
        )


def _id(claim: Claim) -> str:
    return claim.event.event_id


def _recorded(claim: Claim) -> str:
    return f"{claim.partner_id}'s claim was recorded {moment_text(claim.event.recorded_at)}"


def _doubt(rule: str, lead: LeadLifecycle, claim: Claim, words: str, other: str) -> Finding:
    return Finding(
        rule=rule,
        words=words,
        lead_id=lead.lead_id,
        partner_id=claim.partner_id,
        event_ids=(_id(claim), other),
        at=claim.event.recorded_at,
    )
