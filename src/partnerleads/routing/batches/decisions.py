"""A batch as decisions about one lead each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from partnerleads.model import FrozenMap, LeadId
from partnerleads.routing.batches.asked import Batch
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.decision import Decision, Inputs, Unroutable
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Candidates, Ranked
from partnerleads.routing.turns import NO_TURN, turn_of

__all__ = ["InBatch", "decisions_of"]


@frozen
class InBatch:
    """Ranks nobody but the one that a batch gave the lead to.

    Attributes:
        method: How the batch was assigned.
        places: The place of the recipient of each lead.
    """

    method: str
    places: FrozenMap[LeadId, Ranked] = field(eq=False, repr=False)

    def rank(
        self, lead: Prospect, candidates: Candidates, context: RoutingContext, /
    ) -> Iterator[Ranked]:
        """The recipient that the batch gave the lead to."""
        del candidates, context
        if lead.lead_id in self.places:
            yield self.places[lead.lead_id]


def decisions_of(
    batch: Batch, method: str, places: Mapping[LeadId, Ranked], why: Mapping[LeadId, Unroutable]
) -> tuple[Decision, ...]:
    """Each lead's decision, by lead; those decided before are as they were.

    Args:
        batch: What the batch was made from.
        method: How it was assigned.
        places: Who got each lead, with what the pair is worth.
        why: Why nobody got the others.
    """
    router = InBatch(method, FrozenMap(places))
    fresh = (_decision(batch, number, router, why) for number in range(len(batch.leads)))
    made = (*batch.decided, *fresh)
    return tuple(sorted(made, key=lambda one: one.lead.lead_id))


def _decision(
    batch: Batch, number: int, router: InBatch, why: Mapping[LeadId, Unroutable]
) -> Decision:
    pool, context, lead = batch.pool, batch.context, batch.leads[number]
    entitled = batch.entitled[number]
    place = router.places.get(lead.lead_id)
    rights = pool.rights(lead, context)
    steered = tuple(rule.name for rule in rights if rule.steers(lead, context))
    ids = tuple(one.recipient_id for one in entitled.candidates)
    chances = dict.fromkeys(ids, 0.0)
    free = place is None or (steered and not pool.charge_steered)
    if place is not None:
        chances[place.recipient_id] = 1.0
    return Decision(
        lead=lead,
        as_of=context.as_of,
        turn=context.turn + number,
        outcome=why[lead.lead_id] if place is None else place,
        ranked=() if place is None else (place,),
        eligible=ids,
        propensities=FrozenMap(chances),
        levels=entitled.levels,
        relaxations=entitled.relaxations,
        conflicts=tuple(words for rule in rights for words in rule.conflicts(lead, context)),
        steered=steered,
        charge=NO_TURN
        if free or place is None
        else turn_of(entitled.candidates, place.recipient_id),
        router=f"assign_batch by {router.method}",
        seed=context.seed,
        policy=pool.policy_fingerprint(router),
        recipients=pool.recipients_fingerprint,
        inputs=Inputs(pool, router, context),
    )
