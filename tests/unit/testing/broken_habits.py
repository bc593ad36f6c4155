"""Routers with a bad habit: they remember, change things, look around, or break a claim."""

# ruff: noqa: ARG002 - a router need not look at all that it is given
from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from attrs import define, field

from partnerleads.routing import (
    Candidates,
    Prospect,
    Ranked,
    Recipient,
    RoundRobin,
    RoutingContext,
)
from tests.unit.testing.broken_answers import by_id, by_score


@define
class Counting:
    """Takes turns by a counter of its own."""

    asked: int = 0

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        self.asked += 1
        asked = self.asked
        return by_score(candidates, lambda one: (len(one.recipient_id) + asked) % 3)


@define
class Remembering:
    """Remembers whom it asked about, where its fingerprint does not show it."""

    seen: set[str] = field(factory=set, eq=False)

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        known = {*self.seen}
        self.seen |= {one.recipient_id for one in candidates}
        return by_score(candidates, lambda one: float(one.recipient_id in known))


class Shapeless:
    """Has fields, and no way to write them down."""

    def __init__(self) -> None:
        self.weights = {"match": 1}

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return by_id(candidates)


@dataclass
class Individual:
    """Each one made is another one."""

    made: int = 0

    def __post_init__(self) -> None:
        Individual.count = getattr(Individual, "count", 0) + 1  # type: ignore[attr-defined]
        self.made = Individual.count  # type: ignore[attr-defined]

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return by_id(candidates)


@define
class Sharing:
    """Reads on in the order that it was asked for last."""

    last: list[Ranked] = field(factory=list, eq=False)

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        self.last = [*by_score(candidates, lambda one: len(one.recipient_id) * context.turn)]
        return (self.last[place] for place in range(len(candidates)))


class Popping:
    """Takes the candidates out of the list that it was given."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        left: Any = candidates
        ordered = [*by_id(candidates)]
        while isinstance(left, list) and left:
            left.pop()
        return ordered


class Forgetting:
    """Strikes the decisions off the context."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        object.__setattr__(context, "decided", {})
        turn = context.turn % 2
        return by_score(candidates, lambda one: (turn, -turn)[one.recipient_id > "b"])


class ReadingTheClock:
    """Knows what year it is."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        year = datetime.now(UTC).year  # noqa: TID251 - what it breaks
        return by_score(candidates, lambda _: year)


class TossingCoins:
    """Asks the shared generator."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        sides = random.sample(range(2), 2)
        return by_score(candidates, lambda _: float(sides[0] < 2))


class Unseeded:
    """Makes a generator that nobody can make again."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        luck = random.Random().random()
        return by_score(candidates, lambda _: float(luck < 2))


class AskingTheSystem:
    """Asks the system for chance."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        luck = random.SystemRandom().random()
        return by_score(candidates, lambda _: float(luck < 2))


class Relative:
    """Scores within what the whole table spans, and adds what is free."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        table, load = context.table("plv"), context.load
        low, high = min(table.values(), default=0.0), max(table.values(), default=1.0)

        def score(one: Recipient) -> float:
            part = (table.get(one.recipient_id, 0.0) - low) / ((high - low) or 1.0)
            return part - load.get(one.recipient_id, 0) / 4

        return by_score(candidates, score)


class RelativeToRivals:
    """Scores within what the candidates span, and adds what is free."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        names = {one.recipient_id for one in candidates}
        table = {name: context.score("plv", name) for name in names}
        low, high = min(table.values()), max(table.values())

        def score(one: Recipient) -> float:
            part = (table[one.recipient_id] - low) / ((high - low) or 1.0)
            return part - context.load.get(one.recipient_id, 0) / 4

        return by_score(candidates, score)


class WorstFirst:
    """Goes by the score, the wrong way round."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return by_score(candidates, lambda one: -context.score("plv", one.recipient_id))


class Deaf:
    """Claims to go by a score, and goes by id."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return by_id(candidates)


class AgainstNewcomers:
    """Fair turns among those who had one; a newcomer waits for the second round."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        old = [one for one in candidates if one.recipient_id in context.last_turns]
        fresh = [one for one in candidates if one not in old]
        settled = context.turn > 3 * len(candidates)
        first, last = (old, fresh) if settled and len(old) > 1 else (candidates, ())
        for step, group in enumerate((first, last)):
            for place in RoundRobin().rank(lead, group, context) if group else ():
                yield Ranked(place.recipient_id, place.parts, place.ties, step=(step,))
