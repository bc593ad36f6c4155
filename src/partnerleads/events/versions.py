"""Revisions, duplicates, conflicts and retractions, settled into the facts that count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import compress, count, groupby
from operator import attrgetter
from typing import TypeAlias

import attrs
from attrs import frozen

from partnerleads.events.bookkeeping import EventRetracted
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.fact import Fact
from partnerleads.events.fields import fields_of
from partnerleads.events.given import given_events
from partnerleads.events.naming import speaks_for
from partnerleads.events.order import Event
from partnerleads.events.registration import DealRegistered
from partnerleads.events.rows import canonical_content
from partnerleads.model.instant import instant
from partnerleads.model.moments import moment_text
from partnerleads.model.problem import Problem

__all__ = ["Settled", "current_version", "problem_key", "settle"]

EventKey: TypeAlias = tuple[str, str]
"""Source and event id: copies with the same one are versions of one event."""

_AT_ONCE = 64
"""So many events are looked at at once."""

_event_id = attrgetter("event_id")
_recorded_at = attrgetter("recorded_at")


@frozen
class Settled:
    """The facts that count at a moment of knowledge.

    Attributes:
        events: One version of each event that was not retracted, in the order of the log.
        problems: Conflicts and retractions that name nothing.
    """

    events: Sequence[Event]
    problems: tuple[Problem, ...]


def settle(
    events: Iterable[Event], *, known_at: datetime | None = None, as_of: datetime | None = None
) -> Settled:
    """Keep of every event the version that counts, then take out what was retracted.

    Args:
        events: Events in any order, with all their copies.
        known_at: Versions and retractions recorded later do not exist. [aware datetime]
        as_of: Conflicts about events that occurred later are no problems. [aware datetime]

    Raises:
        NaiveInstantError: When an instant has no offset.
        OptionError: When they are no events, but rows, a frame or the name of a file.
    """
    checked = partial(
        given_events, name="events", instead="pass events; a codec reads them from rows"
    )
    known = events if isinstance(events, list | tuple) else checked(events)
    known_at = None if known_at is None else instant(known_at, "known_at")
    try:
        log = _Log(_recorded_until(known, known_at))
    except AttributeError:  # what is no event has no id: to look for such first would take time
        checked(known)
        raise
    log.settle_versions(None if as_of is None else instant(as_of, "as_of"))
    log.take_out_retracted()
    return Settled(log.events(), tuple(sorted(log.problems, key=problem_key)))


def _recorded_until(events: Sequence[Event], known_at: datetime | None) -> Sequence[Event]:
    if known_at is None:
        return events
    return [event for event in events if event.recorded_at <= known_at]


def problem_key(problem: Problem) -> tuple[str, tuple[str, ...], str, str]:
    """What problems are told in the order of."""
    return problem.rule, problem.event_ids, problem.lead_id or "", problem.words


class _Log:
    """The events of a log by place; only those with copies or retractions are looked at closely."""

    def __init__(self, known: Sequence[Event]) -> None:
        self.known = known
        self.places = _concerned(known)
        self.gone: set[int] = set()
        self.problems: list[Problem] = []

    def settle_versions(self, as_of: datetime | None) -> None:
        """Put one version in the place of the first copy, and take out the other copies."""
        copied = [same for same in self.places.values() if len(same) > 1]
        if not copied:
            return
        self.known = known = list(self.known)
        for same in copied:
            event, conflicts = current_version([known[place] for place in same])
            known[same[0]] = event
            self.gone.update(same[1:])
            if as_of is None or event.occurred_at <= as_of:
                self.problems += conflicts

    def take_out_retracted(self) -> None:
        """Take out every event that a retraction names; retractions themselves are final."""
        concerned = [self.known[same[0]] for same in self.places.values()]
        for retraction in [event for event in concerned if type(event) is EventRetracted]:
            same = self.places.get((retraction.source, retraction.retracts))
            if same is not None and type(self.known[same[0]]) is not EventRetracted:
                self.gone.add(same[0])
                continue
            words = f"it retracts {retraction.retracts}, which is no event of its source"
            ids = (retraction.event_id,)
            problem = Problem(rule="retraction_of_nothing", words=words, event_ids=ids, leads=0)
            self.problems.append(problem)

    def events(self) -> Sequence[Event]:
        """The events that are left, in the order of the log."""
        if not self.gone:
            return self.known
        kept = bytearray(b"\x01") * len(self.known)
        for place in self.gone:
            kept[place] = 0
        return list(compress(self.known, kept))


def _concerned(known: Sequence[Event]) -> dict[EventKey, list[int]]:
    """Where events stand that may have copies, retract or be retracted; the others just count."""
    ids, named = _looked_through(known)
    places: dict[EventKey, list[int]] = defaultdict(list)
    for start in range(0, len(ids) if named else 0, _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        if not named.isdisjoint(some):
            for place in compress(count(start), map(named.__contains__, some)):
                places[known[place].source, ids[place]].append(place)
    return dict(places)


def _looked_through(known: Sequence[Event]) -> tuple[list[str], set[str]]:
    """The ids of all events, and those that occur several times or that a retraction names.

    Some events are looked at at once: almost none is concerned, and what is looked at together is
    near in memory.
    """
    ids: list[str] = []
    seen: set[str] = set()
    named: set[str] = set()
    for start in range(0, len(known), _AT_ONCE):
        events = known[start : start + _AT_ONCE]
        some = list(map(_event_id, events))
        ids += some
        before = len(seen)
        if not seen.isdisjoint(some):
            named |= seen.intersection(some)
        seen.update(some)
        if len(seen) < before + len(some):
            named.update(one for one, copies in Counter(some).items() if copies > 1)
        for event in events:
            if type(event) is EventRetracted:
                named |= {event.event_id, event.retracts}
    return ids, named


def current_version(copies: Sequence[Event]) -> tuple[Event, list[Problem]]:
    """The version of one event that counts, and the conflicts among its copies.

    Equal consecutive copies are one version, recorded when first recorded. Of different contents
    recorded at one instant the one with the smaller canonical text counts, and they are a problem.
    A revised claim or contact keeps its first recording instant while its partner is unchanged.
    """
    if all(copy == copies[0] for copy in copies):
        return copies[0], []
    versions: list[Event] = []
    problems = []
    for moment, together in groupby(sorted(copies, key=_recorded_at), key=_recorded_at):
        contents: list[Event] = []
        for copy in together:
            if not any(_same_content(copy, known) for known in contents):
                contents.append(copy)
        if len(contents) > 1:
            contents.sort(key=canonical_content)
            problems += _conflicts(contents, moment)
        if not versions or not _same_content(versions[-1], contents[0]):
            versions.append(contents[0])
    last = versions[-1]
    recorded = last.recorded_at
    for earlier in reversed(versions):
        if claimant(earlier) != claimant(last):
            break
        recorded = earlier.recorded_at
    if recorded != last.recorded_at:
        last = attrs.evolve(last, recorded_at=recorded)
    return last, problems


def _same_content(one: Event, other: Event) -> bool:
    """Whether two versions say the same; when they were recorded is not what they say."""
    return type(one) is type(other) and all(
        getattr(one, spec.name) == getattr(other, spec.name)
        for spec in fields_of(type(one))
        if spec.name != "recorded_at"
    )


def claimant(event: Fact) -> tuple[object, ...]:
    """Who a claim or a contact speaks for; a revision that keeps it keeps its first recording."""
    if isinstance(event, LeadCaptured | DealRegistered | ContactMade):
        return (type(event), event.lead_id, speaks_for(event))
    return (event.recorded_at,)


def _conflicts(contents: Sequence[Event], moment: datetime) -> list[Problem]:
    """A conflict as a problem of every lead that its versions name."""
    named = {getattr(event, "lead_id", None) for event in contents}
    leads = sorted(lead_id for lead_id in named if lead_id is not None)
    return [
        Problem(
            rule="conflicting_versions",
            words=f"{len(contents)} different contents were recorded at {moment_text(moment)}",
            lead_id=lead_id,
            event_ids=(contents[0].event_id,),
            leads=0 if lead_id is None else 1,
        )
        for lead_id in leads or [None]
    ]
