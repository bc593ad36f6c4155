"""Who is credited with a lead: sourced, influenced or direct, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from attrs import field, frozen

from partnerleads.attribution.crediting import AttributionClass
from partnerleads.attribution.influences import influences_of
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.weighing import ClaimVerdict, judge_claims
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.fact import LeadFact
from partnerleads.events.order import LeadEvent
from partnerleads.model.ids import PartnerId

__all__ = ["Verdict", "judge"]

_rank = attrgetter("rank")


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
    influences = list(influences_of(events, bytes(map(_rank, events)), closed, policy))
    winner = next((one.claim.partner_id for one in judged if not one.failure), None)
    influencers = dict.fromkeys(partner for partner, _ in influences if partner != winner)
    attribution: AttributionClass = "direct"
    if winner is not None:
        attribution = "sourced"
    elif influencers:
        attribution = "influenced"
    acts = tuple(event for _, event in influences)
    return Verdict(attribution, winner, tuple(influencers), judged, acts)
