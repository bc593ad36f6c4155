"""Who is credited with each of many leads, without the evidence.

Most leads are simple: the own team found it and claims came later, or the partner that brought it
was there first. Then a glance tells what weighing all claims and contacts would give; the leads
that are not that simple are weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import compress
from typing import Literal, TypeAlias

from partnerleads.attribution.claims import Claimed, counting
from partnerleads.attribution.influences import INFLUENCING, influences_of
from partnerleads.attribution.policy import AttributionPolicy
from partnerleads.attribution.weighing import judge_claims
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.fact import LeadFact
from partnerleads.events.offers import LeadReturned
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
    stories: Sequence[Story], *, policy: AttributionPolicy, as_of: datetime
) -> list[Credit]:
    """The class of each lead and its sourcing partner.

    Args:
        stories: The leads, without events after *as_of*.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    winners = winning_events(stories, policy=policy, as_of=as_of)
    captured, returned = LeadCaptured.rank, LeadReturned.rank
    whenever = policy.influence_lookback is None
    found: list[Credit] = []
    for (events, shape, _, closed), winner in zip(stories, winners, strict=True):
        if winner is not None:
            found.append(("sourced", _partner_of(winner)))
        elif whenever and shape[0] == captured and returned not in shape:  # mostly
            end = None if closed is None else closed.occurred_at
            credit = _DIRECT
            for event in compress(events, shape.translate(INFLUENCING)):
                if (
                    event.partner_id is not None  # type: ignore[union-attr]
                    and (end is None or event.occurred_at <= end)
                    and not (type(event) is ContactMade and event.by == "own_team")
                ):
                    credit = _INFLUENCED
                    break
            found.append(credit)
        else:
            influence = next(influences_of(events, shape, closed, policy), None)
            found.append(_DIRECT if influence is None else _INFLUENCED)
    return found


def _partner_of(claimed: Claimed) -> PartnerId | None:
    """The partner that an event claims the lead for."""
    return claimed.originator if isinstance(claimed, LeadCaptured) else claimed.partner_id


def winning_events(
    stories: Iterable[Story], *, policy: AttributionPolicy, as_of: datetime
) -> list[Claimed | None]:
    """The event by which the winner claims each lead; None where no claim earns the credit.

    Args:
        stories: The leads, without events after *as_of*.
        policy: The rules.
        as_of: Claims and contacts recorded later do not exist.
    """
    counts_at = counting(policy)
    bringing_wins = not policy.contact_required and policy.claims == "registration or originator"
    registered, contacted = DealRegistered.rank, ContactMade.rank
    winners: list[Claimed | None] = []
    for events, shape, captured, _ in stories:
        place = shape.find(registered)
        own = captured is not None and captured.originator is None
        if place < 0 and (captured is None or own):
            winners.append(None)  # nobody claims it
            continue
        if captured is not None:
            start = counts_at(captured)
            while place >= 0 and counts_at(events[place]) > start:
                place = shape.find(registered, place + 1)
            if place < 0 and own:
                winners.append(None)  # the own team was there before all claims, so all are late
                continue
            if place < 0 and bringing_wins and start <= as_of:
                place = shape.find(contacted)
                while place >= 0 and counts_at(events[place]) > start:
                    place = shape.find(contacted, place + 1)
                if place < 0:  # the first claim, before all contacts, that nothing locks or ends
                    winners.append(captured)
                    continue
        judged = judge_claims(events, captured=captured, policy=policy, as_of=as_of)
        winners.append(next((one.claim.event for one in judged if not one.failure), None))
    return winners
