"""What a step of an offer does to the context of the decisions after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve

from partnerleads.events import (
    DealRegistered,
    LeadAccepted,
    LeadAssigned,
    LeadOffered,
    LeadReturned,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.events.naming import recipients_named
from partnerleads.lifecycle import Offer, fold
from partnerleads.model import FrozenMap, LeadId, RecipientId
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.deriving import routing_context
from partnerleads.routing.lead_state import is_refunded, lapses_of
from partnerleads.routing.offers.policy import OfferPolicy
from partnerleads.routing.offers.state import OfferState

__all__ = ["after_decision", "after_event", "as_seen", "unasked", "without_decision"]

_CLAIMS = (DealRegistered, RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)


def unasked(state: OfferState, context: RoutingContext) -> Decision | None:
    """The decision that stands for the lead, as long as nothing shows what became of it."""
    decision = context.decided.get(state.lead_id)
    if decision is None:
        return None
    answered = any(
        isinstance(event, LeadOffered | LeadAccepted | LeadAssigned)
        and event.occurred_at >= decision.as_of
        and decision.chosen in recipients_named(event)
        for event in state.events
    )
    return None if answered else decision


def without_decision(context: RoutingContext, state: OfferState) -> RoutingContext:
    """The context but for the load of the decision that stands, and that nothing followed yet.

    Args:
        context: What it is.
        state: The lead, which nobody holds and nobody has an offer of.
    """
    decision = unasked(state, context)
    if decision is None:
        return context
    load = _shifted(context.load, frozenset({str(decision.chosen)}), frozenset())
    return evolve(context, load=load)


def _waiting(state: OfferState, context: RoutingContext) -> list[Offer]:
    """The open offers of a lead that a context counts.

    Those that had lapsed by the context's own moment never were in it; those that lapse later are,
    until that is on record.
    """
    if state.closed:
        return []
    ends = ((offer, offer.offered.expires_at) for offer in state.pending)
    return [offer for offer, end in ends if end is None or context.as_of < end]


def _kept(state: OfferState, context: RoutingContext) -> frozenset[RecipientId]:
    """Whom a lead keeps busy besides its open offers."""
    if state.closed:
        return frozenset()
    decision = unasked(state, context)
    own = frozenset() if decision is None else frozenset({str(decision.chosen)})
    return own | recipients_named(state.held)


def _counted(state: OfferState, context: RoutingContext) -> frozenset[RecipientId]:
    """Whose load a context counts the lead in."""
    waiting = _waiting(state, context)
    return _kept(state, context).union(*(recipients_named(one.offered) for one in waiting))


def _lapses(
    state: OfferState, context: RoutingContext
) -> FrozenMap[LeadId, FrozenMap[RecipientId, datetime]]:
    """Until when open offers count, with those of a lead as they are by now."""
    others = {name: one for name, one in context.lapses.items() if name != state.lead_id}
    own = lapses_of(_waiting(state, context), _kept(state, context))
    return FrozenMap({**others, state.lead_id: own} if own else others)


def _shifted(
    load: Mapping[RecipientId, int], less: frozenset[RecipientId], more: frozenset[RecipientId]
) -> dict[RecipientId, int]:
    """Loads without a lead in some places and with it in others; nobody is kept with none."""
    after = dict(load)
    for name in less - more:
        after[name] = after.get(name, 0) - 1
    for name in more - less:
        after[name] = after.get(name, 0) + 1
    return {name: count for name, count in after.items() if count > 0}


def after_event(
    context: RoutingContext, before: OfferState, after: OfferState, *, policy: OfferPolicy
) -> RoutingContext:
    """The context once something happened to a lead: loads, turns, lapses, who turned it down.

    Args:
        context: What it was.
        before: The lead before.
        after: The lead after.
        policy: Which ends of an offer refund its turn.
    """
    refused = frozenset(
        name
        for offer in after.offers
        if offer.status in {"declined", "expired"}
        for name in recipients_named(offer.offered)
    ).union(*(recipients_named(event) for event in after.events if isinstance(event, LeadReturned)))
    excluded = context.excluded.get(after.lead_id, frozenset()) | refused
    decision = context.decided.get(after.lead_id)
    ends = policy.refunded
    refunded = decision is not None and (
        is_refunded(decision, after.life, ends) and not is_refunded(decision, before.life, ends)
    )
    return evolve(
        context,
        load=_shifted(context.load, _counted(before, context), _counted(after, context)),
        credits=(
            decision.charge.added_to(context.credits, times=-1)
            if decision is not None and refunded
            else context.credits
        ),
        excluded={**context.excluded, after.lead_id: excluded} if excluded else context.excluded,
        lapses=_lapses(after, context),
    )


def after_decision(
    context: RoutingContext, state: OfferState, decision: Decision
) -> RoutingContext:
    """The context once a lead was decided; an earlier decision that nothing followed gives way.

    Args:
        context: What it was.
        state: The lead.
        decision: What was decided.
    """
    after = context.after(decision)
    less, more = _counted(state, context), _counted(state, after)
    load = _shifted(context.load, less, more)
    return evolve(after, load=load, lapses=_lapses(state, after))


def as_seen(
    context: RoutingContext, state: OfferState, *, now: datetime, policy: OfferPolicy
) -> RoutingContext:
    """The context with the registrations of a lead that are in force now.

    Where registrations are among the lead's events these tell; else those in the context do.

    Args:
        context: What it was.
        state: The lead.
        now: The moment. [aware datetime]
        policy: What a registration has to meet.
    """
    if any(isinstance(event, _CLAIMS) for event in state.events):
        lives = fold(state.events, as_of=now, policy=policy.attribution)
        found = routing_context(lives).protections.get(state.lead_id, ())
    else:
        known = context.protections.get(state.lead_id, ())
        found = tuple(one for one in known if one.until is None or now < one.until)
    others = {name: one for name, one in context.protections.items() if name != state.lead_id}
    own = {state.lead_id: found} if found else {}
    return evolve(context, protections=FrozenMap({**others, **own}))
