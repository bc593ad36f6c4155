"""A history told again: what was known, then what was chosen, then what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from partnerleads.events import (
    DealRegistered,
    Event,
    RegistrationApproved,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from partnerleads.events.naming import recipients_named
from partnerleads.model import LeadId, RecipientId
from partnerleads.routing.replaying.past_choice import PastChoice

__all__ = ["told_again"]

_NOBODY: frozenset[RecipientId | None] = frozenset()
_KNOWN, _CHOSEN, _FOLLOWED = range(3)

_STEERING = (DealRegistered, RegistrationApproved, RegistrationRejected, RegistrationWithdrawn)


def told_again(
    events: Iterable[Event], choices: Sequence[PastChoice], *, known_then: bool
) -> Iterator[Event | PastChoice]:
    """Events and choices in the order in which they became known.

    At one instant events come first, then the choices in their own order, then what these choices
    led to: what is recorded of the lead and the chosen one at that instant. Registrations and what
    was decided of them are no results of a choice: they steer it.

    Args:
        events: The history.
        choices: The choices in the order in which they were made; each event up to the last one
            comes, and none after it.
        known_then: Whether an event is known from when it was recorded; else when it occurred.
    """
    at_once: dict[tuple[LeadId | None, datetime], set[RecipientId | None]] = defaultdict(set)
    for choice in choices:
        at_once[choice.lead_id, choice.at].add(choice.chosen)
    end = choices[-1].at
    story: list[tuple[datetime, int, int, Event | PastChoice]] = []
    for place, event in enumerate(events):
        occurred_at = event.occurred_at
        known_at = max(event.recorded_at, occurred_at) if known_then else occurred_at
        if known_at <= end:
            chosen = at_once.get((getattr(event, "lead_id", None), occurred_at), _NOBODY)
            followed = (
                known_at == occurred_at
                and not isinstance(event, _STEERING)
                and not recipients_named(event).isdisjoint(chosen)
            )
            story.append((known_at, _FOLLOWED if followed else _KNOWN, place, event))
    story += [(choice.at, _CHOSEN, place, choice) for place, choice in enumerate(choices)]
    story.sort(key=lambda told: told[:3])
    return (told[3] for told in story)
