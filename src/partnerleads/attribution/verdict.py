"""Who is credited with a lead: sourced, influenced or direct, with the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from partnerleads.attribution.claims import Claim, Contact, claims_of, contacts_of
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.close import LeadWon
from partnerleads.events.engagement import ContactMade, PartnerInfluenced
from partnerleads.events.fact import LeadFact
from partnerleads.events.matching import same_recipient
from partnerleads.events.offers import LeadAccepted, LeadReturned
from partnerleads.events.order import LeadEvent
from partnerleads.events.progress import LeadProgressed
from partnerleads.events.registration import (
    DealRegistered,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.model.ids import PartnerId

__all__ = [
    "AttributionClass",
    "ClaimVerdict",
    "Verdict",
    "attributing",
    "credit",
    "judge",
    "judge_claims",
]

AttributionClass: TypeAlias = Literal["sourced", "influenced", "direct"]

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


@frozen
class Verdict:
    """The attribution of one lead as of a moment.

    Attributes:
        attribution: ``sourced``, ``influenced`` or ``direct``; always exactly one.
        sourcing_partner: The one partner that sourced it; None unless sourced.
        influencers: Partners that influenced it, by their first influence; also on sourced leads,
            where they earn nothing.
        claims: Every claim, with why it earned credit or not.
        influences: The events by which the influencers influenced it.
    """

    attribution: AttributionClass
    sourcing_partner: PartnerId | None = None
    influencers: tuple[PartnerId, ...] = ()
    claims: tuple[ClaimVerdict, ...] = ()
    influences: tuple[LeadEvent, ...] = field(default=(), repr=False)


def credit(
    events: Sequence[LeadEvent],
    *,
    claimed: bool,
    captured: LeadCaptured | None,
    closed: LeadFact | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> tuple[AttributionClass, PartnerId | None]:
    """The class of a lead and its sourcing partner, without the evidence.

    Args:
        events: The lead's events, settled and in order, none after *as_of*; those that
            :func:`attributing` keeps are enough.
        claimed: Whether it has any registration or referral.
        captured: Its first capture.
        closed: Its standing close; None while it is open.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    if claimed:
        for one in judge_claims(events, captured=captured, policy=policy, as_of=as_of):
            if not one.failure:
                return "sourced", one.claim.partner_id
    for _ in _influences(events, captured, closed, policy):
        return "influenced", None
    return "direct", None


def judge(
    events: Sequence[LeadEvent],
    *,
    captured: LeadCaptured | None,
    closed: LeadFact | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> Verdict:
    """The verdict on one lead, with its evidence.

    Args:
        events: The lead's events, settled and in order, none after *as_of*.
        captured: Its first capture.
        closed: Its standing close; None while it is open.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    judged = judge_claims(events, captured=captured, policy=policy, as_of=as_of)
    influences = list(_influences(events, captured, closed, policy))
    winner = next((one.claim.partner_id for one in judged if not one.failure), None)
    influencers = dict.fromkeys(partner for partner, _ in influences if partner != winner)
    attribution: AttributionClass = "direct"
    if winner is not None:
        attribution = "sourced"
    elif influencers:
        attribution = "influenced"
    acts = tuple(event for _, event in influences)
    return Verdict(attribution, winner, tuple(influencers), judged, acts)


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
        start = captured.recorded_at if policy.times == "recorded" else captured.occurred_at
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


_GROUNDS = frozenset(
    kind.rank
    for kind in (
        LeadCaptured,
        DealRegistered,
        RegistrationApproved,
        RegistrationRejected,
        RegistrationWithdrawn,
        ContactMade,
        PartnerInfluenced,
        LeadAccepted,
        LeadReturned,
        LeadProgressed,
        LeadWon,
    )
)


def attributing(events: Sequence[LeadEvent]) -> list[LeadEvent]:
    """Those of a lead's events that attribution looks at, in their order."""
    return [event for event in events if event.rank in _GROUNDS]


_INFLUENCING = frozenset(
    kind.rank for kind in (PartnerInfluenced, ContactMade, LeadAccepted, LeadProgressed, LeadWon)
)


def _influences(
    events: Sequence[LeadEvent],
    captured: LeadCaptured | None,
    closed: LeadFact | None,
    policy: AttributionPolicy,
) -> Iterator[tuple[PartnerId, LeadEvent]]:
    """The events by which partners influenced a lead, with the partner."""
    if captured is None:
        return
    started = False
    for place, event in enumerate(events):
        if event is captured:
            started = True
        elif started and event.rank in _INFLUENCING:
            partner: PartnerId | None = event.partner_id  # type: ignore[union-attr]
            if partner is None or (closed is not None and _too_far(event, closed, policy)):
                continue
            if type(event) is ContactMade and event.by == "own_team":
                continue
            if type(event) is LeadAccepted and _returned(event, events[place + 1 :]):
                continue
            yield partner, event


def _too_far(event: LeadEvent, closed: LeadFact, policy: AttributionPolicy) -> bool:
    if event.occurred_at > closed.occurred_at:
        return True
    lookback = policy.influence_lookback
    return lookback is not None and closed.occurred_at - event.occurred_at > lookback


def _returned(accepted: LeadAccepted, later: Sequence[LeadEvent]) -> bool:
    return any(isinstance(e, LeadReturned) and same_recipient(e, accepted) for e in later)
