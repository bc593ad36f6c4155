"""Revisions, duplicates, conflicts and retractions, settled into the facts that count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TypeAlias

import attrs
from attrs import frozen

from partnerleads.events.bookkeeping import EventRetracted
from partnerleads.events.capture import LeadCaptured
from partnerleads.events.engagement import ContactMade
from partnerleads.events.fact import Fact
from partnerleads.events.order import Event
from partnerleads.events.registration import DealRegistered
from partnerleads.events.rows import canonical_content
from partnerleads.model.instant import instant
from partnerleads.model.problem import Problem

__all__ = ["Settled", "current_version", "settle"]

EventKey: TypeAlias = tuple[str, str]
"""Source and event id: copies with the same one are versions of one event."""

_event_id = attrgetter("event_id")


@frozen
class Settled:
    """The facts that count at a moment of knowledge.

    Attributes:
        events: One version of each event that was not retracted, in no particular order.
        problems: Conflicts and retractions that name nothing.
    """

    events: Sequence[Event]
    problems: tuple[Problem, ...]


def settle(events: Iterable[Event], *, known_at: datetime | None = None) -> Settled:
    """Keep of every event the version that counts, then take out what was retracted.

    Args:
        events: Events in any order, with all their copies.
        known_at: Versions and retractions recorded later do not exist. [aware datetime]

    Raises:
        NaiveInstantError: When *known_at* has no offset.
    """
    known = events if isinstance(events, list | tuple) else list(events)
    if known_at is not None:
        known_at = instant(known_at, "known_at")
        known = [event for event in known if event.recorded_at <= known_at]
    problems: list[Problem] = []
    if len(set(map(_event_id, known))) < len(known):
        known = _one_version_each(known, problems)
    retractions = [event for event in known if type(event) is EventRetracted]
    if retractions:
        known = _without_retracted(known, retractions, problems)
    return Settled(known, tuple(sorted(problems, key=_problem_key)))


def _problem_key(problem: Problem) -> tuple[str, tuple[str, ...], str, str]:
    return problem.rule, problem.event_ids, problem.lead_id or "", problem.words


def _one_version_each(known: Sequence[Event], problems: list[Problem]) -> list[Event]:
    seen: set[str] = set()
    repeated = {e.event_id for e in known if e.event_id in seen or seen.add(e.event_id)}  # type: ignore[func-returns-value]
    kept = []
    copies: dict[EventKey, list[Event]] = defaultdict(list)
    for event in known:
        if event.event_id in repeated:
            copies[event.source, event.event_id].append(event)
        else:
            kept.append(event)
    for same in copies.values():
        event, conflicts = current_version(same)
        kept.append(event)
        problems += conflicts
    return kept


def current_version(copies: Sequence[Event]) -> tuple[Event, list[Problem]]:
    """The version of one event that counts, and the conflicts among its copies.

    Equal consecutive copies are one version, recorded when first recorded. Of different contents
    recorded at one instant the one with the smaller canonical text counts, and they are a problem.
    A revised claim or contact keeps its first recording instant while its partner is unchanged.
    """
    if len(copies) == 1:
        return copies[0], []
    at: dict[datetime, dict[str, Event]] = defaultdict(dict)
    for copy in copies:
        at[copy.recorded_at].setdefault(canonical_content(copy), copy)
    versions: list[tuple[str, Event]] = []
    problems = []
    for moment in sorted(at):
        contents = at[moment]
        text = min(contents)
        if len(contents) > 1:
            problems.append(_conflict(contents[text], moment, len(contents)))
        if not versions or versions[-1][0] != text:
            versions.append((text, contents[text]))
    last = versions[-1][1]
    recorded = last.recorded_at
    for _, earlier in reversed(versions):
        if claimant(earlier) != claimant(last):
            break
        recorded = earlier.recorded_at
    if recorded != last.recorded_at:
        last = attrs.evolve(last, recorded_at=recorded)
    return last, problems


def claimant(event: Fact) -> tuple[object, ...]:
    """Who a claim or a contact speaks for; a revision that keeps it keeps its first recording."""
    match event:
        case LeadCaptured():
            return (LeadCaptured, event.lead_id, event.originator)
        case DealRegistered():
            return (DealRegistered, event.lead_id, event.partner_id)
        case ContactMade():
            partner_id = event.partner_id if event.by == "partner" else None
            return (ContactMade, event.lead_id, partner_id)
        case _:
            return (event.recorded_at,)


def _conflict(event: Event, moment: datetime, versions: int) -> Problem:
    lead_id = getattr(event, "lead_id", None)
    return Problem(
        rule="conflicting_versions",
        words=f"{versions} different contents were recorded at {moment.isoformat()}",
        lead_id=lead_id,
        event_ids=(event.event_id,),
        leads=0 if lead_id is None else 1,
    )


def _without_retracted(
    known: Sequence[Event], retractions: Sequence[EventRetracted], problems: list[Problem]
) -> list[Event]:
    named = {(r.source, r.retracts) for r in retractions}
    ids = {r.retracts for r in retractions}
    gone: set[EventKey] = set()
    kept = []
    for event in known:
        key = (event.source, event.event_id)
        if event.event_id in ids and key in named and type(event) is not EventRetracted:
            gone.add(key)
        else:
            kept.append(event)
    problems += [
        Problem(
            rule="retraction_of_nothing",
            words=f"it retracts {retraction.retracts}, which is no event of its source",
            event_ids=(retraction.event_id,),
            leads=0,
        )
        for retraction in retractions
        if (retraction.source, retraction.retracts) not in gone
    ]
    return kept

