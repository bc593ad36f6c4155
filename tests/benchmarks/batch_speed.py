"""A large batch: the best assignment from given pairs, greedy, and the whole way from a pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from partnerleads import Lead, solvers
from partnerleads.routing import (
    BatchProblem,
    InTerritory,
    IsActive,
    Pool,
    Prospect,
    Recipient,
    RoutingContext,
    assign_batch,
)
from partnerleads.routing.batches.greedy import greedy
from partnerleads.routing.batches.prices import bound_by, prices_of
from partnerleads.routing.batches.problem import total
from tests.benchmarks.measuring import Bench, Row

__all__ = ["batches"]

BATCH_TARGET = 1.0
"""Half a second, the base, for the best assignment: of one core, whatever else the others do."""

_LIMIT, _SLOTS = 0.5, 10
_LARGE, _SMALL = (10_000, 1_000), (200, 20)
_CHANCE, _PLACES = 0.0572, 175
"""Ten of so many places for each recipient leave a lead as many to go to as the chance does."""

Size = tuple[int, int]
Columns = tuple[Any, Any, Any]


def _columns(size: Size) -> Columns:
    """Pairs at random, each worth something from 0 to 1; of the large size about 572 000."""
    luck = np.random.default_rng(1)
    leads, recipients = np.nonzero(luck.random(size) < _CHANCE)
    return leads, recipients, luck.random(len(leads))


def _problem(size: Size, columns: Columns) -> BatchProblem:
    """The problem that the columns are, with as many slots as leads."""
    leads, recipients, values = columns
    return BatchProblem(
        slots=[_SLOTS] * size[1],
        count=size[0],
        leads=leads,
        recipients=recipients,
        values=values,
    )


def _timed(rounds: int, answers: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of the processor that each took in each round; a round calls all of them in turn."""
    times: dict[str, list[float]] = {name: [] for name in answers}
    for _ in range(rounds):
        for name, answer in answers.items():
            start = process_time()
            made = answer()
            times[name].append(process_time() - start)
            del made
    return times


def _row(name: str, size: int, times: list[float], *, target: float | None = None) -> Row:
    return Row(
        name=name,
        size=size,
        base=f"{_LIMIT * 1e3:.0f} ms",
        cost=f"{median(times) * 1e3:.0f} ms",
        ratios=tuple(time / _LIMIT for time in times),
        target=target,
    )


def _from_pairs(size: Size, rounds: int) -> list[Row]:
    """From columns to the chosen pairs, with their check and the solver's own input."""
    columns = _columns(size)
    problem = _problem(size, columns)
    best, first = list(solvers.optimal(problem)), greedy(problem)
    worth, most = total(problem, best), bound_by(problem, prices_of(problem, first))
    short = 1 - total(problem, first) / worth
    answers: dict[str, Callable[[], object]] = {
        "the best pairs, by OR-tools": lambda: solvers.optimal(_problem(size, columns)),
        f"greedy pairs, {short:.2%} below the best": lambda: greedy(_problem(size, columns)),
        f"a bound for them, {most / worth - 1:.2%} above it": lambda: prices_of(problem, first),
        "a proof that the best is the best": lambda: prices_of(problem, best),
    }
    times = _timed(rounds, answers)
    return [
        _row(
            name, len(problem), took, target=BATCH_TARGET if place == 0 and size == _LARGE else None
        )
        for place, (name, took) in enumerate(times.items())
    ]


def _from_pool(size: Size, rounds: int) -> list[Row]:
    """From leads and a pool to a result with reasons."""
    luck = Random(7)
    places = [f"place-{number}" for number in range(_PLACES)]
    crowd = [
        Recipient(
            recipient_id=f"p{number:04}",
            territories=luck.sample(places, _SLOTS),
            capacity=_SLOTS,
        )
        for number in range(size[1])
    ]
    pool = Pool(crowd, rules=(IsActive(), InTerritory()))
    leads = [
        Prospect(lead_id=f"L{number:05}", facts=Lead(region=luck.choice(places)))
        for number in range(size[0])
    ]
    worth = {one.recipient_id: luck.random() for one in crowd}
    context = RoutingContext(as_of=datetime(2026, 3, 4, 14, tzinfo=UTC))

    def value(lead: Prospect, one: Recipient) -> float:
        return worth[one.recipient_id] * (1 + int(lead.lead_id[1:]) % 97)

    def assigned(solver: Any) -> object:
        return assign_batch(leads, pool=pool, value=value, context=context, solver=solver)

    answers: dict[str, Callable[[], object]] = {
        "leads and pool to a result, by OR-tools": lambda: assigned(solvers.optimal),
        "leads and pool to a result, greedy": lambda: assigned(None),
    }
    times = _timed(rounds, answers)
    return [_row(name, size[0], took) for name, took in times.items()]


def batches(bench: Bench) -> Iterator[Row]:
    """10 000 leads for 1 000 recipients; fewer where the benchmark is a small one."""
    size = _LARGE if max(bench.sizes) >= 100_000 else _SMALL
    yield from bench.call(_from_pairs, size, bench.rounds)
    yield from bench.call(_from_pool, size, min(bench.rounds, 3))
