"""What a log learned between two moments of knowledge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import compress
from operator import attrgetter

from partnerleads.events.bookkeeping import EventRetracted
from partnerleads.events.order import Event

__all__ = ["learned_between"]

_event_id = attrgetter("event_id")
_recorded_at = attrgetter("recorded_at")


def learned_between(
    events: Sequence[Event], then: datetime | None, now: datetime | None
) -> Sequence[Event]:
    """All copies of the events that may look different at two moments, in the order of the log.

    They are those of which something was recorded in between, and whatever retractions join to
    them; so settled alone they settle as in the whole log, and no other event looks different.

    Args:
        events: Events in any order, with all their copies.
        then: The earlier moment of knowledge; None knows everything. [aware datetime]
        now: The later one.
    """
    if then is None or then == now:
        return ()
    late = map(then.__lt__, map(_recorded_at, events))
    learned = [e for e in compress(events, late) if now is None or e.recorded_at <= now]
    joined = defaultdict(list)
    for retraction in [event for event in events if type(event) is EventRetracted]:
        joined[retraction.event_id].append(retraction.retracts)
        joined[retraction.retracts].append(retraction.event_id)
    names = set(map(_event_id, learned))
    ahead = list(names & joined.keys())
    while ahead:
        more = [name for name in joined[ahead.pop()] if name not in names]
        names.update(more)
        ahead += more
    return list(compress(events, map(names.__contains__, map(_event_id, events))))
