"""A replay knows what was known then, and the policy that decided decides the same again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads.events import Event, LeadOffered, LeadRouted
from partnerleads.lifecycle import fold
from partnerleads.routing import (
    Candidates,
    Decision,
    HasCapacity,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    LeastLoaded,
    NotExcluded,
    Pool,
    Prospect,
    Ranked,
    Recipient,
    Replay,
    RoundRobin,
    Router,
    RoutingContext,
    Thompson,
    fairness,
    prospect_of,
    replay,
    route,
    routing_context,
)
from partnerleads.routing.replaying.past_choice import past_choices
from partnerleads.testing import strategies
from partnerleads.testing.life import HALF_DAY, START

NOW = START + timedelta(days=400)
MINUTE = timedelta(minutes=1)
NAMES = ("acme", "beta", "corp")
RULES = (IsActive(), HasCapacity(), NotExcluded(), KeepsRegistration(), KeepsAccountOwner())
ROUTERS: tuple[Router, ...] = (RoundRobin(), LeastLoaded(), Thompson())


@frozen
class Spy:
    """Ranks as another router does, and keeps what it was shown."""

    router: Router
    seen: list[RoutingContext] = field(factory=list, eq=False)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterable[Ranked]:
        self.seen.append(context)
        return self.router.rank(lead, candidates, context)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    crowd = [
        Recipient(
            recipient_id=name,
            weight=draw(st.sampled_from([1, 1, 2, 0.5])),
            capacity=draw(st.sampled_from([None, None, 1, 3])),
        )
        for name in draw(st.permutations((*strategies.PARTNER_IDS, "newcomer")))
    ]
    return Pool(crowd, rules=RULES)


@st.composite
def routed_histories(draw: st.DrawFn) -> list[Event]:
    """A history in which leads were given to somebody, also at the instants of other events."""
    log = [*draw(strategies.histories())]
    moments = draw(st.lists(st.integers(0, 120), min_size=1, max_size=8))
    for number, moment in enumerate(moments):
        name = draw(st.sampled_from(strategies.PARTNER_IDS))
        log.append(
            LeadRouted(
                event_id=f"r{number}",
                occurred_at=START + moment * HALF_DAY,
                lead_id=draw(st.sampled_from(["L1", "L2", "L3"])),
                eligible=(name,),
                chosen=name,
            )
        )
    return log


def known(log: Iterable[Event], moment: datetime, routed: Iterable[Any] = ()) -> list[Event]:
    """What was on record at a moment, less what the choices of that instant led to."""
    at_once = {(one.lead_id, one.chosen) for one in routed if one.at == moment and one.chosen}
    return [
        event
        for event in log
        if max(event.recorded_at, event.occurred_at) <= moment
        and not (
            event.recorded_at <= event.occurred_at == moment
            and "registr" not in event.type  # which steers a choice, and is no result of one
            and {
                (getattr(event, "lead_id", None), getattr(event, "partner_id", None)),
                (getattr(event, "lead_id", None), getattr(event, "agent_id", None)),
            }
            & at_once
        )
    ]


def naive_context(
    then: list[Event], moment: datetime, made: list[Decision], moved: dict[str, Decision]
) -> RoutingContext:
    """The context with some leads moved, from whole histories every time."""
    lives = fold(then, as_of=moment)
    whole = routing_context(then, as_of=moment, decisions=made)
    rest = routing_context(
        [event for event in then if getattr(event, "lead_id", None) not in moved],
        as_of=moment,
        decisions=[one for one in made if one.lead.lead_id not in moved],
    )
    load = Counter(rest.load)
    held: dict[str, list[tuple[datetime, str, str]]] = {}
    for life in lives.values():
        lost = life.closed is not None and life.won is None
        if life.lead_id not in moved and life.captured is not None and life.held and not lost:
            holding = (life.held.occurred_at, life.lead_id, str(life.holder))
            held.setdefault(life.facts.account or "", []).append(holding)
    saved = dict(
        routing_context(
            then, as_of=moment, decisions=[one for one in made if one not in moved.values()]
        ).credits
    )
    for lead_id, decision in moved.items():
        is_open = lead_id not in lives or lives[lead_id].closed is None
        if decision in made:
            saved = dict(decision.charge.added_to(saved))
        if decision.chosen is not None and is_open:
            load[decision.chosen] += 1
            account = lives[lead_id].facts.account
            holding = (decision.as_of, lead_id, decision.chosen)
            held.setdefault(account or "", []).append(holding)
    return RoutingContext(
        as_of=moment,
        load=load,
        credits=saved,
        last_turns=whole.last_turns,
        outcomes=rest.outcomes,
        protections=whole.protections,
        owners={name: max(those)[2] for name, those in held.items() if name},
        excluded=whole.excluded,
        decided=whole.decided,
        turn=whole.turn,
    )


def naive_asked(then: list[Event], moment: datetime, pool: Pool, one: Any) -> set[str]:
    """Whoever had an offer of the lead, and their houses, unless one of them was eligible again."""
    life = fold(then, as_of=moment).get(one.lead_id)
    offers = [event for event in (life.events if life else ()) if isinstance(event, LeadOffered)]
    names = {name for event in offers for name in (event.partner_id, event.agent_id) if name}
    house = {other for name in names if name in pool.by_id for other in pool.by_id[name].house}
    return set() if (names | house) & {*one.then.eligible} else names | house


def steps(found: Replay) -> Iterator[tuple[Any, list[Decision], dict[str, Decision]]]:
    """Each choice with the decisions made and the leads moved before it."""
    made: list[Decision] = []
    moved: dict[str, Decision] = {}
    for one in found.choices:
        yield one, [*made], {**moved}
        if one.decision not in made:
            made.append(one.decision)
        if one.is_moved:
            moved[one.lead_id] = one.decision


@settings(max_examples=40)
@given(routed_histories(), pools(), st.sampled_from(ROUTERS))
def test_a_router_is_shown_what_the_history_and_the_moves_so_far_make(
    log: list[Event], pool: Pool, router: Router
) -> None:
    spy = Spy(router)
    found = replay(log, pool=pool, router=spy, as_of=NOW)
    routed = past_choices(event for event in log if isinstance(event, LeadRouted))
    contexts = iter(spy.seen)

    for one, made, moved in steps(found):
        if one.decision.eligible and one.decision not in made:
            then = known(log, one.then.at, routed)
            context = naive_context(then, one.then.at, made, moved)
            asked = naive_asked(then, one.then.at, pool, one)
            excluded = asked | context.excluded.get(one.lead_id, frozenset())
            if excluded:
                context = evolve(context, excluded={**context.excluded, one.lead_id: excluded})

            assert context == next(contexts)


@settings(max_examples=40)
@given(
    strategies.histories(),
    st.lists(st.tuples(st.integers(0, 120), st.sampled_from(["L1", "L2", "L3"])), max_size=8),
    pools(),
    st.sampled_from(ROUTERS),
)
def test_the_policy_that_decided_decides_the_same_again(
    log: tuple[Event, ...], moments: list[tuple[int, str]], pool: Pool, router: Router
) -> None:
    made: list[Decision] = []
    for moment, lead_id in sorted(moments):
        at = START + moment * HALF_DAY + MINUTE
        then = known(log, at)
        life = fold(then, as_of=at).get(lead_id)
        if life is not None and life.closed is None:
            context = routing_context(then, as_of=at, decisions=made, seed=7)
            decision = route(prospect_of(life), pool=pool, router=router, context=context)
            made += [decision] if decision not in made else []
    events = [*log, *(one.event() for one in made)]

    if made:
        again = replay(events, pool=pool, router=router, as_of=NOW, decisions=made, seed=7)

        assert [one.record() for one in made] == [one.record() for one in again.decisions]
        assert () == again.moved
        assert dict(fairness(made)) == dict(again.fairness)
        assert not again.not_replayed


@given(routed_histories(), pools(), st.randoms(use_true_random=False))
def test_the_order_of_the_events_never_matters(log: list[Event], pool: Pool, random: Any) -> None:
    shuffled = [*log]
    random.shuffle(shuffled)

    assert replay(log, pool=pool, router=LeastLoaded(), as_of=NOW) == replay(
        shuffled, pool=pool, router=LeastLoaded(), as_of=NOW
    )


@st.composite
def rotations(draw: st.DrawFn, weights_of: tuple[float, ...] = (1, 2, 0.5, 3)) -> list[Decision]:
    """The decisions of a rotation over recipients that come and go."""
    weights = [draw(st.sampled_from(weights_of)) for _ in NAMES]
    context = RoutingContext(as_of=START)
    made = []
    for number in range(draw(st.integers(0, 12))):
        there = draw(st.frozensets(st.sampled_from(NAMES)))
        crowd = [
            Recipient(recipient_id=name, weight=weight, active=name in there)
            for name, weight in zip(NAMES, weights, strict=True)
        ]
        pool = Pool(crowd, rules=(IsActive(),))
        lead = Prospect(lead_id=f"L{number}")
        made.append(route(lead, pool=pool, router=RoundRobin(), context=context))
        context = context.after(made[-1])
    return made


@given(rotations())
def test_who_got_more_than_its_share_owes_it_as_credit(made: list[Decision]) -> None:
    context = RoutingContext(as_of=START)
    for decision in made:
        context = context.after(decision)
    found = fairness(made)

    assert dict(context.credits) == {name: -one.deviation for name, one in found.items()}
    assert Fraction(0) == sum((one.deviation for one in found.values()), Fraction(0))
    assert sum(one.received for one in found.values()) == found.n
    assert len(made) == found.n + found.others


@given(rotations(weights_of=(1,)))
def test_with_equal_weights_nobody_is_far_from_its_share(made: list[Decision]) -> None:
    assert Fraction(len(NAMES) - 1, 2) >= fairness(made).worst_deviation
