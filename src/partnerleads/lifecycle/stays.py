"""How long a lead stood in each stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from attrs import frozen

from partnerleads.events import (
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadReopened,
    LeadWon,
)
from partnerleads.lifecycle.milestones import MILESTONES

__all__ = ["STAGES", "Stay", "stays_of"]

Visit: TypeAlias = tuple[LeadEvent, LeadEvent | None]
"""The event that a visit starts with, and the one that ends it; None where it goes on."""

_STAGED = MILESTONES["staged"].kinds
_CLOSES = (LeadWon, LeadLost, LeadDisqualified)

STAGES = tuple(kind.type.removeprefix("lead_") for kind in _STAGED)
"""Names of the stages of an open lead."""


@frozen
class Stay:
    """All that a lead stood in one stage.

    Attributes:
        stage: The stage.
        visits: Its visits in order; a repeated step goes on with the same visit.
    """

    stage: str
    visits: tuple[Visit, ...]


def stays_of(events: Sequence[LeadEvent]) -> tuple[Stay, ...]:
    """The stages of a lead by their first visit.

    A visit ends with a step to another stage or with a close. A reopen starts one in the stage of
    the last step, also of a step taken while the lead was closed.

    Args:
        events: All events of one lead, settled and in order.
    """
    visits: dict[str, list[Visit]] = {}
    stage, entered, closed = "", None, False
    for event in events:
        last = stage
        if isinstance(event, _STAGED):
            stage = event.type.removeprefix("lead_")
            moved = stage != last and not closed
        elif isinstance(event, _CLOSES):
            moved, closed = not closed, True
        elif isinstance(event, LeadReopened):
            moved, closed = closed, False
        else:
            continue
        if not moved:
            continue
        if entered is not None:
            visits.setdefault(last, []).append((entered, event))
        entered = event if stage and not closed else None
    if entered is not None:
        visits.setdefault(stage, []).append((entered, None))
    return tuple(Stay(name, tuple(one)) for name, one in visits.items())
