"""Conditions and anchors compiled to Python expressions over a member called ``unit``."""

from __future__ import annotations

import datetime  # noqa: ICN001 - spans of time print themselves as datetime.timedelta(...)
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

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

__all__ = ["column", "event_of", "keeper", "spans_of"]

Keeper = Callable[[Sequence[Any], datetime.datetime, datetime.tzinfo], list[Any]]
SpanKeeper = Callable[[Sequence[Any], datetime.datetime, datetime.datetime], list[Any]]


_INNER = ("claimed", "facts", "moment", "shape", "tied", "verdict")
_COLUMNS = tuple(name for name in dir(LeadLifecycle) if not name.startswith("_"))
_OFFERED = (*sorted({*_COLUMNS}.difference(_INNER)), *FACTS)


def _fact(name: str) -> str:
    """Source that reads a fact of the lead by the name of its key; empty where it is none."""
    fact = name.removeprefix("latest.")
    lead = "unit.captured.lead" if fact == name else "unit.facts"
    attribute = fact.removeprefix("attributes.")
    if attribute not in ("", fact):
        return f"{lead}.attributes.get({attribute!r})"
    return f"{lead}.{fact}" if fact in FACTS else ""


def _column(name: str) -> str:
    """Source that reads a column; one of an event or a value that is not there is None."""
    if source := _fact(name):
        return source
    first, *rest = name.split(".")
    if first not in _COLUMNS:
        check_choice("column", first, _OFFERED)
    if not all(part.isidentifier() and not part.startswith("_") for part in rest):
        raise OptionError("column", name, "is no column of a lifecycle")
    steps = accumulate(rest, "{}.{}".format, initial=f"unit.{first}")
    return f"({' and '.join(steps)})" if rest else f"unit.{first}"


def _source(condition: Condition) -> str:  # noqa: PLR0911 - one answer for each kind
    match condition:
        case Has():
            return f"{_column(condition.column)} is not None"
        case Is():
            return f"{_column(condition.column)} == {condition.value!r}"
        case Within():
            start, end = _column(condition.start), _column(condition.end)
            return f"within({start}, {end}, {condition.span!r}, zone)"
        case Active():
            return f"as_of - unit.events[-1].occurred_at <= {condition.span!r}"
        case Not():
            return f"not ({_source(condition.condition)})"
        case AllOf():
            return " and ".join(f"({_source(one)})" for one in condition.conditions) or "True"
        case _:
            return " or ".join(f"({_source(one)})" for one in condition.conditions) or "False"


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
def keeper(condition: Condition) -> Keeper:
    """A function that keeps the members that meet a condition."""
    source = _source(condition)
    compiled: Keeper = _compiled(f"lambda units, as_of, zone: [unit for unit in units if {source}]")
    return compiled


@cache
def event_of(columns: tuple[str, ...]) -> Callable[[Any], Any]:
    """A function that reads the first present of some event columns off a member."""
    source = " or ".join(map(_column, columns))
    compiled: Callable[[Any], Any] = _compiled(f"lambda unit: {source}")
    return compiled


@cache
def column(name: str) -> Callable[[Any], Any]:
    """A function that reads a column off a member."""
    compiled: Callable[[Any], Any] = _compiled(f"lambda unit: {_column(name)}")
    return compiled


@cache
def having(columns: tuple[str, ...]) -> Callable[[Sequence[Any]], list[Any]]:
    """A function that keeps the members that have an anchor."""
    source = " or ".join(f"{_column(name)} is not None" for name in columns)
    compiled: Callable[[Sequence[Any]], list[Any]] = _compiled(
        f"lambda units: [unit for unit in units if {source}]"
    )
    return compiled


@cache
def anchored(columns: tuple[str, ...]) -> SpanKeeper:
    """A function that keeps those of the members with an anchor that lie in a half-open span."""
    source = " or ".join(map(_column, columns))
    compiled: SpanKeeper = _compiled(
        "lambda units, start, end: [unit for unit in units "
        f"if start <= ({source}).occurred_at < end]"
    )
    return compiled


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
