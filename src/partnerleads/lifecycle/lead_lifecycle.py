"""The story of one lead as of a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias, TypeVar

from attrs import field, frozen

from partnerleads.attribution import AttributionClass, Verdict, judge
from partnerleads.attribution.crediting import Credit, credits_of
from partnerleads.events import (
    DealRefunded,
    DealRegistered,
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadOffered,
    LeadProgressed,
    LeadResponded,
    LeadUpdated,
    LeadWon,
)
from partnerleads.events.naming import partner_named
from partnerleads.lifecycle.compiled import milestone_search
from partnerleads.lifecycle.final_value import less, refunds_after_win
from partnerleads.lifecycle.lead_text import event_rows, lead_head
from partnerleads.lifecycle.moment import Moment
from partnerleads.lifecycle.offers import FirstOffer, Offer, first_offer, offers_of
from partnerleads.lifecycle.reached import Reached
from partnerleads.lifecycle.spells import converting
from partnerleads.model import AgentId, Lead, LeadId, Money, PartnerId, RecipientId
from partnerleads.showing import Shown

__all__ = ["STATUSES", "LeadLifecycle"]

T = TypeVar("T")


Status: TypeAlias = Literal["open", "won", "lost", "disqualified"]

STATUSES: dict[type[object], Status] = {
    LeadWon: "won",
    LeadLost: "lost",
    LeadDisqualified: "disqualified",
}
"""The status of a lead by the kind of its standing close; without one it is open."""


_memo: Any = field(default=None, init=False, eq=False, repr=False)


@frozen(weakref_slot=False)
class LeadLifecycle(Shown):
    """One lead as of a moment: its milestones, and what follows from them.

    Every milestone is the event that reached it, or None; so ``lead.won.occurred_at`` is when it
    was won and ``lead.won.event_id`` the evidence. Printed it tells where it stands and who is
    credited, then its events in order.

    Attributes:
        lead_id: The lead.
        events: Its events up to the moment, settled and in order.
        moment: What the fold looked from.
        shape: The kinds of its events in order, one byte each: their rank.
        tied: Whether several of its events share one instant.
        captured: First capture; None where the lead was never captured.
        registered: First registration.
        offered: First offer.
        accepted: First acceptance.
        assigned: First assignment.
        last_assigned: Last assignment.
        responded: First response by a qualified salesperson, not automatic.
        progressed: First progress.
        converted: First progress or win at or after the first acceptance.
        held: Last standing acceptance or assignment that names a recipient.
        expected: Last capture or progress that states an expected value.
        won: The standing win: the last win that no loss, disqualification or reopen followed.
        first_won: First win, whether it stands or not.
        first_lost: First loss, whether it stands or not.
        closed: The standing close: won, lost or disqualified, with no reopen after it.
    """

    lead_id: LeadId
    events: tuple[LeadEvent, ...]
    moment: Moment = field(repr=False)
    shape: bytes = field(eq=False, repr=False)
    tied: bool = field(eq=False, repr=False)
    _verdict: Verdict | None = _memo
    _credit: Credit | None = _memo
    _offers: tuple[Offer, ...] | None = _memo
    _first_offer: FirstOffer | None = _memo

    captured = Reached[LeadCaptured]()
    registered = Reached[DealRegistered]()
    offered = Reached[LeadOffered]()
    accepted = Reached[LeadAccepted]()
    assigned = Reached[LeadAssigned]()
    last_assigned = Reached[LeadAssigned]()
    responded = Reached[LeadResponded]()
    progressed = Reached[LeadProgressed]()
    converted = Reached[LeadProgressed | LeadWon]()
    held = Reached[LeadAccepted | LeadAssigned]()
    expected = Reached[LeadCaptured | LeadProgressed]()
    won = Reached[LeadWon]()
    first_won = Reached[LeadWon]()
    first_lost = Reached[LeadLost]()
    closed = Reached[LeadWon | LeadLost | LeadDisqualified]()

    def _head(self) -> str:
        return lead_head(self)

    def _rows(self) -> list[tuple[str, ...]]:
        return event_rows(self)

    def _kept(self, name: str, value: T) -> T:
        """What follows from the events is worked out when first asked for, and kept."""
        object.__setattr__(self, name, value)
        return value

    @property
    def verdict(self) -> Verdict:
        """Who is credited: sourced, influenced or direct, with the evidence."""
        return self._verdict or self._kept("_verdict", self._judge())

    def _judge(self) -> Verdict:
        return judge(
            self.events,
            captured=self.captured,
            closed=self.closed,
            policy=self.moment.policy,
            as_of=self.moment.as_of,
        )

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer of the lead, and what became of it."""
        if self.offered is None:
            return ()
        return self._offers or self._kept("_offers", offers_of(self.events))

    @property
    def status(self) -> Status:
        """Open, or the kind of the standing close."""
        return STATUSES.get(type(self.closed), "open")

    @property
    def stage(self) -> str:
        """The last step an open lead took, such as ``accepted``; the status of a closed one."""
        if self.closed is not None:
            return self.status
        event = milestone_search("staged")(self.events, self.shape)
        return "" if event is None else event.type.removeprefix("lead_")

    @property
    def in_progress(self) -> bool:
        """Open, and progressed at least once."""
        return self.closed is None and self.progressed is not None

    @property
    def gross_wins(self) -> int:
        """All wins, also those that no longer stand. [count]"""
        return self.shape.count(LeadWon.rank)

    @property
    def expected_value(self) -> Money | None:
        """The last expected value that was stated. [money]"""
        expected = self.expected
        return None if expected is None else expected.expected_value

    @property
    def expected_close_at(self) -> datetime | None:
        """The last expected close that was stated. [aware datetime]"""
        event = milestone_search("expected_close")(self.events, self.shape)
        return None if event is None else event.expected_close_at

    @property
    def probability(self) -> float | None:
        """The last chance of a win that was stated. [0..1]"""
        event = milestone_search("likely")(self.events, self.shape)
        return None if event is None else event.probability

    @property
    def refunds(self) -> tuple[DealRefunded, ...]:
        """The refunds after the standing win, in order."""
        if self.won is None or DealRefunded.rank not in self.shape:
            return ()
        return refunds_after_win(self.events, self.shape)

    @property
    def final_value(self) -> Money | None:
        """Value of the standing win less its later refunds. [money]

        None where there is no standing win, it states no value, or a refund is in another
        currency (which is a problem of the history).
        """
        won = self.won
        return None if won is None or won.value is None else less(won.value, self.refunds)

    @property
    def decided_value(self) -> Money | None:
        """What a closed lead was about: its final value if won, else its expected value. [money]"""
        value = self.expected_value if self.won is None else self.final_value
        return None if self.closed is None else value

    @property
    def holder(self) -> RecipientId | None:
        """Who holds the lead: the partner, or the person where no partner is named."""
        return None if self.held is None else self.held.partner_id or self.held.agent_id

    @property
    def converting_acceptance(self) -> LeadAccepted | None:
        """The acceptance by whoever held the lead when it converted, else had it last."""
        return converting(self.events)

    @property
    def claimed(self) -> bool:
        """Whether any partner ever claimed it, by registration or referral."""
        referred = self.captured is not None and self.captured.originator is not None
        return referred or self.registered is not None

    @property
    def attribution(self) -> AttributionClass:
        """``sourced``, ``influenced`` or ``direct``."""
        return self.credit[0]

    @property
    def sourcing_partner(self) -> PartnerId | None:
        """The partner that sourced it."""
        return self.credit[1]

    @property
    def credit(self) -> Credit:
        """The class and the partner that sourced it."""
        return self._credit or self._find_credit()

    def _find_credit(self) -> Credit:
        story = (self.events, self.shape, self.captured, self.closed)
        moment = self.moment
        found = credits_of([story], policy=moment.policy, as_of=moment.as_of)
        return self._kept("_credit", found[0])

    @property
    def closing_partner(self) -> PartnerId | None:
        """The partner named by the standing close."""
        return None if self.closed is None else partner_named(self.closed)

    @property
    def agent(self) -> AgentId | None:
        """The person of the standing close, else the person who holds it."""
        closer: AgentId | None = getattr(self.closed, "agent_id", None)
        return closer or (None if self.held is None else self.held.agent_id)

    @property
    def reason(self) -> str | None:
        """Why it was lost or disqualified, where its standing close says so."""
        return getattr(self.closed, "reason", None)

    @property
    def first_offer(self) -> FirstOffer:
        """What became of the first offers, those of one instant."""
        return self._first_offer or self._kept("_first_offer", first_offer(self.offers))

    @property
    def first_offer_accepted(self) -> bool:
        """Whether the first offer was accepted."""
        return self.first_offer.accepted

    @property
    def first_offer_kept(self) -> bool:
        """Whether the first offer was accepted and the lead not returned."""
        return self.first_offer.kept

    @property
    def first_offer_resolved(self) -> bool:
        """Whether the first offer was accepted, or answered by all who were asked."""
        return self.first_offer.resolved

    @property
    def accepted_offer(self) -> LeadOffered | None:
        """The offer that the first acceptance answers; None where it answers none."""
        if self.accepted is None:
            return None
        answered = (offer.offered for offer in self.offers if offer.answer is self.accepted)
        return next(answered, None)

    @property
    def facts(self) -> Lead:
        """What is known of the lead by now: its capture and updates, the later over the earlier."""
        facts = Lead()
        for event in self.events:
            if event is self.captured or isinstance(event, LeadUpdated):
                facts = facts.updated(event.lead)
        return facts
