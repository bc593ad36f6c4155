"""A batch as it is asked for: who may take which lead, with how much room, and as numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import RecipientId
from partnerleads.routing.batches.problem import BatchProblem
from partnerleads.routing.batches.values import PairValue, PairValues, pair_value
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.pool import Entitled, Pool
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = ["Batch", "batch_of"]


@frozen(kw_only=True)
class Batch:
    """What a batch is made from.

    Attributes:
        pool: The recipients, with rules and wishes.
        context: What varies.
        decided: The decisions that stand already.
        leads: The other leads, by id; their places are their numbers in the problem.
        entitled: Who may take each of them.
        recipients: Everybody who may take one, the least recently chosen first, then by id; their
            places are their numbers in the problem.
        problem: The same as numbers.
    """

    pool: Pool
    context: RoutingContext
    decided: tuple[Decision, ...]
    leads: tuple[Prospect, ...]
    entitled: tuple[Entitled, ...] = field(repr=False)
    recipients: tuple[Recipient, ...] = field(repr=False)
    problem: BatchProblem


def batch_of(
    leads: Iterable[Prospect], *, pool: Pool, value: PairValues, context: RoutingContext
) -> Batch:
    """Find out who may take which lead, and what each pair is worth.

    Args:
        leads: The leads, in any order.
        pool: The recipients, with rules and wishes.
        value: What each pair is worth.
        context: What varies.

    Raises:
        OptionError: When two leads have one id, *value* or one of its answers is none, or it seems
            to misspell recipients.
        MixedCurrencyError: When scores would multiply expected values in several currencies.
    """
    decided, waiting = [], []
    for lead in _by_id(leads):
        known = context.decided.get(lead.lead_id)
        if known is not None and known.chosen not in context.excluded.get(lead.lead_id, ()):
            decided.append(known)
        else:
            waiting.append(lead)
    entitled = tuple(pool.entitled(lead, context) for lead in waiting)
    recipients = _in_turn(entitled, context)
    worth = pair_value(value, waiting, recipients, pool=pool.by_id, context=context)
    return Batch(
        pool=pool,
        context=context,
        decided=tuple(decided),
        leads=tuple(waiting),
        entitled=entitled,
        recipients=recipients,
        problem=_problem(waiting, entitled, recipients, worth, context),
    )


def _by_id(leads: Iterable[Prospect]) -> list[Prospect]:
    given: Any = leads
    listed: list[Any] = list(given) if isinstance(given, Iterable) else [None]
    if not all(isinstance(lead, Prospect) for lead in listed):
        raise OptionError("leads", leads, "pass a list of `Prospect` objects")
    listed.sort(key=lambda lead: lead.lead_id)
    for one, other in pairwise(listed):
        if one.lead_id == other.lead_id:
            raise OptionError("leads", one.lead_id, "names two leads of the batch")
    return listed


def _in_turn(entitled: Iterable[Entitled], context: RoutingContext) -> tuple[Recipient, ...]:
    """Everybody who may take a lead, the least recently chosen first, then by id."""
    found = {one.recipient_id: one for made in entitled for one in made.candidates}
    last = context.last_turns
    return tuple(found[name] for name in sorted(found, key=lambda name: (last.get(name, -1), name)))


def _problem(
    leads: Sequence[Prospect],
    entitled: Sequence[Entitled],
    recipients: Sequence[Recipient],
    worth: PairValue,
    context: RoutingContext,
) -> BatchProblem:
    """The pairs as numbers; those worth less than nothing are left out."""
    places: dict[RecipientId, int] = {
        one.recipient_id: place for place, one in enumerate(recipients)
    }
    of_lead, of_recipient, values = array("q"), array("q"), array("d")
    for number, (lead, made) in enumerate(zip(leads, entitled, strict=True)):
        pairs = [(places[one.recipient_id], worth(lead, one)) for one in made.candidates]
        pairs.sort(key=lambda pair: pair[0])
        for place, amount in pairs:
            if amount is not None and amount >= 0:
                of_lead.append(number)
                of_recipient.append(place)
                values.append(amount)
    return BatchProblem(
        slots=[_room(one, len(leads), context) for one in recipients],
        count=len(leads),
        leads=of_lead,
        recipients=of_recipient,
        values=values,
    )


def _room(one: Recipient, most: int, context: RoutingContext) -> int:
    """How many of some leads a recipient can take beside what it has open."""
    if one.capacity is None:
        return most
    return max(min(one.capacity - context.load.get(one.recipient_id, 0), most), 0)
