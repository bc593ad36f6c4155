"""The milestones of all leads, read off one grouping of their events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import and_, or_
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.events import LeadCaptured, LeadReopened, LeadWon
from partnerleads.frames.engines import Frame
from partnerleads.frames.table import MONEY, has
from partnerleads.lifecycle.milestones import MILESTONES, Condition, Equals, Milestone
from partnerleads.lifecycle.problem_kinds import CLOSES, WORK

__all__ = ["NEVER", "RECIPIENT", "later_of_same", "leads_of", "recipients", "same_recipient"]

NEVER = -(2**63) + 1
"""A key before all others, in place of one that is absent."""


def _column(field: str) -> str:
    return f"{field}_currency" if field in MONEY else field


def _test(condition: Condition) -> Any:
    if isinstance(condition, Equals):
        return nw.col(condition.field) == condition.value
    return reduce(or_, (~nw.col(_column(field)).is_null() for field in condition.fields))


def _picked(milestone: Milestone) -> Any:
    """The keys of the events that a milestone may pick; null elsewhere."""
    tests = [has(*milestone.kinds), *map(_test, milestone.where)]
    return nw.when(reduce(and_, tests)).then(nw.col("key"))


def _pick(milestone: Milestone, column: str) -> Any:
    keys = nw.col(column)
    return keys.min() if milestone.pick == "first" else keys.max()


def _plain(milestone: Milestone) -> bool:
    return not milestone.not_before and not milestone.same_recipient


def _moments(milestone: Milestone) -> Iterator[tuple[str, Any, Any]]:
    """What is grouped for a milestone: a column of the events, and how it is brought together."""
    picked, name = _picked(milestone), milestone.name
    yield f"{name}_key", picked, _pick(milestone, f"{name}_key")
    moment = nw.when(~picked.is_null()).then(nw.col("at"))
    yield f"{name}_at", moment, _pick(milestone, f"{name}_at")
    if milestone.undone_by:
        undoing = nw.when(has(*milestone.undone_by)).then(nw.col("key"))
        yield f"{name}_undone", undoing, nw.col(f"{name}_undone").max()


def _signs() -> Iterator[tuple[str, Any, Any]]:
    """What else is grouped: how often it was won and turned, and signs of problems."""
    counts = {
        "captures": (LeadCaptured,),
        "gross_wins": (LeadWon,),
        "turns": (*CLOSES, LeadReopened),
    }
    for name, kinds in counts.items():
        flag = nw.when(has(*kinds)).then(nw.lit(1)).otherwise(nw.lit(0))
        yield name, flag, nw.col(name).sum().cast(nw.Int64)
    for name, kinds in (("first_close", CLOSES), ("first_reopen", (LeadReopened,))):
        yield name, nw.when(has(*kinds)).then(nw.col("key")), nw.col(name).min()
    yield "last_work", nw.when(has(*WORK)).then(nw.col("key")), nw.col("last_work").max()


def leads_of(table: Frame) -> Frame:
    """One row for each lead: the key and the time of every milestone, null where there is none.

    Args:
        table: The ordered events of leads.
    """
    plain = [milestone for milestone in MILESTONES.values() if _plain(milestone)]
    parts = [part for milestone in plain for part in _moments(milestone)]
    events = table.with_columns(**{name: column for name, column, _ in (*parts, *_signs())})
    grouped = events.group_by("lead_id").agg(
        *(together.alias(name) for name, _, together in (*parts, *_signs())),
        first_key=nw.col("key").min(),
        first_at=nw.col("at").min(),
        last_at=nw.col("at").max(),
    )
    for milestone in plain:
        if milestone.undone_by:
            grouped = _standing(grouped, milestone.name)
    for milestone in MILESTONES.values():
        if milestone.not_before:
            grouped = _not_before(grouped, table, milestone)
        elif milestone.same_recipient:
            grouped = _unreturned(grouped, table.select(*_TAKING), milestone)
    return grouped


def _standing(leads: Frame, name: str) -> Frame:
    """A last event stands where none that undoes it is later."""
    undone = nw.col(f"{name}_undone").fill_null(NEVER) > nw.col(f"{name}_key")
    columns = {
        column: nw.when(~undone).then(nw.col(column)) for column in (f"{name}_key", f"{name}_at")
    }
    return leads.with_columns(**columns).drop(f"{name}_undone")


def _not_before(leads: Frame, table: Frame, milestone: Milestone) -> Frame:
    """The first event at the time of another milestone or later."""
    name, start = milestone.name, f"{milestone.not_before}_at"
    begun = leads.filter(~nw.col(start).is_null()).select("lead_id", start)
    events = table.filter(has(*milestone.kinds)).select("lead_id", "key", "at")
    after = events.join(begun, on="lead_id", how="inner").filter(nw.col("at") >= nw.col(start))
    first = after.group_by("lead_id").agg(
        nw.col("key").min().alias(f"{name}_key"), nw.col("at").min().alias(f"{name}_at")
    )
    return leads.join(first, on="lead_id", how="left")


def same_recipient(one: str, other: str) -> Any:
    """Whether two events of a joined row name the same recipient; never null.

    Args:
        one: Suffix of the columns of the one.
        other: Suffix of those of the other.
    """

    def both(name: str) -> Any:
        return ~nw.col(f"{name}{one}").is_null() & ~nw.col(f"{name}{other}").is_null()

    def equal(name: str) -> Any:
        return (nw.col(f"{name}{one}") == nw.col(f"{name}{other}")).fill_null(value=False)

    by_person = nw.when(both("agent_id")).then(equal("agent_id")).otherwise(equal("offer_id"))
    return nw.when(both("partner_id")).then(equal("partner_id")).otherwise(by_person)


RECIPIENT = ("partner_id", "agent_id", "offer_id")


_TAKING = ("lead_id", "key", "at", "rank", *RECIPIENT)
"""The columns of events that take a lead or give it back."""


def recipients(events: Frame, suffix: str) -> Frame:
    """Keys and recipients of events, with a suffix, to be joined with others of their lead."""
    named = {f"{name}{suffix}": nw.col(name) for name in ("key", *RECIPIENT)}
    return events.select("lead_id", **named)


def later_of_same(events: Frame, others: Frame) -> Frame:
    """The leads and keys of events that another one of the same recipient follows."""
    pairs = recipients(events, "").join(recipients(others, "_2"), on="lead_id", how="inner")
    later = pairs.filter((nw.col("key_2") > nw.col("key")) & same_recipient("", "_2"))
    return later.select("lead_id", "key").unique()


def _unreturned(leads: Frame, table: Frame, milestone: Milestone) -> Frame:
    """The last event that no return by its own recipient followed."""
    tests = [has(*milestone.kinds), *map(_test, milestone.where)]
    taken = table.filter(reduce(and_, tests))
    undone = later_of_same(taken, table.filter(has(*milestone.undone_by)))
    standing = taken.join(undone, on=["lead_id", "key"], how="anti")
    name = milestone.name
    last = standing.group_by("lead_id").agg(
        nw.col("key").max().alias(f"{name}_key"), nw.col("at").max().alias(f"{name}_at")
    )
    return leads.join(last, on="lead_id", how="left")
