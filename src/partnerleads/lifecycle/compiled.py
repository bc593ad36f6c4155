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


def _first(kinds: Sequence[type[LeadEvent]], after: str) -> tuple[str, str]:
    """Source: where the first of some kinds stands, and the first after a place.

    It is negative where there is none.
    """
    if len(kinds) == 1:
        rank = kinds[0].rank
        return f"shape.find({rank})", f"shape.find({rank}, {after} + 1)"
    left = f"lstrip({_others(kinds)!r})"

    def place(part: str) -> str:
        return f"len(shape) - len(rest) if (rest := {part}.{left}) else -1"

    return place("shape"), place(f"shape[{after} + 1 :]")


def _last(kinds: Sequence[type[LeadEvent]], before: str = "") -> tuple[str, str]:
    """Source: where the last of some kinds stands, and the last before a place."""
    if len(kinds) == 1:
        rank = kinds[0].rank
        return f"shape.rfind({rank})", f"shape.rfind({rank}, 0, {before})"
    right = f"rstrip({_others(kinds)!r})"
    return f"len(shape.{right}) - 1", f"len(shape[:{before}].{right}) - 1"


def _places(milestone: Milestone) -> tuple[str, str]:
    """Source: where the kinds alone would place it, and where next."""
    search = _first if milestone.pick == "first" else _last
    place, next_place = search(milestone.kinds, f"{milestone.name}_place")
    if not milestone.undone_by or milestone.same_recipient:
        return place, next_place
    later = f"> {_last(milestone.undone_by)[0]} else -1"
    return f"at if (at := {place}) {later}", f"at if (at := {next_place}) {later}"


def _test(condition: Condition, event: str) -> str:
    if isinstance(condition, Equals):
        return f"{event}.{condition.field} == {condition.value!r}"
    return " or ".join(f"{event}.{field} is not None" for field in condition.fields)


def _lines(milestone: Milestone) -> list[str]:
    """Source that picks a milestone from ``events`` of a ``shape``; None where it is not reached.

    It is left in a variable of its name, and its place in another, in which stands already where
    its kinds alone would place it. The milestone that it may not precede was found before.
    """
    name = milestone.name
    place = f"{name}_place"
    tests = [f"({_test(condition, name)})" for condition in milestone.where]
    found = f"{place} >= 0"
    if milestone.not_before:
        start = milestone.not_before
        found = f"{start} is not None and {found}"
        # whatever stands later in the order occurred no earlier
        tests.append(f"({place} > {start}_place or {name}.occurred_at >= {start}.occurred_at)")
    reach = f"{name} = events[{place}] if {found} else None"
    lines = [reach]
    if tests:
        lines.append(f"while {name} is not None and not ({' and '.join(tests)}):")
        lines += [f"    {place} = {_places(milestone)[1]}", f"    {reach}"]
    if milestone.same_recipient:
        present = " or ".join(f"{kind.rank} in shape" for kind in milestone.undone_by)
        slowly = f"pick(milestones[{name!r}], events)"
        lines.append(f"if {name} is not None and ({present}): {name} = {slowly}")
    return lines


def _wanted(names: Sequence[str]) -> list[Milestone]:
    """Some milestones, with those that they may not precede before them."""
    starts = {MILESTONES[name].not_before for name in names} - {""}
    return [MILESTONES[name] for name in dict.fromkeys((*sorted(starts), *names))]


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
    wanted = _wanted((name,))
    places = [f"{one.name}_place = {_places(one)[0]}" for one in wanted]
    searches = [line for one in wanted for line in _lines(one)]
    body = [*places, *searches, f"return {name}"]
    search: Search = _function("events, shape", body)
    return search


@cache
def milestone_columns(names: tuple[str, ...]) -> Columns:
    """A function from lifecycles to the events of some milestones; None where one is not reached.

    It does for many leads in one loop what :func:`milestone_search` does for one. Several
    milestones cost less together, while the events of a lead are at hand; and where the kinds
    alone would place them is looked for once for all leads of one shape.

    Args:
        names: Names of the milestones.
    """
    wanted = _wanted(names)
    places = "".join(f"{one.name}_place, " for one in wanted)
    found = "".join(f"{_places(one)[0]}, " for one in wanted)
    body = [
        "known = {}",
        *(f"of_{name} = []" for name in names),
        "for lead in leads:",
        "    events = lead.events",
        "    shape = lead.shape",
        f"    ({places}) = known.get(shape) or known.setdefault(shape, ({found}))",
        *(f"    {line}" for one in wanted for line in _lines(one)),
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
