"""Who held a lead when."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from partnerleads.events import LeadAccepted, LeadEvent, LeadProgressed, LeadReturned, LeadWon
from partnerleads.events.matching import same_recipient

__all__ = ["Spell", "spells_of"]


@frozen
class Spell:
    """One recipient's time with a lead.

    It starts with the acceptance, and ends with the return by that recipient or with the
    acceptance by another.

    Attributes:
        taken: The acceptance it starts with.
        converted: First progress or win inside it.
    """

    taken: LeadAccepted
    converted: LeadProgressed | LeadWon | None


def spells_of(events: Sequence[LeadEvent]) -> tuple[Spell, ...]:
    """Everyone's time with a lead, in order; a repeated acceptance goes on with the same spell.

    Args:
        events: All events of one lead, settled and in order.
    """
    spells = []
    taken: LeadAccepted | None = None
    converted: LeadProgressed | LeadWon | None = None
    for event in events:
        if isinstance(event, LeadAccepted):
            if taken is not None and same_recipient(event, taken):
                continue
            if taken is not None:
                spells.append(Spell(taken, converted))
            taken, converted = event, None
        elif isinstance(event, LeadReturned):
            if taken is not None and same_recipient(event, taken):
                spells.append(Spell(taken, converted))
                taken = None
        elif isinstance(event, LeadProgressed | LeadWon) and taken is not None:
            converted = converted or event
    return tuple(spells) if taken is None else (*spells, Spell(taken, converted))
