"""Prices of slots, and the bound on the value of a batch that any prices prove."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from heapq import heappush, heapreplace
from itertools import compress
from math import fsum, inf, ulp

from partnerleads.routing.batches.problem import BatchProblem

__all__ = ["bound_by", "prices_of"]

_TOLERANCE = 1e-9
"""Of the largest value with whom has room: gains below it are rounding."""

_FINE, _COARSE, _MANY = 1_000, 100, 100_000
"""The parts of a typical value that bids rise by, the coarse ones with more pairs than so many."""


def bound_by(problem: BatchProblem, prices: Sequence[float]) -> float:
    """What no assignment can be worth more than, whatever the prices are.

    Every slot costs its price, and every lead keeps the most that a pair leaves it beyond the
    price. What an assignment is worth is what it pays for slots and what its leads keep, and that
    is at most the price of all slots and the most that all leads can keep.

    Args:
        problem: What may be paired.
        prices: The price of a slot of each recipient. [>= 0]

    Source:
        Weak duality of the transport problem, Kantorovich 1942.

    >>> problem = BatchProblem(slots=[1, 1], count=2, leads=[0, 0, 1], recipients=[0, 1, 0],
    ...                        values=[9.0, 8.0, 7.0])
    >>> bound_by(problem, [0.0, 0.0]), bound_by(problem, [1.0, 0.0])
    (16.0, 15.0)
    """
    kept = [0.0] * problem.count
    pairs = zip(problem.leads, problem.recipients, problem.values, strict=True)
    for lead, recipient, value in pairs:
        left = value - prices[recipient]
        if left > kept[lead]:  # noqa: PLR1730 - max() takes four times as long
            kept[lead] = left
    slots = (price * free for price, free in zip(prices, problem.slots, strict=True))
    return fsum((*slots, *kept))


def prices_of(problem: BatchProblem, chosen: Sequence[int]) -> list[float]:
    """What a slot of each recipient is worth to the leads that did not get it.

    Where the choice is the best one, these are its own prices: the bound is its value, and one
    slot more would add its price. Where it is not, they come from an auction, and their bound is
    close to the best value: within a thousandth, a hundredth with more than 100 000 pairs, of what
    the leads that get a slot are worth at their best, with whom has room. Where there never was a
    slot, the price is the smallest at which no lead wants one.

    Args:
        problem: What may be paired.
        chosen: The numbers of the pairs that were chosen.

    Source:
        The auction algorithm, Bertsekas 1988; smallest prices as longest paths, the usual proof
        that a flow has least cost, Ford and Fulkerson 1962.
    """
    own = _own_prices(problem, chosen)
    return _bid_up(problem) if own is None else own


def _own_prices(problem: BatchProblem, chosen: Sequence[int]) -> list[float] | None:
    """The smallest prices at which nobody wants to change; None where there are none."""
    prices, gains = _wishes(problem, chosen)
    most = _ceilings(problem, chosen)
    slots_there = map(problem.slots.__getitem__, problem.recipients)
    slack = _TOLERANCE * max((*compress(problem.values, slots_there), 0.0))
    waiting, asked = deque(range(len(prices))), [0] * len(prices)
    waits = [True] * len(prices)  # in line but once: then nobody is asked more often than there are
    while waiting:
        one = waiting.popleft()
        waits[one] = False
        if prices[one] > most[one] + slack or asked[one] > len(prices):
            return None
        asked[one] += 1
        for other, gain in gains[one].items():
            if prices[one] + gain > prices[other] + slack:
                prices[other] = prices[one] + gain
                if not waits[other]:
                    waits[other] = True
                    waiting.append(other)
    return prices


def _wishes(
    problem: BatchProblem, chosen: Sequence[int]
) -> tuple[list[float], list[dict[int, float]]]:
    """What leads without a slot would pay for one, and what others gain by going elsewhere."""
    recipients, values = problem.recipients, problem.values
    taken = {problem.leads[pair]: pair for pair in chosen}
    prices = [0.0] * len(problem.slots)
    gains: list[dict[int, float]] = [{} for _ in problem.slots]
    for lead, recipient, value in zip(problem.leads, recipients, values, strict=True):
        pair = taken.get(lead)
        if pair is None:
            prices[recipient] = max(prices[recipient], value)
            continue
        at, gain = gains[recipients[pair]], value - values[pair]
        if recipient != recipients[pair] and gain > at.get(recipient, -inf):
            at[recipient] = gain
    return prices, gains


def _ceilings(problem: BatchProblem, chosen: Sequence[int]) -> list[float]:
    """What each would lose at least by giving a slot up; nothing where one is free."""
    free, most = list(problem.slots), [inf] * len(problem.slots)
    for pair in chosen:
        recipient = problem.recipients[pair]
        free[recipient] -= 1
        most[recipient] = min(most[recipient], problem.values[pair])
    return [
        0.0 if left and slots else high
        for left, slots, high in zip(free, problem.slots, most, strict=True)
    ]


def _bid_up(problem: BatchProblem) -> list[float]:
    """Prices of an auction: leads outbid each other by small steps until nobody wants to bid.

    Their bound is above the best value by no more than a step for each lead that gets a slot.
    """
    offers: list[list[tuple[int, float]]] = [[] for _ in range(problem.count)]
    for lead, recipient, value in zip(
        problem.leads, problem.recipients, problem.values, strict=True
    ):
        if problem.slots[recipient]:
            offers[lead].append((recipient, value))
    fine = _FINE if len(problem) <= _MANY else _COARSE
    best = fsum(max(value for _, value in own) for own in offers if own)
    step = max(best / problem.count / fine, ulp(0.0))  # a step of nothing never ends
    prices = [0.0] * len(problem.slots)
    bids: list[list[tuple[float, int]]] = [[] for _ in problem.slots]
    waiting = list(range(problem.count))
    while waiting:
        lead = waiting.pop()
        first, second, at = _two_best(offers[lead], prices)
        if at < 0:
            continue
        bid, held = (prices[at] + first - second + step, lead), bids[at]
        if len(held) < problem.slots[at]:
            heappush(held, bid)
        else:
            waiting.append(heapreplace(held, bid)[1])
        if len(held) == problem.slots[at]:
            prices[at] = held[0][0]
    kept = [_two_best(own, prices)[0] for own in offers]
    return _priced_out(problem, prices, kept)


def _priced_out(problem: BatchProblem, prices: list[float], kept: Sequence[float]) -> list[float]:
    """The prices; where there never was a slot, the smallest at which no lead wants one."""
    made = list(prices)
    for lead, recipient, value in zip(
        problem.leads, problem.recipients, problem.values, strict=True
    ):
        if not problem.slots[recipient]:
            made[recipient] = max(made[recipient], value - kept[lead])
    return made


def _two_best(offers: list[tuple[int, float]], prices: list[float]) -> tuple[float, float, int]:
    """What a lead keeps at the best recipient and at the second best, and who the best one is."""
    first, second, at = 0.0, 0.0, -1
    for recipient, value in offers:
        left = value - prices[recipient]
        if left > first:
            first, second, at = left, first, recipient
        elif left > second:
            second = left
    return first, second, at
