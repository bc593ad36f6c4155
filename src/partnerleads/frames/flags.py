"""Yes or no as expressions, of which what is known beforehand is not asked of any engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import narwhals.stable.v2 as nw

__all__ = ["NO", "YES", "all_of", "any_of", "no", "one_where"]

NO, YES = nw.lit(value=False), nw.lit(value=True)
"""What is known beforehand: these two objects, and no others that say the same."""


def all_of(*flags: Any) -> Any:
    """Whether all flags are up; none of them may be null."""
    if any(flag is NO for flag in flags):
        return NO
    open_ones = [flag for flag in flags if flag is not YES]
    return _joined(nw.all_horizontal, open_ones) if open_ones else YES


def any_of(*flags: Any) -> Any:
    """Whether any flag is up; none of them may be null."""
    if any(flag is YES for flag in flags):
        return YES
    open_ones = [flag for flag in flags if flag is not NO]
    return _joined(nw.any_horizontal, open_ones) if open_ones else NO


def _joined(join: Callable[..., Any], flags: Sequence[Any]) -> Any:
    """Several flags as one expression, which costs as much as each step of a chain."""
    return flags[0] if len(flags) == 1 else join(*flags, ignore_nulls=False)


def no(flag: Any) -> Any:
    """Whether a flag is down."""
    if flag is NO:
        return YES
    return NO if flag is YES else ~flag


def one_where(flag: Any) -> Any:
    """1 where a flag is up, 0 where it is down."""
    return flag.cast(nw.Int32)
