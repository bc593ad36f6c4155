"""Checks of arguments that offer a few choices or a range."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from numbers import Integral
from typing import Any, TypeVar

from partnerleads.errors import OptionError
from partnerleads.model.near_names import did_you_mean
from partnerleads.model.working_hours import WorkingHours

__all__ = [
    "a_flag",
    "check_choice",
    "check_count",
    "check_flags",
    "check_hours",
    "check_kpi",
    "check_span",
    "chosen",
    "counted_from",
    "is_count",
    "not_negative",
    "one_of",
]

K = TypeVar("K", bound=str)
T = TypeVar("T")


def check_choice(name: str, value: object, choices: Collection[str]) -> None:
    """Refuse a value that is not offered, and say which are.

    >>> check_choice("unit", "lead", ["leads", "revenue"])
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: unit='lead': did you mean 'leads'? offered are ...
    """
    if value in choices:
        return
    offered = "offered are " + ", ".join(map(repr, choices))
    raise OptionError(name, value, did_you_mean(value, choices) + offered)


def chosen(name: str, value: K, choices: Mapping[K, T]) -> T:
    """What stands under a value that is offered; any other is refused as by check_choice.

    >>> chosen("unit", "days", {"hours": 1, "days": 24})
    24
    """
    check_choice(name, value, choices)
    return choices[value]


def one_of(*choices: str) -> Callable[[Any, Any, str], None]:
    """An attrs validator for a few choices."""

    def check(_: object, attribute: Any, value: str) -> None:
        check_choice(attribute.name, value, choices)

    return check


def check_flags(**flags: object) -> None:
    """Refuse what is neither true nor false, such as words, which all count as true.

    >>> check_flags(gross="no")
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: gross='no': pass True or False
    """
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise OptionError(name, value, "pass True or False")


def a_flag(_: object, attribute: Any, value: object) -> None:
    """An attrs validator for what is true or false."""
    check_flags(**{attribute.name: value})


def is_count(value: object, *, least: int = 0) -> bool:
    """Whether something is a whole number, of any kind, and not too small.

    >>> is_count(2), is_count(2.5), is_count(True), is_count(0, least=1)
    (True, False, False, False)
    """
    return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= least


def check_count(name: str, value: object, *, least: int = 0) -> None:
    """Refuse what is no whole number, or too small a one.

    >>> check_count("turn", -1)
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: turn=-1: must be a whole number of at least 0
    """
    if not is_count(value, least=least):
        raise OptionError(name, value, f"must be a whole number of at least {least}")


def counted_from(least: int) -> Callable[[Any, Any, object], None]:
    """An attrs validator for whole numbers that are not too small."""

    def check(_: object, attribute: Any, value: object) -> None:
        check_count(attribute.name, value, least=least)

    return check


def check_span(name: str, value: timedelta | None) -> None:
    """Refuse what is no span of time, or a negative one; None is none.

    >>> check_span("within", 30)
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: within=30: pass a timedelta, such as timedelta(days=30)
    """
    if value is None:
        return
    if not isinstance(value, timedelta):
        raise OptionError(name, value, "pass a timedelta, such as timedelta(days=30)")
    if value < timedelta(0):
        raise OptionError(name, value, "must not be negative")


def not_negative(_: object, attribute: Any, value: Any) -> None:
    """An attrs validator for optional spans of time."""
    check_span(attribute.name, value)


def check_hours(_: object, __: Any, value: object) -> None:
    """An attrs validator for optional working hours."""
    if value is not None and not isinstance(value, WorkingHours):
        reason = "pass WorkingHours, such as WorkingHours.parse({'mon-fri': '09:00-17:00'})"
        raise OptionError("working_hours", value, reason)


def check_kpi(value: object) -> None:
    """Refuse what is no KPI function, such as the name of one.

    >>> check_kpi("sourced_rate")
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: kpi='sourced_rate': pass the function itself, such as ...
    """
    if not callable(value):
        raise OptionError("kpi", value, "pass the function itself, such as kpis.sourced_rate")
