"""The milestones of all leads, read off one grouping of their events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.events import (
    LeadAccepted,
    LeadAssigned,
    LeadCaptured,
    LeadReopened,
    LeadReturned,
    LeadWon,
)
from partnerleads.frames.engines import Frame
from partnerleads.frames.flags import one_where
from partnerleads.frames.ordering import moment_of
from partnerleads.frames.table import MONEY, has
from partnerleads.lifecycle.milestones import MILESTONES, Condition, Equals, Milestone
from partnerleads.lifecycle.problem_kinds import CLOSES, OFFERS_AND_ANSWERS, WORK

__all__ = [
    "NEVER",
    "RECIPIENT",
    "leads_of",
    "milestone_of",
    "handed_of",
    "recipients",
    "returned_of",
    "same_recipient",
    "unreturned_of",
]

RECIPIENT = ("partner_id", "agent_id", "offer_id")

NEVER = -(2**63) + 1
"""A key before all others, in place of one that is absent."""


def _column(field: str) -> str:
    return f"{field}_currency" if field in MONEY else field


def _test(condition: Condition) -> Any:
    if isinstance(condition, Equals):
        return nw.col(condition.field) == condition.value
    return reduce(or_, (~nw.col(_column(field)).is_null() for field in condition.fields))


def _candidate(milestone: Milestone) -> Any:
    """Whether a milestone may pick an event."""
    return reduce(and_, [has(*milestone.kinds), *map(_test, milestone.where)])


def _pick(milestone: Milestone) -> Any:
    keys = nw.when(_candidate(milestone)).then(nw.col("key"))
    return keys.min() if milestone.pick == "first" else keys.max()


def _signs() -> dict[str, Any]:
    """What else is grouped: how often it was won and turned, and signs of problems."""
    counts = {
        "captures": (LeadCaptured,),
        "gross_wins": (LeadWon,),
        "turns": (*CLOSES, LeadReopened),
    }
    return {
        **{name: one_where(has(*kinds)).sum().cast(nw.Int64) for name, kinds in counts.items()},
        "first_close": _keys_of(*CLOSES).min(),
        "first_reopen": _keys_of(LeadReopened).min(),
        "last_work": _keys_of(*WORK).max(),
        "first_key": nw.col("key").min(),
        "last_at": nw.col("at").max(),
    }


def _keys_of(*kinds: type[Any]) -> Any:
    return nw.when(has(*kinds)).then(nw.col("key"))


_ALWAYS = (
    "captured",
    "offered",
    "accepted",
    "responded",
    "progressed",
    "expected",
    "first_won",
    "won",
    "closed",
)


def leads_of(table: Frame) -> Frame:
    """One row for each lead: the keys of the milestones that most figures ask for.

    They are null where there is none; beside them are signs of problems, and the last instant.

    Args:
        table: The ordered events of leads.
    """
    milestones = [MILESTONES[name] for name in _ALWAYS]
    grouped = table.group_by("lead_id").agg(
        **{name: column for one in milestones for name, column in _grouped(one).items()},
        **_signs(),
    )
    return _timed(grouped, milestones)


def milestone_of(table: Frame, leads: Frame, *, name: str) -> Frame:
    """The key and the time of one milestone of each lead that has it.

    Args:
        table: The ordered events of leads.
        leads: By :func:`leads_of`.
        name: A milestone that is not among those of *leads*, and that no recipient undoes.
    """
    milestone = MILESTONES[name]
    if milestone.not_before:
        found = _not_before(leads, table, milestone)
    else:
        found = table.filter(has(*milestone.kinds)).group_by("lead_id").agg(**_grouped(milestone))
    return _timed(found, [milestone]).filter(~nw.col(f"{name}_key").is_null())


def _grouped(milestone: Milestone) -> dict[str, Any]:
    """What is grouped for a milestone."""
    columns = {f"{milestone.name}_key": _pick(milestone)}
    if milestone.undone_by:
        columns[f"{milestone.name}_undone"] = _keys_of(*milestone.undone_by).max()
    return columns


def _timed(leads: Frame, milestones: Sequence[Milestone]) -> Frame:
    """Leads with the times of milestones, of which those are gone that a later event undoes."""
    undoable = [one.name for one in milestones if one.undone_by and not one.same_recipient]
    if undoable:
        leads = leads.with_columns(**{f"{name}_key": _standing(name) for name in undoable})
    times = {f"{one.name}_at": moment_of(nw.col(f"{one.name}_key")) for one in milestones}
    return leads.with_columns(**times).drop(*(f"{name}_undone" for name in undoable))


def _standing(name: str) -> Any:
    """The key of a milestone where nothing later undoes it."""
    key = nw.col(f"{name}_key")
    return nw.when(~(nw.col(f"{name}_undone").fill_null(NEVER) > key)).then(key)


def _not_before(leads: Frame, table: Frame, milestone: Milestone) -> Frame:
    """The first event at the time of another milestone or later."""
    name, start = milestone.name, f"{milestone.not_before}_at"
    begun = leads.filter(~nw.col(start).is_null()).select("lead_id", start)
    events = table.filter(has(*milestone.kinds)).select("lead_id", "key", "at")
    after = events.join(begun, on="lead_id", how="inner").filter(nw.col("at") >= nw.col(start))
    return after.group_by("lead_id").agg(nw.col("key").min().alias(f"{name}_key"))


def same_recipient(one: str, other: str) -> Any:
    """Whether two events of a joined row name the same recipient; never null.

    Args:
        one: Suffix of the columns of the one.
        other: Suffix of those of the other.
    """
    # a comparison is null where one of the two names nobody, so the first that both state decides
    alike = (nw.col(f"{name}{one}") == nw.col(f"{name}{other}") for name in RECIPIENT)
    return nw.coalesce(*alike, nw.lit(value=False))


def recipients(events: Frame, suffix: str, *fields: str) -> Frame:
    """Keys and recipients of events, with a suffix, to be joined with others of their lead.

    Args:
        events: Events of leads.
        suffix: What the names of keys and recipients end in.
        fields: Further columns, by their own names.
    """
    named = {f"{name}{suffix}": nw.col(name) for name in ("key", *RECIPIENT)}
    return events.select("lead_id", *fields, **named)


def handed_of(table: Frame) -> Frame:
    """The offers of leads to somebody, and what became of these, with whom they name.

    Args:
        table: The ordered events of leads.
    """
    handed = table.filter(has(*OFFERS_AND_ANSWERS, LeadAssigned, LeadReturned))
    return handed.select("lead_id", "key", "at", "rank", *RECIPIENT)


def returned_of(handed: Frame) -> Frame:
    """The acceptances and assignments that a return by the same recipient followed.

    Args:
        handed: By :func:`handed_of`.

    Returns:
        ``lead_id``, ``key``, and ``returned``, the key of the first such return.
    """
    taken = recipients(handed.filter(has(LeadAccepted, LeadAssigned)), "")
    pairs = taken.join(
        recipients(handed.filter(has(LeadReturned)), "_2"), on="lead_id", how="inner"
    )
    later = pairs.filter((nw.col("key_2") > nw.col("key")) & same_recipient("", "_2"))
    return later.group_by("lead_id", "key").agg(returned=nw.col("key_2").min())


def unreturned_of(handed: Frame, returned: Frame, *, name: str) -> Frame:
    """The key and the time of the last event of each lead that its recipient did not return.

    Args:
        handed: By :func:`handed_of`.
        returned: By :func:`returned_of`.
        name: The milestone of such events.
    """
    milestone = MILESTONES[name]
    taken = handed.filter(_candidate(milestone)).select("lead_id", "key")
    standing = taken.join(returned, on=["lead_id", "key"], how="anti")
    last = standing.group_by("lead_id").agg(nw.col("key").max().alias(f"{name}_key"))
    return _timed(last, [milestone])
