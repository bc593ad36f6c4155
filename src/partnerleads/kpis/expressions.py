"""Column names and conditions, compiled to Python functions over whole columns."""

from __future__ import annotations

import datetime  # noqa: ICN001 - spans of time print themselves as datetime.timedelta(...)
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from typing import Any, TypeAlias

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.events import LeadFact
from partnerleads.kpis.conditions import (
    Active,
    AllOf,
    AnyOf,
    Condition,
    Has,
    Is,
    Not,
    Within,
)
from partnerleads.kpis.elapsed import comparable, elapsed
from partnerleads.kpis.keys import FACTS
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model.options import check_choice

__all__ = ["Column", "Path", "Test", "followed", "path_of", "spans_of", "test_of"]

Column: TypeAlias = Sequence[Any]
"""A value for each member of a population, in the order of the members."""

_INNER = ("claimed", "facts", "moment", "shape", "tied", "verdict")
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
def path_of(name: str) -> Path:
    """The path of a column; what an event or a value that is not there would say is None.

    Raises:
        OptionError: When there is no such column.
    """
    fact = name.removeprefix("latest.")
    first, lead = ("captured", "it.lead") if fact == name else ("facts", "it")
    attribute = fact.removeprefix("attributes.")
    if attribute not in ("", fact):
        return Path(first, f"{lead}.attributes.get({attribute!r})")
    if fact in FACTS:
        return Path(first, f"{lead}.{fact}")
    first, *rest = name.split(".")
    if first not in _COLUMNS:
        check_choice("column", first, _OFFERED)
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


@cache
def test_of(condition: Condition) -> Test:
    """The test of a condition."""
    names: dict[str, str] = {}
    source = _source(condition, names)
    if not names:  # the members are counted all the same
        names["lead_id"] = "it"
    each = ", ".join(names.values())
    columns = [f"of_{variable}" for variable in names.values()]
    several = f"zip({', '.join(columns)})" if len(columns) > 1 else columns[0]
    arguments = ", ".join(("as_of", "zone", *columns))
    return Test(tuple(names), _compiled(f"lambda {arguments}: [{source} for {each} in {several}]"))


def _source(condition: Condition, names: dict[str, str]) -> str:  # noqa: PLR0911 - one for each kind
    """Source of a condition on one member; *names* gets the variable of each column it reads."""

    def read(column: str) -> str:
        return names.setdefault(column, f"c{len(names)}")

    match condition:
        case Has():
            return f"{read(condition.column)} is not None"
        case Is():
            return f"{read(condition.column)} == {condition.value!r}"
        case Within():
            start, end = read(condition.start), read(condition.end)
            return f"within({start}, {end}, {condition.span!r}, zone)"
        case Active():
            return f"as_of - {read('events')}[-1].occurred_at <= {condition.span!r}"
        case Not():
            return f"not ({_source(condition.condition, names)})"
        case AllOf():
            parts = [f"({_source(one, names)})" for one in condition.conditions]
            return " and ".join(parts) or "True"
        case _:
            parts = [f"({_source(one, names)})" for one in condition.conditions]
            return " or ".join(parts) or "False"


def _within(
    start: LeadFact | None, end: LeadFact | None, span: datetime.timedelta, zone: datetime.tzinfo
) -> bool:
    if start is None or end is None or comparable(start, end):
        return False
    return datetime.timedelta(0) <= elapsed(start, end, zone) <= span


def _compiled(source: str) -> Any:
    room = {"within": _within, "datetime": datetime}
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
