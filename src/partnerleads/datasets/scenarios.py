"""How a lead comes about: who claims it, who is offered it, and whose it therefore truly is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from partnerleads import events as e
from partnerleads.datasets.market import (
    CAMPAIGNS,
    COMPANY_SIZES,
    DEAL_TYPES,
    later,
    pick,
)
from partnerleads.datasets.story import Story
from partnerleads.model import Lead

__all__ = ["SCENARIOS", "SHARES", "SOURCED"]

SHARES = {
    "referral": 13,
    "registration": 11,
    "routed": 14,
    "helped": 8,
    "late claim": 4,
    "lapsed claim": 2,
    "own": 33,
    "refused by partners": 7,
    "returned": 4,
    "rejected claim": 3,
    "withdrawn claim": 1,
}
"""How often each scenario happens. [percent]"""
SOURCED = ("referral", "registration")
"""Scenarios in which the partner truly sourced the lead."""


def _capture(story: Story, *, originator: str | None = None) -> None:
    chance, place = story.chance, story.place
    campaign = {"campaign": pick(chance, CAMPAIGNS)} if story.happens(0.4) else {}
    close_by = (story.captured_at + timedelta(days=chance.randrange(50, 130))).replace(
        hour=0, minute=0
    )
    lead = Lead(
        account=f"account-{chance.randrange(1, 1700):04d}",
        region=place.region,
        country=place.country,
        deal_type=pick(chance, DEAL_TYPES),
        industry=story.industry,
        company_size=pick(chance, COMPANY_SIZES),
        attributes=campaign,
    )
    story.note(
        e.LeadCaptured,
        story.captured_at,
        lead=lead,
        originator=originator,
        expected_value=place.money(story.euros) if story.happens(0.85) else None,
        expected_close_at=close_by if story.happens(0.5) else None,
    )


def _own_contact(story: Story) -> None:
    story.note(e.ContactMade, story.after(0.1, 4), by="own_team", agent_id=story.agent)


def _give_to_partner(story: Story) -> None:
    story.worker = {
        "partner_id": story.partner.partner_id,
        "agent_id": f"{story.partner.partner_id}-{story.chance.choice('ab')}",
    }


def _claim(story: Story, **fields: Any) -> dict[str, str]:
    claim = {
        "partner_id": story.partner.partner_id,
        "registration_id": f"claim-{story.lead_id[-4:]}",
    }
    story.note(e.DealRegistered, story.clock, **claim, **fields)
    return claim


def _protection(story: Story, days: int) -> dict[str, Any]:
    return {"protected_until": (story.clock + timedelta(days=days)).replace(hour=0, minute=0)}


def _referral(story: Story) -> None:
    _capture(story, originator=story.partner.partner_id)
    _own_contact(story)
    _offer(story, 1)


def _registration(story: Story) -> None:
    story.clock = later(story.chance, story.captured_at, -story.chance.uniform(0.2, 3))
    story.captured_at = later(story.chance, story.clock, 0.1)
    claim = _claim(story, **_protection(story, 90))
    _capture(story)
    story.clock = story.captured_at
    protection = _protection(story, 180)
    story.note(e.RegistrationApproved, story.after(0.5, 5), **claim, **protection)
    _own_contact(story)
    if story.happens(0.12):
        _rival_claim(story)
    _offer(story, 1)


def _rival_claim(story: Story) -> None:
    rival = {
        "partner_id": story.chance.choice(story.others).partner_id,
        "registration_id": f"rival-{story.lead_id[-4:]}",
    }
    story.note(e.DealRegistered, story.after(0.5, 6), **rival)
    reason = "protected for another partner"
    story.note(e.RegistrationRejected, story.after(0.5, 4), **rival, reason=reason)


_RIVALLED = 0.83
"""Part of the leads given to their own partner at once that another one might have got.

It makes them as many as those that went to the other one first: so the chances, which the events
state as even, are."""


def _route(story: Story, *, first: str | None = None) -> None:
    """The draw between the lead's partner and another one, who won it where it is named first."""
    own, rival = story.partner.partner_id, first
    if first is None:
        chance = Random(f"rival of {story.lead_id}")  # a source of its own moves no other draw
        drawn = chance.random() < _RIVALLED and story.others
        rival = chance.choice(story.others).partner_id if drawn else None
    names = tuple(sorted({own} if rival is None else {own, rival}))
    story.note(
        e.LeadRouted,
        story.after(0.01, 0.2),
        decision_id=f"decision-{story.lead_id[-4:]}",
        eligible=names,
        chosen=first or own,
        propensities=dict.fromkeys(names, round(1 / len(names), 4)),
        policy="weighted-2024b",
    )


def _refused_offer(story: Story, number: int) -> None:
    asked = story.chance.choice(story.others).partner_id
    offer = {"partner_id": asked, "offer_id": f"offer-{story.lead_id[-4:]}-{number}"}
    answer, low, high = pick(
        story.chance,
        {
            (e.LeadDeclined, 0.05, 2.5): 5,
            (e.OfferExpired, 3.0, 3.01): 3,
            (e.OfferWithdrawn, 0.5, 2.0): 2,
        },
    )
    if number == 1:
        _route(story, first=asked)
    story.note(e.LeadOffered, story.after(0.01, 0.1), **offer, **_protection_of_offer(story))
    reason = story.chance.choice(("no capacity", "wrong region")) if low == 0.05 else None
    story.note(answer, story.after(low, high), **offer, reason=reason)


def _protection_of_offer(story: Story) -> dict[str, Any]:
    return {"expires_at": story.clock + timedelta(days=3)}


def _offer(story: Story, number: int) -> dict[str, Any]:
    """Offer the lead to its partner, who accepts it."""
    _give_to_partner(story)
    partner = {"partner_id": story.partner.partner_id}
    offer = {**partner, "offer_id": f"offer-{story.lead_id[-4:]}-{number}"}
    story.note(e.LeadOffered, story.after(0.01, 0.1), **offer, **_protection_of_offer(story))
    hours = min(story.chance.lognormvariate(2.2, 0.9), 60)
    story.touched = story.note(e.LeadAccepted, story.after(0, hours / 24), **offer)
    return offer


def _routed(story: Story) -> None:
    _capture(story)
    refusals = pick(story.chance, {0: 65, 1: 27, 2: 8})
    for number in range(1, refusals + 1):
        _refused_offer(story, number)
    if refusals == 0:
        _route(story)
    _offer(story, refusals + 1)
    story.note(e.LeadAssigned, story.after(0.02, 1), **story.worker)


def _own_work(story: Story) -> None:
    if story.happens(0.6):
        story.note(e.LeadOffered, story.after(0.01, 0.1), agent_id=story.agent)
        story.note(e.LeadAccepted, story.after(0.02, 2), agent_id=story.agent)
    else:
        story.note(e.LeadAssigned, story.after(0.02, 1), agent_id=story.agent)


def _own(story: Story) -> None:
    _capture(story)
    _own_work(story)
    _own_contact(story)


def _helped(story: Story) -> None:
    _own(story)
    activity = story.chance.choice(("demo", "workshop", "introduction"))
    partner = story.partner.partner_id
    story.touched = story.note(
        e.PartnerInfluenced, story.after(1, 6), partner_id=partner, activity=activity
    )


def _late_claim(story: Story) -> None:
    _own(story)
    story.after(1, 8)
    claim = _claim(story)
    story.note(e.RegistrationRejected, story.after(1, 4), **claim, reason="known to us")
    partner = story.partner.partner_id
    story.touched = story.note(e.ContactMade, story.after(1, 3), by="partner", partner_id=partner)


def _lapsed_claim(story: Story) -> None:
    story.clock = later(story.chance, story.captured_at, -story.chance.uniform(120, 160))
    protection = _protection(story, 90)
    claim = _claim(story)
    story.note(e.RegistrationApproved, story.after(1, 3), **claim, **protection)
    story.clock = story.captured_at
    _own(story)
    partner = story.partner.partner_id
    story.touched = story.note(e.ContactMade, story.after(1, 3), by="partner", partner_id=partner)


def _refused_by_partners(story: Story) -> None:
    _capture(story)
    _refused_offer(story, 1)
    _own_work(story)


def _returned(story: Story) -> None:
    _capture(story)
    own = story.worker
    _route(story)
    offer = _offer(story, 1)
    if story.note(e.LeadReturned, story.after(1, 8), **offer, reason="no capacity"):
        story.touched = False
    story.worker = own
    _own_work(story)


def _rejected_claim(story: Story) -> None:
    _own(story)
    story.after(1, 8)
    claim = _claim(story)
    story.note(e.RegistrationRejected, story.after(1, 4), **claim, reason="known to us")


def _withdrawn_claim(story: Story) -> None:
    _own(story)
    story.after(1, 8)
    claim = _claim(story)
    story.note(e.RegistrationWithdrawn, story.after(1, 9), **claim, reason="customer unknown")


SCENARIOS: dict[str, Callable[[Story], None]] = {
    "referral": _referral,
    "registration": _registration,
    "routed": _routed,
    "helped": _helped,
    "late claim": _late_claim,
    "lapsed claim": _lapsed_claim,
    "own": _own,
    "refused by partners": _refused_by_partners,
    "returned": _returned,
    "rejected claim": _rejected_claim,
    "withdrawn claim": _withdrawn_claim,
}
