"""The milestones compiled into one function that makes a lifecycle from a lead's events.

The kinds of a lead's events in order are a short byte string, its shape. Where a milestone stands
is then a search in that string, at the speed of C. Where a milestone has conditions on fields the
search goes on until they hold; only one that another event of the same recipient may have undone
is picked the slow way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

import attrs

from partnerleads.events import KINDS, LeadEvent
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle, Moment
from partnerleads.lifecycle.milestones import MILESTONES, Condition, Equals, Milestone
from partnerleads.lifecycle.picking import pick
from partnerleads.model.trusted import trusted

__all__ = ["lifecycle_maker"]

Maker: TypeAlias = Callable[[str, list[LeadEvent], bytes, bool, Moment], LeadLifecycle]


def _others(milestone_kinds: Sequence[type[LeadEvent]]) -> bytes:
    ranks = {kind.rank for kind in milestone_kinds}
    return bytes(kind.rank for kind in KINDS.values() if kind.rank not in ranks)


def _place(kinds: Sequence[type[LeadEvent]], pick_: str) -> str:
    """Where the first or last of some kinds stands; one past the end, or -1, where none does."""
    if len(kinds) == 1:
        return f"shape.{'find' if pick_ == 'first' else 'rfind'}({kinds[0].rank})"
    others = _others(kinds)
    if pick_ == "first":
        return f"size - len(shape.lstrip({others!r}))"
    return f"len(shape.rstrip({others!r})) - 1"


def _next_place(kinds: Sequence[type[LeadEvent]], pick_: str) -> str:
    """Where the next of some kinds stands, looking on from ``place``."""
    if len(kinds) == 1:
        rank = kinds[0].rank
        forward = f"shape.find({rank}, place + 1)"
        return forward if pick_ == "first" else f"shape.rfind({rank}, 0, place)"
    others = _others(kinds)
    if pick_ == "first":
        return f"size - len(shape[place + 1 :].lstrip({others!r}))"
    return f"len(shape[:place].rstrip({others!r})) - 1"


def _test(condition: Condition) -> str:
    if isinstance(condition, Equals):
        return f"event.{condition.field} == {condition.value!r}"
    return " or ".join(f"event.{field} is not None" for field in condition.fields)


def _lines(milestone: Milestone) -> list[str]:
    """Source that leaves the picked event, or None, in a variable of the milestone's name."""
    name, start = milestone.name, milestone.not_before
    lines = [f"place = {_place(milestone.kinds, milestone.pick)}", "event = row[place]"]
    tests = [f"({_test(condition)})" for condition in milestone.where]
    if start:
        lines.append(f"if {start} is None: event = None")
        tests.append(f"event.occurred_at >= {start}.occurred_at")
    if tests:
        following = _next_place(milestone.kinds, milestone.pick)
        lines.append(f"while event is not None and not ({' and '.join(tests)}):")
        lines.append(f"    place = {following}; event = row[place]")
    if milestone.same_recipient:
        absent = " and ".join(f"{kind.rank} not in shape" for kind in milestone.undone_by)
        slow = f"pick(MILESTONES[{name!r}], events)"
        lines.append(f"if event is not None and not ({absent}): event = {slow}")
    elif milestone.undone_by:
        lines.append(f"if place < {_place(milestone.undone_by, 'last')}: event = None")
    return [*lines, f"{name} = event"]


@cache
def lifecycle_maker() -> Maker:
    """The function that makes a lifecycle, compiled when first needed."""
    fields = [field.name for field in attrs.fields(LeadLifecycle)]
    picked = [name for name in fields if name in MILESTONES]
    given = {"lead_id": "lead_id", "events": "tuple(events)"}
    given |= {name: name for name in ("moment", "shape", "tied", *picked)}
    body = [
        "size = len(events)",
        "row = [*events, None]",
        *(line for name in picked for line in _lines(MILESTONES[name])),
        f"return make({', '.join(given.get(name, 'None') for name in fields)})",
    ]
    source = "def fold_lead(lead_id, events, shape, tied, moment):\n" + "".join(
        f"    {line}\n" for line in body
    )
    room: dict[str, Any] = {
        "make": trusted(LeadLifecycle),
        "pick": pick,
        "MILESTONES": MILESTONES,
    }
    exec(source, room)  # noqa: S102 - the source is made of the milestones' own names alone
    maker: Maker = room["fold_lead"]
    return maker
