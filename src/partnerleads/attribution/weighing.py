"""The claims on a lead, weighed against one another and against the contacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.attribution.claims import Claim, Contact, claims_of, contacts_of, counting
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.order import LeadEvent

__all__ = ["ClaimVerdict", "judge_claims"]

Failure: TypeAlias = Literal[
    "", "undone", "locked", "late", "no contact", "lapsed", "earlier claim"
]


@frozen
class ClaimVerdict:
    """What became of one claim.

    Attributes:
        claim: The claim.
        failure: Empty where it earned the credit; else what failed: ``undone``, ``locked``
            (recorded too long after the capture), ``late`` (someone else was there first),
            ``no contact`` (the policy demands the partner's own), ``lapsed`` (not in force at the
            own team's first contact), ``earlier claim``.
        against: The contact or claim that it failed against.
    """

    claim: Claim
    failure: Failure
    against: Contact | Claim | None = None


def judge_claims(
    events: Sequence[LeadEvent],
    *,
    captured: LeadCaptured | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> tuple[ClaimVerdict, ...]:
    """What becomes of every claim on a lead, the earliest first.

    Args:
        events: The lead's events, settled and in order, none after *as_of*.
        captured: Its first capture.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    claims = claims_of(events, captured=captured, policy=policy, as_of=as_of)
    if not claims:
        return ()
    contacts = contacts_of(events, captured=captured, claims=claims, policy=policy, as_of=as_of)
    return _ranked(claims, contacts, captured, policy)


def _ranked(
    claims: Sequence[Claim],
    contacts: Sequence[Contact],
    captured: LeadCaptured | None,
    policy: AttributionPolicy,
) -> tuple[ClaimVerdict, ...]:
    verdicts = []
    winner: Claim | None = None
    ordered = sorted(claims, key=lambda one: one.age_rank) if len(claims) > 1 else claims
    for claim in ordered:
        verdict = _alone(claim, contacts, captured, policy)
        if not verdict.failure:
            if winner is None:
                winner = claim
            else:
                verdict = ClaimVerdict(claim, "earlier claim", winner)
        verdicts.append(verdict)
    return tuple(verdicts)


def _alone(
    claim: Claim,
    contacts: Sequence[Contact],
    captured: LeadCaptured | None,
    policy: AttributionPolicy,
) -> ClaimVerdict:
    """What becomes of a claim if no other claim is earlier."""
    if claim.ended_by is not None:
        return ClaimVerdict(claim, "undone")
    if policy.claim_lock is not None and captured is not None:
        start = counting(policy)(captured)
        if claim.counts_at - start > policy.claim_lock:
            return ClaimVerdict(claim, "locked")
    others = [contact for contact in contacts if contact.partner_id != claim.partner_id]
    if others and not claim.counts_at < others[0].counts_at:
        return ClaimVerdict(claim, "late", others[0])
    if policy.contact_required:
        own = next((c for c in contacts if c.partner_id == claim.partner_id), None)
        if own is None or (others and not own.counts_at < others[0].counts_at):
            return ClaimVerdict(claim, "no contact", others[0] if others else None)
    team = next((contact for contact in contacts if contact.partner_id is None), None)
    if team is not None and not claim.in_force(team.counts_at):
        return ClaimVerdict(claim, "lapsed", team)
    return ClaimVerdict(claim, "")
