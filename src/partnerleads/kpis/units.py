"""What a measure can range over besides leads: wins, and who held a lead when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from partnerleads.events import LeadAccepted, LeadProgressed, LeadReturned, LeadWon
from partnerleads.events.matching import same_recipient
from partnerleads.kpis.measure import Unit
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import PartnerId, RecipientId

__all__ = ["Spell", "Win", "spells_of", "units_of"]


@frozen
class Win:
    """One win of a lead, standing or not; whatever it does not say itself, its lead says."""

    lead: LeadLifecycle
    won: LeadWon

    def __getattr__(self, name: str) -> Any:
        return getattr(self.lead, name)


@frozen
class Spell:
    """One recipient's time with a lead, from its acceptance.

    It ends with the return by that recipient, or with the acceptance by another. Whatever it does
    not say itself, its lead says.

    Attributes:
        lead: The lead.
        taken: The acceptance that names who held it.
        accepted: The acceptance it is counted from.
        converted: First progress or win at or after the acceptance, inside the spell.
    """

    lead: LeadLifecycle
    taken: LeadAccepted
    accepted: LeadAccepted
    converted: LeadProgressed | LeadWon | None

    @property
    def holder(self) -> RecipientId | None:
        """Who held the lead."""
        return self.taken.partner_id or self.taken.agent_id

    @property
    def partner_id(self) -> PartnerId | None:
        """The partner that held the lead."""
        return self.taken.partner_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self.lead, name)


def spells_of(lead: LeadLifecycle) -> Iterator[Spell]:
    """Everyone's time with a lead, in order; a repeated acceptance goes on with the same spell."""
    current: LeadAccepted | None = None
    converted: LeadProgressed | LeadWon | None = None
    for event in lead.events:
        if isinstance(event, LeadAccepted):
            if current is not None and same_recipient(event, current):
                continue
            if current is not None:
                yield Spell(lead, current, current, converted)
            current, converted = event, None
        elif isinstance(event, LeadReturned):
            if current is not None and same_recipient(event, current):
                yield Spell(lead, current, current, converted)
                current = None
        elif isinstance(event, LeadProgressed | LeadWon) and current is not None:
            converted = converted or event
    if current is not None:
        yield Spell(lead, current, current, converted)


def _acceptance(lead: LeadLifecycle) -> Spell | None:
    """The accepted lead once, with the one who held it when it converted, else who had it last."""
    first = lead.accepted
    if first is None:
        return None
    spells = list(spells_of(lead))
    with_it = next((spell for spell in spells if spell.converted is not None), spells[-1])
    return Spell(lead, with_it.taken, first, lead.converted)


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
    if over == "spells":
        return [spell for lead in leads for spell in spells_of(lead)]
    return [unit for lead in leads if (unit := _acceptance(lead)) is not None]
