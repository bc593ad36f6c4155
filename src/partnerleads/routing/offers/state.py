"""How far the asking for one lead has come: a fold of what happened to the lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.events import LeadAccepted, LeadAssigned, LeadEvent, LeadRouted, order_key
from partnerleads.events.naming import recipients_named
from partnerleads.lifecycle import LeadLifecycle, Lifecycles, Offer, fold
from partnerleads.model import FrozenMap, LeadId, RecipientId
from partnerleads.routing.prospect import Prospect
from partnerleads.showing import table_html

__all__ = ["OfferState", "known_at", "offer_states", "recipient_named"]

Holding: TypeAlias = LeadAccepted | LeadAssigned


def _in_order(value: Sequence[LeadEvent]) -> tuple[LeadEvent, ...]:
    return tuple(sorted(value, key=order_key))


@frozen(repr=False)
class OfferState:
    """How far the asking for one lead has come.

    It is made of nothing but what happened to the lead, so it can be made again from a log.

    Attributes:
        lead_id: The lead.
        events: What happened to it, in order.

    >>> print(OfferState("L1"))
    L1: with nobody
    """

    lead_id: LeadId
    events: tuple[LeadEvent, ...] = field(default=(), converter=_in_order)
    _life: LeadLifecycle | None = field(default=None, init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse events of other leads."""
        for event in self.events:
            if event.lead_id != self.lead_id:
                reason = f"is an event of lead {event.lead_id!r}; this is {self.lead_id!r}"
                raise OptionError("events", event.event_id, reason)

    @property
    def life(self) -> LeadLifecycle | None:
        """The lead as its events tell it; None where there is none yet."""
        if self._life is None and self.events:
            found = fold(self.events, as_of=self.events[-1].occurred_at).get(self.lead_id)
            object.__setattr__(self, "_life", found)
        return self._life

    @property
    def lead(self) -> Prospect:
        """The lead, with what is known of it by now."""
        life = self.life
        if life is None:
            return Prospect(lead_id=self.lead_id)
        return Prospect(lead_id=self.lead_id, facts=life.facts, expected_value=life.expected_value)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer that was made, and what became of it."""
        return () if self.life is None else self.life.offers

    @property
    def pending(self) -> tuple[Offer, ...]:
        """The offers without an end; at most one, unless a log made several at once."""
        return tuple(offer for offer in self.offers if offer.status == "pending")

    @property
    def open(self) -> Offer | None:
        """The offer that waits for an answer; of several the last one."""
        return self.pending[-1] if self.pending else None

    @property
    def asked(self) -> frozenset[RecipientId]:
        """Everybody who was asked."""
        return frozenset(name for offer in self.offers for name in recipients_named(offer.offered))

    @property
    def refusals(self) -> int:
        """Offers that were declined or lapsed. [count]"""
        return sum(offer.status in {"declined", "expired"} for offer in self.offers)

    @property
    def held(self) -> Holding | None:
        """The acceptance or assignment by which somebody holds the lead; None where nobody does."""
        return None if self.life is None else self.life.held

    @property
    def closed(self) -> bool:
        """Whether the lead is won, lost or disqualified."""
        return self.life is not None and self.life.closed is not None

    @property
    def routed(self) -> tuple[LeadRouted, ...]:
        """What was decided."""
        return tuple(event for event in self.events if isinstance(event, LeadRouted))

    @property
    def known_until(self) -> datetime | None:
        """The last moment that its events tell of; None where there is none. [aware datetime]"""
        return max(map(known_at, self.events), default=None)

    def after(self, event: LeadEvent) -> OfferState:
        """The state once something more has happened; it is not asked whether it may."""
        return OfferState(self.lead_id, (*self.events, event))

    def __str__(self) -> str:
        told = ", ".join(_told(offer) for offer in self.offers if offer.status != "pending")
        return f"{self.lead_id}: {self._now()}" + (f"; asked were {told}" if told else "")

    def __repr__(self) -> str:
        return f"<{self}>"

    def to_dicts(self) -> list[dict[str, object]]:
        """The offers as flat rows, in order, with what became of each."""
        return [
            {
                "lead_id": self.lead_id,
                "recipient": recipient_named(offer.offered),
                "status": _status(offer),
                "offered_at": offer.offered.occurred_at,
                "expires_at": offer.offered.expires_at,
                "reason": _reason(offer),
            }
            for offer in self.offers
        ]

    def _repr_html_(self) -> str:
        rows = [
            (
                recipient_named(offer.offered) or "",
                f"{offer.offered.occurred_at:%Y-%m-%d %H:%M} UTC",
                _status(offer),
                _reason(offer) or "",
            )
            for offer in self.offers
        ]
        return table_html(f"{self}", rows, titles=("recipient", "offered", "became", "because"))

    def _now(self) -> str:
        """Where the lead is, in words."""
        if self.closed:
            return "closed"
        if self.held is not None:
            return f"with {recipient_named(self.held)}"
        if self.open is None:
            return "with nobody"
        ends = self.open.offered.expires_at
        until = "" if ends is None else f" until {ends:%Y-%m-%d %H:%M} UTC"
        return f"offered to {recipient_named(self.open.offered)}{until}"


def _told(offer: Offer) -> str:
    status, reason = _status(offer), _reason(offer)
    who = recipient_named(offer.offered)
    return f"{who} ({status}: {reason})" if reason else f"{who} ({status})"


def _status(offer: Offer) -> str:
    return "returned" if offer.returned is not None else offer.status


def _reason(offer: Offer) -> str | None:
    ended = offer.returned or offer.answer or offer.withdrawn
    return getattr(ended, "reason", None)


def known_at(event: LeadEvent) -> datetime:
    """When an event had happened, and the records knew. [aware datetime]"""
    return max(event.occurred_at, event.recorded_at)


def recipient_named(event: object) -> RecipientId:
    """Whom an offer is to: the person, or the partner where no person is named."""
    return str(getattr(event, "agent_id", None) or getattr(event, "partner_id", None))


def offer_states(lives: Lifecycles) -> FrozenMap[LeadId, OfferState]:
    """How far the asking for every lead has come, by a history; so a service starts again.

    Args:
        lives: The lifecycles of the history, as of the moment to start again from.

    >>> from partnerleads import fold
    >>> from partnerleads.testing import at, history
    >>> log = history('''
    ...     2026-03-02 L1 captured
    ...     2026-03-02 L1 offered to acme expires_at=2026-03-03
    ...     2026-03-03 L1 expired by acme
    ...     2026-03-03 L1 offered to beta expires_at=2026-03-04
    ... ''')
    >>> print(offer_states(fold(log, as_of=at("2026-03-03")))["L1"])
    L1: offered to beta until 2026-03-04 00:00 UTC; asked were acme (expired)
    """
    return FrozenMap({name: OfferState(name, life.events) for name, life in lives.items()})
