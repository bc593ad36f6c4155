"""The order that most strategies share: by score, then who was chosen least recently, then id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from heapq import heapify, heappop
from itertools import repeat
from math import inf, isnan
from typing import TypeAlias

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.protocol import Candidates, Number, Ranked
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.turns import Credits, turn_of

__all__ = ["Parts", "by_score", "credits_of"]

Parts: TypeAlias = Mapping[str, Number]


def by_score(
    candidates: Candidates,
    context: RoutingContext,
    *,
    score: Callable[[Recipient], Number],
    parts: Callable[[Recipient], Parts],
    tie: tuple[str, Callable[[Recipient], Number]] | None = None,
) -> Iterator[Ranked]:
    """The candidates by score, the highest first; nothing is worked out for places nobody reads.

    A score that is no number comes before all, for `route` to refuse it: it has no place among
    others.

    Args:
        candidates: Who may take the lead.
        context: What varies.
        score: What a candidate is ordered by: the sum of its parts, or a fixed multiple of it.
        parts: What the score is made of.
        tie: What decides first between equal scores, the highest first, with its name; then comes
            who was chosen least recently, then the id.
    """
    last = context.last_turns
    lost_ties = repeat(0) if tie is None else [-tie[1](one) for one in candidates]
    queue = [
        (_key(score(one)), lost, last.get(one.recipient_id, -1), place)
        for place, (one, lost) in enumerate(zip(candidates, lost_ties, strict=False))
    ]
    heapify(queue)
    while queue:
        _, lost, turn, place = heappop(queue)
        one = candidates[place]
        first = () if tie is None else ((tie[0], -lost),)
        ties = (*first, ("least recently chosen", turn), ("id", one.recipient_id))
        yield Ranked(one.recipient_id, parts(one), ties)


def _key(score: Number) -> Number:
    """What a score is sorted by, the smallest first."""
    return -inf if isinstance(score, float) and isnan(score) else -score


def credits_of(candidates: Candidates, context: RoutingContext) -> Credits:
    """What each candidate has saved up of turns, with its share of this one."""
    return turn_of(candidates).earned(context.credits)
