"""Laws of simulations: same luck for all routers, nothing lost, and a slow twin that agrees."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads.routing import (
    ByExpertise,
    ByPerformance,
    ByPlv,
    CapacityPriced,
    Channel,
    LeastLoaded,
    Outcome,
    Participant,
    Recipient,
    RoundRobin,
    Router,
    Thompson,
    simulate,
)
from partnerleads.routing.simulating.channel import luck_of

ROUTERS: tuple[Router, ...] = (
    RoundRobin(),
    LeastLoaded(),
    ByExpertise(),
    ByPerformance(),
    ByPlv(),
    CapacityPriced(usual="usual", steepness=4, floor=0.1),
    Thompson(),
)
routers = st.sampled_from(ROUTERS)
seeds = st.integers(0, 99)
rates = st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0])
days = st.sampled_from([0.0, 1.5, 4.0])


@st.composite
def people(draw: st.DrawFn, name: str) -> Participant:
    return Participant(
        recipient=Recipient(
            recipient_id=name,
            capacity=draw(st.sampled_from([None, 0, 1, 2, 5])),
            expertise=draw(st.sampled_from([(), ("steel",), ("steel", "glass")])),
            weight=draw(st.sampled_from([1, 1, 2])),
        ),
        close_rate=draw(rates),
        factors=draw(st.sampled_from([{}, {"steel": 2.0}])),
        joins_on=draw(days),
        changes_on=draw(st.none() | days),
        change=0.5,
        record=draw(st.sampled_from([Outcome(), Outcome(wins=2, losses=3)])),
    )


@st.composite
def channels(draw: st.DrawFn) -> Channel:
    names = draw(st.sets(st.sampled_from("abcd"), min_size=1))
    return Channel(
        participants=[draw(people(name)) for name in sorted(names)],
        leads=draw(st.integers(1, 25)),
        leads_per_day=draw(st.sampled_from([1, 4])),
        evenly=draw(st.booleans()),
        industries=draw(st.sampled_from([{}, {"steel": 1, "glass": 2}])),
        value_spread=draw(st.sampled_from([0.0, 1.0])),
        days_to_close=draw(st.sampled_from([(0, 0), (1, 3), (5, 5)])),
    )


@settings(max_examples=40)
@given(channels(), seeds)
def test_every_router_is_bounded_by_the_truth_and_loses_no_lead(
    channel: Channel, seed: int
) -> None:
    for router in ROUTERS:
        found = simulate(channel, router=router, seed=seed)
        tallies = found.tallies.values()

        assert channel.leads == found.unroutable + sum(one.received for one in tallies)
        assert found.routed == sum(one.fair_share for one in tallies)
        assert found.regret >= -1e-9
        assert all(0 <= one.wins <= one.received for one in tallies)
        assert all(abs(one.received - one.fair_share) <= found.worst_deviation for one in tallies)
        for one in channel.participants:
            tally, limit = found.tallies[one.recipient.recipient_id], one.recipient.capacity

            assert limit is None or tally.most_open <= limit


@given(channels(), routers, seeds)
def test_the_same_again_is_the_same_whatever_the_order_of_the_participants(
    channel: Channel, router: Router, seed: int
) -> None:
    turned = evolve(channel, participants=channel.participants[::-1])

    assert simulate(channel, router=router, seed=seed) == simulate(turned, router=router, seed=seed)


@given(channels(), seeds)
def test_a_lone_recipient_has_the_same_luck_under_every_router(channel: Channel, seed: int) -> None:
    lone = evolve(channel, participants=channel.participants[:1])

    first, *others = (simulate(lone, router=router, seed=seed) for router in ROUTERS)

    assert all(evolve(one, router=first.router) == first for one in others)


@given(channels(), seeds)
def test_somebody_who_can_take_nothing_changes_nothing(channel: Channel, seed: int) -> None:
    idle = Participant(recipient=Recipient(recipient_id="z", active=False), close_rate=1.0)
    more = evolve(channel, participants=[*channel.participants, idle])

    before = simulate(channel, router=RoundRobin(), seed=seed)
    after = simulate(more, router=RoundRobin(), seed=seed)

    assert dict(before.tallies) == {n: one for n, one in after.tallies.items() if n != "z"}
    assert (before.best_wins, before.unroutable) == (after.best_wins, after.unroutable)


@given(channels(), seeds)
def test_better_truth_never_makes_fewer_wins_of_the_same_choices(
    channel: Channel, seed: int
) -> None:
    better = [
        evolve(one, close_rate=min(1.0, one.close_rate + 0.2)) for one in channel.participants
    ]

    before = simulate(channel, router=RoundRobin(), seed=seed)
    after = simulate(evolve(channel, participants=better), router=RoundRobin(), seed=seed)

    for name, tally in before.tallies.items():
        assert tally.received == after.tallies[name].received
        assert tally.wins <= after.tallies[name].wins


@given(channels(), seeds)
def test_a_round_robin_agrees_with_a_slow_twin(channel: Channel, seed: int) -> None:
    found = simulate(channel, router=RoundRobin(), seed=seed)

    assert _twin(channel, seed) == {
        name: (one.received, one.wins, one.fair_share) for name, one in found.tallies.items()
    }


def _twin(channel: Channel, seed: int) -> dict[str, tuple[int, int, Fraction]]:
    """Round robin over whoever is there and has room, by rereading everything at each lead."""
    given: list[tuple[float, float, str, int]] = []
    count: Counter[str] = Counter()
    wins: Counter[str] = Counter()
    share: dict[str, Fraction] = {
        one.recipient.recipient_id: Fraction(0) for one in channel.participants
    }
    last: dict[str, int] = {}
    for turn, arrival in enumerate(channel.arrivals(seed)):
        free = {}
        for one in channel.participants:
            name, limit = one.recipient.recipient_id, one.recipient.capacity
            open_now = sum(who == name and until > arrival.day for _, until, who, _ in given)
            if one.joins_on <= arrival.day and (limit is None or open_now < limit):
                free[name] = one
        whole = sum((one.recipient.weight for one in free.values()), Fraction(0))
        for name, one in free.items():
            share[name] += one.recipient.weight / whole
        if not free:
            continue
        name = min(free, key=lambda n: (count[n] - share[n], last.get(n, -1), n))
        given.append((arrival.day, arrival.day + arrival.delay, name, turn))
        count[name] += 1
        last[name] = turn
        rate = free[name].true_rate(arrival.lead, day=arrival.day)
        wins[name] += luck_of(seed, arrival.lead.lead_id, name) < rate
    return {name: (count[name], wins[name], share[name]) for name in share}
