"""Who is credited with a lead: sourced, influenced or direct, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Literal, TypeAlias

from attrs import field, frozen

from partnerleads.attribution.claims import Claimed
from partnerleads.attribution.glance import at_a_glance
from partnerleads.attribution.influences import influences_of
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.weighing import ClaimVerdict, judge_claims
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.fact import LeadFact
from partnerleads.events.order import LeadEvent
from partnerleads.events.registration import DealRegistered
from partnerleads.model.ids import PartnerId

__all__ = ["AttributionClass", "Verdict", "credit", "judge", "winning_event"]

_rank = attrgetter("rank")

AttributionClass: TypeAlias = Literal["sourced", "influenced", "direct"]


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
    shape: bytes,
    captured: LeadCaptured | None,
    closed: LeadFact | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> tuple[AttributionClass, PartnerId | None]:
    """The class of a lead and its sourcing partner, without the evidence.

    Args:
        events: The lead's events, settled and in order, none after *as_of*.
        shape: Their ranks.
        captured: Its first capture.
        closed: Its standing close; None while it is open.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    referred = captured is not None and captured.originator is not None
    if referred or DealRegistered.rank in shape:
        winner = winning_event(events, shape=shape, captured=captured, policy=policy, as_of=as_of)
        if winner is not None:
            return "sourced", _partner_of(winner)
    influences = influences_of(events, shape=shape, captured=captured, closed=closed, policy=policy)
    for _ in influences:
        return "influenced", None
    return "direct", None


def winning_event(
    events: Sequence[LeadEvent],
    *,
    shape: bytes,
    captured: LeadCaptured | None,
    policy: AttributionPolicy,
    as_of: datetime,
) -> Claimed | None:
    """The event by which the winner claims the lead; None where no claim earns the credit.

    Args:
        events: The lead's events, settled and in order, none after *as_of*.
        shape: Their ranks.
        captured: Its first capture.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    sure, event = at_a_glance(events, shape=shape, captured=captured, policy=policy, as_of=as_of)
    if sure:
        return event
    judged = judge_claims(events, captured=captured, policy=policy, as_of=as_of)
    return next((one.claim.event for one in judged if not one.failure), None)


def _partner_of(claimed: Claimed) -> PartnerId | None:
    """The partner that an event claims the lead for."""
    return claimed.originator if isinstance(claimed, LeadCaptured) else claimed.partner_id


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
    shape = bytes(map(_rank, events))
    influences = list(
        influences_of(events, shape=shape, captured=captured, closed=closed, policy=policy)
    )
    winner = next((one.claim.partner_id for one in judged if not one.failure), None)
    influencers = dict.fromkeys(partner for partner, _ in influences if partner != winner)
    attribution: AttributionClass = "direct"
    if winner is not None:
        attribution = "sourced"
    elif influencers:
        attribution = "influenced"
    acts = tuple(event for _, event in influences)
    return Verdict(attribution, winner, tuple(influencers), judged, acts)
