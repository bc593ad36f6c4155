"""How one life is drawn: a capture, blocks of work, perhaps a close, then times, then dirt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from typing import Any

from attrs import field, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from partnerleads.events import KINDS, Event, EventRetracted, Fact, LeadFact, fields_of
from partnerleads.testing.draft import at
from partnerleads.testing.single_strategies import (
    LEAD_IDS,
    PARTNER_IDS,
    fields_strategy,
    made,
    monies,
)

__all__ = ["DIRT", "HALF_DAY", "START", "Plan", "Step", "life", "timed"]

DIRT = frozenset(
    {
        "ties",  # several events at one instant
        "dates",  # precision day, with the clock cut off
        "precisions",  # precision by, assumed or relative
        "sequences",  # a sequence on some events
        "reopens",  # a close, a reopen, and more
        "returns",  # an accepted lead given back
        "several_offers",  # batches, and offers after offers
        "late_records",  # recorded up to a month after it happened
        "disorder",  # steps in any order: won before captured, accepted without an offer
        "uncaptured",  # no capture at all
        "captured_twice",
        "negative_money",
        "duplicates",  # exact copies
        "revisions",  # later versions with another content
        "conflicts",  # versions recorded at one instant
        "retractions",  # of an event, or of nothing
    }
)
"""What can be switched off in histories, by name."""

HALF_DAY = timedelta(hours=12)
"""The grid that events lie on."""
START = at("2026-01-01")
"""No history starts earlier."""

_RARELY = (False, False, False, True)
_DECIDED = frozenset(spec.name for spec in fields_of(Fact))
_NEED_A_PARTNER = ("contact_made", "lead_offered")
_WORK = (
    "lead_activity",
    "lead_updated",
    "lead_routed",
    "lead_assigned",
    "lead_responded",
    "lead_qualified",
    "lead_progressed",
)
_TOUCHES = ("contact_made", "partner_influenced")
_REGISTRATION_ENDS = ("registration_approved", "registration_rejected", "registration_withdrawn")
_OFFER_ENDS = ("lead_accepted", "lead_declined", "offer_expired", "offer_withdrawn")

# made once, since making a strategy takes as long as drawing from it
_four = st.integers(0, 3)
_blocks = st.sampled_from(("work", "touch", "registration", "offer"))
_work = st.sampled_from(_WORK)
_touches = st.sampled_from(_TOUCHES)
_closes = st.sampled_from((None, "lead_won", "lead_lost", "lead_disqualified"))
_registration_ids = st.sampled_from((None, "r1", "r2"))
_registration_ends = st.sampled_from((None, *_REGISTRATION_ENDS))
_offer_ends = st.sampled_from((None, *_OFFER_ENDS))
_sequences = st.integers(1, 3)
_starts = st.integers(0, 60)
_distances = {least: st.integers(least, 20) for least in (0, 2)}
_delays = {least: st.integers(least, 60) for least in (0, 1)}


@frozen
class Step:
    """One event of a life before it has a time.

    Attributes:
        kind: Name of the kind.
        fields: Fields that the life decides; the rest are drawn.
        joined: Whether it happens at the instant of the step before it.
    """

    kind: str
    fields: dict[str, Any] = field(factory=dict)
    joined: bool = False


@frozen(kw_only=True)
class Plan:
    """What one history is drawn from: the options of a history strategy, and its identity."""

    lead_id: str = LEAD_IDS[0]
    partner_ids: tuple[str, ...] = PARTNER_IDS
    currencies: tuple[str, ...] = ("EUR",)
    dirt: frozenset[str] = DIRT
    max_blocks: int = 4
    source: str = "crm"
    prefix: str = "e"

    def chance(self, draw: DrawFn, dirt: str) -> bool:
        """Whether that dirt is allowed and this draw takes it."""
        return dirt in self.dirt and draw(_four) == 3

    @property
    def lowest(self) -> int:
        """The least money. [smallest unit]"""
        return -100_000 if "negative_money" in self.dirt else 0


@st.composite
def life(draw: DrawFn, plan: Plan) -> tuple[Event, ...]:
    """The events of one lead, in the order they were drawn."""
    steps = list(_steps(draw, plan))
    if plan.chance(draw, "disorder"):
        steps = draw(st.permutations(steps))
    moment = START + draw(_starts) * HALF_DAY
    events: list[Event] = []
    for number, step in enumerate(steps, start=1):
        if not step.joined:
            moment += draw(_distances[0 if "ties" in plan.dirt else 2]) * HALF_DAY
        events.append(timed(draw, plan, step, moment, f"{plan.prefix}{number}"))
    return (*events, *_copies(draw, plan, events), *_retractions(draw, plan, events))


def _steps(draw: DrawFn, plan: Plan) -> Iterator[Step]:
    if not plan.chance(draw, "uncaptured"):
        yield Step("lead_captured")
    offers = 0
    for _ in range(draw(st.integers(0, plan.max_blocks))):
        block = draw(_blocks)
        if block == "registration":
            yield from _registration(draw, plan)
        elif block == "offer" and (offers == 0 or "several_offers" in plan.dirt):
            offers += 1
            yield from _offer(draw, plan, f"o{offers}")
        else:
            yield Step(draw(_touches if block == "touch" else _work))
    yield from _close(draw, plan)
    if plan.chance(draw, "captured_twice"):
        yield Step("lead_captured")


def _registration(draw: DrawFn, plan: Plan) -> Iterator[Step]:
    ids = draw(_registration_ids)
    claim = {"partner_id": draw(st.sampled_from(plan.partner_ids)), "registration_id": ids}
    yield Step("deal_registered", claim)
    end = draw(_registration_ends)
    if end:
        yield Step(end, claim)


def _offer(draw: DrawFn, plan: Plan, offer_id: str) -> Iterator[Step]:
    most = 2 if "several_offers" in plan.dirt else 1
    partners = st.sampled_from(plan.partner_ids)
    asked = draw(st.lists(partners, min_size=1, max_size=most, unique=True))
    offer = {"offer_id": draw(st.sampled_from((None, offer_id))), "agent_id": None}
    for place, partner_id in enumerate(asked):
        yield Step("lead_offered", {**offer, "partner_id": partner_id}, joined=place > 0)
    answer = {**offer, "partner_id": asked[0]}
    end = draw(_offer_ends)
    if end:
        yield Step(end, answer)
    if end == "lead_accepted" and plan.chance(draw, "returns"):
        yield Step("lead_returned", answer)


def _close(draw: DrawFn, plan: Plan) -> Iterator[Step]:
    end = draw(_closes)
    if end is None:
        return
    yield Step(end)
    if end == "lead_won" and draw(st.booleans()):
        yield Step("deal_refunded")
    if plan.chance(draw, "reopens"):
        yield Step("lead_reopened")
        yield from _close(draw, plan)


def timed(draw: DrawFn, plan: Plan, step: Step, moment: datetime, event_id: str) -> Event:
    """One event that a step may be at a moment, with the dirt of single events."""
    fields = draw(_fields(step.kind, plan.partner_ids, plan.currencies, plan.lowest))
    precision, is_late, has_sequence = draw(_manners(plan.dirt))
    fields |= {
        "event_id": event_id,
        "source": plan.source,
        "occurred_at": moment.replace(hour=0) if precision == "day" else moment,
        "recorded_at": moment,
        "precision": precision,
    }
    if issubclass(KINDS[step.kind], LeadFact):
        fields["lead_id"] = plan.lead_id
    if step.kind in _NEED_A_PARTNER and fields["partner_id"] is None:
        fields["partner_id"] = plan.partner_ids[0]
    if is_late:
        fields["recorded_at"] += draw(_delays[1]) * HALF_DAY
    if has_sequence:
        fields["sequence"] = draw(_sequences)
    return made(step.kind, fields | step.fields)


@cache
def _manners(dirt: frozenset[str]) -> SearchStrategy[tuple[str, bool, bool]]:
    """The precision of an event, whether it is recorded late, and whether it has a sequence."""
    day = ("day",) if "dates" in dirt else ()
    others = ("by", "assumed", "relative") if "precisions" in dirt else ()
    late, sequenced = (
        _RARELY if name in dirt else (False,) for name in ("late_records", "sequences")
    )
    return st.sampled_from(tuple(product(("instant", *day, *others), late, sequenced)))


@cache
def _fields(
    kind: str, partner_ids: tuple[str, ...], currencies: tuple[str, ...], lowest: int
) -> SearchStrategy[dict[str, Any]]:
    """What the life does not decide; made once, since making strategies is slow."""
    partner = st.sampled_from(partner_ids)
    return fields_strategy(
        KINDS[kind],
        given={
            **dict.fromkeys(("partner_id", "originator", "chosen"), partner),
            "eligible": st.lists(partner, unique=True).map(tuple),
            "money": monies(currencies=currencies, lowest=lowest),
        },
        without=_DECIDED | ({"lead_id"} if issubclass(KINDS[kind], LeadFact) else set()),
    )


def _copies(draw: DrawFn, plan: Plan, events: Sequence[Event]) -> Iterator[Event]:
    """Exact copies, later versions, and versions recorded at the same instant."""
    for dirt, least in (("duplicates", None), ("revisions", 1), ("conflicts", 0)):
        if not events or not plan.chance(draw, dirt):
            continue
        event = draw(st.sampled_from(events))
        if least is None:
            yield event
            continue
        delay = draw(_delays[least]) * HALF_DAY if least else timedelta()
        step = Step(event.type, {"recorded_at": event.recorded_at + delay})
        yield timed(draw, plan, step, event.occurred_at, event.event_id)


def _retractions(draw: DrawFn, plan: Plan, events: Sequence[Event]) -> Iterator[Event]:
    if plan.chance(draw, "retractions"):
        moment = START + draw(st.integers(0, 240)) * HALF_DAY
        yield EventRetracted(
            event_id=f"{plan.prefix}-r",
            occurred_at=moment,
            source=plan.source,
            retracts=draw(st.sampled_from([*(e.event_id for e in events), "nothing"])),
        )
