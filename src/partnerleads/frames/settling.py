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
    numbered,
    stacked,
    within,
    without,
)
from partnerleads.frames.flat.events import events_of
from partnerleads.frames.table import KIND_NAMES, has, table_of
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
    if not first_row(suspects.select(n=nw.len()), small=True)["n"]:
        return Settled(table_of(frame, extras=extras), ())
    current, conflicts = _settled(within(frame, "event_id", suspects))
    plain = without(frame, "event_id", suspects)
    plain = plain.with_columns(since=nw.lit(None).cast(nw.Int64))
    table = table_of(stacked([plain, current.select(names_of(plain))]), extras=(*extras, "since"))
    table = table.with_columns(recorded=nw.coalesce("since", "recorded")).drop("since")
    return Settled(table, conflicts)


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


def _settled(rare: Frame) -> tuple[Frame, tuple[tuple[Problem, datetime], ...]]:
    """The events of some ids that count, and conflicts between their versions.

    Args:
        rare: All rows of these events.

    Returns:
        Rows of the events, with the instant ``since`` which they count as recorded.
    """
    versions = kept(_told_apart(rare), small=True)
    current, conflicts = _current(versions, names_of(rare))
    current = kept(current, small=True)
    retracted = current.filter(has(EventRetracted)).select(
        "source", event_id=nw.col("told_retracts")
    )
    facts = current.filter(~has(EventRetracted)).join(retracted, on=KEY, how="anti")
    since = facts.select("version", since=nw.col("recorded"))
    return versions.join(since, on="version", how="inner"), conflicts


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


def _current(
    versions: Frame, stated: Sequence[str]
) -> tuple[Frame, tuple[tuple[Problem, datetime], ...]]:
    """The version that counts of every event, and when it counts as recorded.

    Args:
        versions: All versions of these events, each once.
        stated: The columns of the frame that they come from.
    """
    at_once = versions.group_by(*KEY, "recorded").agg(n=nw.len()).filter(nw.col("n") > 1)
    disputed = kept(distinct(at_once.select(*KEY)), small=True)
    told = versions.select(*KEY, "version", "rank", "told_retracts", "claimant", "recorded")
    if not first_row(disputed.select(n=nw.len()), small=True)["n"]:
        return _last_of(told), ()
    read = versions.join(disputed, on=KEY, how="semi").select(*stated, "version")
    chosen, conflicts = _decided(read)
    recorded = nw.col("version").replace_strict(
        list(chosen), list(chosen.values()), default=None, return_dtype=nw.Int64
    )
    ruled = told.with_columns(recorded=recorded).filter(~nw.col("recorded").is_null())
    current = _last_of(told.join(disputed, on=KEY, how="anti"))
    return stacked([current, ruled.select(names_of(current))]), conflicts


def _told(plain: Sequence[str], texts: Sequence[str]) -> Any:
    """Columns as one text, with the lengths of texts before these, so that they can be told apart.

    Args:
        plain: Columns whose text has no semicolon.
        texts: Columns of any texts.
    """
    stated = nw.col(*texts).cast(nw.String)
    parts = [nw.col(*plain).cast(nw.String), stated.str.len_chars().cast(nw.String), stated]
    # none of them is null; engines that need not look for nulls write less
    filled = (part.fill_null("") for part in parts)
    return nw.concat_str(*filled, separator=";", ignore_nulls=True)


def _told_apart(rows: Frame) -> Frame:
    """Rows that differ, each once and with a number of its own, and what is to be told of them.

    That is when it was recorded, its rank, what it retracts, and whom a claim or contact speaks
    for: a revision that keeps its claimant keeps the first recording of that.
    """
    rows = micros(distinct(rows).with_columns(recorded=nw.col("recorded_at")), ["recorded"])
    rows = rows.with_columns(one=nw.lit(1)).with_columns(
        version=nw.col("one").cum_sum().over(order_by=[*KEY, "recorded"]).cast(nw.Int64)
    )
    stated = {*names_of(rows)}
    rows = rows.with_columns(
        (nw.col(name) if name in stated else nw.lit(None)).cast(nw.String).alias(f"told_{name}")
        for name in ("type", "retracts", "originator", "by", "partner_id")
    )
    rows = numbered(rows, "rank", of="told_type", words=KIND_NAMES)
    of_own_team = nw.when(nw.col("told_by") == "own_team").then(nw.lit(None))
    of_partner = of_own_team.otherwise(nw.col("told_partner_id"))
    speaker = nw.when(has(LeadCaptured)).then(nw.col("told_originator")).otherwise(of_partner)
    claiming = has(LeadCaptured, DealRegistered, ContactMade)
    claimant = nw.when(claiming).then(_told(["rank"], ["lead_id", "speaker"]))
    return rows.with_columns(speaker=speaker).with_columns(claimant=claimant)


def _last_of(versions: Frame) -> Frame:
    """The last version of each event; claims and contacts recorded when their claimant first was.

    Args:
        versions: Versions of events, each recorded at an instant of its own.
    """
    last = versions.group_by(*KEY).agg(recorded=nw.col("recorded").max())
    last = versions.join(last, on=[*KEY, "recorded"], how="semi")
    pairs = versions.select(*KEY, "recorded", was=nw.col("claimant"))
    pairs = pairs.join(last.select(*KEY, "claimant"), on=KEY, how="inner")
    same = (nw.col("was") == nw.col("claimant")).fill_null(value=False)
    pairs = pairs.with_columns(
        kept=nw.when(same).then(nw.col("recorded")), other=nw.when(~same).then(nw.col("recorded"))
    )
    pairs = pairs.with_columns(other=nw.col("other").max().over(*KEY))
    after = nw.col("other").is_null() | (nw.col("kept") > nw.col("other"))
    first = pairs.filter(after).group_by(*KEY).agg(since=nw.col("kept").min())
    joined = last.join(first, on=KEY, how="left")
    return joined.with_columns(recorded=nw.coalesce("since", "recorded")).drop("since")


def _decided(
    disputed: Frame,
) -> tuple[Mapping[int, int], tuple[tuple[Problem, datetime], ...]]:
    """The version that counts of each disputed event, with its recording instant, by reference."""
    copies: dict[tuple[str, str], list[tuple[Event, tuple[str, int]]]] = defaultdict(list)
    read = disputed.collect()
    told = read.drop("version")
    texts = (";".join(f"{len(str(cell))}:{cell}" for cell in row) for row in told.rows())
    versions = read["version"].to_list()
    for event, text, version in zip(events_of(told), texts, versions, strict=True):
        copies[event.source, event.event_id].append((event, (text, version)))
    chosen: dict[int, int] = {}
    conflicts: list[tuple[Problem, datetime]] = []
    for same in copies.values():
        current, problems = current_version([event for event, _ in same])
        content = canonical_content(current)
        # where the same is said in several ways, or beside other keys, no order of rows decides
        _, version = min(row for event, row in same if canonical_content(event) == content)
        chosen[version] = micros_of(current.recorded_at)
        conflicts += [(problem, current.occurred_at) for problem in problems]
    return chosen, tuple(conflicts)
