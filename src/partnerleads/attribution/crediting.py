"""Who is credited with each of many leads, without the evidence.

Most leads are simple: the own team found it and claims came later, or the partner that brought it
was there first. Then a glance tells what weighing all claims and contacts would give; the leads
that are not that simple are weighed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from partnerleads.attribution.claims import Claimed, counting
from partnerleads.attribution.influences import is_influenced
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.weighing import judge_claims
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.fact import LeadFact
from partnerleads.events.naming import partner_named
from partnerleads.events.order import LeadEvent
from partnerleads.events.registration import DealRegistered
from partnerleads.model.ids import PartnerId

__all__ = ["AttributionClass", "Credit", "Story", "credits_of", "winning_events"]

AttributionClass: TypeAlias = Literal["sourced", "influenced", "direct"]

Credit: TypeAlias = tuple[AttributionClass, PartnerId | None]
"""The class of a lead, and the partner that sourced it."""

Story: TypeAlias = tuple[Sequence[LeadEvent], bytes, LeadCaptured | None, LeadFact | None]
"""A lead's events, settled and in order, their ranks, its first capture and its standing close."""

_INFLUENCED: Credit = ("influenced", None)
_DIRECT: Credit = ("direct", None)


def credits_of(
    stories: Iterable[Story], *, policy: AttributionPolicy, as_of: datetime
) -> list[Credit]:
    """The class of each lead and its sourcing partner.

    Args:
        stories: The leads, without events after *as_of*.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    registered = DealRegistered.rank
    winner_of = _winner_finder(policy, as_of)
    found: list[Credit] = []
    for events, shape, captured, closed in stories:
        if registered in shape or (captured is not None and captured.originator is not None):
            winner = winner_of(events, shape, captured)
            if winner is not None:
                found.append(("sourced", partner_named(winner)))
                continue
        found.append(_INFLUENCED if is_influenced(events, shape, closed, policy) else _DIRECT)
    return found


def winning_events(
    stories: Iterable[Story], *, policy: AttributionPolicy, as_of: datetime
) -> list[Claimed | None]:
    """The event by which the winner claims each lead; None where no claim earns the credit.

    Args:
        stories: The leads, without events after *as_of*.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    winner_of = _winner_finder(policy, as_of)
    return [winner_of(events, shape, captured) for events, shape, captured, _ in stories]


def _winner_finder(
    policy: AttributionPolicy, as_of: datetime
) -> Callable[[Sequence[LeadEvent], bytes, LeadCaptured | None], Claimed | None]:
    """What finds the event by which the winner claims a lead."""
    counts_at = counting(policy)
    bringing_wins = not policy.contact_required and policy.claims == "registration or originator"
    registered, contacted = DealRegistered.rank, ContactMade.rank

    def winner_of(
        events: Sequence[LeadEvent], shape: bytes, captured: LeadCaptured | None
    ) -> Claimed | None:
        if captured is not None:
            start = counts_at(captured)
            place = shape.find(registered)
            while place >= 0 and counts_at(events[place]) > start:
                place = shape.find(registered, place + 1)
            if place < 0 and captured.originator is None:
                return None  # the own team was there before all claims, so all are late
            if place < 0 and bringing_wins and start <= as_of:
                place = shape.find(contacted)
                while place >= 0 and counts_at(events[place]) > start:
                    place = shape.find(contacted, place + 1)
                if place < 0:
                    return captured  # the first claim, before all contacts, that nothing ends
        verdicts = judge_claims(events, captured=captured, policy=policy, as_of=as_of)
        return next((one.claim.event for one in verdicts if not one.failure), None)

    return winner_of
