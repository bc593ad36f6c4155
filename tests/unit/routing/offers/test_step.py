"""Offers, step by step: who is asked, what ends it, and which messages cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve, frozen

from partnerleads import Lead, fold, testing
from partnerleads.errors import OptionError
from partnerleads.events import EventRetracted, LeadEvent, LeadOffered
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    ByPerformance,
    Decision,
    HasCapacity,
    HasExpertise,
    HasTier,
    InWorkingHours,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    NextAction,
    NotExcluded,
    OfferPolicy,
    OfferState,
    OfferStep,
    Pool,
    Preference,
    Prospect,
    Protection,
    Recipient,
    RoundRobin,
    RoutingContext,
    offer_deadline,
    offer_states,
    offer_step,
    route,
    routing_context,
)
from partnerleads.testing import at

NOW = at("2026-03-02 09:00")
RULES = (IsActive(), HasCapacity(), NotExcluded(), KeepsRegistration(), KeepsAccountOwner())
CROWD = tuple(Recipient(recipient_id=name) for name in ("acme", "beta", "corp"))


def event(text: str) -> LeadEvent:
    """One event of lead L1 at the third of March or later, such as ``10:00 declined by acme``."""
    clock, _, rest = text.partition(" ")
    (found,) = testing.history(f"2026-03-02 {clock} L1 {rest} id={text.replace(' ', '-')}")
    return found  # type: ignore[return-value]


class Service:
    """What a service keeps between two steps."""

    def __init__(self, *crowd: Recipient, preferences: Any = (), **policy: Any) -> None:
        self.pool = Pool(crowd or CROWD, rules=RULES, preferences=preferences)
        self.policy = OfferPolicy(**policy)
        self.context = RoutingContext(as_of=NOW)
        self.state = OfferState("L1")
        self.log: list[LeadEvent] = []
        self.decisions: list[Decision] = []

    def tell(self, what: str | datetime | LeadEvent) -> OfferStep:
        step = offer_step(
            self.state,
            event(what) if isinstance(what, str) else what,
            pool=self.pool,
            router=RoundRobin(),
            context=self.context,
            policy=self.policy,
        )
        self.state, self.context = step.state, step.context
        self.log += step.events
        self.decisions += step.decisions
        return step

    def told(self, *what: str) -> str:
        """What the steps put on record besides the messages."""
        own = [one for each in what for one in self.tell(each).events if one.event_id != ids(each)]
        return "; ".join(said(one) for one in own)


def ids(text: str) -> str:
    return text.replace(" ", "-")


def said(one: Any) -> str:
    who = getattr(one, "chosen", None) or getattr(one, "agent_id", None)
    who = who or getattr(one, "partner_id", None) or "nobody"
    return f"{one.occurred_at:%d %H:%M} {one.type.removeprefix('lead_')} {who}"


def test_a_lead_is_offered_to_one_after_the_other() -> None:
    service = Service(within=timedelta(hours=2))

    assert "02 09:00 routed acme; 02 09:00 offered acme" == service.told("09:00 captured")
    assert "02 10:00 routed beta; 02 10:00 offered beta" == service.told("10:00 declined by acme")
    step = service.tell("10:30 accepted to beta")
    assert ["lead_accepted"] == [one.type for one in step.events]
    assert NextAction("nothing") == step.next_action
    assert "L1: with beta; asked were acme (declined), beta (accepted)" == str(step.state)


def test_an_offer_lapses_at_its_instant_and_the_next_is_asked_then() -> None:
    service = Service(within=timedelta(hours=2))
    first = service.tell("09:00 captured")

    assert NextAction("answer", at("2026-03-02 11:00"), "acme") == first.next_action
    assert () == service.tell(at("2026-03-02 11:00") - timedelta(microseconds=1)).events
    step = service.tell(at("2026-03-02 11:00"))
    lapsed = "02 11:00 offer_expired acme; 02 11:00 routed beta; 02 11:00 offered beta"
    assert lapsed == "; ".join(map(said, step.events))


def test_a_service_that_slept_says_when_the_offer_lapsed_and_when_it_learned_of_it() -> None:
    service = Service(within=timedelta(hours=2))
    service.tell("09:00 captured")

    lapsed, _, offered = service.tell(at("2026-03-02 15:00")).events

    assert at("2026-03-02 11:00") == lapsed.occurred_at
    assert at("2026-03-02 15:00") == lapsed.recorded_at == offered.occurred_at


def test_an_acceptance_at_the_very_expiry_is_late() -> None:
    service = Service(within=timedelta(hours=2))
    service.tell("09:00 captured")

    step = service.tell("11:00 accepted to acme")

    assert "the offer to acme is over: expired at 2026-03-02 11:00 UTC" == step.refused
    assert "lead_accepted" not in {one.type for one in step.events}
    assert "beta" == service.state.open.offered.partner_id  # type: ignore[union-attr]
    assert str(step).endswith(
        f"next: wait for beta until 2026-03-02 13:00 UTC\nrefused: {step.refused}"
    )


def test_an_acceptance_in_time_counts_though_it_was_recorded_late() -> None:
    service = Service(within=timedelta(hours=2))
    service.tell("09:00 captured")

    step = service.tell("10:59 accepted to acme recorded=2026-03-03")

    assert step.refused is None
    assert "acme" == service.state.held.partner_id  # type: ignore[union-attr]


def test_a_step_is_taken_when_the_caller_says() -> None:
    service = Service(within=timedelta(hours=2))
    service.tell("09:00 captured")

    step = offer_step(
        service.state,
        event("10:00 declined by acme"),
        pool=service.pool,
        router=RoundRobin(),
        context=service.context,
        as_of=at("2026-03-02 10:30"),
    )

    assert "02 10:30 offered beta" == said(step.events[-1])


@pytest.mark.parametrize(
    ("messages", "refused"),
    [
        (["09:00 accepted to beta"], "beta has no offer of the lead"),
        (["08:00 accepted to acme"], "it came before the offer of 2026-03-02 09:00 UTC"),
        (
            ["10:00 declined by acme", "10:30 accepted to acme"],
            "the offer to acme is over: declined at 2026-03-02 10:00 UTC",
        ),
        (["10:00 accepted to acme offer=other"], "acme has no offer of the lead"),
        (["10:00 accepted to acme", "10:30 accepted to beta"], "beta has no offer of the lead"),
        (
            ["10:00 accepted to acme", "10:30 returned by acme", "10:40 accepted to acme"],
            "the offer to acme is over: returned at 2026-03-02 10:30 UTC",
        ),
        (["10:00 expired by acme"], "the offer stands until 2026-03-03 09:00 UTC"),
        (["10:00 returned by acme"], "acme does not hold the lead"),
        (
            ["10:00 assigned agent=ann", "10:00 returned agent=ann"],
            "it came before ann had the lead",
        ),
        (["10:00 offered to beta"], "an offer to acme is open"),
        (["10:00 accepted to acme", "10:30 offered to beta"], "acme holds the lead"),
        (["10:00 lost", "10:30 offered to beta"], "the lead is closed"),
    ],
)
def test_what_cannot_be_is_refused_and_not_recorded(messages: list[str], refused: str) -> None:
    service = Service()
    service.tell("09:00 captured")

    steps = [service.tell(text) for text in messages]

    assert [None] * (len(steps) - 1) + [refused] == [step.refused for step in steps]
    assert ids(messages[-1]) not in {one.event_id for one in service.log}


@pytest.mark.parametrize(
    "messages",
    [
        ["10:00 declined by acme", "10:30 declined by acme"],
        ["10:00 accepted to acme", "10:30 accepted to acme"],
        ["10:00 accepted to acme", "10:30 returned by acme", "10:40 returned by acme"],
        ["10:00 offer_withdrawn by acme", "10:30 offer_withdrawn by acme"],
        ["10:00 accepted to acme", "10:00 accepted to acme"],
    ],
)
def test_a_message_that_says_the_same_again_changes_nothing(messages: list[str]) -> None:
    service = Service()
    service.tell("09:00 captured")
    for text in messages[:-1]:
        service.tell(text)
    before = service.state

    step = service.tell(messages[-1])

    assert (before, (), None) == (step.state, step.events, step.refused)


def test_an_event_that_says_something_else_under_a_known_identity_is_refused() -> None:
    service = Service()
    service.tell("09:00 captured")
    first = event("10:00 declined by acme")
    service.tell(first)

    step = service.tell(evolve(event("11:00 declined by beta"), event_id=first.event_id))

    assert "event '10:00-declined-by-acme' is on record and says something else" == step.refused


def test_a_lead_given_back_goes_on_to_the_next() -> None:
    service = Service()
    service.tell("09:00 captured")

    assert "02 11:00 routed beta; 02 11:00 offered beta" == service.told(
        "10:00 accepted to acme", "11:00 returned by acme"
    )
    assert "asked were acme (returned)" in str(service.state)


def test_an_offer_by_hand_is_taken_where_nobody_of_the_house_was_asked() -> None:
    service = Service(Recipient(recipient_id="acme", affiliates=["acme-fr"]))
    service.tell("09:00 captured")
    service.tell("10:00 declined by acme")

    again = service.tell("10:10 offered to acme")
    step = service.tell("10:30 offered to zeta")

    assert "acme, or somebody of its house, was asked before" == again.refused
    assert NextAction("answer", None, "zeta") == step.next_action
    assert "L1: offered to zeta; asked were acme (declined)" == str(step.state)
    assert 1 == step.context.load["zeta"]
    assert "with zeta" in str(service.tell("11:00 accepted to zeta").state)


def test_affiliates_are_not_asked_after_one_of_them_refused() -> None:
    service = Service(
        Recipient(recipient_id="a", parent="firm"),
        Recipient(recipient_id="b", parent="firm"),
        Recipient(recipient_id="c", affiliates=["b"]),
        Recipient(recipient_id="firm"),
    )
    service.tell("09:00 captured")

    step = service.tell("10:00 declined by a")

    assert "c" == step.decisions[0].chosen
    last = service.tell("11:00 declined by c").decisions[0]
    assert last.chosen is None


def test_persons_are_offered_leads_as_agents_of_their_partner() -> None:
    service = Service(Recipient(recipient_id="ann", parent="acme"), agents=["ann"])

    offered = service.tell("09:00 captured").events[-1]

    assert ("acme", "ann") == (offered.partner_id, offered.agent_id)  # type: ignore[union-attr]
    assert {"acme": 1, "ann": 1} == service.context.load
    assert service.tell("10:00 accepted agent=ann").refused is None


def test_a_registration_of_somebody_else_steers_the_lead_to_its_holder() -> None:
    service = Service()
    service.tell("09:00 captured")

    step = service.tell("10:00 registered by beta registration=r1 protected_until=2026-06-01")

    withdrawn = step.events[1]
    assert "registration: needed is to act for beta" in withdrawn.reason  # type: ignore[union-attr]
    assert "beta" == step.state.open.offered.partner_id  # type: ignore[union-attr]
    assert ("registration",) == step.decisions[0].steered
    assert {"beta": 1} == step.context.load
    assert {0} == {*step.context.credits.values()}


def test_a_registration_of_the_one_who_was_asked_leaves_the_offer() -> None:
    service = Service()
    service.tell("09:00 captured")

    assert "" == service.told("10:00 registered by acme")


def test_a_protection_of_the_context_ends_at_its_instant() -> None:
    service = Service()
    held = Protection("beta", "r1", at("2026-03-02 10:00"))
    service.context = evolve(service.context, protections={"L1": (held,)})

    assert "beta" == service.tell(at("2026-03-02 09:30")).decisions[0].chosen
    step = service.tell("10:00 declined by beta")
    assert ((), "acme") == (step.decisions[0].steered, step.decisions[0].chosen)
    assert {} == step.context.protections


def test_an_offer_stands_until_another_registration_takes_over() -> None:
    service = Service()
    service.tell("09:00 captured")
    service.tell("09:00 registered by acme registration=r1 protected_until=2026-03-03")

    step = service.tell("10:00 registered by beta registration=r2")

    assert NextAction("answer", at("2026-03-03"), "acme") == step.next_action
    before = at("2026-03-03") - timedelta(microseconds=1)
    assert () == service.tell(before).events
    assert (
        "03 00:00 offer_withdrawn acme; 03 00:00 routed beta; 03 00:00 offered beta"
        == "; ".join(map(said, service.tell(at("2026-03-03")).events))
    )


def test_an_offer_stands_though_its_own_registration_ends() -> None:
    service = Service()
    service.tell("09:00 captured")

    step = service.tell("09:00 registered by acme registration=r1 protected_until=2026-03-03")

    assert service.state.open.offered.expires_at == step.next_action.at  # type: ignore[union-attr]


def test_an_owner_of_the_account_steers_the_lead_too() -> None:
    service = Service()
    service.tell("09:00 captured account=umbrella")
    service.context = evolve(service.context, owners={"umbrella": "corp"})

    step = service.tell(at("2026-03-02 10:00"))

    assert ["offer_withdrawn", "lead_routed", "lead_offered"] == [one.type for one in step.events]
    assert "corp" == step.state.open.offered.partner_id  # type: ignore[union-attr]


def test_an_offer_that_took_the_last_slot_can_be_accepted() -> None:
    service = Service(Recipient(recipient_id="acme", capacity=1))
    service.tell("09:00 captured")
    assert {"acme": 1} == service.context.load

    other = offer_step(
        OfferState("L2"), NOW, pool=service.pool, router=RoundRobin(), context=service.context
    )
    service.context = other.context
    step = service.tell("10:00 accepted to acme")

    assert NextAction("recipient", at("2026-03-03 09:00")) == other.next_action
    assert (None, {"acme": 1}) == (step.refused, step.context.load)


@pytest.mark.parametrize(
    ("close", "reason"),
    [
        ("10:00 lost", "the lead is closed"),
        ("10:00 assigned agent=ann", "somebody has the lead"),
    ],
)
def test_an_open_offer_is_withdrawn_once_there_is_nothing_to_ask(close: str, reason: str) -> None:
    service = Service()
    service.tell("09:00 captured")

    step = service.tell(close)

    assert reason == step.events[1].reason  # type: ignore[union-attr]
    assert NextAction("nothing") == step.next_action
    assert "done" == str(step.next_action)
    assert {0} == {*step.context.credits.values()}
    assert 0 == step.context.load.get("acme", 0)


def test_a_closed_lead_says_so_and_goes_on_once_it_is_reopened() -> None:
    service = Service()
    service.tell("09:00 captured")
    service.tell("10:00 lost")

    assert "L1: closed; asked were acme (withdrawn: the lead is closed)" == str(service.state)
    assert "02 11:00 routed beta; 02 11:00 offered beta" == service.told("11:00 reopened")


def test_the_fallback_has_what_nobody_takes_and_is_given_it_once() -> None:
    service = Service(*CROWD[:1], fallback="queue")
    service.tell("09:00 captured")

    told = service.told("10:00 declined by acme", "11:00 returned agent=queue")

    assert "02 10:00 routed nobody; 02 10:00 assigned queue" == told
    assert "try again when something has changed" in str(service.tell(at("2026-03-03")))
    assert NextAction("recipient") == service.tell(at("2026-03-03")).next_action


def test_nobody_left_is_recorded_once_and_a_later_step_finds_a_newcomer() -> None:
    service = Service(*CROWD[:1])
    service.tell("09:00 captured")
    assert "02 10:00 routed nobody" == service.told("10:00 declined by acme")
    assert () == service.tell(at("2026-03-03")).events

    service.pool = Pool(CROWD, rules=RULES)

    assert ["lead_routed", "lead_offered"] == [
        one.type for one in service.tell(at("2026-03-04")).events
    ]
    assert 3 == service.context.turn


def test_what_follows_from_a_message_of_earlier_never_happens_before_the_last_event() -> None:
    service = Service()
    service.tell("09:00 captured")
    service.tell("10:00 declined by acme")

    assert "02 10:00 offer_withdrawn beta" == service.told("09:30 assigned agent=ann")
    assert () == service.state.pending


def test_whom_the_context_excludes_is_not_asked_and_stays_excluded() -> None:
    service = Service()
    service.context = evolve(service.context, excluded={"L1": frozenset({"acme"})})
    service.tell("09:00 captured")

    step = service.tell("10:00 declined by beta")

    assert "corp" == step.decisions[0].chosen
    assert {"L1": {"acme", "beta"}} == step.context.excluded


def test_nobody_left_is_recorded_again_after_somebody_was_asked() -> None:
    service = Service(*CROWD[:1])
    service.tell("09:00 captured")
    service.tell("10:00 declined by acme")
    service.pool = Pool(CROWD[:2], rules=RULES)
    service.tell(at("2026-03-02 11:00"))

    assert "02 12:00 routed nobody" == service.told("12:00 declined by beta")


def test_a_newcomer_asked_at_the_instant_at_which_nobody_was_found_came_after() -> None:
    service = Service(*CROWD[:1])
    service.tell("09:00 captured")
    assert "02 10:00 routed nobody" == service.told("10:00 declined by acme")
    service.pool = Pool(CROWD[:2], rules=RULES)
    assert ["lead_routed", "lead_offered"] == [
        one.type for one in service.tell(at("2026-03-02 10:00")).events
    ]

    assert "02 12:00 routed nobody" == service.told("12:00 declined by beta")
    assert () == service.tell(at("2026-03-02 13:00")).events


def test_what_was_found_at_one_instant_is_not_found_again() -> None:
    service = Service(*CROWD[:1])

    assert "02 09:00 routed acme; 02 09:00 offered acme; 02 09:00 routed nobody" == service.told(
        "09:00 captured", "09:00 declined by acme"
    )
    assert () == service.tell(NOW).events
    assert () == service.tell(at("2026-03-02 10:00")).events


def test_nobody_may_take_a_lead_until_its_protection_ends() -> None:
    service = Service()
    service.tell("09:00 captured")

    step = service.tell("10:00 registered by zeta protected_until=2026-03-05")

    assert NextAction("recipient", at("2026-03-05")) == step.next_action
    assert str(step.next_action) == (
        "nobody may take it now; try again at 2026-03-05 00:00 UTC, or when something has changed"
    )
    before = at("2026-03-05") - timedelta(microseconds=1)
    assert (step.next_action, ()) == (service.tell(before).next_action, service.tell(before).events)
    assert "05 00:00 routed beta; 05 00:00 offered beta" == "; ".join(
        map(said, service.tell(at("2026-03-05")).events)
    )


@pytest.mark.parametrize(
    ("protections", "expected"),
    [
        ([("zeta", None)], None),
        ([("zeta", None), ("yota", "2026-03-05")], None),
        ([("zeta", "2026-03-05"), ("yota", "2026-03-09")], "2026-03-09"),
        ([("zeta", "2026-03-09"), ("yota", "2026-03-05")], "2026-03-09"),
        ([("zeta", "2026-03-05"), ("acme", "2026-03-09")], "2026-03-09"),
        ([("zeta", "2026-03-05"), ("beta", "2026-03-09")], "2026-03-05"),
    ],
)
def test_a_protection_ends_for_whoever_may_take_the_lead_then(
    protections: list[tuple[str, str | None]], expected: str | None
) -> None:
    service = Service()
    held = tuple(Protection(who, who, ends and at(ends)) for who, ends in protections)
    service.tell("09:00 captured")
    service.context = evolve(service.context, protections={"L1": held})

    step = service.tell("10:00 declined by acme")

    assert NextAction("recipient", expected and at(expected)) == step.next_action


def in_hours(service: Service, *hours: WorkingHours | None) -> None:
    """Make those who are asked work by hours, one after the other."""
    crowd = [evolve(one, hours=each) for one, each in zip(CROWD, hours, strict=False)]
    service.pool = Pool(
        crowd,
        rules=(*RULES, InWorkingHours()),
        preferences=(Preference(HasTier(ladder=("gold",), at_least="gold")),),
    )


EARLY = WorkingHours.parse({"tue-fri": "06:00-07:00"}, holidays={date(2026, 3, 3)})
NINE = WorkingHours.parse({"wed-fri": "09:00-17:00"})
NEVER = WorkingHours.parse({})


@pytest.mark.parametrize(
    ("hours", "told", "expected"),
    [
        ([EARLY, NINE], "10:00 captured", "2026-03-04 06:00"),
        ([NINE, EARLY], "10:00 captured", "2026-03-04 06:00"),
        ([NINE, NEVER], "10:00 captured", "2026-03-04 09:00"),
        ([NEVER], "10:00 captured", None),
        # a protection that ends on Wednesday at ten, at noon, and after work
        ([EARLY], "10:00 registered by zeta protected_until=2026-03-04T10:00Z", "2026-03-05 06:00"),
        ([NINE], "10:00 registered by zeta protected_until=2026-03-04T12:00Z", "2026-03-04 12:00"),
        ([NINE], "10:00 registered by zeta protected_until=2026-03-04T18:00Z", "2026-03-05 09:00"),
        ([None], "10:00 registered by zeta protected_until=2026-03-04T18:00Z", "2026-03-04 18:00"),
        # whoever has the right to it comes to work before it ends
        ([EARLY, None], "10:00 registered by acme protected_until=2026-03-05", "2026-03-04 06:00"),
        ([NINE, None], "10:00 registered by acme protected_until=2026-03-04", "2026-03-04 00:00"),
    ],
)
def test_somebody_may_take_a_lead_who_comes_to_work(
    hours: list[WorkingHours | None], told: str, expected: str | None
) -> None:
    service = Service()
    in_hours(service, *hours)

    step = service.tell(told)

    assert NextAction("recipient", expected and at(expected)) == step.next_action
    if expected is not None:
        before = at(expected) - timedelta(microseconds=1)
        assert step.next_action == service.tell(before).next_action
        assert "lead_offered" == service.tell(at(expected)).events[-1].type


def test_whoever_comes_to_work_after_the_right_has_gone_to_another_is_no_chance() -> None:
    thursday = WorkingHours.parse({"thu": "09:00-17:00"})
    service = Service()
    in_hours(service, NINE, thursday)
    service.context = evolve(service.context, owners={"globex": "beta"})
    service.tell("09:00 captured account=globex")

    step = service.tell("10:00 registered by acme protected_until=2026-03-04")

    assert NextAction("recipient", at("2026-03-05 09:00")) == step.next_action
    assert "05 09:00 routed beta; 05 09:00 offered beta" == "; ".join(
        map(said, service.tell(at("2026-03-05 09:00")).events)
    )


def test_whoever_a_router_leaves_out_now_is_no_reason_to_try_again_at_once() -> None:
    service = Service()
    in_hours(service, None)
    context = evolve(service.context, scores={"close_rate": {"acme": 0.1}})

    step = offer_step(
        service.state,
        event("10:00 captured"),
        pool=service.pool,
        router=ByPerformance(at_least=0.5),
        context=context,
    )

    assert NextAction("recipient") == step.next_action


def test_once_as_many_were_asked_as_may_be_time_changes_nothing() -> None:
    service = Service(max_offers=1)
    service.tell("09:00 captured")

    step = service.tell("10:00 registered by zeta protected_until=2026-03-05")

    assert NextAction("recipient") == step.next_action


def test_the_number_of_offers_can_be_limited() -> None:
    service = Service(max_offers=2, fallback="queue")
    service.tell("09:00 captured")
    service.tell("10:00 declined by acme")

    assert "02 11:00 assigned queue" == service.told("11:00 declined by beta")


def test_whoever_has_a_right_is_asked_though_as_many_were_as_may_be() -> None:
    service = Service(max_offers=1, fallback="queue")
    service.tell("09:00 captured")

    told = service.told("10:00 registered by corp", "11:00 declined by corp")

    assert told == (
        "02 10:00 offer_withdrawn acme; 02 10:00 routed corp; 02 10:00 offered corp; "
        "02 11:00 routed nobody; 02 11:00 assigned queue"
    )


def test_an_owner_is_asked_though_as_many_were_as_may_be() -> None:
    service = Service(max_offers=1)
    service.tell("09:00 captured account=umbrella")
    service.context = evolve(service.context, owners={"umbrella": "corp"})

    assert "02 10:00 routed corp; 02 10:00 offered corp" == service.told("10:00 declined by acme")


def test_time_gives_a_lead_to_whoever_has_the_right_then_though_as_many_were_asked() -> None:
    service = Service(max_offers=1)
    service.tell("09:00 captured")
    service.tell("09:30 registered by corp registration=r2")

    first = service.tell("09:40 declined by corp")
    assert NextAction("recipient") == first.next_action
    service.context = evolve(service.context, owners={"umbrella": "beta"})
    service.tell("09:50 lead_updated account=umbrella")
    step = service.tell("10:00 registration_withdrawn by corp registration=r2")

    assert "02 10:00 offered beta" == said(step.events[-1])


def test_the_end_of_a_protection_is_waited_for_where_another_has_a_right_by_then() -> None:
    service = Service(max_offers=1)
    service.tell("09:00 captured")
    zeta = Protection("zeta", "r1", at("2026-03-05"))
    service.context = evolve(
        service.context, protections={"L1": (zeta, Protection("beta", "r2", None))}
    )

    step = service.tell("10:00 declined by acme")

    assert NextAction("recipient", at("2026-03-05")) == step.next_action
    assert "05 00:00 offered beta" == said(service.tell(at("2026-03-05")).events[-1])


def test_a_lead_rests_between_two_offers() -> None:
    service = Service(cooling=timedelta(minutes=30))
    service.tell("09:00 captured")

    step = service.tell("10:00 declined by acme")

    assert NextAction("rest", at("2026-03-02 10:30")) == step.next_action
    assert "rest until 2026-03-02 10:30 UTC, then ask the next" == str(step.next_action)
    assert () == service.tell(at("2026-03-02 10:29")).events
    assert "02 10:30 offered beta" == said(service.tell(at("2026-03-02 10:30")).events[-1])


def test_the_longest_rest_lasts_to_the_end_of_the_calendar() -> None:
    service = Service(cooling=timedelta.max)
    service.tell("09:00 captured")

    step = service.tell("10:00 declined by acme")

    assert NextAction("rest", datetime.max.replace(tzinfo=UTC)) == step.next_action


def test_a_wish_gives_way_after_refusals_and_the_decision_says_so() -> None:
    gold = Preference(HasTier(ladder=("gold", "silver"), at_least="gold"))
    steel = Preference(HasExpertise())
    service = Service(
        Recipient(recipient_id="a", tier="gold"),
        Recipient(recipient_id="b", tier="silver", weight=9),
        Recipient(recipient_id="c", tier="gold"),
        preferences=(gold, steel),
        relax_after={"preferred tier": 1},
    )
    first = service.tell("09:00 captured").decisions[0]

    second = service.tell("10:00 declined by a").decisions[0]

    assert ("a", ()) == (first.chosen, first.relaxations)
    assert ("b", ("preferred tier",)) == (second.chosen, second.relaxations)
    assert ("b", "c") == second.eligible
    assert "preferred tier" not in {
        check.rule for case in second.explain().cases for check in case.failed
    }


def test_a_turn_is_charged_when_the_offer_is_made_and_given_back_by_the_policy() -> None:
    thirds = {"acme": Fraction(-2, 3), "beta": Fraction(1, 3), "corp": Fraction(1, 3)}
    halves = {"acme": 0, "beta": Fraction(-1, 2), "corp": Fraction(1, 2)}
    free, paid = Service(), Service(refunded="expired")

    assert thirds == free.tell("09:00 captured").context.credits
    assert halves == free.tell("10:00 declined by acme").context.credits
    paid.tell("09:00 captured")
    after = paid.tell("10:00 declined by acme").context.credits
    assert {name: thirds[name] + halves[name] for name in thirds} == after


def test_a_decision_made_before_is_followed() -> None:
    service = Service()
    decision = route(
        Prospect(lead_id="L1"), pool=service.pool, router=RoundRobin(), context=service.context
    )
    service.context = service.context.after(decision)

    step = service.tell("09:00 captured")

    assert ((), "acme") == (step.decisions, step.state.open.offered.partner_id)  # type: ignore[union-attr]
    assert decision.event() in step.events
    assert {"acme": 1} == step.context.load


def test_a_decision_on_record_is_not_recorded_again() -> None:
    service = Service()
    decision = route(
        Prospect(lead_id="L1"), pool=service.pool, router=RoundRobin(), context=service.context
    )
    service.context = service.context.after(decision)

    assert ["lead_routed", "lead_offered"] == [
        one.type for one in service.tell(decision.event()).events
    ]


@pytest.mark.parametrize("gone", [True, False])
def test_a_decision_that_was_overtaken_is_not(gone: bool) -> None:  # noqa: FBT001
    service = Service()
    decision = route(
        Prospect(lead_id="L1"), pool=service.pool, router=RoundRobin(), context=service.context
    )
    service.context = service.context.after(decision)
    if gone:
        service.pool = Pool(CROWD[1:], rules=RULES)

    step = service.tell("09:30 registered by beta")

    assert "beta" == step.decisions[0].chosen
    assert {"beta": 1} == step.context.load


def decided(service: Service, *other: Recipient) -> Decision:
    """The lead is decided by the pool as it is; then the pool has others in it."""
    decision = route(
        Prospect(lead_id="L1"), pool=service.pool, router=RoundRobin(), context=service.context
    )
    service.context = service.context.after(decision)
    crowd = {one.recipient_id: one for one in (*service.pool.recipients, *other)}
    service.pool = evolve(service.pool, recipients=tuple(crowd.values()))
    return decision


def test_a_decision_for_one_who_may_not_take_the_lead_any_more_is_not_followed() -> None:
    service = Service()
    assert "acme" == decided(service, Recipient(recipient_id="acme", active=False)).chosen

    step = service.tell("09:00 captured")

    assert "beta" == step.decisions[0].chosen
    assert "02 09:00 offered beta" == said(step.events[-1])
    assert {"beta": 1} == step.context.load


def test_a_decision_is_followed_once_whoever_it_chose_may_take_the_lead_again() -> None:
    service = Service(*CROWD[:1])
    decided(service, Recipient(recipient_id="acme", active=False))
    assert "02 09:00 routed nobody" == service.told("09:00 captured")
    assert () == service.tell(at("2026-03-02 10:00")).events

    service.pool = Pool(CROWD[:1], rules=RULES)

    assert "02 11:00 offered acme" == said(service.tell(at("2026-03-02 11:00")).events[-1])
    assert {"acme": 1} == service.context.load


def test_the_lead_that_was_decided_for_somebody_does_not_fill_its_own_place() -> None:
    service = Service(Recipient(recipient_id="acme", capacity=1))
    decided(service)

    assert "02 09:00 offered acme" == said(service.tell("09:00 captured").events[-1])


def test_a_decision_for_one_who_went_home_waits_until_it_comes_to_work() -> None:
    service = Service(Recipient(recipient_id="acme", capacity=1))
    decided(service, Recipient(recipient_id="acme", capacity=1, hours=NINE))
    service.pool = evolve(service.pool, rules=(*RULES, InWorkingHours()))

    step = service.tell("09:00 captured")

    assert NextAction("recipient", at("2026-03-04 09:00")) == step.next_action
    assert "04 09:00 offered acme" == said(service.tell(at("2026-03-04 09:00")).events[-1])


def test_an_offer_of_several_at_once_goes_to_the_first_who_takes_it() -> None:
    log = testing.history("""
        2026-03-02 09:00 L1 captured
        2026-03-02 09:00 L1 offered to acme expires_at=2026-03-03
        2026-03-02 09:00 L1 offered to beta expires_at=2026-03-03
        2026-03-02 09:00 L1 offered to corp
    """)
    service = Service()
    service.state = offer_states(fold(log, as_of=NOW))["L1"]

    step = service.tell("10:00 accepted to acme")

    assert ["lead_accepted", "offer_withdrawn", "offer_withdrawn"] == [
        one.type for one in step.events
    ]


def test_a_context_from_a_history_counts_lapsed_offers_as_they_are() -> None:
    log = testing.history("""
        2026-03-01 09:00 L1 captured
        2026-03-01 09:00 L1 offered to acme expires_at=2026-03-02
        2026-03-01 09:00 L2 captured
        2026-03-01 09:00 L2 accepted to acme
    """)
    lives = fold(log, as_of=NOW)
    service = Service()
    service.state, service.context = offer_states(lives)["L1"], routing_context(lives)

    step = service.tell(NOW)

    assert {"acme": 1, "beta": 1} == step.context.load


def again(service: Service, now: str, *retracted: str) -> None:
    """The service starts again from its log, in which events were retracted."""
    gone = [
        EventRetracted(event_id=f"no-{name}", occurred_at=at(now), retracts=name)
        for name in retracted
    ]
    lives = fold([*service.log, *gone], as_of=at(now))
    service.state = offer_states(lives)["L1"]
    service.context = routing_context(lives, decisions=service.decisions)


def offers_of(service: Service) -> list[tuple[str, str]]:
    return [
        (str(one.offer_id), str(one.partner_id))
        for one in service.log
        if isinstance(one, LeadOffered)
    ]


def test_an_offer_after_one_that_was_retracted_has_an_identity_of_its_own() -> None:
    service = Service(fallback="queue")
    service.tell("09:00 captured")
    service.tell("10:00 declined by acme")
    for clock, name in (("11:00", "beta"), ("12:00", "corp")):
        again(service, f"2026-03-02 {clock}", "offered-L1-1")
        service.tell(f"{clock} declined by {name}")

    assert [("L1-1", "acme"), ("L1-2", "beta"), ("L1-3", "corp")] == offers_of(service)
    assert "L1: with queue; asked were beta (declined), corp (declined)" == str(service.state)


def test_an_offer_retracted_before_its_answer_leaves_its_number_used() -> None:
    service = Service()
    service.tell("09:00 captured")
    again(service, "2026-03-02 10:00", "offered-L1-1")
    assert "L1: with nobody" == str(service.state)

    service.tell(at("2026-03-02 10:00"))
    service.tell("11:00 declined by acme")

    assert [("L1-1", "acme"), ("L1-2", "acme"), ("L1-3", "beta")] == offers_of(service)


@pytest.mark.parametrize(
    ("by_hand", "number"),
    [
        ("offered to corp offer_id=L1-2", "L1-3"),
        ("offered to corp offer_id=L1-7", "L1-8"),
        ("offered to corp id=offered-L1-3", "L1-4"),
        ("offered to corp offer_id=L1-two", "L1-2"),
        ("offered to corp offer_id=L12-9", "L1-2"),
        ("declined by corp offer_id=L1-4", "L1-5"),
    ],
)
def test_an_offer_by_hand_keeps_its_number_to_itself(by_hand: str, number: str) -> None:
    events = testing.history(f"""
        2026-03-02 08:00 L1 captured
        2026-03-02 08:00 L1 {by_hand}
        2026-03-02 08:30 L1 offer_withdrawn by corp
    """)
    service = Service()
    service.state = OfferState("L1", events)  # type: ignore[arg-type]

    step = service.tell(NOW)

    assert [(number, "acme")] == offers_of(service)
    assert step.state == service.tell(at("2026-03-02 09:30")).state


def test_an_offer_that_had_expired_before_it_was_made_lapses_when_it_was_made() -> None:
    events = testing.history("""
        2026-03-02 08:00 L1 captured
        2026-03-02 08:00 L1 offered to corp expires_at=2026-03-01
    """)
    service = Service()
    service.state = OfferState("L1", events)  # type: ignore[arg-type]

    told = [said(one) for one in service.tell(NOW).events]

    assert ["02 08:00 offer_expired corp", "02 09:00 routed acme", "02 09:00 offered acme"] == told


def test_what_is_known_of_the_lead_comes_from_its_events() -> None:
    service = Service()
    assert Prospect(lead_id="L1") == service.state.lead
    assert "L1: with nobody" == str(service.state)

    service.tell("09:00 captured 500 EUR industry=steel")
    service.tell("09:30 lead_updated region=DACH")

    found = service.state.lead
    assert Lead(industry="steel", region="DACH") == found.facts
    assert "EUR 500.00" == str(found.expected_value)
    assert {"acme"} == service.state.asked


@frozen
class Other:
    """No event."""


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (Other(), "pass an event of the lead"),
        (testing.history("2026-03-02 acme onboarded")[0], "pass an event of the lead"),
        (testing.history("2026-03-02 L2 captured")[0], "the state is of lead 'L1'"),
    ],
)
def test_only_events_of_the_lead_can_happen_to_it(happened: Any, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        Service().tell(happened)


def test_a_step_needs_a_state() -> None:
    service = Service()
    service.state = "L1"  # type: ignore[assignment]

    with pytest.raises(OptionError, match=r"state='L1': pass OfferState\(lead_id\)"):
        service.tell("09:00 captured")


def test_a_state_is_of_one_lead() -> None:
    (other,) = testing.history("2026-03-02 L2 captured")

    with pytest.raises(OptionError, match="is an event of lead 'L2'; this is 'L1'"):
        OfferState("L1", [other])  # type: ignore[list-item, arg-type]


def test_a_pool_must_go_with_the_policy() -> None:
    def stepped(pool: Pool, policy: OfferPolicy) -> OfferStep:
        return offer_step(
            OfferState("L1"),
            NOW,
            pool=pool,
            router=RoundRobin(),
            context=RoutingContext(as_of=NOW),
            policy=policy,
        )

    with pytest.raises(OptionError, match=r"has no rule NotExcluded\(\)"):
        stepped(Pool(CROWD, rules=(IsActive(),)), OfferPolicy())
    with pytest.raises(OptionError, match="is a member of the pool"):
        stepped(Pool(CROWD, rules=RULES), OfferPolicy(fallback="acme"))
    with pytest.raises(OptionError, match="is no wish of the pool; it has none"):
        stepped(Pool(CROWD, rules=RULES), OfferPolicy(relax_after={"preferred tier": 1}))


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"within": timedelta(0)}, "must be longer than nothing"),
        ({"within": 24}, "pass a timedelta"),
        ({"cooling": timedelta(-1)}, "must not be negative"),
        ({"max_offers": 0}, "must be a whole number of at least 1"),
        ({"max_offers": True}, "must be a whole number of at least 1"),
        ({"relax_after": {"preferred tier": 0}}, "say after how many refusals"),
        ({"refunded": "accepted"}, "offered are 'declined'"),
        ({"agents": "ann"}, "write a list of names"),
    ],
)
def test_policies_that_cannot_be_are_refused(option: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        OfferPolicy(**option)


def test_an_offer_without_a_limit_stands_until_it_is_answered() -> None:
    service = Service(within=None)

    step = service.tell("09:00 captured")

    assert NextAction("answer", None, "acme") == step.next_action
    assert "wait for acme" == str(step.next_action)
    assert () == service.tell(at("2030-01-01")).events
    assert service.tell("10:00 expired by acme").refused is None


def test_a_deadline_ends_with_the_last_moment_of_work() -> None:
    hours = WorkingHours.parse({"mon-fri": "09:00-17:00"})
    friday = at("2026-03-06 16:00")

    def due(**span: float) -> datetime:
        return offer_deadline(friday, within=timedelta(**span), working_hours=hours)

    assert at("2026-03-06 17:00") == due(hours=1)
    assert at("2026-03-09 09:00") + timedelta(microseconds=1) == due(hours=1, microseconds=1)
    assert at("2026-03-09 17:00") == due(hours=9)
    assert at("2026-03-11 10:00") == due(hours=18)


@pytest.mark.parametrize("hours", [None, WorkingHours.parse({"mon-fri": "09:00-17:00"})])
def test_a_deadline_is_later_than_the_offer(hours: WorkingHours | None) -> None:
    with pytest.raises(OptionError, match="must be longer than nothing"):
        offer_deadline(NOW, within=timedelta(0), working_hours=hours)


def test_a_deadline_comes_within_a_year_and_within_the_calendar() -> None:
    never = WorkingHours.parse({})
    day, year = timedelta(days=1), timedelta(days=366)
    late = datetime(9999, 12, 31, 12, tzinfo=UTC)
    end = datetime.max.replace(tzinfo=UTC)

    assert NOW + year == offer_deadline(NOW, within=day, working_hours=never)
    assert end == offer_deadline(late, within=day)
    assert end == offer_deadline(late, within=day, working_hours=never)


def test_a_step_tells_its_events_in_rows_and_in_a_notebook() -> None:
    service = Service(Recipient(recipient_id="a<"), within=timedelta(hours=2))
    step = service.tell("09:00 captured")

    assert [
        ("lead_captured", None, None),
        ("lead_routed", "a<", None),
        ("lead_offered", "a<", at("2026-03-02 11:00")),
    ] == [(row["type"], row["recipient_id"], row["expires_at"]) for row in step.to_dicts()]
    assert {("L1", NOW)} == {(row["lead_id"], row["occurred_at"]) for row in step.to_dicts()}
    assert [one.event_id for one in step.events] == [row["event_id"] for row in step.to_dicts()]
    assert step._repr_html_() == (
        "<table><caption>L1: offered to a&lt; until 2026-03-02 11:00 UTC</caption>"
        "<tr><td>2026-03-02 09:00 UTC</td><td>lead_captured</td><td>nobody</td></tr>"
        "<tr><td>2026-03-02 09:00 UTC</td><td>lead_routed</td><td>a&lt;</td></tr>"
        "<tr><td>2026-03-02 09:00 UTC</td><td>lead_offered</td><td>a&lt;</td></tr>"
        "</table><p>next: wait for a&lt; until 2026-03-02 11:00 UTC</p>"
    )


def test_a_notebook_shows_why_a_message_was_refused() -> None:
    service = Service(within=timedelta(hours=2))
    service.tell("09:00 captured")
    step = service.tell("11:30 accepted to acme")

    assert step.refused is not None
    assert f"<p>refused: {step.refused}</p>" in step._repr_html_()
