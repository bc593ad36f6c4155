"""A question made simpler, step by step, so that a counterexample is short to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import NOTHING, evolve, fields

from partnerleads.routing import RoutingContext
from partnerleads.testing.router_cases import RouterCase

__all__ = ["smaller"]

_OF_A_LEAD = ("facts", "expected_value", "score")
_OF_ITS_FACTS = ("region", "industry", "deal_type", "account")
_OF_A_RECIPIENT = (
    "territories",
    "expertise",
    "tier",
    "capacity",
    "weight",
    "hours",
    "parent",
    "active",
)
_MAPS = ("load", "credits", "last_turns", "outcomes", "protections", "owners", "excluded")


def smaller(case: RouterCase) -> Iterator[RouterCase]:
    """The same question made simpler in one way, the boldest ways first.

    Args:
        case: The question.
    """
    if len(case.recipients) > 1:
        yield from (evolve(case, recipients=left) for left in _without_one(case.recipients))
    for wishes in ((), *_without_one(case.preferences)) if case.preferences else ():
        yield evolve(case, preferences=wishes)
    for rules in ((), *_without_one(case.rules)) if case.rules else ():
        yield evolve(case, rules=rules)
    for lead in _barer(case.lead, _OF_A_LEAD):
        yield evolve(case, lead=lead)
    for facts in _barer(case.lead.facts, _OF_ITS_FACTS):
        yield evolve(case, lead=evolve(case.lead, facts=facts))
    for place, one in enumerate(case.recipients):
        for barer in _barer(one, _OF_A_RECIPIENT):
            changed = (*case.recipients[:place], barer, *case.recipients[place + 1 :])
            yield evolve(case, recipients=changed)
    yield from (evolve(case, context=context) for context in _smaller_contexts(case.context))


def _without_one(values: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for place in range(len(values)):
        yield (*values[:place], *values[place + 1 :])


def _barer(value: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """A value with one of its fields left unset."""
    unset = type(value)(**{one: getattr(value, one) for one in _required(value)})
    for name in names:
        if getattr(value, name) != getattr(unset, name):
            yield evolve(value, **{name: getattr(unset, name)})


def _required(value: Any) -> list[str]:
    return [one.name for one in fields(type(value)) if one.default is NOTHING]


def _smaller_contexts(context: RoutingContext) -> Iterator[RoutingContext]:
    for name in _MAPS:
        for left in _without_entry(getattr(context, name)):
            changed: dict[str, Any] = {name: left}
            yield evolve(context, **changed)
    for table, known in context.scores.items():
        for left in _without_entry(known):
            yield evolve(context, scores={**context.scores, table: left})
    yield from _barer(context, ("turn", "seed"))


def _without_entry(entries: Any) -> Iterator[dict[str, Any]]:
    for name in entries:
        yield {other: entries[other] for other in entries if other != name}
