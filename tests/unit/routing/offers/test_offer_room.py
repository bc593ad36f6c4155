"""Room that offers take: an offer that has lapsed leaves it, whether or not that is on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from partnerleads import fold, testing
from partnerleads.events import LeadEvent
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    Decision,
    HasCapacity,
    InWorkingHours,
    IsActive,
    NextAction,
    NotExcluded,
    OfferPolicy,
    OfferState,
    OfferStep,
    Pool,
    Recipient,
    RoundRobin,
    RoutingContext,
    offer_step,
    routing_context,
)
from partnerleads.testing import at

NOW = at("2026-03-02 09:00")
RULES = (IsActive(), HasCapacity(), NotExcluded())
EARLY = WorkingHours.parse({"tue-fri": "06:00-07:00"}, holidays={date(2026, 3, 3)})


def said(one: Any) -> str:
    return f"{one.occurred_at:%d %H:%M} {one.type.removeprefix('lead_')} {one.partner_id}"


class TwoLeads:
    """A service with two leads at a time, and room for one lead at each of its partners."""

    def __init__(self, *names: str, **policy: Any) -> None:
        crowd = [Recipient(recipient_id=name, capacity=1) for name in names]
        self.pool = Pool(crowd, rules=RULES)
        self.policy = OfferPolicy(**policy)
        self.context = RoutingContext(as_of=NOW)
        self.states = {name: OfferState(name) for name in ("L1", "L2")}
        self.log: list[LeadEvent] = []
        self.decisions: list[Decision] = []

    def tell(self, lead_id: str, what: str | datetime) -> OfferStep:
        happened: Any = what
        if isinstance(what, str):
            clock, _, rest = what.partition(" ")
            text = f"2026-03-02 {clock} {lead_id} {rest} id={lead_id}-{clock}"
            (happened,) = testing.history(text)
        step = offer_step(
            self.states[lead_id],
            happened,
            pool=self.pool,
            router=RoundRobin(),
            context=self.context,
            policy=self.policy,
        )
        self.states[lead_id], self.context = step.state, step.context
        self.log += step.events
        self.decisions += step.decisions
        return step

    def derived(self, moment: datetime) -> RoutingContext:
        return routing_context(fold(self.log, as_of=moment), decisions=self.decisions)


@pytest.mark.parametrize("turns", [("L1", "L2"), ("L2", "L1")])
def test_of_two_offers_that_lapse_at_one_instant_neither_stands_in_the_way(
    turns: tuple[str, str],
) -> None:
    service = TwoLeads("acme", "beta", fallback="queue")
    service.tell("L1", "09:00 captured")
    service.tell("L2", "09:00 captured")

    for lead_id in turns:
        service.tell(lead_id, at("2026-03-03 09:00"))

    assert ["L1: offered to beta", "L2: offered to acme"] == [
        str(state).partition(" until")[0] for state in service.states.values()
    ]
    assert {"acme": 1, "beta": 1} == service.context.load


def test_a_lapse_leaves_room_before_it_is_on_record() -> None:
    service = TwoLeads("acme")
    service.tell("L1", "09:00 captured")

    step = service.tell("L2", "10:00 captured")

    assert NextAction("recipient", at("2026-03-03 09:00")) == step.next_action
    instant = at("2026-03-03 09:00")
    before = instant - timedelta(microseconds=1)
    assert {"acme": 1} == service.context.later(before).load == service.derived(before).load
    assert {} == service.context.later(instant).load == service.derived(instant).load
    assert () == service.tell("L2", before).events
    assert "03 09:00 offered acme" == said(service.tell("L2", instant).events[-1])
    assert {"acme": 2} == service.context.load
    assert {"acme": 1} == service.context.later(instant).load == service.derived(instant).load

    service.tell("L1", instant)

    assert {"acme": 1} == service.context.load
    assert service.derived(instant).lapses == service.context.lapses
    assert {"L2": {"acme": at("2026-03-04 09:00")}} == service.context.lapses


def test_whoever_accepts_does_not_get_room_when_its_offer_would_have_lapsed() -> None:
    service = TwoLeads("acme")
    service.tell("L1", "09:00 captured")
    assert {"L1": {"acme": at("2026-03-03 09:00")}} == service.context.lapses
    service.tell("L1", "10:00 accepted to acme")

    step = service.tell("L2", "11:00 captured")

    assert NextAction("recipient") == step.next_action
    assert {} == step.context.lapses == service.derived(at("2026-03-02 11:00")).lapses


def test_room_comes_with_the_lapse_that_leaves_it() -> None:
    log = testing.history("""
        2026-03-02 08:00 L1 offered to acme expires_at=2026-03-05
        2026-03-02 08:00 L3 offered to acme expires_at=2026-03-04
        2026-03-02 08:00 L4 offered to acme
        2026-03-02 08:00 L5 offered to corp expires_at=2026-03-03
        2026-03-02 08:00 L6 offered to beta
    """)
    service = TwoLeads("acme")
    corp = Recipient(recipient_id="corp")
    beta = Recipient(recipient_id="beta", capacity=1)

    def chance(capacity: int, hours: WorkingHours | None = None) -> datetime | None:
        acme = Recipient(recipient_id="acme", capacity=capacity, hours=hours)
        service.pool = Pool([acme, beta], rules=(*RULES, InWorkingHours()))
        service.context = routing_context(log, as_of=NOW)
        service.states["L2"] = OfferState("L2")
        return service.tell("L2", "09:00 captured").next_action.at

    assert at("2026-03-05") == chance(2)
    assert at("2026-03-04") == chance(3)
    assert at("2026-03-05 06:00") == chance(2, EARLY)
    assert chance(1) is None
    assert chance(0) is None
    service.pool = Pool([corp], rules=(*RULES, InWorkingHours()))
    assert "02 10:00 offered corp" == said(service.tell("L2", at("2026-03-02 10:00")).events[-1])


def test_a_recipient_with_two_offers_of_a_lead_is_free_of_it_when_both_have_lapsed() -> None:
    log = testing.history("""
        2026-03-02 08:00 L1 offered to acme offer_id=o1 expires_at=2026-03-05
        2026-03-02 08:00 L1 offered to acme offer_id=o2 expires_at=2026-03-04
        2026-03-02 08:00 L3 offered to beta offer_id=o3 expires_at=2026-03-04
        2026-03-02 08:00 L3 offered to beta offer_id=o4
        2026-03-02 08:00 L4 offered to corp agent=ann expires_at=2026-03-04
        2026-03-02 08:00 L5 offered to dorn expires_at=2026-03-04
        2026-03-02 08:30 L5 lost
    """)

    context = routing_context(log, as_of=NOW)

    fourth, fifth = at("2026-03-04"), at("2026-03-05")
    assert {"L1": {"acme": fifth}, "L4": {"ann": fourth, "corp": fourth}} == context.lapses
    assert {"acme": 1, "beta": 1} == context.later(fourth).load
    assert {"L1": {"acme": fifth}} == context.later(fourth).lapses
    assert {"beta": 1} == context.later(fifth).load
    assert context == evolve(context, lapses={})
