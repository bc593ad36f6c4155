"""Yes or no as expressions, of which what is known beforehand is not asked of any engine."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
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
    return reduce(and_, open_ones) if open_ones else YES


def any_of(*flags: Any) -> Any:
    """Whether any flag is up; none of them may be null."""
    if any(flag is YES for flag in flags):
        return YES
    open_ones = [flag for flag in flags if flag is not NO]
    return reduce(or_, open_ones) if open_ones else NO


def no(flag: Any) -> Any:
    """Whether a flag is down."""
    if flag is NO:
        return YES
    return NO if flag is YES else ~flag


def one_where(flag: Any) -> Any:
    """1 where a flag is up, else 0."""
    return nw.when(flag).then(nw.lit(1)).otherwise(nw.lit(0))
