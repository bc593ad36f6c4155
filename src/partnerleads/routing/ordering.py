"""The order that most strategies share: by score, then who was chosen least recently, then id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from heapq import heapify, heappop
from math import inf
from typing import TypeAlias

from partnerleads.routing.context import RoutingContext
from partnerleads.routing.protocol import Candidates, Number, Ranked
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.turns import turn_of

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
        score: The score of a candidate; the sum of its parts.
        parts: What the score is made of.
        tie: What decides first between equal scores, the highest first, with its name; then comes
            who was chosen least recently, then the id.
    """
    last = context.last_turns
    second = (lambda _: 0) if tie is None else tie[1]
    queue = [
        (_key(score(one)), -second(one), last.get(one.recipient_id, -1), place)
        for place, one in enumerate(candidates)
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
    return -score if score == score else -inf  # noqa: PLR0124 - only what is no number differs


def credits_of(candidates: Candidates, context: RoutingContext) -> dict[str, Fraction]:
    """What each candidate has saved up of turns, with its share of this one. [turns]"""
    saved, credit = context.credits, {}
    for name, share in turn_of(candidates).shares.items():
        kept = saved.get(name)
        credit[name] = share if kept is None else kept + share
    return credit
