"""Who held a lead when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from attrs import frozen

from partnerleads.events import LeadAccepted, LeadEvent, LeadProgressed, LeadReturned, LeadWon
from partnerleads.events.matching import same_recipient

__all__ = ["Spell", "converting", "spells_of"]

Conversion: TypeAlias = LeadProgressed | LeadWon


@frozen
class Spell:
    """One recipient's time with a lead, from its acceptance to its own return or the end.

    At each moment the lead is held by the last acceptance that stands; a return undoes only its
    own recipient's. So the spells of two recipients may overlap, and what happens then counts
    for the one that holds the lead. Assignments make no spells.

    Attributes:
        taken: The acceptance it starts with.
        converted: First progress or win while its recipient held the lead.
    """

    taken: LeadAccepted
    converted: Conversion | None


def _held(events: Sequence[LeadEvent]) -> Iterator[tuple[LeadEvent, LeadAccepted | None]]:
    """Each step that concerns a holder, with the start of the spell that holds the lead then."""
    standing: list[LeadAccepted] = []
    for event in events:
        if isinstance(event, LeadAccepted):
            own = next((taken for taken in standing if same_recipient(event, taken)), event)
            standing = [*(taken for taken in standing if taken is not own), own]
        elif isinstance(event, LeadReturned):
            standing = [taken for taken in standing if not same_recipient(event, taken)]
        elif not isinstance(event, Conversion):
            continue
        yield event, standing[-1] if standing else None


def spells_of(events: Sequence[LeadEvent]) -> tuple[Spell, ...]:
    """Everyone's time with a lead, by its start; a repeated acceptance goes on with the same spell.

    Args:
        events: All events of one lead, settled and in order.
    """
    spells: dict[int, Spell] = {}
    for event, taken in _held(events):
        if taken is not None:
            spell = spells.setdefault(id(taken), Spell(taken, None))
            if isinstance(event, Conversion) and spell.converted is None:
                spells[id(taken)] = Spell(taken, event)
    return tuple(spells.values())


def converting(events: Sequence[LeadEvent]) -> LeadAccepted | None:
    """The start of the spell that held the lead when it first converted, else held it last.

    Args:
        events: All events of one lead, settled and in order.
    """
    last = None
    for event, taken in _held(events):
        if taken is not None:
            last = taken
            if isinstance(event, Conversion):
                return taken
    return last
