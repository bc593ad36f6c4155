"""A seeded log of a partner programme, as large as wanted, to measure speed on.

About ten events a lead, of every kind that a lead usually meets, and about as many contradictions,
copies and retractions as real exports have. It is told lead by lead and then sorted by time, as it
would come from a log; so neighbours in time are strangers in memory. Written to a file and read
again, neighbours in time are neighbours in memory too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import attrs

from partnerleads import events as e
from partnerleads.model import Lead, Money

__all__ = ["AS_OF", "make_log", "write_log"]

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
"""The moment from which the log is looked at; later events are not told."""

_FIRST_DAY = datetime(2024, 7, 1, tzinfo=UTC)
_LOG_DAYS = 729
_SOURCE = "crm"
_REGIONS = ("DACH", "UK&I", "Nordics", "Benelux", "Iberia", "North America", None)
_INDUSTRIES = ("manufacturing", "retail", "finance", "health", "public")
_STAGES = ("discovery", "proposal", "negotiation")

Step: TypeAlias = tuple[type[e.LeadEvent], float, dict[str, Any]]
"""A kind, the hours since the step before, and the fields of its own."""


def make_log(size: int, *, seed: int = 1, dates_only: bool = False) -> list[e.Event]:
    """A log in time order.

    Args:
        size: How many events. [count]
        seed: Equal seeds give equal logs.
        dates_only: Whether only dates are known: all instants are midnights, and the order within
            a day is by chance, as in a daily export.
    """
    chance = Random(seed)
    told: list[e.Event] = list(_partner_events(chance, size // 200))
    number = 0
    while len(told) < size:
        number += 1
        steps = _steps(chance, f"account-{chance.randrange(size)}")  # a longer log has more of them
        told_of = _lead_events(chance, f"L-{number:07}", steps, dates_only=dates_only)
        told += _soiled(chance, list(told_of))
    del told[size:]
    if dates_only:
        chance.shuffle(told)
    return sorted(told, key=attrgetter("occurred_at"))


def write_log(path: Path, size: int, dates_only: bool) -> None:  # noqa: FBT001 - by position
    """Write the log as JSON lines."""
    with path.open("w", encoding="utf-8") as lines:
        for event in make_log(size, dates_only=dates_only):
            lines.write(json.dumps(e.to_row(event), separators=(",", ":")) + "\n")


def _partner_events(chance: Random, count: int) -> Iterator[e.Event]:
    for number in range(count):
        common: dict[str, Any] = {
            "event_id": f"P-{number}",
            "occurred_at": _FIRST_DAY + timedelta(minutes=chance.randrange(_LOG_DAYS * 1440)),
            "partner_id": f"partner-{number % 40:02}",
            "source": _SOURCE,
        }
        if number < 40:
            yield e.PartnerOnboarded(name=f"Partner {number}", tier="gold", **common)
        else:
            yield e.TrainingCompleted(course="basics", **common)


def _lead_events(
    chance: Random, lead_id: str, steps: Iterable[Step], *, dates_only: bool
) -> Iterator[e.LeadEvent]:
    moment = _FIRST_DAY + timedelta(seconds=chance.randrange(_LOG_DAYS * 86400))
    for number, (kind, hours, fields) in enumerate(steps):
        moment += timedelta(seconds=int(hours * 3600))
        if moment >= AS_OF:
            return
        at = recorded_at = moment
        precision: e.Precision = "day" if dates_only else "instant"
        if dates_only:
            at = recorded_at = moment.replace(hour=0, minute=0, second=0)
        elif chance.random() < 0.1:
            recorded_at = moment + timedelta(minutes=chance.randrange(1, 2000))
        yield kind(
            event_id=f"{lead_id}-{number}",
            lead_id=lead_id,
            occurred_at=at,
            recorded_at=recorded_at,
            source=_SOURCE,
            precision=precision,
            **fields,
        )


def _steps(chance: Random, account: str) -> Iterator[Step]:
    partner = f"partner-{int(40 * chance.random() ** 2):02}"
    agent = f"agent-{chance.randrange(300)}"
    euros = round(chance.lognormvariate(9, 1), 2)
    yield e.LeadCaptured, 0, _capture(chance, account, partner, euros)
    if chance.random() < 0.22:
        yield e.DealRegistered, chance.expovariate(1 / 20), {"partner_id": partner}
        if chance.random() < 0.85:
            decision = e.RegistrationApproved if chance.random() < 0.65 else e.RegistrationRejected
            yield decision, chance.expovariate(1 / 30), {"partner_id": partner}
    if chance.random() < 0.8:
        own = chance.random() < 0.5
        who = {"by": "own_team"} if own else {"by": "partner", "partner_id": partner}
        yield e.ContactMade, chance.expovariate(1 / 10), who
    if chance.random() < 0.75:
        yield from _offered(chance, partner)
    if chance.random() < 0.4:
        yield e.LeadAssigned, 2, {"agent_id": agent, "partner_id": partner}
    worker = partner if chance.random() < 0.8 else None  # else the own team
    yield from _worked(chance, partner, worker, agent, euros)
    yield from _closed(chance, worker, agent, euros)


def _capture(chance: Random, account: str, partner: str, euros: float) -> dict[str, Any]:
    lead = Lead(
        account=account,
        region=chance.choice(_REGIONS),
        deal_type="new",
        industry=chance.choice(_INDUSTRIES),
        company_size=chance.randrange(10, 5000),
    )
    fields: dict[str, Any] = {"lead": lead}
    if chance.random() < 0.3:
        fields["originator"] = partner
    if chance.random() < 0.8:
        fields["expected_value"] = Money(f"{euros:.2f}", "EUR")
    return fields


def _offered(chance: Random, partner: str) -> Iterator[Step]:
    if chance.random() < 0.3:
        eligible = (partner, *(f"agent-{chance.randrange(300)}" for _ in range(2)))
        yield e.LeadRouted, 0.2, {"eligible": eligible, "chosen": partner}
    while True:
        to = {"partner_id": partner}
        yield e.LeadOffered, chance.expovariate(1 / 5), to
        answer = chance.random()
        if answer < 0.85:
            yield e.LeadAccepted, chance.expovariate(1 / 12), to
            if chance.random() < 0.05:
                yield e.LeadReturned, 100, {**to, "reason": "no time"}
            return
        yield (e.LeadDeclined if answer < 0.95 else e.OfferExpired), 24, to
        partner = f"partner-{chance.randrange(40):02}"
        if answer < 0.9:
            return


def _worked(
    chance: Random, partner: str, worker: str | None, agent: str, euros: float
) -> Iterator[Step]:
    if chance.random() < 0.4:
        yield e.LeadResponded, 0.1, {"automatic": True}
    yield e.LeadResponded, chance.expovariate(1 / 20), {"agent_id": agent}
    if chance.random() < 0.3:
        yield e.LeadActivity, 30, {"activity": "site visit", "count": chance.randint(1, 6)}
    if chance.random() < 0.7:
        yield e.LeadQualified, chance.expovariate(1 / 60), {"criteria": ("budget", "need")}
    if chance.random() < 0.1:
        yield e.PartnerInfluenced, 50, {"partner_id": partner, "activity": "demo"}
    for number in range(chance.choice((0, 1, 2, 2, 3))):
        fields: dict[str, Any] = {
            "stage": _STAGES[number],
            "probability": (number + 1) / 5,
            "partner_id": worker,
        }
        if chance.random() < 0.6:
            fields["expected_value"] = Money(f"{euros * chance.uniform(0.8, 1.2):.2f}", "EUR")
        yield e.LeadProgressed, chance.expovariate(1 / 200), fields
    if chance.random() < 0.08:
        yield e.LeadUpdated, 48, {"lead": Lead(company_size=chance.randrange(10, 9000))}


def _closed(chance: Random, worker: str | None, agent: str, euros: float) -> Iterator[Step]:
    ending = chance.random()
    wait = chance.lognormvariate(6.8, 0.6)
    if ending < 0.25:
        value = Money(f"{euros:.2f}", "EUR")
        yield e.LeadWon, wait, {"value": value, "partner_id": worker, "agent_id": agent}
        if chance.random() < 0.04:
            yield e.DealRefunded, 900, {"value": Money(f"{euros / 10:.2f}", "EUR")}
    elif ending < 0.75:
        yield e.LeadLost, wait, {"reason": "price", "agent_id": agent}
        if chance.random() < 0.04:
            yield e.LeadReopened, 500, {"reason": "new budget"}
            yield e.LeadWon, 300, {"value": Money(f"{euros:.2f}", "EUR"), "agent_id": agent}
    elif ending < 0.83:
        yield e.LeadDisqualified, 24, {"reason": "no budget"}


def _soiled(chance: Random, told: list[e.LeadEvent]) -> list[e.Event]:
    """Two leads in a hundred with a copy, a revision, a retraction or a contradiction."""
    draw = chance.random()
    if draw >= 0.02 or not told:
        return [*told]
    last = told[-1]
    if draw < 0.005:
        return [*told, told[0]]
    if draw < 0.010:
        return [*told, attrs.evolve(last, recorded_at=last.recorded_at + timedelta(days=1))]
    if draw < 0.015:
        return [event for event in told if not isinstance(event, e.LeadOffered)]
    taken_back = e.EventRetracted(
        event_id=f"{last.event_id}-r",
        occurred_at=last.recorded_at,
        source=_SOURCE,
        retracts=last.event_id,
    )
    return [*told, taken_back]
