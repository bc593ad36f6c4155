"""The fold: from events to the lifecycles of all leads as of a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, compress, count, islice
from operator import attrgetter, ge, lt
from typing import TypeVar

from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import HistoryError
from partnerleads.events import (
    FIRST_LEAD_RANK,
    CostIncurred,
    Event,
    EventRetracted,
    Fact,
    LeadEvent,
    PartnerEvent,
    order_key,
    settle,
)
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.lifecycle.moment import Moment
from partnerleads.model import LeadId, PartnerId, instant
from partnerleads.model.collector import resting_collector
from partnerleads.model.options import check_flags
from partnerleads.model.trusted import trusted

__all__ = ["fold"]

F = TypeVar("F", bound=Fact)

_lifecycle = trusted(LeadLifecycle)
_occurred_at = attrgetter("occurred_at")
_rank = attrgetter("rank")
_sequence = attrgetter("sequence")

DEFAULT_POLICY = AttributionPolicy()

_AT_ONCE = 256
"""So many events, looked at together, are near in memory."""


def fold(
    events: Iterable[Event],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    policy: AttributionPolicy = DEFAULT_POLICY,
    strict: bool = False,
) -> Lifecycles:
    """The lifecycle of every lead as of a moment.

    Versions are settled first, then retractions, then events after *as_of* are left out. The
    order of the input never matters, and no event is skipped for its state: contradictions are
    reported as problems.

    Args:
        events: Events in any order, with all their copies.
        as_of: Events that occurred later do not exist; included. [aware datetime]
        known_at: Versions recorded later do not exist; None knows everything. [aware datetime]
        policy: The rules of attribution.
        strict: Whether problems are an error.

    Raises:
        NaiveInstantError: When an instant has no offset.
        HistoryError: When *strict* and the histories have problems; it carries all of them.
    """
    check_flags(strict=strict)
    known_at = None if known_at is None else instant(known_at, "known_at")
    moment = Moment(instant(as_of, "as_of"), known_at, policy)
    with resting_collector():
        settled = settle(events, known_at=known_at, as_of=moment.as_of)
        by_lead, rest = sort_out(settled.events)
        leads = fold_leads(by_lead, moment, doubtful=_doubtful(settled.events, moment.as_of))
        lives = gather(leads, rest, moment, settled.problems)
    if strict and lives.problems:
        raise HistoryError(lives.problems)
    return lives


def sort_out(events: Iterable[Event]) -> tuple[dict[LeadId, list[LeadEvent]], list[Fact]]:
    """Settled events: those of each lead, and the others."""
    by_lead: dict[LeadId, list[LeadEvent]] = defaultdict(list)
    rest: list[Fact] = []
    for event in events:
        if event.rank >= FIRST_LEAD_RANK:
            by_lead[event.lead_id].append(event)  # type: ignore[union-attr, arg-type, index]
        else:
            rest.append(event)
    return by_lead, rest


def _doubtful(events: Sequence[Event], as_of: datetime) -> Collection[LeadId | None] | None:
    """The leads whose events may stand out of order, or after a moment; None where any may.

    In a log that runs in time only leads with several events at one time and those of the last
    events need a second look.
    """
    level = list(_not_before_the_next(events))
    if len(level) * 4 > len(events) or any(
        events[place].occurred_at > events[place + 1].occurred_at for place in level
    ):
        return None
    late = islice(events, bisect_right(events, as_of, key=_occurred_at), None)
    return set(chain(_meeting_themselves(events, level), map(_lead_id, late)))


def _not_before_the_next(events: Sequence[Event]) -> Iterator[int]:
    """The places of events that did not occur before the next one; some are looked at at once."""
    for start in range(0, len(events), _AT_ONCE):
        times = list(map(_occurred_at, events[start : start + _AT_ONCE + 1]))
        yield from compress(count(start), map(ge, times, times[1:]))


def _meeting_themselves(events: Sequence[Event], level: Iterable[int]) -> Iterator[LeadId | None]:
    """The leads with several events at one time.

    Args:
        events: Events in the order of time.
        level: The places of those that share their time with the next one.
    """
    there: set[LeadId | None] = set()
    after = -1
    for place in level:
        if place != after:
            there = {_lead_id(events[place])}
        after = place + 1
        lead_id = _lead_id(events[after])
        if lead_id in there:
            yield lead_id
        there.add(lead_id)


def _lead_id(event: Event) -> LeadId | None:
    return getattr(event, "lead_id", None)


def fold_leads(
    by_lead: dict[LeadId, list[LeadEvent]],
    moment: Moment,
    *,
    doubtful: Collection[LeadId | None] | None = None,
) -> dict[LeadId, LeadLifecycle]:
    """The lifecycles of leads.

    Args:
        by_lead: Settled events of each lead, in any order.
        moment: What to look from.
        doubtful: The leads whose events may stand out of order or after the moment; None where
            any may.
    """
    as_of = moment.as_of
    leads = {}
    for lead_id, events in by_lead.items():
        tied = False
        if doubtful is None or lead_id in doubtful:
            tied = _put_in_order(events)
            if events[-1].occurred_at > as_of:
                cut = bisect_right(events, as_of, key=_occurred_at)
                if not cut:
                    continue
                events = events[:cut]  # noqa: PLW2901 - those that exist as of the moment
                tied = tied and len(set(map(_occurred_at, events))) < cut
        story = tuple(events)  # at first: it brings all events near at once, at little cost
        leads[lead_id] = _lifecycle(lead_id, story, moment, bytes(map(_rank, story)), tied)
    return leads


def seen_from(lead: LeadLifecycle, moment: Moment) -> LeadLifecycle:
    """A lead whose events are the same at another moment."""
    return _lifecycle(lead.lead_id, lead.events, moment, lead.shape, lead.tied)


def _put_in_order(events: list[LeadEvent]) -> bool:
    """Sort the events of a lead; whether several share a time.

    Two plain sorts, the second stable, cost less than one by the full key. They settle all but
    what a source numbered and events alike in time and kind.
    """
    times = list(map(_occurred_at, events))
    if all(map(lt, times, times[1:])):
        return False
    events.sort(key=_rank)
    events.sort(key=_occurred_at)
    times.sort()
    level = list(compress(count(), map(ge, times, times[1:])))
    alike = any(events[place].rank == events[place + 1].rank for place in level)
    if level and (alike or any(map(_sequence, events))):
        events.sort(key=order_key)
    return bool(level)


def _until(events: Iterable[F], as_of: datetime) -> list[F]:
    return sorted((e for e in events if e.occurred_at <= as_of), key=order_key)


def gather(
    leads: dict[LeadId, LeadLifecycle],
    rest: Sequence[Fact],
    moment: Moment,
    problems: tuple[object, ...],
) -> Lifecycles:
    """Lifecycles together with what happened to partners and what was spent."""
    partners: dict[PartnerId, list[PartnerEvent]] = defaultdict(list)
    costs = []
    for event in _until(rest, moment.as_of):
        if isinstance(event, CostIncurred):
            costs.append(event)
        elif not isinstance(event, EventRetracted):
            partners[event.partner_id].append(event)  # type: ignore[attr-defined, arg-type]
    return Lifecycles(
        moment=moment,
        leads=leads,
        partner_events={pid: tuple(events) for pid, events in partners.items()},
        costs=tuple(costs),
        settling_problems=problems,  # type: ignore[arg-type]
    )
