"""The life of one lead of the synthetic programme, told so that its true class is known."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from attrs import frozen

from partnerleads.datasets.closing import close, work
from partnerleads.datasets.market import pick
from partnerleads.datasets.partner_stories import PartnerTruth
from partnerleads.datasets.scenarios import SCENARIOS, SHARES, SOURCED
from partnerleads.datasets.story import Story
from partnerleads.events import Event

__all__ = ["LeadTruth", "tell_lead"]

_DIRECT_CLOSE_RATE = 0.125
_INDUSTRY_PULL = {
    "manufacturing": 1.15,
    "retail": 0.9,
    "finance": 1.1,
    "health": 1.0,
    "public": 0.75,
}


@frozen(kw_only=True)
class LeadTruth:
    """What is true of a lead, whatever the records say.

    Attributes:
        lead_id: The lead.
        attribution: ``sourced``, ``influenced`` or ``direct``, as of the end of the sample.
        sourcing_partner: Partner that sourced it; None unless it is sourced.
        scenario: How it came about, such as ``referral`` or ``lapsed claim``.
        propensity: Chance that it is won in the end, before a reopen. [0..1]
        outcome: ``won``, ``lost``, ``disqualified`` or ``open`` as of the end of the sample.
        dirt: Names of the dirt put on it.
    """

    lead_id: str
    attribution: str
    sourcing_partner: str | None
    scenario: str
    propensity: float
    outcome: str
    dirt: tuple[str, ...] = ()


def tell_lead(
    chance: Random, number: int, partners: Sequence[PartnerTruth]
) -> tuple[tuple[Event, ...], LeadTruth]:
    """Invent one lead: its events up to the end of the sample, and the truth about it.

    Args:
        chance: Source of chance of this lead alone.
        number: Its number, from 1.
        partners: The partners of the programme.
    """
    story = Story(chance, number, partners)
    scenario = pick(chance, SHARES)
    SCENARIOS[scenario](story)
    with_partner = scenario in SOURCED or "partner_id" in story.worker or story.touched
    close_rate = story.partner.close_rate if with_partner else _DIRECT_CLOSE_RATE
    propensity = round(min(close_rate * _INDUSTRY_PULL[story.industry], 0.95), 4)
    won = chance.random() < propensity
    work(story, won=won)
    close(story, won=won)
    sourced = scenario in SOURCED
    truth = LeadTruth(
        lead_id=story.lead_id,
        attribution="sourced" if sourced else "influenced" if story.touched else "direct",
        sourcing_partner=story.partner.partner_id if sourced else None,
        scenario=scenario,
        propensity=propensity,
        outcome=story.outcome,
    )
    return tuple(story.diary.events), truth
