"""One step of offering a lead: what happened, what follows from it, and what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.events import LeadEvent
from partnerleads.model import RecipientId, instant
from partnerleads.routing.arguments import check_context, check_policy, check_pool
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.offers.answers import is_repeated, refusal
from partnerleads.routing.offers.cascade import Cascade
from partnerleads.routing.offers.policy import OfferPolicy
from partnerleads.routing.offers.state import OfferState, known_at, recipient_named
from partnerleads.routing.offers.waiting import next_chance, next_end
from partnerleads.routing.pool import Pool
from partnerleads.routing.protocol import Router
from partnerleads.showing import table_html

__all__ = ["NextAction", "OfferStep", "offer_step"]

DEFAULT_POLICY = OfferPolicy()


@frozen
class NextAction:
    """What the asking for a lead waits for.

    Attributes:
        waits_for: ``answer`` of whoever was asked, ``rest`` until the next is asked, ``recipient``
            where nobody may take it now, or ``nothing`` once somebody has it or it is closed.
        at: When to take the next step where nothing happens before; None has no time. An offer
            stands until it expires, or one registration stops to protect the lead and another
            then gives it to somebody else. Where nobody may take the lead now, that is when a
            registration stops to protect it, an offer of another lead lapses and leaves room, or
            somebody comes to work, so that somebody may.
            [aware datetime]
        recipient_id: Whose answer.
    """

    waits_for: Literal["answer", "rest", "recipient", "nothing"]
    at: datetime | None = None
    recipient_id: RecipientId | None = None

    def __str__(self) -> str:
        when = "" if self.at is None else f"{self.at:%Y-%m-%d %H:%M} UTC"
        until, then = (f" until {when}", f" at {when}, or") if when else ("", "")
        words = {
            "answer": f"wait for {self.recipient_id}{until}",
            "rest": f"rest{until}, then ask the next",
            "recipient": f"nobody may take it now; try again{then} when something has changed",
            "nothing": "done",
        }
        return words[self.waits_for]


@frozen(kw_only=True)
class OfferStep:
    """What one step came to.

    Attributes:
        state: How far the asking has come.
        events: What to append to the log, in this order: the message where it was taken, and what
            followed from it.
        decisions: What was decided, to be kept with the decisions so far.
        context: The context for the next step of any lead. It keeps its moment: what was derived
            then, with what steps did to loads, turns, refusals and decisions since. Its loads have
            an offer until the lapse is on record; steps leave it out from its very instant on.
            Outcomes, owners and scores stay as they were derived.
        next_action: What to wait for.
        refused: Why the message cannot be; None where it was taken, or said nothing new.
    """

    state: OfferState
    events: tuple[LeadEvent, ...]
    decisions: tuple[Decision, ...]
    context: RoutingContext
    next_action: NextAction
    refused: str | None = None

    def to_dicts(self) -> list[dict[str, object]]:
        """What goes on record, a row for each event; ``recipient_id`` is whom it is about."""
        return [
            {
                "lead_id": one.lead_id,
                "type": one.type,
                "occurred_at": one.occurred_at,
                "recipient_id": _whom(one),
                "expires_at": getattr(one, "expires_at", None),
                "event_id": one.event_id,
            }
            for one in self.events
        ]

    def _lines(self) -> list[str]:
        lines = [f"next: {self.next_action}"]
        return lines if self.refused is None else [*lines, f"refused: {self.refused}"]

    def __str__(self) -> str:
        return "\n".join([str(self.state), *self._lines()])

    def _repr_html_(self) -> str:
        rows = [
            (f"{one.occurred_at:%Y-%m-%d %H:%M} UTC", one.type, _whom(one) or "nobody")
            for one in self.events
        ]
        return table_html(str(self.state), rows, notes=self._lines())


def offer_step(
    state: OfferState,
    happened: LeadEvent | datetime,
    *,
    pool: Pool,
    router: Router,
    context: RoutingContext,
    policy: OfferPolicy = DEFAULT_POLICY,
    as_of: datetime | None = None,
) -> OfferStep:
    """Take one step of offering a lead: pure, with no clock of its own.

    One recipient at a time is asked, in the router's order at that moment; nobody is asked twice,
    nor anybody of a house that was asked. An offer stands from its instant up to its expiry, which
    is late already. What comes of an offer:

    - accepted or assigned: somebody has the lead, and other offers are withdrawn;
    - declined, lapsed, withdrawn or given back: the next one is asked, after a rest where the
      policy has one; when nobody is left the fallback gets the lead;
    - a registration or an owner steers the lead elsewhere: the offer is withdrawn, and whoever has
      the right to it is asked, however many were asked before;
    - the lead is closed: the offer is withdrawn.

    A decision made before is followed while whoever it chose passes the rules of the pool.

    A message that says only what is on record changes nothing. One that cannot be, such as a late
    acceptance, is refused and does not go to the log; sent again it is judged again.

    Args:
        state: How far the asking has come; ``OfferState(lead_id)`` for a new lead.
        happened: An event of the lead, or the moment that has come. [aware datetime]
        pool: The recipients; among the rules is ``NotExcluded``, by which nobody is asked twice.
        router: Who is asked first.
        context: What varies, as derived from the history or as the last step left it.
        policy: How leads are offered.
        as_of: When the step is taken; by default when the message was recorded. What follows from
            a message happens then, and never before the context's own moment or the lead's last
            event. [aware datetime]

    Raises:
        OptionError: When there is no state, pool, router, context or policy, the message is no
            event of the lead, the pool lacks ``NotExcluded`` or has the fallback as a member, or a
            wish is to give way that the pool does not have.
    """
    message: LeadEvent | None = None
    if not isinstance(state, OfferState):
        raise OptionError("state", state, "pass OfferState(lead_id) for a new lead")
    check_pool(pool)
    check_context(context)
    check_policy(policy)
    if isinstance(happened, datetime):
        moment = instant(happened, "happened")
    else:
        message = _checked(state, happened)
        moment = known_at(message)
    taken = moment if as_of is None else instant(as_of, "as_of")
    now = max(moment, taken, context.as_of, state.known_until or moment)
    run = Cascade(state=state, context=context, now=now, pool=pool, router=router, policy=policy)
    refused = None
    if message is not None and not is_repeated(state, message):
        run.lapse(message.occurred_at)
        asked = bool(run.asked & run.house_of(message))
        refused = refusal(run.state, message, asked=asked)
        if refused is None:
            run.note(message)
    run.settle()
    return OfferStep(
        state=run.state,
        events=tuple(run.events),
        decisions=tuple(run.decisions),
        context=run.context,
        next_action=_next_action(run),
        refused=refused,
    )


def _checked(state: OfferState, happened: object) -> LeadEvent:
    """The message, if it is an event of the lead."""
    if not isinstance(happened, get_args(LeadEvent)):
        reason = "pass an event of the lead, or the moment that has come as an aware datetime"
        raise OptionError("happened", happened, reason)
    event: LeadEvent = happened
    if event.lead_id != state.lead_id:
        raise OptionError("happened", event.lead_id, f"the state is of lead {state.lead_id!r}")
    return event


def _whom(event: LeadEvent) -> RecipientId | None:
    """Whom an event chooses, or else names: the person before the partner."""
    names = (getattr(event, name, None) for name in ("chosen", "agent_id", "partner_id"))
    return next((name for name in names if name is not None), None)


def _next_action(run: Cascade) -> NextAction:
    if run.settled:
        return NextAction("nothing")
    if run.state.open is not None:
        offered = run.state.open.offered
        return NextAction("answer", next_end(run), recipient_named(offered))
    if run.rests_until is not None:
        return NextAction("rest", run.rests_until)
    return NextAction("recipient", next_chance(run))
