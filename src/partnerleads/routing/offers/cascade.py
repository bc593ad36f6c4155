"""Asking one recipient after the other until one has the lead."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from attrs import define, evolve, field

from partnerleads.errors import OptionError
from partnerleads.events import (
    LeadAssigned,
    LeadDeclined,
    LeadEvent,
    LeadOffered,
    LeadReturned,
    OfferExpired,
    OfferWithdrawn,
)
from partnerleads.events.naming import recipients_named
from partnerleads.lifecycle import Offer
from partnerleads.model import RecipientId
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.decision import Decision
from partnerleads.routing.moment_rules import NotExcluded
from partnerleads.routing.offers.context import (
    after_decision,
    after_event,
    as_seen,
    unasked,
    without_decision,
)
from partnerleads.routing.offers.ids import unused_offer_id
from partnerleads.routing.offers.policy import OfferPolicy, offer_deadline
from partnerleads.routing.offers.state import OfferState, recipient_named
from partnerleads.routing.offers.wishes import relaxed
from partnerleads.routing.pool import Pool
from partnerleads.routing.protocol import Router
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.route import route

__all__ = ["Cascade"]


@define
class Cascade:
    """One step in the making: the lead, the context, and what has been done so far.

    Attributes:
        state: The lead as it is by now.
        context: The context as it is by now.
        now: The moment. [aware datetime]
        pool: The recipients.
        router: Who is asked first.
        policy: How leads are offered.
        events: What happened in this step.
        decisions: What was decided in it.
    """

    state: OfferState
    context: RoutingContext
    now: datetime
    pool: Pool
    router: Router
    policy: OfferPolicy
    events: list[LeadEvent] = field(factory=list)
    decisions: list[Decision] = field(factory=list)

    _NEEDED: ClassVar[str] = "has no rule NotExcluded(), by which nobody is asked twice; add it"

    def __attrs_post_init__(self) -> None:
        """Refuse a pool that the policy does not go with."""
        pool, policy = self.pool, self.policy
        if not any(isinstance(rule, NotExcluded) for rule in pool.rules):
            raise OptionError("pool", [rule.name for rule in pool.rules], self._NEEDED)
        if policy.fallback in pool.by_id:
            reason = "is a member of the pool, and no rule holds for a fallback; name another"
            raise OptionError("fallback", policy.fallback, reason)
        wishes = {wish.name for wish in pool.preferences}
        for name in policy.relax_after:
            if name not in wishes:
                there = ", ".join(map(repr, sorted(wishes))) or "none"
                raise OptionError("relax_after", name, f"is no wish of the pool; it has {there}")

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to ask: somebody has the lead, or it is closed."""
        return self.state.closed or self.state.held is not None

    @property
    def rests_until(self) -> datetime | None:
        """When the next may be asked, where that is still to come. [aware datetime]"""
        ends = self._ends
        if not ends:
            return None
        ended = max(ends)
        last = datetime.max.replace(tzinfo=ended.tzinfo)
        rested = ended + min(self.policy.cooling, last - ended)
        return rested if self.now < rested else None

    @property
    def _ends(self) -> list[datetime]:
        """When offers came to nothing, or were accepted."""
        ended = [offer.returned or offer.answer or offer.withdrawn for offer in self.state.offers]
        return [event.occurred_at for event in ended if event is not None]

    def may_ask(self, context: RoutingContext) -> bool:
        """Whether one more may be asked: the policy's limit does not stop whoever has a right."""
        limit, lead = self.policy.max_offers, self.state.lead
        if limit is None or len(self.state.offers) < limit:
            return True
        return any(rule.steers(lead, context) for rule in self.pool.rights(lead, context))

    def note(self, event: LeadEvent) -> None:
        """Something happened."""
        before, self.state = self.state, self.state.after(event)
        self.context = after_event(self.context, before, self.state, policy=self.policy)
        self.events.append(event)

    def lapse(self, moment: datetime) -> None:
        """Offers that stood up to a moment or less have lapsed by it."""
        for offer in self.state.pending:
            offered, ends = offer.offered.occurred_at, offer.offered.expires_at
            if ends is not None and max(offered, ends) <= moment:
                self._end(offer, OfferExpired, "expired", at=max(offered, ends))

    def _end(
        self,
        offer: Offer,
        kind: type[OfferExpired | OfferWithdrawn],
        word: str,
        *,
        at: datetime,
        reason: str | None = None,
    ) -> None:
        offered = offer.offered
        self.note(
            kind(
                event_id=f"{word}-{offered.offer_id or offered.event_id}",
                occurred_at=at,
                recorded_at=self.now,
                lead_id=self.state.lead_id,
                partner_id=offered.partner_id,
                agent_id=offered.agent_id,
                offer_id=offered.offer_id,
                reason=reason,
            )
        )

    def _withdraw(self, offer: Offer, reason: str) -> None:
        self._end(offer, OfferWithdrawn, "withdrawn", at=self.now, reason=reason)

    def settle(self) -> None:
        """Do all that follows from what happened, up to the moment."""
        self.context = as_seen(self.context, self.state, now=self.now, policy=self.policy)
        if self.settled:
            reason = "the lead is closed" if self.state.closed else "somebody has the lead"
            for offer in self.state.pending:
                self._withdraw(offer, reason)
            return
        self.lapse(self.now)
        for offer in self.state.pending:
            stopped = self.steered_away(offer, self.context_at(self.now))
            if stopped is not None:
                self._withdraw(offer, stopped)
        if self.state.open is None and self.rests_until is None:
            self._ask_next()

    def context_at(self, moment: datetime) -> RoutingContext:
        """What is known at a moment, if nothing happens before. [aware datetime]

        Offers of any lead that lapse by then keep nobody busy, nor does a decision on this lead
        that nothing followed.
        """
        seen = as_seen(self.context, self.state, now=moment, policy=self.policy)
        return without_decision(seen, self.state).later(moment)

    def asking_at(
        self, moment: datetime, *, but: frozenset[RecipientId] = frozenset()
    ) -> RoutingContext:
        """What the next offer is decided from at a moment: no house that was asked has another.

        Args:
            moment: No earlier than the step's. [aware datetime]
            but: Who else may not have it.
        """
        context = self.context_at(moment)
        excluded = context.excluded.get(self.state.lead_id, frozenset()) | self.asked | but
        return evolve(context, excluded={**context.excluded, self.state.lead_id: excluded})

    def steered_away(self, offer: Offer, context: RoutingContext) -> str | None:
        """By which rule somebody else has a right to the lead at the moment of a context."""
        lead, name = self.state.lead, recipient_named(offer.offered)
        stand_in = Recipient(recipient_id=name, parent=offer.offered.partner_id)
        recipient = self.pool.by_id.get(name, stand_in)
        for rule in self.pool.rights(lead, context):
            if rule.steers(lead, context) and not rule.passes(recipient, lead, context):
                return f"{rule.name}: needed is {rule.required(lead, context)}"
        return None

    def _ask_next(self) -> None:
        """Ask the next one; where nobody is left the fallback has the lead."""
        context = self.asking_at(self.now, but=self._overtaken())
        if self.may_ask(context):
            pool = relaxed(self.pool, self.policy, refusals=self.state.refusals)
            decision = route(self.state.lead, pool=pool, router=self.router, context=context)
            if decision.chosen is not None:
                self._record(decision)
                self._offer(decision.chosen)
                return
            if not self._known_unroutable():
                self._record(decision)
        self._fall_back()

    @property
    def asked(self) -> frozenset[RecipientId]:
        """Everybody of the houses that were asked.

        Who declined was asked, also where the offer itself was retracted.
        """
        told: list[LeadEvent] = [offer.offered for offer in self.state.offers]
        told += [event for event in self.state.events if isinstance(event, LeadDeclined)]
        return frozenset().union(*map(self.house_of, told))

    def house_of(self, event: LeadEvent) -> frozenset[RecipientId]:
        """Everybody of the house of a recipient that an event names."""
        return self.pool.houses(recipients_named(event))

    def _overtaken(self) -> frozenset[RecipientId]:
        """Whom an earlier decision chose that nothing followed, once it may not have the lead."""
        decision = unasked(self.state, self.context)
        if decision is None or decision.chosen is None:
            return frozenset()
        lead, context = self.state.lead, self.context_at(self.now)
        recipient = self.pool.by_id.get(decision.chosen)
        if recipient is not None and all(
            rule.passes(recipient, lead, context) for rule in self.pool.rules
        ):
            return frozenset()
        return frozenset({decision.chosen})

    def _record(self, decision: Decision) -> None:
        if self.context.decided.get(self.state.lead_id) != decision:
            self.context = after_decision(self.context, self.state, decision)
            self.decisions.append(decision)
        event = decision.event()
        if event not in self.state.events:
            self.note(event)

    def _known_unroutable(self) -> bool:
        """Whether it is on record that nobody could take the lead, and nobody was asked since.

        An offer that ended later was made later, also where it was made at that very instant.
        """
        chosen = [one.occurred_at for one in self.state.routed if one.chosen is not None]
        nobody = [one.occurred_at for one in self.state.routed if one.chosen is None]
        return bool(nobody) and max(nobody) >= max((*chosen, *self._ends), default=max(nobody))

    def _offer(self, recipient_id: RecipientId) -> None:
        policy, recipient = self.policy, self.pool.by_id[recipient_id]
        person = recipient_id in policy.agents
        hours = recipient.hours if policy.in_working_hours else None
        ends = None
        if policy.within is not None:
            ends = offer_deadline(self.now, within=policy.within, working_hours=hours)
        known = [one for one in self.state.routed if one not in self.events]
        earlier = sum(one.chosen is not None for one in known)
        offer_id = unused_offer_id(self.state, decided=earlier)
        self.note(
            LeadOffered(
                event_id=f"offered-{offer_id}",
                occurred_at=self.now,
                lead_id=self.state.lead_id,
                partner_id=recipient.parent if person else recipient_id,
                agent_id=recipient_id if person else None,
                offer_id=offer_id,
                expires_at=ends,
            )
        )

    def _fall_back(self) -> None:
        """The fallback has the lead; but once it gave it back it is not given it again."""
        fallback = self.policy.fallback
        back = any(
            isinstance(event, LeadReturned) and event.agent_id == fallback
            for event in self.state.events
        )
        if fallback is not None and not back:
            self.note(
                LeadAssigned(
                    event_id=f"assigned-{self.state.lead_id}-{fallback}",
                    occurred_at=self.now,
                    lead_id=self.state.lead_id,
                    agent_id=fallback,
                )
            )
