"""The partners of the synthetic programme: who they are, and what they do beside leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from attrs import frozen

from partnerleads import events as e
from partnerleads.datasets.market import (
    FIRST_DAY,
    PLACES,
    SAMPLE_AS_OF,
    Diary,
    later,
    pick,
)
from partnerleads.model import Money

__all__ = ["PartnerTruth", "partner_truths", "programme_costs", "tell_partner"]

STRONG = 3
"""Partners that carry most of the wins."""
_NEVER_CLOSING_SHARE = 0.3
_REGIONS = tuple(dict.fromkeys(place.region for place in PLACES))
_HOME = {
    "DACH": "Europe/Berlin",
    "France": "Europe/Paris",
    "Iberia": "Europe/Madrid",
    "Nordics": "Europe/Stockholm",
    "UK&I": "Europe/London",
    "North America": "America/New_York",
    "Japan": "Asia/Tokyo",
}
_TYPES = {"reseller": 5, "referral": 3, "integrator": 2}
_EXPERTISE = ("cloud", "data", "security", "retail", "health")


@frozen(kw_only=True)
class PartnerTruth:
    """What is true of a partner, whatever the records say.

    Attributes:
        partner_id: The partner.
        strength: ``strong``, ``usual`` or ``never closing``.
        partner_type: ``reseller``, ``referral`` or ``integrator``.
        regions: Regions it serves.
        close_rate: Chance that a lead of it is won, before the customer's part. [0..1]
        volume: Leads it takes part in, relative to other partners.
        joined_at: When it joined. [aware datetime]
        left_at: When it left; None while it stays. [aware datetime]
    """

    partner_id: str
    strength: str
    partner_type: str
    regions: tuple[str, ...]
    close_rate: float
    volume: float
    joined_at: datetime
    left_at: datetime | None = None

    def serves(self, moment: datetime) -> bool:
        """Whether it is in the programme then, and stays for a while."""
        if self.left_at is not None and moment > self.left_at - timedelta(days=60):
            return False
        return self.joined_at <= moment


def partner_truths(chance: Random, partners: int) -> tuple[PartnerTruth, ...]:
    """Invent the partners: the strong ones first, the never closing ones last."""
    return tuple(_partner_truth(chance, number, partners) for number in range(1, partners + 1))


def _partner_truth(chance: Random, number: int, partners: int) -> PartnerTruth:
    never_closing = number > partners - round(partners * _NEVER_CLOSING_SHARE)
    strength = "strong" if number <= STRONG else "never closing" if never_closing else "usual"
    late = strength == "usual" and number % 4 == 0
    joined_at = later(chance, FIRST_DAY, chance.uniform(20, 400) * (1 if late else -1))
    left_at = later(chance, SAMPLE_AS_OF, -chance.uniform(20, 300)) if number % 11 == 10 else None
    home = _REGIONS[number % len(_REGIONS)]
    regions = tuple(dict.fromkeys((home, chance.choice(_REGIONS))))
    return PartnerTruth(
        partner_id=f"partner-{number:02d}",
        strength=strength,
        partner_type="reseller" if strength == "strong" else pick(chance, _TYPES),
        regions=_REGIONS if strength == "strong" else regions,
        close_rate={"strong": 0.46, "never closing": 0.0}.get(strength, chance.uniform(0.1, 0.3)),
        volume={"strong": 13.0, "never closing": 3.5}.get(strength, chance.uniform(2, 6)),
        joined_at=joined_at,
        left_at=left_at,
    )


def tell_partner(chance: Random, truth: PartnerTruth) -> Diary:
    """What a partner does beside leads: joining, learning, joint work, leaving."""
    diary = Diary(truth.partner_id)
    who: dict[str, Any] = {"partner_id": truth.partner_id}
    number = int(truth.partner_id[-2:])
    tier = pick(chance, {"silver": 2, "registered": 3})
    diary.note(
        e.PartnerOnboarded,
        truth.joined_at,
        **who,
        name=f"Synthetic Partner {number:02d}",
        partner_type=truth.partner_type,
        tier=tier,
        parent="partner-01" if number % 17 == 5 else None,
        regions=truth.regions,
        expertise=tuple(chance.sample(_EXPERTISE, 2)),
        capacity=chance.randrange(5, 40, 5),
        weight=float(chance.randint(1, 3)),
        time_zone=_HOME[truth.regions[0]],
        working_hours={"mon-fri": "09:00-17:30"},
        attributes={"programme": "synthetic"},
    )
    _tell_learning(chance, diary, truth)
    _tell_joint_work(chance, diary, truth)
    if truth.strength == "strong" or chance.random() < 0.25:
        promoted_at = later(chance, max(FIRST_DAY, truth.joined_at), chance.uniform(60, 150))
        higher = "gold" if truth.strength == "strong" else "silver"
        diary.note(e.PartnerUpdated, promoted_at, **who, tier=higher, attributes={"review": "yes"})
    if truth.left_at is not None:
        diary.note(e.PartnerTerminated, truth.left_at, **who, reason="contract ended")
    return diary


def _moments(chance: Random, truth: PartnerTruth, per_year: float) -> Iterator[datetime]:
    """Moments at which a partner does something, that often a year on average."""
    moment = truth.joined_at
    while True:
        moment = later(chance, moment, chance.expovariate(per_year / 365))
        if moment >= (truth.left_at or SAMPLE_AS_OF):
            return
        yield moment


def _tell_learning(chance: Random, diary: Diary, truth: PartnerTruth) -> None:
    who: dict[str, Any] = {"partner_id": truth.partner_id}
    busy = 3 if truth.strength == "strong" else 1
    for moment in _moments(chance, truth, busy * 1.5):
        diary.note(e.TrainingCompleted, moment, **who, course=chance.choice(_EXPERTISE))
    for moment in _moments(chance, truth, busy * 0.5):
        earned: dict[str, Any] = {"certification": chance.choice(_EXPERTISE)}
        expires_at = (moment + timedelta(days=365)).replace(hour=0, minute=0)
        diary.note(e.CertificationEarned, moment, **who, **earned, expires_at=expires_at)
        if chance.random() < 0.15:
            diary.note(e.CertificationRevoked, later(chance, moment, 90), **who, **earned)


def _tell_joint_work(chance: Random, diary: Diary, truth: PartnerTruth) -> None:
    who: dict[str, Any] = {"partner_id": truth.partner_id}
    busy = 3 if truth.strength == "strong" else 1
    for moment in _moments(chance, truth, busy * 0.8):
        diary.note(e.CampaignJoined, moment, **who, name=f"campaign {moment:%Y-%m}")
        cost = Money(chance.randrange(500, 6000, 100), "EUR")
        diary.note(e.CostIncurred, moment, **who, kind="market development", cost=cost)
    for moment in _moments(chance, truth, busy * 0.6):
        diary.note(e.CoSellHeld, moment, **who, name="account planning")
    for moment in _moments(chance, truth, 0.5):
        diary.note(e.BusinessPlanFiled, moment, **who, name=f"plan {moment.year}")


def programme_costs(chance: Random) -> Diary:
    """What the programme itself costs each month."""
    diary = Diary("costs")
    for month in range(24):
        moment = FIRST_DAY + timedelta(days=30.4 * month + 27)
        moment = moment.replace(hour=12, minute=0, second=0, microsecond=0)
        staff = Money(chance.randrange(18_000, 23_000, 500), "EUR")
        diary.note(e.CostIncurred, moment, kind="staff", cost=staff)
        diary.note(e.CostIncurred, moment, kind="portal", cost=Money("1250", "EUR"))
    return diary
