"""Laws that a router claims: fair turns of a rotation, and what a score promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from attrs import evolve

from partnerleads.routing import Prospect, Recipient, Router, RoutingContext
from partnerleads.testing.router_answer_laws import Factory
from partnerleads.testing.router_cases import RouterCase
from partnerleads.testing.router_stream_laws import given_in_turn

__all__ = [
    "dominance",
    "equal_turns",
    "independence",
    "newcomer_not_flooded",
    "newcomer_not_starved",
    "raised_score",
    "weighted_turns",
]

Weights = Mapping[str, Fraction]

_LEADS = 40
_NEW = "new"
_NEWCOMERS = tuple(Fraction(2) ** power for power in range(-3, 4))
"""Weights of a newcomer, by the average of the others."""


def _static(case: RouterCase, weights: Weights) -> RouterCase:
    """A pool in which everybody may take every lead, from the first turn on."""
    context = case.context
    return RouterCase(
        recipients=[Recipient(recipient_id=name, weight=w) for name, w in weights.items()],
        lead=Prospect(lead_id=case.lead.lead_id),
        context=RoutingContext(as_of=context.as_of, scores=context.scores, seed=context.seed),
    )


def _weights(case: RouterCase) -> dict[str, Fraction]:
    return {one.recipient_id: one.weight or Fraction(1) for one in case.recipients}


def _turns(router: Router, case: RouterCase, leads: int) -> Iterator[tuple[int, Counter[str]]]:
    """After each lead: how many there were, and how many each got."""
    counts: Counter[str] = Counter()
    for number, (_, chosen, _) in enumerate(given_in_turn(router, case, leads), 1):
        counts[chosen] += 1
        yield number, counts


def equal_turns(factory: Factory, case: RouterCase) -> str | None:
    """Of equal weights, nobody is two leads ahead."""
    weights = dict.fromkeys(_weights(case), Fraction(1))
    for leads, counts in _turns(factory(), _static(case, weights), _LEADS):
        got = [counts[name] for name in weights]
        if max(got) - min(got) > 1:
            return f"after {leads} leads for {_spoken(weights)} they have {_spoken(counts)}"
    return None


def weighted_turns(factory: Factory, case: RouterCase) -> str | None:
    """Nobody is a whole lead ahead of its share."""
    weights = _weights(case)
    whole = sum(weights.values())
    for leads, counts in _turns(factory(), _static(case, weights), _LEADS):
        for name, count in counts.items():
            share = leads * weights.get(name, Fraction(0)) / whole
            if count - share >= 1:
                got = f"{name!r} has {count} of {leads} leads, and its share is {share}"
                return f"{got}; the weights are {_spoken(weights)}"
    return None


def _spoken(entries: Mapping[str, Fraction | int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in entries.items())


def _newcomers(factory: Factory, case: RouterCase) -> Iterator[tuple[Weights, list[str]]]:
    """Newcomers of many weights: the weights, and who gets the leads that come soon after."""
    weights = _weights(case)
    settled = _static(case, weights)
    for _, _, after in given_in_turn(factory(), settled, case.context.turn):
        settled = after
    for part in _NEWCOMERS:
        present = {**weights, _NEW: part * sum(weights.values()) / len(weights)}
        joined = evolve(_static(case, present), context=settled.context)
        yield present, [name for _, name, _ in given_in_turn(factory(), joined, _soon(present))]


def _soon(weights: Weights) -> int:
    """Within how many leads a newcomer gets its first. [count]"""
    return ceil(2 * sum(weights.values()) / weights[_NEW])


def newcomer_not_flooded(factory: Factory, case: RouterCase) -> str | None:
    """A newcomer is no whole lead ahead of its share since it came."""
    for weights, got in _newcomers(factory, case):
        share = weights[_NEW] / sum(weights.values())
        for leads in range(1, len(got) + 1):
            count = got[:leads].count(_NEW)
            if count - leads * share >= 1:
                had = f"the newcomer has {count} of {leads} leads, and its share is {leads * share}"
                return f"{had}; the weights are {_spoken(weights)}"
    return None


def newcomer_not_starved(factory: Factory, case: RouterCase) -> str | None:
    """A newcomer gets its first lead soon."""
    for weights, got in _newcomers(factory, case):
        if _NEW not in got:
            none = f"the newcomer has none of {len(got)} leads"
            return f"{none}; the weights are {_spoken(weights)}"
    return None


def _order(factory: Factory, case: RouterCase) -> list[str]:
    return [place.recipient_id for place in case.answer(factory())]


def _scored(case: RouterCase, table: str, name: str, score: float) -> RouterCase:
    """The same question with one score of one recipient changed."""
    scores = case.context.scores
    changed = {**scores, table: {**scores[table], name: score}}
    return evolve(case, context=evolve(case.context, scores=changed))


def raised_score(factory: Factory, case: RouterCase) -> str | None:
    """Who scores higher, and all else is the same, stands no lower."""
    before = _order(factory, case)
    for table, known in case.scores.items():
        for place, name in enumerate(before):
            score = known.get(name, 0.0)
            for more in (0.001, 0.3, 1.0):
                raised = _scored(case, table, name, score + more)
                after = _order(factory, raised)
                if name not in after or after.index(name) > place:
                    said = f"{name!r} rises from {score} to {score + more} in {table!r}"
                    return f"{said}, and the order from {before} to {after}"
    return None


def dominance(factory: Factory, case: RouterCase) -> str | None:
    """Of two alike, the one with the higher scores stands before the other."""
    for one in case.recipients:
        asked, twin = _with_twin(case, one)
        order = _order(factory, asked)
        if twin in order and one.recipient_id not in order[: order.index(twin)]:
            return f"{twin!r} has less in every table, and stands first: {order}"
    return None


def _with_twin(case: RouterCase, one: Recipient) -> tuple[RouterCase, str]:
    """The question with a twin of somebody, whose id is smaller, and so is every score."""
    name, context = one.recipient_id, case.context
    twin = f"!twin of {name}"
    scores = {
        table: {**known, name: known.get(name, 0.0), twin: known.get(name, 0.0)}
        for table, known in context.scores.items()
    }
    for table in case.scores:
        scores[table][name] += 0.125
    alike: dict[str, Any] = {
        field: {**known, twin: known[name]}
        for field in ("credits", "last_turns", "outcomes")
        if name in (known := getattr(context, field))
    }
    free = evolve(one, capacity=one.capacity or None)
    others = [other for other in case.recipients if other.recipient_id != name]
    asked = RouterCase(
        recipients=[free, evolve(free, recipient_id=twin), *others],
        lead=case.lead,
        context=evolve(context, scores=scores, load={**context.load, name: 0}, **alike),
    )
    return asked, twin


def independence(factory: Factory, case: RouterCase) -> str | None:
    """Without one of the candidates the others stand as they stood."""
    case = evolve(case, preferences=())
    whole = _order(factory, case)
    for name in whole if len(case.recipients) > 1 else ():
        fewer = [one for one in case.recipients if one.recipient_id != name]
        rest = _order(factory, evolve(case, recipients=fewer))
        if rest != [other for other in whole if other != name]:
            return f"the order is {whole}, and without {name!r} {rest}"
    return None
