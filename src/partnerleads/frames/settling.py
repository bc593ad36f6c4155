"""Versions, duplicates, conflicts and retractions on a frame: the facts that count.

Only events with copies are looked at beyond their key. Contents that were recorded at one instant
and differ are so rare and so much in need of care that the reference decides between them: they
alone are read into Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from partnerleads.codecs.flat_columns import FLAT_COLUMNS
from partnerleads.events import ContactMade, DealRegistered, Event, EventRetracted, LeadCaptured
from partnerleads.events.rows import canonical_content
from partnerleads.events.versions import current_version
from partnerleads.frames.engines import (
    Frame,
    distinct,
    first_row,
    kept,
    micros,
    names_of,
    stacked,
    within,
    without,
)
from partnerleads.frames.flat_events import events_of
from partnerleads.frames.table import has, table_of
from partnerleads.frames.zones import micros_of
from partnerleads.model import Problem

__all__ = ["Settled", "settled"]

KEY = ["source", "event_id"]


@frozen
class Settled:
    """The facts that count at a moment of knowledge.

    Attributes:
        table: One version of each event that was not retracted.
        conflicts: Every conflict of versions, with the time of the version that counts.
    """

    table: Frame
    conflicts: tuple[tuple[Problem, datetime], ...]


def settled(frame: Frame, *, known_at: datetime | None, extras: Sequence[str]) -> Settled:
    """Keep of every event the version that counts, then take out what was retracted.

    Args:
        frame: Flat columns of events that were checked.
        known_at: Versions and retractions recorded later do not exist. [aware datetime]
        extras: Further columns to carry along.
    """
    frame = _with_key(frame)
    if known_at is not None:
        frame = frame.filter(nw.col("recorded_at") <= known_at)
    suspects = kept(_suspects(frame))
    if not first_row(suspects.select(n=nw.len()))["n"]:
        return Settled(table_of(frame, extras=extras), ())
    current, conflicts = _settled(within(frame, "event_id", suspects), extras)
    table = table_of(without(frame, "event_id", suspects), extras=extras)
    return Settled(stacked([table, current.select(names_of(table))]), conflicts)


def _suspects(frame: Frame) -> Frame:
    """The ids of events that may have copies or be retracted, and of the retractions."""
    ids = frame.group_by("event_id").agg(copies=nw.len()).filter(nw.col("copies") > 1)
    ids = ids.select("event_id")
    if "retracts" in names_of(frame):
        taken = frame.filter(~nw.col("retracts").is_null())
        ids = stacked(
            [
                ids,
                taken.select("event_id"),
                taken.select(event_id=nw.col("retracts").cast(nw.String)),
            ]
        )
    return distinct(ids)


def _settled(
    rare: Frame, extras: Sequence[str]
) -> tuple[Frame, tuple[tuple[Problem, datetime], ...]]:
    """The events of some ids that count, and conflicts between their versions."""
    told = kept(_with_content(rare, extras))
    table = kept(table_of(told, extras=(*extras, "content")))
    copies = table.group_by(*KEY).agg(copies=nw.len()).filter(nw.col("copies") > 1)
    repeated = kept(copies.select(*KEY))
    versions = table.join(repeated, on=KEY, how="semi").unique(["content"], keep="any")
    current, conflicts = _current(kept(versions), told)
    single = table.join(repeated, on=KEY, how="anti")
    table = kept(stacked([single, current.select(names_of(table))]).drop("content"))
    named = table.filter(has(EventRetracted)).select("source", event_id=nw.col("retracts"))
    facts = table.filter(~has(EventRetracted)).join(distinct(named), on=KEY, how="anti")
    return facts, conflicts


def _with_key(frame: Frame) -> Frame:
    """The frame with every event's source and recording instant stated."""
    names = names_of(frame)
    source = nw.lit("")
    if "source" in names:
        source = nw.col("source").cast(nw.String).fill_null("")
    event_id = nw.col("event_id").cast(nw.String)
    recorded = nw.col("occurred_at")
    if "recorded_at" in names:
        recorded = nw.coalesce("recorded_at", "occurred_at")
    return frame.with_columns(source=source, event_id=event_id, recorded_at=recorded)


def _current(versions: Frame, told: Frame) -> tuple[Frame, tuple[tuple[Problem, datetime], ...]]:
    """The version that counts of every event with copies.

    Args:
        versions: All versions of these events, each once.
        told: The rows that they stand in, with their content.
    """
    at_once = versions.group_by(*KEY, "recorded").agg(n=nw.len()).filter(nw.col("n") > 1)
    disputed = kept(distinct(at_once.select(*KEY)))
    read = told.join(disputed, on=KEY, how="semi").unique(["content"], keep="any")
    chosen, conflicts = _decided(read)
    plain = versions.join(disputed, on=KEY, how="anti")
    last = plain.group_by(*KEY).agg(recorded=nw.col("recorded").max())
    current = _first_recorded(plain.join(last, on=[*KEY, "recorded"], how="semi"), plain)
    if chosen:
        recorded = nw.col("content").replace_strict(
            list(chosen), list(chosen.values()), default=None, return_dtype=nw.Int64
        )
        ruled = versions.with_columns(recorded=recorded).filter(~nw.col("recorded").is_null())
        current = stacked([current, ruled.select(names_of(current))])
    return current, conflicts


def _with_content(rare: Frame, extras: Sequence[str]) -> Frame:
    """The rows with all that they say as one text; no two that differ have the same one."""
    names = [name for name in names_of(rare) if name in FLAT_COLUMNS]
    # their text depends on the session's zone, and may leave out the distance to UTC
    instants = {f"told_{name}": nw.col(name) for name in names if FLAT_COLUMNS[name] == "instant"}
    rare = micros(rare.with_columns(**instants), [*instants])
    texts = [name for name in names if FLAT_COLUMNS[name] in ("text", "json")]
    plain = [name for name in names if f"told_{name}" not in instants and name not in texts]
    written = [nw.col(name).cast(nw.String).fill_null("") for name in (*instants, *plain)]
    written += [_told(nw.col(name)) for name in (*texts, *extras)]
    # none of them is null; engines that need not look for nulls write less
    return rare.with_columns(content=nw.concat_str(*written, separator=";", ignore_nulls=True))


def _told(value: Any) -> Any:
    """A value as text with its length before it, so that texts joined can be told apart."""
    text = value.cast(nw.String)
    length = text.str.len_chars().cast(nw.String)
    return nw.concat_str(length, text, separator=":", ignore_nulls=True)  # of null nothing


_CLAIMING = has(LeadCaptured, DealRegistered, ContactMade)


def _claimant() -> Any:
    """Who a claim or contact speaks for; a revision that keeps it keeps its first recording."""
    partner = (
        nw.when(has(LeadCaptured))
        .then(nw.col("originator"))
        .otherwise(
            nw.when(nw.col("by") == "own_team").then(nw.lit(None)).otherwise(nw.col("partner_id"))
        )
    )
    parts = (nw.col("rank"), nw.col("lead_id"), partner)
    return nw.concat_str(*map(_told, parts), separator=";", ignore_nulls=True)


def _first_recorded(current: Frame, versions: Frame) -> Frame:
    """Versions that count, claims and contacts recorded when their claimant first was."""
    claims = current.filter(_CLAIMING).select(*KEY, claimant=_claimant())
    known = versions.select(*KEY, "recorded", was=nw.when(_CLAIMING).then(_claimant()))
    pairs = claims.join(known, on=KEY, how="inner")
    same = (nw.col("was") == nw.col("claimant")).fill_null(value=False)
    pairs = pairs.with_columns(
        kept=nw.when(same).then(nw.col("recorded")), other=nw.when(~same).then(nw.col("recorded"))
    )
    others = pairs.group_by(*KEY).agg(other_last=nw.col("other").max())
    after = pairs.join(others, on=KEY, how="left").filter(
        same & (nw.col("other_last").is_null() | (nw.col("recorded") > nw.col("other_last")))
    )
    first = after.group_by(*KEY).agg(since=nw.col("recorded").min())
    joined = current.join(first, on=KEY, how="left")
    return joined.with_columns(recorded=nw.coalesce("since", "recorded")).drop("since")


def _decided(
    disputed: Frame,
) -> tuple[Mapping[str, int], tuple[tuple[Problem, datetime], ...]]:
    """The content that counts of each disputed event, with its recording instant, by reference."""
    copies: dict[tuple[str, str], list[tuple[Event, str]]] = defaultdict(list)
    read = disputed.collect()
    events = events_of(read.drop("content"))
    for event, content in zip(events, read["content"].to_list(), strict=True):
        copies[event.source, event.event_id].append((event, content))
    chosen: dict[str, int] = {}
    conflicts: list[tuple[Problem, datetime]] = []
    for same in copies.values():
        current, problems = current_version([event for event, _ in same])
        text = canonical_content(current)
        content = min(c for event, c in same if canonical_content(event) == text)
        chosen[content] = micros_of(current.recorded_at)
        conflicts += [(problem, current.occurred_at) for problem in problems]
    return chosen, tuple(conflicts)
