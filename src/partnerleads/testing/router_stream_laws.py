"""Laws of lead after lead: what a router does in the contexts that its own choices make."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from attrs import evolve

from partnerleads.routing import (
    Decision,
    HasCapacity,
    Recipient,
    Router,
    route,
)
from partnerleads.routing.turns import NO_TURN, turn_of
from partnerleads.testing.router_answer_laws import Factory
from partnerleads.testing.router_cases import RouterCase

__all__ = ["decided_once", "given_in_turn", "replayed", "within_capacity"]

_LEADS = 8


def given_in_turn(
    router: Router, case: RouterCase, leads: int
) -> Iterator[tuple[RouterCase, str, RouterCase]]:
    """Lead after lead to whoever the router names first, unverified.

    Yields:
        The question, who gets the lead, and the question as it stands after that.
    """
    for number in range(leads):
        asked = evolve(case, lead=evolve(case.lead, lead_id=f"S{number}"))
        candidates = asked.candidates()
        places = router.rank(asked.lead, candidates, asked.context) if candidates else ()
        for place in islice(places, 1):
            case = _after(asked, candidates, place.recipient_id)
            yield asked, place.recipient_id, case


def _after(asked: RouterCase, candidates: list[Recipient], chosen: str) -> RouterCase:
    """The question once a lead was given: one more is open, and one turn is taken."""
    context = asked.context
    charged = chosen in {one.recipient_id for one in candidates}
    charge = turn_of(candidates, chosen) if charged else NO_TURN
    given = evolve(
        context,
        load={**context.load, chosen: context.load.get(chosen, 0) + 1},
        credits=charge.added_to(context.credits),
        last_turns={**context.last_turns, chosen: context.turn},
        turn=context.turn + 1,
    )
    return evolve(asked, context=given)


def within_capacity(factory: Factory, case: RouterCase) -> str | None:
    """Nobody is given more than it has room for."""
    rules: list[Any] = [rule for rule in case.rules if rule.name != "capacity"]
    rules.append(HasCapacity())
    limited = evolve(case, rules=rules)
    limits = {one.recipient_id: one.capacity for one in case.recipients}
    for asked, chosen, _ in given_in_turn(factory(), limited, _LEADS):
        limit, load = limits.get(chosen), asked.context.load.get(chosen, 0)
        if limit is not None and load >= limit:
            return f"gives {chosen!r} another lead; it has {load} open, and room for {limit}"
    return None


def _decisions(router: Router, case: RouterCase) -> list[Decision]:
    """Lead after lead by `route`, each in the context that the one before left."""
    made, context, pool = [], case.context, case.pool
    for number in range(_LEADS):
        lead = evolve(case.lead, lead_id=f"S{number}")
        made.append(route(lead, pool=pool, router=router, context=context))
        context = context.after(made[-1])
    return made


def replayed(factory: Factory, case: RouterCase) -> str | None:
    """The same leads again give the same records."""
    router = factory()
    once = _decisions(router, case)
    turned = evolve(case, recipients=case.recipients[::-1])
    for again in (_decisions(router, case), _decisions(factory(), turned)):
        for one, other in zip(once, again, strict=True):
            if one.record() != other.record():
                names = f"went to {one.chosen!r}, then to {other.chosen!r}"
                return f"{one.lead.lead_id} {names}: {one.record()} and {other.record()}"
    return None


def decided_once(factory: Factory, case: RouterCase) -> str | None:
    """A decided lead keeps its decision, whatever was routed since."""
    router, pool = factory(), case.pool
    first = route(case.lead, pool=pool, router=router, context=case.context)
    refused = case.context.excluded.get(case.lead.lead_id, frozenset())
    if first.chosen is None or first.chosen in refused:
        return None
    later = case.context.after(first)
    next_lead = evolve(case.lead, lead_id="L2")
    later = later.after(route(next_lead, pool=pool, router=router, context=later))
    again = route(case.lead, pool=pool, router=router, context=later)
    if again.record() != first.record():
        return f"the lead went to {first.chosen!r}, and asked again to {again.chosen!r}"
    return None
