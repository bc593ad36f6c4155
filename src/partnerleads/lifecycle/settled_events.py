"""The events that a fold kept, as one log again, and whom they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.events import Event
from partnerleads.events.naming import partner_named
from partnerleads.lifecycle.folding import fold
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.model import EventId, PartnerId, Problem
from partnerleads.model.near_names import nearest

__all__ = ["partners_named", "seen_earlier", "settled_events", "unnamed_partner"]


def settled_events(lives: Lifecycles) -> list[Event]:
    """The settled events of a history, which tell every earlier moment just as well.

    Args:
        lives: The lifecycles.

    Returns:
        Those of the leads, of the partners, and the costs; not in the order of events.

    >>> from partnerleads import fold
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme onboarded
    ...     2026-01-05 L1 captured by beta
    ... ''')
    >>> [event.type for event in settled_events(fold(events, as_of=at("2026-02-01")))]
    ['lead_captured', 'partner_onboarded']
    """
    events: list[Event] = [event for lead in lives.values() for event in lead.events]
    events += (event for own in lives.partner_events.values() for event in own)
    return [*events, *lives.costs]


def seen_earlier(lives: Lifecycles, moments: Iterable[datetime]) -> Iterator[Lifecycles]:
    """The lifecycles of a history as of earlier moments, with all that is known now.

    Args:
        lives: The lifecycles.
        moments: None later than theirs. [aware datetimes]
    """
    events = settled_events(lives)
    named: dict[EventId, list[Event]] = {
        event_id: [] for one in lives.settling_problems for event_id in one.event_ids
    }
    for event in events:
        if event.event_id in named:
            named[event.event_id].append(event)
    for moment in moments:
        earlier = fold(events, as_of=moment, known_at=lives.known_at, policy=lives.policy)
        met = [one for one in lives.settling_problems if not _is_later(one, named, moment)]
        yield evolve(earlier, settling_problems=tuple(met))


def _is_later(problem: Problem, named: Mapping[EventId, Sequence[Event]], moment: datetime) -> bool:
    """Whether all that a problem is about came after a moment.

    Sources may use one id for events of their own, so those of its lead tell, where it has any.
    """
    about = [event for event_id in problem.event_ids for event in named[event_id]]
    own = [event for event in about if getattr(event, "lead_id", None) == problem.lead_id]
    return bool(about) and all(event.occurred_at > moment for event in own or about)


def partners_named(lives: Lifecycles) -> frozenset[PartnerId]:
    """Every partner that any settled event of a history names in a role.

    Args:
        lives: The lifecycles; leads that were never captured name partners too.

    >>> from partnerleads import fold
    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme onboarded
    ...     2026-01-05 L1 captured by beta
    ... ''')
    >>> sorted(partners_named(fold(events, as_of=at("2026-02-01"))))
    ['acme', 'beta']
    """
    names = map(partner_named, settled_events(lives))
    return frozenset(name for name in names if name is not None)


def unnamed_partner(partner_id: PartnerId, lives: Lifecycles) -> OptionError:
    """What to raise where no event names a partner, with the one that is likely meant.

    Args:
        partner_id: What was asked for, perhaps the name of a partner in place of its id.
        lives: The lifecycles.
    """
    known = {one: one for one in partners_named(lives)}
    known |= {str(one.name): pid for pid, one in lives.partners.items() if one.name is not None}
    near = nearest(partner_id, sorted(known))
    hint = f"; did you mean {known[near]!r}?" if near else ""
    return OptionError("partner_id", partner_id, f"is named by no event by then{hint}")
