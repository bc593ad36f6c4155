"""What a measure can range over besides leads: their wins, and everyone's time with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from partnerleads.events import LeadAccepted, LeadProgressed, LeadWon
from partnerleads.kpis.measure import Unit
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.lifecycle.spells import spells_of
from partnerleads.model import AgentId

__all__ = ["OWN", "HeldLead", "Win", "units_of"]


@frozen
class Win:
    """One win of a lead, standing or not; whatever it does not say itself, its lead says."""

    lead: LeadLifecycle
    won: LeadWon


@frozen
class HeldLead:
    """A lead in the hands of one recipient; whatever it does not say itself, its lead says.

    Attributes:
        lead: The lead.
        accepted: The acceptance by that recipient.
        converted: First progress or win while it held the lead.
    """

    lead: LeadLifecycle
    accepted: LeadAccepted
    converted: LeadProgressed | LeadWon | None

    @property
    def agent(self) -> AgentId | None:
        """The person who held it."""
        return self.accepted.agent_id


OWN: dict[Unit, frozenset[str]] = {
    "leads": frozenset(),
    "wins": frozenset({"won"}),
    "spells": frozenset({"accepted", "converted", "agent"}),
}
"""The columns that a member says itself; all others it has from its lead."""


def units_of(over: Unit, leads: Sequence[LeadLifecycle]) -> Sequence[Any]:
    """The members a measure ranges over.

    Args:
        over: What they are.
        leads: Every captured lead.
    """
    if over == "leads":
        return leads
    if over == "wins":
        return [Win(lead, e) for lead in leads for e in lead.events if isinstance(e, LeadWon)]
    return [
        HeldLead(lead, spell.taken, spell.converted)
        for lead in leads
        for spell in spells_of(lead.events)
    ]
