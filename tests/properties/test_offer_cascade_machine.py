"""Offers of several leads at once: whatever happens in whatever order, the laws of offers hold."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from partnerleads import fold
from partnerleads.events import (
    DealRegistered,
    Event,
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadDeclined,
    LeadEvent,
    LeadLost,
    LeadOffered,
    LeadReopened,
    LeadReturned,
    OfferExpired,
    OfferWithdrawn,
    RegistrationWithdrawn,
    order_key,
)
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    Decision,
    HasCapacity,
    HasTier,
    IsActive,
    KeepsRegistration,
    LeastLoaded,
    NotExcluded,
    OfferPolicy,
    OfferState,
    OfferStep,
    Pool,
    Preference,
    Recipient,
    RoundRobin,
    Router,
    RoutingContext,
    offer_states,
    offer_step,
    recipients_of,
    routing_context,
)
from partnerleads.testing import at

START = at("2026-03-27 13:00")
"""A Friday afternoon in Berlin, two days before summer time and a week before Good Friday."""

HOURS = WorkingHours.parse(
    {"mon-fri": "09:00-17:00"},
    time_zone="Europe/Berlin",
    holidays={date(2026, 4, 3), date(2026, 4, 6)},
)
NIGHT = WorkingHours.parse({"sat-sun": "00:00-24:00"}, time_zone="Europe/Berlin")
CROWD = recipients_of(
    (),
    others=(
        Recipient(recipient_id="acme", capacity=1, hours=HOURS, tier="gold"),
        Recipient(recipient_id="acme-fr", parent="acme", capacity=2, hours=NIGHT),
        Recipient(recipient_id="beta", capacity=2, hours=HOURS, weight=2),
        Recipient(recipient_id="corp", capacity=1, tier="gold"),
        Recipient(recipient_id="dorn", capacity=2, affiliates={"eden"}, hours=HOURS),
        Recipient(recipient_id="eden", capacity=1),
        Recipient(recipient_id="fuji"),
    ),
)
HOUSES = {
    **dict.fromkeys(("acme", "acme-fr"), "acme"),
    **dict.fromkeys(("dorn", "eden"), "dorn"),
    **{name: name for name in ("beta", "corp", "fuji")},
}
POOL = Pool(
    CROWD,
    rules=(IsActive(), HasCapacity(), NotExcluded(), KeepsRegistration()),
    preferences=(Preference(HasTier(ladder=("gold", "silver"), at_least="gold")),),
)
POLICIES = (
    OfferPolicy(within=timedelta(hours=4), in_working_hours=True, fallback="queue"),
    OfferPolicy(within=timedelta(hours=24), relax_after={"preferred tier": 1}),
    OfferPolicy(within=timedelta(hours=2), cooling=timedelta(hours=1), max_offers=3),
    OfferPolicy(within=None, refunded=("withdrawn",), fallback="queue"),
    OfferPolicy(within=timedelta(hours=30), in_working_hours=True, refunded=()),
)
LEADS = st.sampled_from(("L1", "L2", "L3", "L4"))
NAMES = st.sampled_from([one.recipient_id for one in CROWD])
SPANS = st.sampled_from([0, 1, 30, 60, 120, 240, 24 * 60, 48 * 60, 90 * 60]) | st.integers(0, 9000)
ENDS = (LeadDeclined, OfferExpired, OfferWithdrawn)


class Offers(RuleBasedStateMachine):
    """A service that keeps its states and its context, and a log to hold it against."""

    @initialize(
        policy=st.sampled_from(POLICIES), router=st.sampled_from([RoundRobin(), LeastLoaded()])
    )
    def start(self, policy: OfferPolicy, router: Router) -> None:
        self.policy, self.router, self.now = policy, router, START
        self.context = RoutingContext(as_of=START)
        self.states: dict[str, OfferState] = {}
        self.log: list[LeadEvent] = []
        self.decisions: list[Decision] = []
        self.messages: list[tuple[str, LeadEvent | datetime]] = []
        self.assigned: set[str] = set()
        self.by_right: Counter[str] = Counter()
        self.number = 0

    def stepped(
        self, state: OfferState, happened: LeadEvent | datetime, context: RoutingContext
    ) -> OfferStep:
        return offer_step(
            state, happened, pool=POOL, router=self.router, context=context, policy=self.policy
        )

    def tell(self, lead_id: str, happened: LeadEvent | datetime) -> OfferStep:
        """Take a step, keep what comes of it, and take it again: the second changes nothing.

        What was refused is not on record; sent again it may answer an offer made meanwhile.
        """
        state = self.states.get(lead_id, OfferState(lead_id))
        step = self.stepped(state, happened, self.context)
        twice = happened.occurred_at if step.refused else happened  # type: ignore[union-attr]
        again = self.stepped(step.state, twice, step.context)
        assert (step.state, (), ()) == (again.state, again.events, again.decisions)
        assert (step.next_action, step.context) == (again.next_action, again.context)
        self.messages.append((lead_id, happened))
        self.states[lead_id], self.context = step.state, step.context
        self.log += step.events
        self.decisions += step.decisions
        if any(isinstance(event, LeadOffered) for event in step.events):
            self.by_right[lead_id] += bool(step.context.protections.get(lead_id))
        return step

    def said(self, kind: type, lead_id: str, **fields: object) -> OfferStep:
        self.number += 1
        event = kind(event_id=f"m{self.number}", occurred_at=self.now, lead_id=lead_id, **fields)
        return self.tell(lead_id, event)

    def offered(self, lead_id: str) -> LeadOffered | None:
        state = self.states.get(lead_id)
        return None if state is None or state.open is None else state.open.offered

    # what can happen

    @rule(minutes=SPANS)
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(lead_id=LEADS)
    def the_instant_of_an_expiry_comes(self, lead_id: str) -> None:
        offered = self.offered(lead_id)
        if offered is not None and offered.expires_at is not None:
            self.now = max(self.now, offered.expires_at)

    @rule()
    def whatever_is_due_is_done(self) -> None:
        for lead_id in self.states:
            self.tell(lead_id, self.now)

    @rule(lead_id=LEADS)
    def a_lead_comes(self, lead_id: str) -> None:
        self.said(LeadCaptured, lead_id)

    @rule(lead_id=LEADS, kind=st.sampled_from([LeadAccepted, LeadDeclined]))
    def whoever_was_asked_answers(self, lead_id: str, kind: type) -> None:
        offered = self.offered(lead_id)
        if offered is None:
            return
        step = self.said(kind, lead_id, partner_id=offered.partner_id)

        late = offered.expires_at is not None and offered.expires_at <= self.now
        assert late == (step.refused is not None)
        assert late == any(isinstance(event, OfferExpired) for event in step.events)

    @rule(
        lead_id=LEADS, name=NAMES, kind=st.sampled_from([LeadAccepted, LeadDeclined, LeadReturned])
    )
    def anybody_says_anything(self, lead_id: str, name: str, kind: type) -> None:
        self.said(kind, lead_id, partner_id=name)

    @rule(lead_id=LEADS)
    def the_programme_takes_an_offer_back(self, lead_id: str) -> None:
        offered = self.offered(lead_id)
        if offered is not None:
            self.said(OfferWithdrawn, lead_id, partner_id=offered.partner_id)

    @rule(lead_id=LEADS)
    def the_holder_gives_the_lead_back(self, lead_id: str) -> None:
        state = self.states.get(lead_id)
        if state is not None and state.held is not None:
            held = state.held
            self.said(LeadReturned, lead_id, partner_id=held.partner_id, agent_id=held.agent_id)

    @rule(lead_id=LEADS, name=NAMES, hours=st.none() | st.integers(1, 90))
    def a_partner_registers_the_deal(self, lead_id: str, name: str, hours: int | None) -> None:
        until = None if hours is None else self.now + timedelta(hours=hours)
        step = self.said(DealRegistered, lead_id, partner_id=name, protected_until=until)

        protected = step.context.protections.get(lead_id)
        if protected is not None and step.state.open is not None:
            asked = POOL.by_id[str(step.state.open.offered.partner_id)]
            assert asked.acts_for(protected[0].partner_id)

    @rule(lead_id=LEADS, name=NAMES)
    def a_registration_is_given_up(self, lead_id: str, name: str) -> None:
        self.said(RegistrationWithdrawn, lead_id, partner_id=name)

    @rule(lead_id=LEADS)
    def somebody_is_assigned_by_hand(self, lead_id: str) -> None:
        self.assigned.add(lead_id)
        self.said(LeadAssigned, lead_id, agent_id="ann")

    @rule(lead_id=LEADS, kind=st.sampled_from([LeadLost, LeadReopened]))
    def a_lead_is_closed_or_opened_again(self, lead_id: str, kind: type) -> None:
        self.said(kind, lead_id)

    @rule(place=st.integers(0, 20))
    def an_old_message_comes_again(self, place: int) -> None:
        old = [message for message in self.messages if message[0]]
        if old:
            self.tell(*old[place % len(old)])

    @rule()
    def the_service_starts_again(self) -> None:
        for lead_id in self.states:
            self.tell(lead_id, self.now)
        self.messages.append(("", self.now))
        lives = fold(self.log, as_of=self.now)
        self.context = self.derived(self.log, self.decisions, self.now)
        self.states = dict(offer_states(lives))

    def derived(
        self, log: list[LeadEvent], decisions: list[Decision], as_of: datetime
    ) -> RoutingContext:
        return routing_context(
            list[Event](log), as_of=as_of, decisions=decisions, refunded=self.policy.refunded
        )

    # what holds

    @invariant()
    def one_offer_is_open_and_nobody_is_asked_twice(self) -> None:
        for state in self.states.values():
            assert len(state.pending) <= 1
            houses = Counter(HOUSES[str(one.offered.partner_id)] for one in state.offers)
            assert all(count == 1 for count in houses.values())
            own = len(state.offers) - self.by_right[state.lead_id]
            assert self.policy.max_offers is None or own <= self.policy.max_offers
            assert not (state.pending and (state.closed or state.held is not None))

    @invariant()
    def nobody_has_more_than_fits(self) -> None:
        busy = Counter[str]()
        unasked = Counter[str]()
        for lead_id in self.states:
            events = [event for event in self.log if event.lead_id == lead_id]
            found = _busy(events, self.now)
            busy.update(found)
            by_hand = lead_id in self.assigned
            unasked.update(name for name in found if by_hand or _has_it_back(name, events))
        for name, count in busy.items():
            capacity = POOL.by_id[name].capacity if name in POOL.by_id else None
            assert capacity is None or count - unasked[name] <= capacity
        seen = self.context.later(self.now).load
        kept = {name: count for name, count in seen.items() if name in POOL.by_id}
        assert {name: count for name, count in busy.items() if name in POOL.by_id} == kept

    @invariant()
    def turns_are_refunded_exactly(self) -> None:
        credit = Counter[str]()
        ended = {
            (event.lead_id, event.partner_id): event.type.rpartition("_")[2]
            for event in self.log
            if isinstance(event, ENDS)
        }
        for one in self.decisions:
            end = ended.get((one.lead.lead_id, one.chosen))
            if one.charge.payer is not None and end not in self.policy.refunded:
                for name, share in one.charge.shares.items():
                    credit[name] += share - (name == one.charge.payer)  # type: ignore[assignment]

        saved = {name: value for name, value in self.context.credits.items() if value}
        assert {name: value for name, value in credit.items() if value} == saved
        assert Fraction(0) == sum(saved.values())

    @invariant()
    def the_log_tells_the_states(self) -> None:
        lives = fold(self.log, as_of=max(self.now, START))
        known = {name: state for name, state in self.states.items() if state.events}
        assert known == offer_states(lives)

    def teardown(self) -> None:
        if not hasattr(self, "states"):
            return
        for lead_id in self.states:
            self.nobody_answers_any_more(lead_id)
        self.the_kept_context_is_the_derived_one()
        self.the_same_messages_give_the_same_states()

    def nobody_answers_any_more(self, lead_id: str) -> None:
        steps = 0
        step = self.tell(lead_id, self.now)
        while (next_at := step.next_action.at) is not None:
            just_before = next_at - timedelta(microseconds=1)
            if just_before >= self.now:
                assert () == self.tell(lead_id, just_before).events
            waited = step.next_action.waits_for
            self.now = max(self.now, next_at)
            step = self.tell(lead_id, self.now)
            assert waited != "recipient" or step.state.open is not None
            steps += 1

        rests = 2 if self.policy.cooling else 1
        ends = sum(isinstance(event, DealRegistered) for event in self.log)
        assert steps <= rests * len(CROWD) + 1 + ends
        closed = step.state.closed or step.state.held is not None
        assert ("nothing" == step.next_action.waits_for) == closed

    def the_kept_context_is_the_derived_one(self) -> None:
        for lead_id in self.states:
            self.tell(lead_id, self.now)
        derived = self.derived(self.log, self.decisions, self.now)
        kept = evolve(
            self.context,
            as_of=self.now,
            outcomes=derived.outcomes,
            credits={name: value for name, value in self.context.credits.items() if value},
        )
        exact = {name: value for name, value in derived.credits.items() if value}
        assert evolve(derived, credits=exact) == kept
        assert derived.lapses == kept.lapses

    def the_same_messages_give_the_same_states(self) -> None:
        context = RoutingContext(as_of=START)
        again: dict[str, OfferState] = {}
        events: list[LeadEvent] = []
        decisions: list[Decision] = []
        for lead_id, happened in self.messages:
            if isinstance(happened, datetime) and not lead_id:
                context = self.derived(events, decisions, happened)
                continue
            step = self.stepped(again.get(lead_id, OfferState(lead_id)), happened, context)
            again[lead_id], context = step.state, step.context
            events += step.events
            decisions += step.decisions
        assert (self.states, self.log) == (again, events)


def _busy(events: list[LeadEvent], now: datetime) -> set[str]:
    """Who has a lead or an offer of it that stands, by reading what happened one by one."""
    asked: set[str] = set()
    takers: list[str] = []
    closed = False
    for event in sorted(events, key=order_key):
        name = str(getattr(event, "partner_id", None) or getattr(event, "agent_id", None))
        if isinstance(event, LeadOffered):
            lapsed = event.expires_at is not None and event.expires_at <= now
            asked = set() if lapsed else {name}
        elif isinstance(event, ENDS):
            asked -= {name}
        elif isinstance(event, LeadAccepted | LeadAssigned):
            asked, takers = asked - {name}, [*takers, name]
        elif isinstance(event, LeadReturned):
            takers = [taker for taker in takers if taker != name]
        elif isinstance(event, LeadLost | LeadReopened):
            closed = isinstance(event, LeadLost)
    return set() if closed else {*asked, *takers[-1:]}


def _has_it_back(name: str, events: list[LeadEvent]) -> bool:
    """Whether a closed lead was opened again and so came back to who had taken it before."""
    told = sorted(events, key=order_key)
    taken = [
        place
        for place, event in enumerate(told)
        if isinstance(event, LeadAccepted | LeadAssigned)
        and name in (event.partner_id, event.agent_id)
    ]
    return bool(taken) and any(isinstance(event, LeadReopened) for event in told[taken[-1] :])


TestOffers = Offers.TestCase
TestOffers.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
