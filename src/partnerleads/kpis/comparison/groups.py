"""The two groups of a comparison, and what they owe to time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TypeAlias, get_args

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import (
    AllOf,
    AnyOf,
    ClassAt,
    Condition,
    Has,
    Is,
    Not,
    Older,
    Since,
)
from partnerleads.kpis.measuring.keys import FACTS
from partnerleads.model.figure import number
from partnerleads.model.moments import moment_text
from partnerleads.model.options import check_choice

__all__ = [
    "CLASSES",
    "Group",
    "GroupOf",
    "group_of",
    "is_key_told_later",
    "is_told_later",
    "rests_on_influence",
]

GroupOf: TypeAlias = str | Condition
"""A condition, or a class of attribution: ``sourced``, ``influenced``, ``direct``, ``involved``."""

_DAY = timedelta(days=1)
_SOURCED, _INFLUENCED, _DIRECT = (
    Is("attribution", one) for one in ("sourced", "influenced", "direct")
)

CLASSES: dict[str, Condition] = {
    "sourced": _SOURCED,
    "influenced": _INFLUENCED,
    "direct": _DIRECT,
    "involved": AnyOf((_SOURCED, _INFLUENCED)),
}
"""Classes of attribution, and the umbrella over two of them, by their words."""

_AT_CAPTURE = frozenset({"captured", "lead_id", "sourcing_partner", *FACTS})
"""Columns that the capture settles, or that nothing after the first contact changes."""

_AT_ANCHOR = frozenset({"attribution", "tier", "partner_type"})
"""Keys that are told as of the anchor, or that have a warning of their own."""


@frozen
class Group:
    """One side of a comparison.

    Attributes:
        name: What to call it.
        condition: Who belongs to it.
    """

    name: str
    condition: Condition


def group_of(argument: str, given: GroupOf, *, landmark: timedelta | None) -> Group:
    """The group that an argument means.

    Args:
        argument: Name of the argument.
        given: A word for a class of attribution, or a condition.
        landmark: So long after the capture the classes are fixed, among leads still open then;
            None takes them as of the moment.

    Raises:
        OptionError: When it is neither a word that is offered nor a condition.
    """
    if isinstance(given, str):
        check_choice(argument, given, CLASSES)
        name, condition = given, CLASSES[given]
    elif isinstance(given, get_args(Condition)):
        name, condition = _words(given), given
    else:
        reason = "pass a condition, such as Is('region', 'DACH'), or a class, such as 'sourced'"
        raise OptionError(argument, given, reason)
    if landmark is None:
        return Group(name, condition)
    condition = _fixed(condition, landmark)
    if not _says_open(condition):
        open_then = AnyOf(tuple(_fixed(CLASSES[one], landmark) for one in _EXCLUSIVE))
        condition = AllOf((open_then, condition))
    return Group(name, condition)


_EXCLUSIVE = ("sourced", "influenced", "direct")


def _fixed(condition: Condition, span: timedelta) -> Condition:
    """The condition with every class as it was so long after the capture."""
    match condition:
        case Is(column="attribution"):
            return ClassAt(span, str(condition.value))
        case Not():
            return Not(_fixed(condition.condition, span))
        case AllOf() | AnyOf():
            return type(condition)(tuple(_fixed(one, span) for one in condition.conditions))
        case _:
            return condition


def _says_open(condition: Condition) -> bool:
    """Whether the condition holds only for leads that were open at the landmark."""
    match condition:
        case ClassAt():
            return True
        case AllOf():
            return any(map(_says_open, condition.conditions))
        case AnyOf():
            return all(map(_says_open, condition.conditions))
        case _:
            return False


def rests_on_influence(condition: Condition) -> bool:
    """Whether the condition asks if a lead is influenced, or direct, which is not influenced."""
    return any(
        isinstance(one, Is) and one.column == "attribution" and one.value != "sourced"
        for one in _leaves(condition)
    )


def is_told_later(condition: Condition) -> bool:
    """Whether the condition looks at what happens after the capture, influence apart."""
    return any(map(_looks_later, _leaves(condition)))


def is_key_told_later(key: str) -> bool:
    """Whether a key tells leads apart by what happens after their capture."""
    return key not in _AT_ANCHOR and not _settled(key)


def _leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Not():
            yield from _leaves(condition.condition)
        case AllOf() | AnyOf():
            for one in condition.conditions:
                yield from _leaves(one)
        case _:
            yield condition


def _looks_later(leaf: Condition) -> bool:
    match leaf:
        case Is(column="attribution") | ClassAt():
            return False
        case Has() | Is():
            return not _settled(leaf.column)
        case Older() | Since():
            return not _settled(leaf.event)
        case _:
            return True


def _settled(column: str) -> bool:
    return column.split(".", maxsplit=1)[0] in {*_AT_CAPTURE, "attributes"}


def _words(condition: Condition) -> str:  # noqa: PLR0911 - one answer for each kind
    """The condition for people, as short as it can be."""
    match condition:
        case Is(column="attribution"):
            return str(condition.value)
        case Is():
            return f"{condition.column.removeprefix('attributes.')} {condition.value}"
        case ClassAt():
            return f"{condition.attribution} at {number(condition.span / _DAY)} days"
        case Has():
            return f"with {condition.column}"
        case Since():
            return f"{condition.event} since {moment_text(condition.moment)}"
        case Not():
            return f"not {_inner(condition.condition)}"
        case AllOf():
            return " and ".join(map(_inner, condition.conditions)) or "all"
        case AnyOf():
            return " or ".join(map(_inner, condition.conditions)) or "none"
        case _:
            return str(condition)


def _inner(condition: Condition) -> str:
    several = isinstance(condition, AllOf | AnyOf) and len(condition.conditions) > 1
    return f"({_words(condition)})" if several else _words(condition)
