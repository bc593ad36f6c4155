"""The best assignment against leads taken one by one, at full load, over many random markets."""

from __future__ import annotations

from random import Random
from statistics import mean

import pytest

from partnerleads import solvers
from partnerleads.routing import BatchProblem
from partnerleads.routing.batches.greedy import greedy
from partnerleads.routing.batches.prices import bound_by, prices_of
from partnerleads.routing.batches.problem import total

LEADS, PARTNERS, CAPACITY, INELIGIBLE = 24, 8, 3, 0.4
MARKETS = 300


def market(seed: int, *, sized: bool = True) -> BatchProblem:
    """As many slots as leads; four pairs of ten may not be.

    A pair is worth the size of the lead, of mean 1 and exponential, times an even chance to win.
    """
    luck = Random(seed)
    sizes = [luck.expovariate(1.0) if sized else 1.0 for _ in range(LEADS)]
    pairs = [
        (lead, partner, sizes[lead] * luck.random())
        for lead in range(LEADS)
        for partner in range(PARTNERS)
        if luck.random() >= INELIGIBLE
    ]
    leads, partners, values = zip(*pairs, strict=True)
    return BatchProblem(
        slots=[CAPACITY] * PARTNERS, count=LEADS, leads=leads, recipients=partners, values=values
    )


def one_by_one(problem: BatchProblem) -> list[int]:
    """Each lead in turn to the best partner that still has room, as a router by value does."""
    free, chosen = list(problem.slots), []
    for lead in range(problem.count):
        open_pairs = [
            pair
            for pair, its in enumerate(problem.leads)
            if its == lead and free[problem.recipients[pair]]
        ]
        if open_pairs:
            best = max(open_pairs, key=lambda pair: problem.values[pair])
            free[problem.recipients[best]] -= 1
            chosen.append(best)
    return chosen


@pytest.fixture(scope="module")
def markets() -> list[tuple[BatchProblem, list[int]]]:
    drawn = [market(seed) for seed in range(MARKETS)]
    return [(problem, list(solvers.optimal(problem))) for problem in drawn]


def test_the_best_assignment_is_worth_about_an_eighth_more_than_leads_one_by_one(
    markets: list[tuple[BatchProblem, list[int]]],
) -> None:
    """Over 3 000 markets 12.4 % in the mean and 30 % at the 95th of 100; 11.7 and 30 in a trial."""
    gains = sorted(total(p, best) / total(p, one_by_one(p)) - 1 for p, best in markets)

    assert 0.11 < mean(gains) < 0.14
    assert 0.25 < gains[MARKETS * 95 // 100] < 0.37
    assert gains[0] >= 0


def test_with_leads_of_one_size_it_is_worth_about_a_tenth_more() -> None:
    drawn = [market(seed, sized=False) for seed in range(MARKETS)]
    gains = [total(p, solvers.optimal(p)) / total(p, one_by_one(p)) - 1 for p in drawn]

    assert 0.09 < mean(gains) < 0.11


def test_both_solvers_find_the_same_value(markets: list[tuple[BatchProblem, list[int]]]) -> None:
    for problem, best in markets[:60]:
        other = total(problem, solvers.optimal_by_scipy(problem))

        assert other == pytest.approx(total(problem, best), abs=1e-9)


def test_the_bound_of_greedy_is_within_a_thousandth_of_the_best(
    markets: list[tuple[BatchProblem, list[int]]],
) -> None:
    for problem, best in markets:
        bound = bound_by(problem, prices_of(problem, greedy(problem)))

        assert 1 - 1e-12 <= bound / total(problem, best) <= 1.001


def test_greedy_comes_closer_to_the_best_than_leads_one_by_one_but_not_always(
    markets: list[tuple[BatchProblem, list[int]]],
) -> None:
    shares = [total(p, greedy(p)) / total(p, best) for p, best in markets]
    ahead = [total(p, greedy(p)) >= total(p, one_by_one(p)) for p, _ in markets]

    assert 0.98 < mean(shares) < 0.995
    assert 0.5 <= min(shares)
    assert 0.85 < mean(ahead) < 1
