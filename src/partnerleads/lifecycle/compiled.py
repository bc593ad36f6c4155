"""The milestones compiled into fast searches.

The kinds of a lead's events in order are a short byte string, its shape. Where a milestone stands
is then a search in that string, at the speed of C. Where a milestone has conditions on fields the
search goes on until they hold; only one that another event of the same recipient may have undone
is picked the slow way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from partnerleads.events import KINDS, LeadEvent
from partnerleads.lifecycle.milestones import MILESTONES, Condition, Equals, Milestone
from partnerleads.lifecycle.picking import pick

if TYPE_CHECKING:
    from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle

__all__ = ["milestone_column", "milestone_search"]

Search: TypeAlias = Callable[[Sequence[LeadEvent], bytes], Any]
Column: TypeAlias = "Callable[[Iterable[LeadLifecycle]], list[Any]]"


def _others(kinds: Sequence[type[LeadEvent]]) -> bytes:
    ranks = {kind.rank for kind in kinds}
    return bytes(kind.rank for kind in KINDS.values() if kind.rank not in ranks)


def _first(kinds: Sequence[type[LeadEvent]]) -> tuple[str, str, str]:
    """Source: where the first of some kinds stands, where the next one, and whether one does."""
    if len(kinds) == 1:
        rank = kinds[0].rank
        return f"shape.find({rank})", f"shape.find({rank}, place + 1)", "place >= 0"
    left = f"lstrip({_others(kinds)!r})"
    following = f"len(shape) - len(shape[place + 1 :].{left})"
    return f"len(shape) - len(shape.{left})", following, "place < len(shape)"


def _last(kinds: Sequence[type[LeadEvent]]) -> tuple[str, str, str]:
    """Source: where the last of some kinds stands, where the one before, and whether one does."""
    if len(kinds) == 1:
        rank = kinds[0].rank
        return f"shape.rfind({rank})", f"shape.rfind({rank}, 0, place)", "place >= 0"
    right = f"rstrip({_others(kinds)!r})"
    return f"len(shape.{right}) - 1", f"len(shape[:place].{right}) - 1", "place >= 0"


def _test(condition: Condition) -> str:
    if isinstance(condition, Equals):
        return f"event.{condition.field} == {condition.value!r}"
    return " or ".join(f"event.{field} is not None" for field in condition.fields)


def _lines(milestone: Milestone) -> list[str]:
    """Source that leaves in ``event`` what is picked from ``events`` of a ``shape``, or None."""
    search = _first if milestone.pick == "first" else _last
    place, next_place, found = search(milestone.kinds)
    tests = [f"({_test(condition)})" for condition in milestone.where]
    lines = [f"place = {place}"]
    if milestone.undone_by and not milestone.same_recipient:
        found = f"place > {_last(milestone.undone_by)[0]}"  # and so not before the first event
    if milestone.not_before:
        lines.append(f"start = {milestone.not_before}(events, shape)")
        found = f"start is not None and {found}"
        tests.append("event.occurred_at >= start.occurred_at")
    lines.append(f"event = events[place] if {found} else None")
    if tests:
        lines.append(f"while event is not None and not ({' and '.join(tests)}):")
        lines.append(f"    place = {next_place}")
        lines.append(f"    event = events[place] if {found} else None")
    if milestone.same_recipient:
        present = " or ".join(f"{kind.rank} in shape" for kind in milestone.undone_by)
        lines.append(f"if event is not None and ({present}): event = pick(milestone, events)")
    return lines


def _function(milestone: Milestone, arguments: str, body: Iterable[str]) -> Any:
    room: dict[str, Any] = {"pick": pick, "milestone": milestone}
    if milestone.not_before:
        room[milestone.not_before] = milestone_search(milestone.not_before)
    source = "\n    ".join([f"def {milestone.name}_of({arguments}):", *body])
    exec(source, room)  # noqa: S102 - the source is made of the milestones' own names alone
    return room[f"{milestone.name}_of"]


@cache
def milestone_search(name: str) -> Search:
    """A function from a lead's events and their shape to the event of a milestone, or None.

    Args:
        name: Name of the milestone.
    """
    milestone = MILESTONES[name]
    search: Search = _function(milestone, "events, shape", [*_lines(milestone), "return event"])
    return search


@cache
def milestone_column(name: str) -> Column:
    """A function from lifecycles to the events of a milestone; None where it is not reached.

    It does for many leads in one loop what :func:`milestone_search` does for one.

    Args:
        name: Name of the milestone.
    """
    milestone = MILESTONES[name]
    body = [
        "column = []",
        "for lead in leads:",
        "    events = lead.events",
        "    shape = lead.shape",
        *(f"    {line}" for line in _lines(milestone)),
        "    column.append(event)",
        "return column",
    ]
    column: Column = _function(milestone, "leads", body)
    return column
