"""What a measure can range over on a frame, and the columns that such members say themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import field, frozen

from partnerleads.events import (
    DealRegistered,
    LeadAccepted,
    LeadDeclined,
    LeadEvent,
    LeadOffered,
    LeadProgressed,
    LeadWon,
    OfferExpired,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.frames.engines import Frame
from partnerleads.frames.ordering import moment_of
from partnerleads.frames.story import Story
from partnerleads.frames.table import has
from partnerleads.kpis.measuring.measure import Unit

__all__ = ["UNITS", "Kinds", "UnitColumns"]

Kinds: TypeAlias = tuple[type[LeadEvent], ...]


@frozen(kw_only=True)
class UnitColumns:
    """The columns that members say themselves; all others they have from their lead.

    Attributes:
        members: One row for each member, with the keys and times of its events and its flags;
            None where the leads are the members.
        name: Columns that name a member, besides its lead.
        events: Events, with the kinds that each may be of.
        texts: Columns that are fields of one of these events, with its name and the field.
        flags: Columns that are yes or no.
        captured: Whether only leads that were captured have any.
    """

    members: Callable[[Story], Frame] | None
    name: tuple[str, ...] = ()
    events: Mapping[str, Kinds] = field(factory=dict)
    texts: Mapping[str, tuple[str, str]] = field(factory=dict)
    flags: tuple[str, ...] = ()
    captured: bool = True


def _wins(story: Story) -> Frame:
    wins = story.table.filter(has(LeadWon))
    return wins.select("lead_id", won_key=nw.col("key"), won_at=nw.col("at"))


def _spells(story: Story) -> Frame:
    return story.spells


def _offers(story: Story) -> Frame:
    keys = {
        "offered": nw.col("key"),
        "answered": nw.col("answer"),
        "accepted": nw.col("acceptance"),
        "declined": nw.col("decline"),
        "expired": nw.col("expiry"),
        "replied": nw.col("reply"),
    }
    taken_back = nw.col("reply").is_null() & ~nw.col("withdrawal").is_null()
    return _timed(story.offers, keys, taken_back=taken_back)


def _registrations(story: Story) -> Frame:
    approved, rejected = nw.col("approved_key"), nw.col("rejected_key")
    keys = {
        "registered": nw.col("registered_key"),
        "decided": nw.coalesce(approved, rejected),
        "approved": approved,
        "rejected": rejected,
        "ended": nw.coalesce(rejected, nw.col("withdrawn_key")),
    }
    return _timed(story.registrations, keys, conflicted=nw.col("conflicted"))


def _timed(members: Frame, keys: Mapping[str, Any], **flags: Any) -> Frame:
    """Members with the keys of their events, and the times that these hold."""
    named = members.select("lead_id", **{f"{name}_key": key for name, key in keys.items()}, **flags)
    return named.with_columns(moment_of(nw.col(f"{name}_key")).alias(f"{name}_at") for name in keys)


UNITS: Mapping[Unit, UnitColumns] = {
    "leads": UnitColumns(members=None),
    "wins": UnitColumns(members=_wins, name=("won_key",), events={"won": (LeadWon,)}),
    "spells": UnitColumns(
        members=_spells,
        name=("accepted_key",),
        events={"accepted": (LeadAccepted,), "converted": (LeadProgressed, LeadWon)},
        texts={"agent": ("accepted", "agent_id")},
    ),
    "offers": UnitColumns(
        members=_offers,
        name=("offered_key",),
        events={
            "offered": (LeadOffered,),
            "answered": (LeadAccepted, LeadDeclined, OfferExpired),
            "accepted": (LeadAccepted,),
            "declined": (LeadDeclined,),
            "expired": (OfferExpired,),
            "replied": (LeadAccepted, LeadDeclined),
        },
        texts={"agent": ("offered", "agent_id"), "reason": ("answered", "reason")},
        flags=("taken_back",),
    ),
    "registrations": UnitColumns(
        members=_registrations,
        name=("registered_key",),
        events={
            "registered": (DealRegistered,),
            "decided": (RegistrationApproved, RegistrationRejected),
            "approved": (RegistrationApproved,),
            "rejected": (RegistrationRejected,),
            "ended": (RegistrationRejected, RegistrationWithdrawn),
        },
        texts={"reason": ("decided", "reason")},
        flags=("conflicted",),
        captured=False,
    ),
}
"""What frames can range over; stays need every step of a lead in turn, which no frame has."""
