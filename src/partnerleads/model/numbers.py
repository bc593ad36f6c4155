"""Checks of the numbers that a model states, as attrs validators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import isfinite
from sys import float_info
from typing import Any

from partnerleads.errors import OptionError

__all__ = ["check_number", "finite", "in_range", "span", "wait"]

_MOST = float_info.max
"""Beyond it is no float, which integers may be."""


def finite(_: object, attribute: Any, value: Any) -> None:
    """A finite number."""
    check_number(attribute.name, value)


def check_number(name: str, value: Any) -> None:
    """Refuse what is no finite number.

    >>> check_number("weight", float("nan"))
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: weight=nan: must be a finite number
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not abs(value) <= _MOST:
        raise OptionError(name, value, "must be a finite number")


def in_range(
    low: float, high: float = float("inf"), *, open_low: bool = False, open_high: bool = False
) -> Callable[[Any, Any, Any], None]:
    """A finite number of a range.

    Args:
        low: The least.
        high: The most.
        open_low: Whether the least itself is refused.
        open_high: Whether the most itself is refused.
    """

    def check(_: object, attribute: Any, value: Any) -> None:
        check_number(attribute.name, value)
        outside = value < low or value > high
        if outside or (open_low and value == low) or (open_high and value == high):
            least = f"above {low:g}" if open_low else f"at least {low:g}"
            most = f" and {'below' if open_high else 'at most'} {high:g}" if isfinite(high) else ""
            raise OptionError(attribute.name, value, f"must be {least}{most}")

    return check


def span(_: object, attribute: Any, value: Any) -> None:
    """A span of time above 0."""
    if not isinstance(value, timedelta):
        raise OptionError(attribute.name, value, "pass a timedelta, such as timedelta(days=365)")
    if value <= timedelta(0):
        raise OptionError(attribute.name, value, "must be above 0")


def wait(_: object, attribute: Any, value: Any) -> None:
    """A span of time, which may be 0."""
    if value != timedelta(0):
        span(_, attribute, value)
