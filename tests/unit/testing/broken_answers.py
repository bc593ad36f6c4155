"""Routers whose answers break a law on purpose: whom they name, with what and how likely."""

# ruff: noqa: ARG002 - a router need not look at all that it is given
from __future__ import annotations

from collections.abc import Callable, Iterator
from math import nan
from typing import Any

from attrs import frozen

from partnerleads.routing import (
    Candidates,
    Prospect,
    Ranked,
    Recipient,
    RoutingContext,
)

Score = Callable[[Recipient], float]


def by_score(candidates: Candidates, score: Score) -> Iterator[Ranked]:
    """Soundly: by score, then id."""
    for one in sorted(candidates, key=lambda one: (-score(one), one.recipient_id)):
        yield Ranked(one.recipient_id, {"score": score(one)})


def by_id(candidates: Candidates) -> Iterator[Ranked]:
    return by_score(candidates, lambda _: 1)


class Favourite:
    """Names its favourite first, whether it may take the lead or not."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        yield Ranked("acme", {"score": 9})
        yield from by_id([one for one in candidates if one.recipient_id != "acme"])


class Overfilling:
    """Goes on with whoever had the last lead, full or not."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        last = max(
            context.last_turns, key=lambda name: (context.last_turns[name], name), default=""
        )
        if last:
            yield Ranked(last, {"score": 9})
        yield from by_id([one for one in candidates if one.recipient_id != last])


class Repeating:
    """Names the last one twice."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        found = [*by_id(candidates)]
        yield from [*found, found[-1]]


class Endless:
    """Never stops naming."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        while True:
            yield Ranked(candidates[0].recipient_id, {"score": 1})


class Raising:
    """Cannot do with a lead without an industry."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        if lead.facts.industry is None:
            raise KeyError("industry")
        return by_id(candidates)


class Naming:
    """Names ids, and no places."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return sorted(one.recipient_id for one in candidates)


class Numberless:
    """Divides nothing by nothing."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return (Ranked(place.recipient_id, {"score": nan}) for place in by_id(candidates))


class Partless:
    """Scores with no parts."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return (Ranked(place.recipient_id, {}) for place in by_id(candidates))


class Ascending:
    """Puts the worst first."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        load = context.load
        key: Any = lambda one: (-load.get(one.recipient_id, 0), one.recipient_id)  # noqa: E731
        for one in sorted(candidates, key=key):
            yield Ranked(one.recipient_id, {"open leads": -load.get(one.recipient_id, 0)})


@frozen
class Flattering(Ranked):
    """A place with a bonus that its parts do not show."""

    @property
    def score(self) -> Any:
        return Ranked.score.fget(self) + 1  # type: ignore[attr-defined]


class HidingParts:
    """Shows less than it counts."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return (Flattering(place.recipient_id, place.parts) for place in by_id(candidates))


class HidingReasons:
    """Shows equal scores, and goes by the load."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        load = context.load
        key: Any = lambda one: (load.get(one.recipient_id, 0), one.recipient_id)  # noqa: E731
        return (Ranked(one.recipient_id, {"score": 1}) for one in sorted(candidates, key=key))


def drawing(candidates: Candidates, chances: dict[str, float]) -> Iterator[Ranked]:
    """By id, with chances."""
    first, *others = by_id(candidates)
    yield Ranked(first.recipient_id, first.parts, (), chances)
    yield from others


class TooSure:
    """Gives everybody the whole chance."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return drawing(candidates, {one.recipient_id: 1.0 for one in candidates})


class Generous:
    """Gives half of the chance to somebody who may not take the lead."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return drawing(candidates, {candidates[0].recipient_id: 0.5, "zorn": 0.5})


class Negative:
    """Gives somebody less than no chance."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        names = [one.recipient_id for one in candidates]
        return drawing(candidates, {names[0]: 2.0, names[-1]: -1.0} if names[1:] else {names[0]: 1})


class Impossible:
    """Draws one that it gave no chance."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        return drawing(candidates, {candidates[-1].recipient_id: 1.0})


class Misstating:
    """States even chances, and draws the first one mostly."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        chances = {one.recipient_id: 1 / len(candidates) for one in candidates}
        luck = context.chance(lead.lead_id).random()
        turned = candidates if luck < 0.9 else candidates[::-1]
        yield Ranked(turned[0].recipient_id, {"score": 1}, (), chances)
        yield from (Ranked(one.recipient_id, {"score": 1}) for one in turned[1:])


class DrawingInSecret:
    """Draws, and states no chances."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        luck = context.chance(lead.lead_id)
        scores = {one.recipient_id: luck.random() for one in candidates}
        return by_score(candidates, lambda one: scores[one.recipient_id])


class SeeingOrder:
    """Prefers whoever the context happens to name first."""

    def rank(self, lead: Prospect, candidates: Candidates, context: RoutingContext) -> Any:
        first = next(iter(context.load), "")
        return by_score(candidates, lambda one: float(one.recipient_id == first))
