"""Routing one lead: who may, in which order, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from itertools import islice, pairwise
from math import fsum, isclose, isfinite
from typing import Any

from partnerleads.errors import OptionError, PartnerLeadsError, RouterError
from partnerleads.model import FrozenMap, LeadId, RecipientId
from partnerleads.model.figure import counted
from partnerleads.model.options import is_count
from partnerleads.routing.arguments import check_context, check_lead, check_leads, check_pool
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.decision import Decision, Inputs, Unroutable
from partnerleads.routing.pool import Pool
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked, Router, checked_router
from partnerleads.routing.reasoning import number
from partnerleads.routing.turns import NO_TURN, turn_of

__all__ = ["route", "route_all"]

_EXACT = (int, Fraction)

_SMALL = 1000
"""Up to here rounding parts one by one moves their sum by less than order is told apart by."""


def route(
    lead: Prospect,
    *,
    pool: Pool,
    router: Router,
    context: RoutingContext,
    depth: int = 2,
) -> Decision:
    """Decide who gets a lead.

    The rules of the pool say who may take it, the router orders them, and the first one is chosen.
    What the router answers is verified. A lead that was decided before keeps its decision, unless
    its recipient has turned it down since.

    Args:
        lead: The lead.
        pool: The recipients, with rules and wishes.
        router: Any object with a method ``rank``.
        context: What varies: moment, loads, turns, scores, seed.
        depth: How many places of the order to read and keep; two tell the margin. [count, >= 2]

    Raises:
        RouterError: When the router answers with no places, names somebody who may not take the
            lead or somebody twice, scores with no number, places a higher score after a lower one,
            or gives chances that are none. Scores are not compared in a draw, nor between routers
            of a chain.
        OptionError: When *depth* is no whole number from 2 on, when *lead*, *pool*, *router* or
            *context* is none, or when the context has no table of scores that the router needs.
    """
    check_lead(lead)
    check_pool(pool)
    checked_router(router)
    check_context(context)
    if not is_count(depth, least=2):
        reason = "must be a whole number of at least 2; two places tell the margin"
        raise OptionError("depth", depth, reason)
    known = context.decided.get(lead.lead_id)
    if known is not None and known.chosen not in context.excluded.get(lead.lead_id, ()):
        return known
    entitled = pool.entitled(lead, context)
    candidates = entitled.candidates
    ranked = _verified(router, lead, candidates, context, depth) if candidates else ()
    rights = pool.rights(lead, context)
    steered = tuple([rule.name for rule in rights if rule.steers(lead, context)])
    chosen = ranked[0].recipient_id if ranked else None
    free = chosen is None or (steered and not pool.charge_steered)
    ids = tuple([one.recipient_id for one in candidates])
    return Decision(
        lead=lead,
        as_of=context.as_of,
        turn=context.turn,
        outcome=ranked[0] if ranked else _unroutable(lead, pool, context, candidates),
        ranked=ranked,
        eligible=ids,
        propensities=_propensities(router, lead, ranked, ids),
        levels=entitled.levels,
        relaxations=entitled.relaxations,
        conflicts=tuple([words for rule in rights for words in rule.conflicts(lead, context)]),
        steered=steered,
        charge=NO_TURN if free or chosen is None else turn_of(candidates, chosen),
        router=type(router).__name__,
        seed=context.seed,
        policy=pool.policy_fingerprint(router),
        recipients=pool.recipients_fingerprint,
        inputs=Inputs(pool, router, context),
    )


def route_all(
    leads: Iterable[Prospect],
    *,
    pool: Pool,
    router: Router,
    context: RoutingContext,
    depth: int = 2,
) -> tuple[Decision, ...]:
    """Decide who gets each of several leads, one after the other.

    Every decision sees the loads and turns that those before it left. For the best assignment of
    all of them together there is :func:`assign_batch`.

    Args:
        leads: The leads, in the order in which they are decided; a lead that comes twice keeps
            its first decision.
        pool: The recipients, with rules and wishes.
        router: Any object with a method ``rank``.
        context: What varies, as of the first decision.
        depth: How many places of each order to read and keep. [count, >= 2]

    Raises:
        RouterError: When an answer of the router cannot be.
        OptionError: When an argument does not fit, as for :func:`route`.

    >>> from datetime import UTC, datetime
    >>> from partnerleads.routing import Recipient, RoundRobin
    >>> pool = Pool([Recipient(recipient_id="acme"), Recipient(recipient_id="beta")])
    >>> leads = [Prospect(lead_id=name) for name in ("L1", "L2", "L3")]
    >>> context = RoutingContext(as_of=datetime(2026, 3, 2, 9, tzinfo=UTC))
    >>> [one.chosen for one in route_all(leads, pool=pool, router=RoundRobin(), context=context)]
    ['acme', 'beta', 'acme']
    """
    check_leads(leads)
    made: dict[LeadId, Decision] = {}
    decisions = []
    for lead in leads:
        decision = made.get(lead.lead_id)
        if decision is None:
            decision = route(lead, pool=pool, router=router, context=context, depth=depth)
            if decision is not context.decided.get(lead.lead_id):
                context = context.charged(decision)
            made[lead.lead_id] = decision
        decisions.append(decision)
    return tuple(decisions)


def _verified(
    router: Router, lead: Prospect, candidates: Candidates, context: RoutingContext, depth: int
) -> tuple[Ranked, ...]:
    """The first places of a router's order, once they are known to be places."""
    name = type(router).__name__
    allowed = {one.recipient_id for one in candidates}
    found: dict[RecipientId, Ranked] = {}
    scores = []
    for place in _first(router, lead, candidates, context, depth):
        if not isinstance(place, Ranked):
            raise RouterError(name, lead.lead_id, repr(place), "is no place; yield `Ranked`")
        one = _id_of(name, lead, place)
        if one not in allowed:
            raise RouterError(name, lead.lead_id, one, "may not take the lead")
        if one in found:
            raise RouterError(name, lead.lead_id, one, "stands in the order twice")
        found[one] = place
        scores.append(_score_of(name, lead, place))
    places = tuple(found.values())
    for (before, high), (after, low) in pairwise(zip(places, scores, strict=True)):
        if _ascends(high, low) and _compared(before, after, places):
            words = f"with {number(after.score)} stands after {before.recipient_id!r}"
            reason = f"{words} with {number(before.score)}; yield the best first"
            raise RouterError(name, lead.lead_id, after.recipient_id, reason)
    return places


def _ascends(high: float, low: float) -> bool:
    return low > high and not isclose(low, high, abs_tol=1e-12)


def _compared(one: Ranked, other: Ranked, places: Iterable[Ranked]) -> bool:
    """Whether two places go by their scores: of one router of a chain, which does not draw."""
    if one.step != other.step:
        return False
    return next(place for place in places if place.step == one.step).propensities is None


def _first(
    router: Router, lead: Prospect, candidates: Candidates, context: RoutingContext, depth: int
) -> list[object]:
    """The first places of a router's answer: nothing is known of them yet.

    Whatever breaks off in a router stays what it is, with a note of the lead; our own errors say
    what to do for any lead.
    """
    try:
        answer: Any = router.rank(lead, candidates, context)
        if isinstance(answer, Iterable):
            return list(islice(answer, depth))
    except PartnerLeadsError:
        raise
    except Exception as error:
        error.add_note(f"{type(router).__name__} was asked about lead {lead.lead_id!r}")
        raise
    reason = "is no order; yield `Ranked`, the best first"
    raise RouterError(type(router).__name__, lead.lead_id, repr(answer), reason)


def _id_of(router: str, lead: Prospect, place: Ranked) -> RecipientId:
    """Whom a place names; a router in a hurry names the recipient itself."""
    named: Any = place.recipient_id
    if not isinstance(named, str):
        reason = "is no id; give `Ranked` the recipient_id"
        raise RouterError(router, lead.lead_id, repr(named), reason)
    return named


def _score_of(router: str, lead: Prospect, place: Ranked) -> float:
    """The score of a place, rounded; it needs parts, and all must be finite numbers."""
    parts = place.parts.values()
    with suppress(OverflowError):
        if parts and all(map(_is_number, parts)):
            rounded = [*map(float, parts)]
            return fsum(rounded) if sum(map(abs, rounded)) <= _SMALL else float(place.score)
    reason = f"has no finite score: {dict(place.parts)}"
    raise RouterError(router, lead.lead_id, place.recipient_id, reason)


def _is_number(value: object) -> bool:
    return isfinite(value) if isinstance(value, float) else isinstance(value, _EXACT)


def _propensities(
    router: Router, lead: Prospect, ranked: tuple[Ranked, ...], ids: tuple[RecipientId, ...]
) -> FrozenMap[RecipientId, float]:
    """The chances of all candidates; those of a router that does not draw are 1 and 0.

    Where it names nobody, nobody has one.
    """
    if not ranked:
        return FrozenMap(dict.fromkeys(ids, 0.0))
    chosen, stated = ranked[0].recipient_id, ranked[0].propensities
    if stated is None:
        chances = dict.fromkeys(ids, 0.0)
        chances[chosen] = 1.0
        return FrozenMap(chances)
    chances = {name: stated.get(name, 0.0) for name in ids}
    sound = all(_is_number(chance) and 0 <= chance <= 1 for chance in chances.values())
    whole = sound and isclose(fsum(chances.values()), 1.0, abs_tol=1e-9)
    if not whole or not set(stated) <= set(ids) or not chances[chosen] > 0:
        words = "has chances that are not between 0 and 1, or not together 1 over the candidates"
        raise RouterError(type(router).__name__, lead.lead_id, chosen, words)
    return FrozenMap(chances)


def _unroutable(
    lead: Prospect, pool: Pool, context: RoutingContext, candidates: Candidates
) -> Unroutable:
    """Why nobody was chosen: whom the rules leave over, one after the other."""
    if not pool.recipients:
        return Unroutable(("the pool has no recipient",))
    if candidates:
        return Unroutable((f"the router ranked none of {counted(len(candidates), 'candidate')}",))
    steps = pool.funnel(lead, context)
    return Unroutable(tuple(str(step) for step in steps if step.count < step.before))
