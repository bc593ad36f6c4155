"""Laws of a pure answer: the same arguments give it, and asking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap
from partnerleads.routing import Outcome, Ranked, RoutingContext, route
from partnerleads.routing.canonical import canonical_json, fingerprint
from partnerleads.testing.router_answer_laws import Factory
from partnerleads.testing.router_cases import RouterCase
from partnerleads.testing.router_watch import chance_asked, clocks_asked

__all__ = [
    "changes_nothing",
    "ineligible_irrelevant",
    "no_clock",
    "no_hidden_chance",
    "order_free",
    "parameters_only",
    "read_apart",
    "repeatable",
]


_OTHER = "somebody else"


def written(places: list[Ranked]) -> str:
    """An order as it is recorded, with the steps of chains."""
    return canonical_json([(place, place.step) for place in places])


def repeatable(factory: Factory, case: RouterCase) -> str | None:
    """Asked again, it answers the same; so does another one."""
    router = factory()
    first = written(case.answer(router))
    for who, again in (("it", router), ("another one", factory())):
        said = written(case.answer(again))
        if said != first:
            return f"first it answers {first}; asked again, {who} answers {said}"
    one, other = (
        route(case.lead, pool=case.pool, router=made, context=case.context).record()
        for made in (router, factory())
    )
    return None if one == other else f"two records differ: {one} and {other}"


def order_free(factory: Factory, case: RouterCase) -> str | None:
    """Recipients and tables in another order give the same answer."""
    first = written(case.answer(factory()))
    for seed in range(2):
        random = Random(seed)
        turned = evolve(
            case,
            recipients=_shuffled(case.recipients, random),
            context=_turned(case.context, random),
        )
        said = written(turned.answer(factory()))
        if said != first:
            return f"it answers {first}; with everything in another order {said}"
    return None


def _turned(context: RoutingContext, random: Random) -> RoutingContext:
    """The same context with the entries of its tables in another order."""
    maps = ("load", "credits", "last_turns", "outcomes", "owners")
    changed: dict[str, Any] = {name: _shuffled_map(getattr(context, name), random) for name in maps}
    scores = {name: _shuffled_map(table, random) for name, table in context.scores.items()}
    return evolve(context, **changed, scores=_shuffled_map(scores, random))


def _shuffled_map(entries: Any, random: Random) -> dict[str, Any]:
    return {name: entries[name] for name in _shuffled(tuple(entries), random)}


def _shuffled(values: tuple[Any, ...], random: Random) -> list[Any]:
    return random.sample(values, len(values))


def changes_nothing(factory: Factory, case: RouterCase) -> str | None:
    """The lead, the candidates and the context stay what they were."""
    candidates = case.candidates()
    if not candidates:
        return None
    given: dict[str, Any] = {
        "lead": case.lead,
        "candidates": candidates,
        "context": case.context,
    }
    before = {name: canonical_json(value) for name, value in given.items()}
    list(islice(factory().rank(case.lead, candidates, case.context), len(candidates) + 1))
    changed = [name for name, value in given.items() if canonical_json(value) != before[name]]
    return f"changes the {' and the '.join(changed)} that it was given" if changed else None


def parameters_only(factory: Factory, case: RouterCase) -> str | None:
    """Its fields are parameters: they can be written down, and stay what they are."""
    router = factory()
    try:
        before = fingerprint(router)
    except OptionError as error:
        return str(error)
    case.answer(router)
    if fingerprint(router) != before:
        return "its own fields change while it answers"
    if fingerprint(factory()) != before:
        return "two of them, made alike, have different fields"
    return None


def no_clock(factory: Factory, case: RouterCase) -> str | None:
    """The moment is the context's alone."""
    router = factory()
    asked = clocks_asked(lambda: case.answer(router))
    return f"reads {', '.join(asked)}; the moment is `context.as_of`" if asked else None


def no_hidden_chance(factory: Factory, case: RouterCase) -> str | None:
    """Chance is the context's alone."""
    router = factory()
    asked = chance_asked(lambda: case.answer(router))
    remedy = "chance comes from `context.chance(lead.lead_id)`"
    return f"asks {', '.join(asked)}; {remedy}" if asked else None


def read_apart(factory: Factory, case: RouterCase) -> str | None:
    """An order that is half read stays as it is while another one is read."""
    router, candidates = factory(), case.candidates()
    size = len(candidates)
    if not size:
        return None
    whole = written(case.answer(router))
    half = iter(router.rank(case.lead, candidates, case.context))
    first = list(islice(half, 1))
    later = evolve(case, lead=evolve(case.lead, lead_id="L2"), context=_next(case.context))
    later.answer(router)
    said = written([*first, *islice(half, size)])
    return None if said == whole else f"alone it answers {whole}; read beside another {said}"


def _next(context: RoutingContext) -> RoutingContext:
    return evolve(context, turn=context.turn + 1)


def ineligible_irrelevant(factory: Factory, case: RouterCase) -> str | None:
    """Whoever may not take the lead can as well not be there."""
    choice = _choice(case.answer(factory()))
    allowed = {one.recipient_id for one in case.candidates()}
    fewer = [one for one in case.recipients if one.recipient_id in allowed]
    for who, context in _of_others(allowed, case.context):
        other = _choice(evolve(case, recipients=fewer, context=context).answer(factory()))
        if other != choice:
            return f"it says {choice}; with {who} it says {other}"
    return None


def _of_others(names: set[str], context: RoutingContext) -> Iterator[tuple[str, RoutingContext]]:
    """Contexts that tell the same of some recipients, and of others nothing, little or much."""
    maps = ("load", "credits", "last_turns", "outcomes")
    kept: dict[str, Any] = {name: _kept(getattr(context, name), names) for name in maps}
    scores = {name: _kept(table, names) for name, table in context.scores.items()}
    yield "nothing known of the ineligible", evolve(context, **kept, scores=scores)
    for score, load, outcome in ((-100.0, 0, Outcome(0, 99)), (100.0, 99, Outcome(99, 0))):
        told: dict[str, Any] = {
            **kept,
            "load": {**kept["load"], _OTHER: load},
            "outcomes": {**kept["outcomes"], _OTHER: outcome},
            "scores": {name: {**table, _OTHER: score} for name, table in scores.items()},
        }
        yield f"scores of {score} of somebody ineligible", evolve(context, **told)


def _kept(entries: FrozenMap[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: entries[name] for name in entries if name in names}


def _choice(places: list[Ranked]) -> tuple[list[str], dict[str, float]]:
    chances = places[0].propensities if places else None
    return [place.recipient_id for place in places], dict(chances or {})
