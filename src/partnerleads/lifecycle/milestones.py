"""The milestones of a lead, as data.

A milestone picks one event out of a lead's history. Both the fold over Python events and any
other engine go by these definitions; :mod:`partnerleads.lifecycle.picking` reads them one by one,
:mod:`partnerleads.lifecycle.compiled` turns each into a fast search.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.events import (
    DealRegistered,
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadOffered,
    LeadProgressed,
    LeadQualified,
    LeadReopened,
    LeadResponded,
    LeadReturned,
    LeadWon,
)

__all__ = ["MILESTONES", "Condition", "Equals", "Milestone", "Stated"]

Kinds: TypeAlias = tuple[type[LeadEvent], ...]


@frozen
class Equals:
    """The field has this value."""

    field: str
    value: object


@frozen
class Stated:
    """At least one of the fields says something."""

    fields: tuple[str, ...]


Condition: TypeAlias = Equals | Stated


@frozen(kw_only=True)
class Milestone:
    """A rule that picks one event of a lead.

    Attributes:
        name: Name of the attribute of a lifecycle.
        kinds: Kinds of event to pick from.
        pick: The first or the last of them in the order.
        where: Conditions that all must hold.
        undone_by: Kinds of event which, coming later, undo it.
        same_recipient: Whether the undoing event must name the same recipient.
        not_before: Another milestone; only events at its time or later count, and none without it.
    """

    name: str
    kinds: Kinds
    pick: Literal["first", "last"]
    where: tuple[Condition, ...] = ()
    undone_by: Kinds = ()
    same_recipient: bool = False
    not_before: str = ""


_CLOSES: Kinds = (LeadWon, LeadLost, LeadDisqualified)
_STATING: Kinds = (LeadCaptured, LeadProgressed)

MILESTONES: dict[str, Milestone] = {
    milestone.name: milestone
    for milestone in (
        Milestone(name="captured", kinds=(LeadCaptured,), pick="first"),
        Milestone(name="registered", kinds=(DealRegistered,), pick="first"),
        Milestone(name="offered", kinds=(LeadOffered,), pick="first"),
        Milestone(name="accepted", kinds=(LeadAccepted,), pick="first"),
        Milestone(name="assigned", kinds=(LeadAssigned,), pick="first"),
        Milestone(name="last_assigned", kinds=(LeadAssigned,), pick="last"),
        Milestone(
            name="responded",
            kinds=(LeadResponded,),
            pick="first",
            where=(Equals("qualified", value=True), Equals("automatic", value=False)),
        ),
        Milestone(name="progressed", kinds=(LeadProgressed,), pick="first"),
        Milestone(
            name="converted",
            kinds=(LeadProgressed, LeadWon),
            pick="first",
            not_before="accepted",
        ),
        Milestone(
            name="held",
            kinds=(LeadAccepted, LeadAssigned),
            pick="last",
            where=(Stated(("partner_id", "agent_id")),),
            undone_by=(LeadReturned,),
            same_recipient=True,
        ),
        Milestone(
            name="expected",
            kinds=_STATING,
            pick="last",
            where=(Stated(("expected_value",)),),
        ),
        Milestone(
            name="won",
            kinds=(LeadWon,),
            pick="last",
            undone_by=(LeadLost, LeadDisqualified, LeadReopened),
        ),
        Milestone(name="first_won", kinds=(LeadWon,), pick="first"),
        Milestone(name="first_lost", kinds=(LeadLost,), pick="first"),
        Milestone(name="closed", kinds=_CLOSES, pick="last", undone_by=(LeadReopened,)),
        Milestone(
            name="expected_close",
            kinds=_STATING,
            pick="last",
            where=(Stated(("expected_close_at",)),),
        ),
        Milestone(
            name="likely",
            kinds=(LeadProgressed,),
            pick="last",
            where=(Stated(("probability",)),),
        ),
        Milestone(
            name="staged",
            kinds=(
                LeadCaptured,
                LeadOffered,
                LeadAccepted,
                LeadReturned,
                LeadAssigned,
                LeadResponded,
                LeadQualified,
                LeadProgressed,
            ),
            pick="last",
        ),
    )
}
"""Every milestone by name."""
