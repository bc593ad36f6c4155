"""A decision from a pool prepared once, against asking every rule about every recipient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import perf_counter

from attrs import frozen

from partnerleads import Lead
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    ByPlv,
    Decision,
    HasCapacity,
    HasExpertise,
    HasTier,
    InTerritory,
    InWorkingHours,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    NotExcluded,
    Pool,
    Prospect,
    Ranked,
    Recipient,
    RoundRobin,
    Router,
    RoutingContext,
    TerritoryTree,
    route,
)
from tests.benchmarks.measuring import Bench, Row

__all__ = ["routes"]

ROUTE_TARGET = 0.1
"""Ten times faster, from a thousand recipients on; writing a decision down is only stated."""

_POOLS = (100, 1_000, 10_000)
_LEADS = 60
_CHECKED = ("who may take the lead", "decision by score", "decision by turns")
_SCAN, _SCAN_BY_TURNS = "scan", "scan, by turns"
_OFTEN = 10
_TIERS = ("gold", "silver", "bronze")
_TOPICS = tuple(f"industry-{number}" for number in range(10))
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC")
_PLACES = {f"country-{c}": "world" for c in range(20)} | {
    f"region-{c}-{r}": f"country-{c}" for c in range(20) for r in range(5)
}

_Answer = Callable[["_World", Prospect], object]


@frozen
class _World:
    """A pool, a context and leads.

    Attributes:
        pool: Recipients with three of a hundred regions and three of ten industries each.
        context: Loads and scores of all of them.
        leads: The leads, each in one region and of one industry.
    """

    pool: Pool
    context: RoutingContext
    leads: Sequence[Prospect]


def _world(size: int) -> _World:
    luck, tree = Random(7), TerritoryTree(_PLACES)
    hours = [WorkingHours.parse({"mon-fri": "08:00-18:00"}, time_zone=zone) for zone in _ZONES]
    names = [f"p{number:05}" for number in range(size)]
    crowd = [
        Recipient(
            recipient_id=name,
            territories=luck.sample(tree.leaves, 3),
            expertise=luck.sample(_TOPICS, 3),
            tier=luck.choice(_TIERS),
            capacity=luck.randrange(3, 9),
            weight=luck.choice((1, 2, 3)),
            hours=luck.choice(hours),
            active=luck.random() < 0.95,
        )
        for name in names
    ]
    rules = (
        IsActive(),
        InTerritory(tree),
        HasExpertise(),
        HasTier(ladder=_TIERS, at_least="silver"),
        HasCapacity(),
        InWorkingHours(),
        NotExcluded(),
        KeepsRegistration(),
        KeepsAccountOwner(),
    )
    context = RoutingContext(
        as_of=datetime(2026, 3, 4, 14, tzinfo=UTC),
        load={name: luck.randrange(7) for name in names},
        scores={"plv": {name: luck.random() for name in names}},
    )
    leads = [
        Prospect(
            lead_id=f"L{number}",
            facts=Lead(region=luck.choice(tree.leaves), industry=luck.choice(_TOPICS)),
        )
        for number in range(_LEADS)
    ]
    return _World(Pool(crowd, rules=rules), context, leads)


def _scan(world: _World, lead: Prospect, router: Router) -> Ranked | None:
    """The choice of a router among those whom every rule passes, one after the other."""
    context, passes = world.context, [rule.passes for rule in world.pool.rules]
    found = []
    for one in world.pool.recipients:
        for rule in passes:
            if not rule(one, lead, context):
                break
        else:
            found.append(one)
    return next(iter(router.rank(lead, found, context)), None)


def _timed(world: _World, answer: _Answer, times: int) -> float:
    """Seconds a lead."""
    start = perf_counter()
    for _ in range(times):
        for lead in world.leads:
            answer(world, lead)
    return (perf_counter() - start) / (times * len(world.leads))


def _measure(size: int, rounds: int) -> list[Row]:
    world = _world(size)
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, (answer, often) in _answers(size).items():
            times[name].append(_timed(world, answer, often))
    return [
        Row(
            name=f"{name}, of so many recipients",
            size=size,
            base=f"{median(base) * 1e6:.0f} us",
            cost=f"{median(costs) * 1e6:.0f} us",
            ratios=tuple(cost / scan for cost, scan in zip(costs, base, strict=True)),
            target=ROUTE_TARGET if size > _POOLS[0] and name in _CHECKED else None,
        )
        for name, costs in times.items()
        if (base := times[_SCAN_BY_TURNS if "turns" in name else _SCAN]) is not costs
    ]


def _answers(size: int) -> dict[str, tuple[_Answer, int]]:
    """What is asked of a pool, each as often as takes about as long as a scan of a thousand."""
    score, turns = ByPlv(), RoundRobin()

    def decided(w: _World, lead: Prospect, router: ByPlv | RoundRobin = score) -> Decision:
        return route(lead, pool=w.pool, router=router, context=w.context)

    answers: dict[str, tuple[_Answer, int]] = {
        _SCAN: (lambda w, lead: _scan(w, lead, score), 1),
        "who may take the lead": (lambda w, lead: w.pool.entitled(lead, w.context), _OFTEN),
        "decision by score": (decided, _OFTEN),
        _SCAN_BY_TURNS: (lambda w, lead: _scan(w, lead, turns), 1),
        "decision by turns": (lambda w, lead: decided(w, lead, turns), _OFTEN),
        "decision by score, written down": (lambda w, lead: decided(w, lead).record(), 1),
    }
    if size < _POOLS[-1]:
        answers["decision by score, laid out"] = (lambda w, lead: decided(w, lead).explain(), 1)
    return answers


def routes(bench: Bench) -> Iterator[Row]:
    """Decisions from pools of three sizes."""
    for size in _POOLS:
        if size <= max(bench.sizes):
            yield from bench.call(_measure, size, bench.rounds)
