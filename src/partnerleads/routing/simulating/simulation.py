"""Simulates a channel whose truth is known under a router, lead by lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import repeat
from math import floor, isfinite
from typing import Any

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, Money, RecipientId
from partnerleads.routing.checks import Rule
from partnerleads.routing.context import Outcome, RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.moment_rules import HasCapacity
from partnerleads.routing.observed_scores import KnownResult, LeadScores, Scoring, observed_scores
from partnerleads.routing.pool import Pool
from partnerleads.routing.preferences import Narrowing
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Router, checked_router
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.route import route
from partnerleads.routing.rules import IsActive
from partnerleads.routing.simulating.channel import Arrival, Channel, Participant, luck_of
from partnerleads.routing.simulating.result import Simulation, Tally

__all__ = ["USUAL_RULES", "simulate"]

USUAL_RULES: tuple[Any, ...] = (IsActive(), HasCapacity())
"""Who may take a lead unless it is said otherwise: whoever is active and has room."""


def simulate(
    channel: Channel,
    *,
    router: Router,
    seed: int,
    rules: Iterable[Rule] = USUAL_RULES,
    preferences: Iterable[Narrowing] = (),
    scores: Scoring = observed_scores,
    refresh_days: float = 7.0,
) -> Simulation:
    """What comes of a channel under a router: every lead is routed, and won or lost later.

    The router sees what a programme would see: loads, turns, the outcomes of leads that were
    decided by then, and scores that are worked out anew from those every few days. A lead that
    nobody can be given is gone. Whatever the router, a lead has the same luck with the same
    recipient.

    Args:
        channel: The participants, how good they truly are, and the leads.
        router: Who orders those who may take a lead.
        seed: What chance is drawn from, that of the router too.
        rules: Who may take a lead; usually whoever is active and has room.
        preferences: The wishes that narrow them down.
        scores: Makes the scores from what is known; who is not there when they are made has none
            until they are made anew.
        refresh_days: How often scores look at the results known; 0 looks before every lead. [days]

    Raises:
        OptionError: When *refresh_days* is below 0 or no number, or an argument is no router.
        RouterError: When the router's answer is none, as in :func:`route`.

    >>> from partnerleads.routing import Channel, Participant, Recipient, RoundRobin
    >>> good, poor = (
    ...     Participant(recipient=Recipient(recipient_id=name), close_rate=rate)
    ...     for name, rate in (("good", 0.5), ("poor", 0.1))
    ... )
    >>> channel = Channel(participants=[good, poor], leads=100)
    >>> found = simulate(channel, router=RoundRobin(), seed=1)
    >>> found.tallies["good"].received, round(found.expected_wins, 6), found.best_wins
    (50, 30.0, 50.0)
    """
    checked_router(router)
    if not (refresh_days >= 0 and isfinite(refresh_days)):
        raise OptionError("refresh_days", refresh_days, "must be a number of days, at least 0")
    pool = Pool((), rules=rules, preferences=preferences, charge_steered=True)
    run = _Run(channel, seed, pool, _Tables(scores, refresh_days))
    for arrival in channel.arrivals(seed):
        run.take(arrival, router)
    return run.result(type(router).__name__)


class _Tables:
    """Tables of scores, made anew every few days from the results known on that day."""

    of: LeadScores

    def __init__(self, scores: Scoring, every: float) -> None:
        self._scores, self._every = scores, every
        self._until = 0.0

    def look(
        self, day: float, known: Sequence[KnownResult], recipients: tuple[Recipient, ...]
    ) -> None:
        """Take note of what is known, where it is time to."""
        if day >= self._until:
            self.of = self._scores(tuple(known), recipients)
            self._until = self._every and (floor(day / self._every) + 1) * self._every


def _records(channel: Channel) -> Iterator[KnownResult]:
    """What was decided before the start."""
    for one in channel.participants:
        name, record = one.recipient.recipient_id, one.record
        lead = Prospect(lead_id="before", expected_value=channel.median_value)
        for won, count in ((True, record.wins), (False, record.losses)):
            yield from repeat(KnownResult(name, lead, won), count)


class _Run:
    """A channel on its way: what is open, what is known, who got what."""

    def __init__(self, channel: Channel, seed: int, pool: Pool, tables: _Tables) -> None:
        self._channel, self._seed, self._pool, self._tables = channel, seed, pool, tables
        self._anybody = evolve(pool, preferences=())
        self._by_id = {one.recipient.recipient_id: one for one in channel.participants}
        self._open: list[tuple[float, int, KnownResult]] = []
        self._known: list[KnownResult] = [*_records(channel)]
        self._outcomes = FrozenMap({name: one.record for name, one in self._by_id.items()})
        self._load: Counter[RecipientId] = Counter()
        self._most: Counter[RecipientId] = Counter()
        self._credits: FrozenMap[RecipientId, Fraction] = FrozenMap()
        self._last: dict[RecipientId, int] = {}
        self._given: list[tuple[KnownResult, float]] = []
        self._turn = 0
        self._best = 0.0
        self._worst = Fraction(0)
        self._used: list[float] = []

    def take(self, arrival: Arrival, router: Router) -> None:
        """Route one lead, in the channel as it is on its day."""
        self._close_until(arrival.day)
        self._admit(arrival.day)
        self._tables.look(arrival.day, self._known, self._pool.recipients)
        lead, context = arrival.lead, self._context(arrival)
        self._best += self._best_rate(arrival, context)
        self._measure_load()
        decision = route(lead, pool=self._pool, router=router, context=context)
        self._turn += 1
        if decision.chosen is not None:
            self._give(arrival, decision, decision.chosen)

    def _close_until(self, day: float) -> None:
        """Make known what was decided by a day."""
        found = dict(self._outcomes)
        while self._open and self._open[0][0] <= day:
            _, _, result = heappop(self._open)
            name = result.recipient_id
            self._load[name] -= 1
            self._known.append(result)
            before = found.get(name, Outcome())
            found[name] = Outcome(before.wins + result.won, before.losses + (not result.won))
        self._outcomes = FrozenMap(found)

    def _admit(self, day: float) -> None:
        """Let those in who have joined by a day."""
        there = [one.recipient for one in self._channel.participants if one.joins_on <= day]
        if len(there) != len(self._pool.recipients):
            self._pool = evolve(self._pool, recipients=there)
            self._anybody = evolve(self._pool, preferences=())

    def _context(self, arrival: Arrival) -> RoutingContext:
        return RoutingContext(
            as_of=self._channel.moment(arrival.day),
            scores=self._tables.of(arrival.lead),
            load=self._load,
            credits=self._credits,
            last_turns=self._last,
            outcomes=self._outcomes,
            turn=self._turn,
            seed=self._seed,
        )

    def _best_rate(self, arrival: Arrival, context: RoutingContext) -> float:
        """The chance of whoever is truly best, were nobody full and were there no wishes."""
        idle = evolve(context, load={})
        rates = (
            self._by_id[one.recipient_id].true_rate(arrival.lead, day=arrival.day)
            for one in self._anybody.entitled(arrival.lead, idle).candidates
        )
        return max(rates, default=0.0)

    def _measure_load(self) -> None:
        limits = [one.capacity for one in self._pool.recipients]
        total = sum(limit for limit in limits if limit is not None)
        if total and None not in limits:
            self._used.append(self._load.total() / total)

    def _give(self, arrival: Arrival, decision: Decision, name: RecipientId) -> None:
        rate = self._by_id[name].true_rate(arrival.lead, day=arrival.day)
        won = luck_of(self._seed, arrival.lead.lead_id, name) < rate
        result = KnownResult(name, arrival.lead, won)
        heappush(self._open, (arrival.day + arrival.delay, self._turn, result))
        self._given.append((result, rate))
        self._load[name] += 1
        self._most[name] = max(self._most[name], self._load[name])
        self._last[name] = decision.turn
        self._credits = decision.charge.added_to(self._credits)
        self._worst = max(self._worst, *map(abs, self._credits.values()))

    def result(self, router: str) -> Simulation:
        """What came of it, once everything that is open is decided."""
        given = {
            name: [one for one in self._given if one[0].recipient_id == name]
            for name in self._by_id
        }
        return Simulation(
            router=router,
            seed=self._seed,
            leads=self._channel.leads,
            unroutable=self._channel.leads - len(self._given),
            tallies=FrozenMap(
                {name: self._tally(one, given[name]) for name, one in self._by_id.items()}
            ),
            best_wins=self._best,
            worst_deviation=self._worst,
            mean_load=sum(self._used) / len(self._used) if self._used else None,
        )

    def _tally(self, one: Participant, given: list[tuple[KnownResult, float]]) -> Tally:
        name, won = one.recipient.recipient_id, [result for result, _ in given if result.won]
        nothing = Money(0, self._channel.median_value.currency)
        return Tally(
            recipient_id=name,
            newcomer=one.joins_on > 0,
            received=len(given),
            fair_share=self._credits.get(name, Fraction(0)) + len(given),
            wins=len(won),
            expected_wins=sum(rate for _, rate in given),
            revenue=sum((result.lead.expected_value or nothing for result in won), nothing),
            most_open=self._most[name],
        )
