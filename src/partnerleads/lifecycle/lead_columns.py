"""What follows from the milestones of leads, of many leads at once.

Each column holds for every lead what the attribute of its name says of one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

from attrs import frozen

from partnerleads.attribution.crediting import AttributionClass, Credit, credits_of
from partnerleads.events import (
    DealRefunded,
    LeadCaptured,
    LeadDisqualified,
    LeadLost,
    LeadProgressed,
    LeadWon,
)
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.lifecycle.offers import FirstOffer, first_offers
from partnerleads.model import Money, PartnerId

__all__ = ["DERIVED", "Derived"]

_events = attrgetter("events")
_shape = attrgetter("shape")

Leads: TypeAlias = Sequence[LeadLifecycle]
Captures: TypeAlias = Sequence[LeadCaptured | None]
Closes: TypeAlias = Sequence[LeadWon | LeadLost | LeadDisqualified | None]


@frozen
class Derived:
    """A column that follows from others.

    Attributes:
        needs: Names of the columns that it is read off.
        read: Takes the leads and these columns, and gives a value for each lead.
    """

    needs: tuple[str, ...]
    read: Callable[..., list[Any]]


def _credits(leads: Leads, captured: Captures, closed: Closes) -> list[Credit]:
    if not leads:
        return []
    moment = leads[0].moment
    stories = zip(map(_events, leads), map(_shape, leads), captured, closed, strict=True)
    return credits_of(stories, policy=moment.policy, as_of=moment.as_of)


def _attributions(_: Leads, found: Sequence[Credit]) -> list[AttributionClass]:
    return [attribution for attribution, _ in found]


def _sourcing_partners(_: Leads, found: Sequence[Credit]) -> list[PartnerId | None]:
    return [partner_id for _, partner_id in found]


def _part(name: str) -> Callable[..., list[Any]]:
    """What reads an attribute of each value of the one column that is needed."""
    part = attrgetter(name)
    return lambda _, whole: list(map(part, whole))


def _first_offers(leads: Leads) -> list[FirstOffer]:
    return first_offers(zip(map(_events, leads), map(_shape, leads), strict=True))


def _expected_values(
    _: Leads, expected: Sequence[LeadCaptured | LeadProgressed | None]
) -> list[Money | None]:
    return [None if event is None else event.expected_value for event in expected]


def _final_values(leads: Leads, won: Sequence[LeadWon | None]) -> list[Money | None]:
    refunded = DealRefunded.rank
    return [
        None if win is None else lead.final_value if refunded in lead.shape else win.value
        for lead, win in zip(leads, won, strict=True)
    ]


def _decided_values(
    leads: Leads,
    closed: Closes,
    won: Sequence[LeadWon | None],
    expected: Sequence[LeadCaptured | LeadProgressed | None],
) -> list[Money | None]:
    finals, hopes = _final_values(leads, won), _expected_values(leads, expected)
    return [
        None if close is None else hope if win is None else final
        for close, win, final, hope in zip(closed, won, finals, hopes, strict=True)
    ]


DERIVED: dict[str, Derived] = {
    "credit": Derived(("captured", "closed"), _credits),
    "attribution": Derived(("credit",), _attributions),
    "sourcing_partner": Derived(("credit",), _sourcing_partners),
    "first_offer": Derived((), _first_offers),
    "first_offer_accepted": Derived(("first_offer",), _part("accepted")),
    "first_offer_kept": Derived(("first_offer",), _part("kept")),
    "first_offer_resolved": Derived(("first_offer",), _part("resolved")),
    "expected_value": Derived(("expected",), _expected_values),
    "final_value": Derived(("won",), _final_values),
    "decided_value": Derived(("closed", "won", "expected"), _decided_values),
}
"""The columns by name."""
