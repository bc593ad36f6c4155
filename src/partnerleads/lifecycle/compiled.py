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

__all__ = ["milestone_column", "milestone_columns", "milestone_search"]

Search: TypeAlias = Callable[[Sequence[LeadEvent], bytes], Any]
Columns: TypeAlias = "Callable[[Iterable[LeadLifecycle]], list[list[Any]]]"


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
    """Source that leaves in ``event`` what is picked from ``events`` of a ``shape``, or None.

    The milestone that it may not precede was found before, and its name and place are variables.
    """
    search = _first if milestone.pick == "first" else _last
    place, next_place, found = search(milestone.kinds)
    tests = [f"({_test(condition)})" for condition in milestone.where]
    if milestone.undone_by and not milestone.same_recipient:
        found = f"{found} and place > {_last(milestone.undone_by)[0]}"
    if milestone.not_before:
        start = milestone.not_before
        found = f"{start} is not None and {found}"
        # whatever stands later in the order occurred no earlier
        tests.append(f"(place > {start}_place or event.occurred_at >= {start}.occurred_at)")
    event = f"event = events[place] if {found} else None"
    lines = [f"place = {place}", event]
    if tests:
        lines.append(f"while event is not None and not ({' and '.join(tests)}):")
        lines += [f"    place = {next_place}", f"    {event}"]
    if milestone.same_recipient:
        present = " or ".join(f"{kind.rank} in shape" for kind in milestone.undone_by)
        slowly = f"pick(milestones[{milestone.name!r}], events)"
        lines.append(f"if event is not None and ({present}): event = {slowly}")
    return lines


def _searches(names: Sequence[str]) -> list[str]:
    """Source that finds some milestones and leaves each in a variable of its name."""
    starts = {MILESTONES[name].not_before for name in names} - {""}
    lines = []
    for name in (*sorted(starts), *(name for name in names if name not in starts)):
        lines += [*_lines(MILESTONES[name]), f"{name} = event"]
        if name in starts:
            lines.append(f"{name}_place = place")
    return lines


def _function(arguments: str, body: Iterable[str]) -> Any:
    room: dict[str, Any] = {"pick": pick, "milestones": MILESTONES}
    exec("\n    ".join([f"def found({arguments}):", *body]), room)  # noqa: S102 - made of the milestones
    return room["found"]


@cache
def milestone_search(name: str) -> Search:
    """A function from a lead's events and their shape to the event of a milestone, or None.

    Args:
        name: Name of the milestone.
    """
    search: Search = _function("events, shape", [*_searches((name,)), f"return {name}"])
    return search


@cache
def milestone_columns(names: tuple[str, ...]) -> Columns:
    """A function from lifecycles to the events of some milestones; None where one is not reached.

    It does for many leads in one loop what :func:`milestone_search` does for one. Several
    milestones cost less together, while the events of a lead are at hand.

    Args:
        names: Names of the milestones.
    """
    body = [
        *(f"of_{name} = []" for name in names),
        "for lead in leads:",
        "    events = lead.events",
        "    shape = lead.shape",
        *(f"    {line}" for line in _searches(names)),
        *(f"    of_{name}.append({name})" for name in names),
        f"return [{', '.join(f'of_{name}' for name in names)}]",
    ]
    columns: Columns = _function("leads", body)
    return columns


def milestone_column(name: str, leads: Iterable[LeadLifecycle]) -> list[Any]:
    """The event of one milestone of each lead; None where it is not reached.

    Args:
        name: Name of the milestone.
        leads: The leads.
    """
    (column,) = milestone_columns((name,))(leads)
    return column
