"""Column names and conditions, compiled to Python functions over whole columns."""

from __future__ import annotations

import datetime  # noqa: ICN001 - spans of time print themselves as datetime.timedelta(...)
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Any, TypeAlias

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.events import LeadFact
from partnerleads.kpis.measuring.conditions import (
    Active,
    AllOf,
    AnyOf,
    ClassAt,
    Condition,
    Has,
    Is,
    Not,
    NotAfter,
    Older,
    Past,
    Since,
    Within,
)
from partnerleads.kpis.measuring.elapsed import comparable, elapsed, is_over, worked
from partnerleads.kpis.measuring.keys import FACTS
from partnerleads.kpis.measuring.landmarks import class_at
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import EMPTY, WorkingHours
from partnerleads.model.options import check_choice

__all__ = ["THERE", "Column", "Path", "Test", "followed", "path_of", "spans_of", "test_of"]

Column: TypeAlias = Sequence[Any]
"""A value for each member of a population, in the order of the members."""

THERE = "there:"
"""What the name of a column that says whether another one has a value begins with."""

_INNER = ("claimed", "credit", "facts", "moment", "shape", "tied", "verdict")
_COLUMNS = tuple(name for name in dir(LeadLifecycle) if not name.startswith("_"))
_OFFERED = (*sorted({*_COLUMNS}.difference(_INNER)), *FACTS)


@frozen
class Path:
    """Where a column is found.

    Attributes:
        first: Attribute of a lifecycle, or of what else the members are.
        rest: Source that reads on from there, from what is called ``it``; empty where the
            attribute is the column.
    """

    first: str
    rest: str


@cache
def path_of(name: str, own: frozenset[str]) -> Path:
    """The path of a column; what an event or a value that is not there would say is None.

    Args:
        name: Name of the column.
        own: Columns that the members have besides those of their leads.

    Raises:
        OptionError: When there is no such column.
    """
    fact = name.removeprefix("latest.")
    first, lead = ("captured", "it and it.lead") if fact == name else ("facts", "it")
    attribute = fact.removeprefix("attributes.")
    if attribute not in ("", fact):
        return Path(first, f"{lead}.attributes.get({attribute!r})")
    if fact in FACTS:
        return Path(first, f"{lead}.{fact}")
    first, *rest = name.split(".")
    if first not in _COLUMNS:
        check_choice("column", first, (*_OFFERED, *sorted(own)))
    if not all(part.isidentifier() and not part.startswith("_") for part in rest):
        raise OptionError("column", name, "is no column of a lifecycle")
    return Path(first, " and ".join(accumulate(rest, "{}.{}".format, initial="it")) if rest else "")


@cache
def followed(source: str) -> Callable[[Column], list[Any]]:
    """A function that reads on from each value of a column, which *source* calls ``it``."""
    compiled: Callable[[Column], list[Any]] = _compiled(
        f"lambda column: [{source} for it in column]"
    )
    return compiled


@frozen
class Test:
    """A condition as a function over columns.

    Attributes:
        columns: Names of the columns that it looks at.
        passes: Takes the moment, the zone and these columns; says of each member whether it meets
            the condition.
    """

    columns: tuple[str, ...]
    passes: Callable[..., list[bool]]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns as the condition names them."""
        return tuple(dict.fromkeys(one.removeprefix(THERE) for one in self.columns))


@cache
def test_of(condition: Condition) -> Test:
    """The test of a condition."""
    names: dict[str, str] = {}
    given: dict[str, Any] = {}
    source = _source(condition, names, given)
    if not names:  # the members are counted all the same
        names["lead_id"] = "it"
    each = ", ".join(names.values())
    columns = [f"of_{variable}" for variable in names.values()]
    several = f"zip({', '.join(columns)})" if len(columns) > 1 else columns[0]
    arguments = ", ".join(("as_of", "zone", *columns))
    return Test(
        tuple(names), _compiled(f"lambda {arguments}: [{source} for {each} in {several}]", given)
    )


def _source(  # noqa: C901, PLR0911 - one answer for each kind
    condition: Condition, names: dict[str, str], given: dict[str, Any]
) -> str:
    """Source of a condition on one member.

    Args:
        condition: The condition.
        names: Gets the variable of each column that is read.
        given: Gets the values that no source can tell, each with its name.
    """

    def read(column: str) -> str:
        return names.setdefault(column, f"c{len(names)}")

    def present(column: str) -> str:
        return read(f"{THERE}{column}")

    def value(one: object) -> str:
        name = f"v{len(given)}"
        given[name] = one
        return name

    def inner(one: Condition) -> str:
        return f"({_source(one, names, given)})"

    match condition:
        case Has():
            return present(condition.column)
        case Is():
            return f"{read(condition.column)} == {condition.value!r}"
        case Within():
            start, end = read(condition.start), read(condition.end)
            limit = f"{condition.span!r}, zone, {value(condition.hours)}"
            return f"within({start}, {end}, {limit})"
        case Older():
            limit = f"{condition.span!r}, as_of, zone, {value(condition.hours)}"
            return f"older({read(condition.event)}, {limit})"
        case Since():
            event = read(condition.event)
            dated = f"{event} is not None and {event}.precision != 'relative'"
            return f"{dated} and {event}.occurred_at >= {value(condition.moment)}"
        case NotAfter():
            event, limit = read(condition.event), read(condition.limit)
            there = f"{event} is not None and {limit} is not None"
            return f"{there} and {event}.occurred_at <= {limit}"
        case Past():
            limit = read(condition.limit)
            return f"{limit} is not None and {limit} <= as_of"
        case Active():
            return f"as_of - {read('events')}[-1].occurred_at <= {condition.span!r}"
        case ClassAt():
            story = f"{read('events')}, {read('captured')}, {read('moment')}"
            return f"class_at({story}, {condition.span!r}) == {condition.attribution!r}"
        case Not():
            return f"not {inner(condition.condition)}"
        case AllOf():
            return " and ".join(map(inner, condition.conditions)) or "True"
        case _:
            return " or ".join(map(inner, condition.conditions)) or "False"


def _within(
    start: LeadFact | None,
    end: LeadFact | None,
    span: datetime.timedelta,
    zone: datetime.tzinfo,
    hours: WorkingHours | None,
) -> bool:
    if start is None or end is None or comparable(start, end):
        return False
    took = elapsed(start, end, zone)
    if hours is not None and took >= datetime.timedelta(0):
        took = worked(start, end, zone, hours)
    return datetime.timedelta(0) <= took <= span


def _older(
    event: LeadFact | None,
    span: datetime.timedelta,
    as_of: datetime.datetime,
    zone: datetime.tzinfo,
    hours: WorkingHours | None,
) -> bool:
    if event is None or event.precision not in ("instant", "day"):
        return False
    return is_over(event, span, as_of, zone, hours)


def _compiled(source: str, given: Mapping[str, Any] = EMPTY) -> Any:
    room = {"within": _within, "older": _older, "class_at": class_at, "datetime": datetime, **given}
    return eval(source, room)  # noqa: S307 - the source is made of checked column names alone


@cache
def spans_of(condition: Condition) -> tuple[Within, ...]:
    """Every time limit inside a condition."""
    match condition:
        case Within():
            return (condition,)
        case Not():
            return spans_of(condition.condition)
        case AllOf() | AnyOf():
            return tuple(span for one in condition.conditions for span in spans_of(one))
        case _:
            return ()
