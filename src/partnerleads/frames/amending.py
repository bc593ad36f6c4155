"""A few rows of a kept frame changed, without a copy of all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.frames.engines import Frame, names_of, within

__all__ = ["amended"]


def amended(frame: Frame, few: Frame, *, on: Sequence[str]) -> Frame:
    """A kept frame with other values in a few of its rows, which DuckDB changes in place.

    Args:
        frame: A kept frame that nobody else reads.
        few: Kept rows: what names them in both frames, and the columns that change.
        on: The columns that name a row, of which the first is a number that few rows share.
    """
    new = [name for name in names_of(few) if name not in on]
    kind = frame.implementation
    if kind.is_duckdb():
        native: Any = frame.to_native()
        native.amend(few.to_native(), new, on=on)
        return frame
    if kind.is_polars():
        return _set(frame, few, new, on)
    theirs = few.rename({name: f"new_{name}" for name in new})  # pragma: no cover - Spark only
    joined = frame.join(theirs, on=[*on], how="left")  # pragma: no cover - Spark only
    known = {name: nw.coalesce(f"new_{name}", name) for name in new}  # pragma: no cover - as above
    return joined.with_columns(**known).select(names_of(frame))  # pragma: no cover - as above


def _set(frame: Frame, few: Frame, new: Sequence[str], on: Sequence[str]) -> Frame:
    """The frame of Polars with values set by the numbers of rows; other columns stay untouched."""
    native: Any = frame.to_native()
    whole = native.collect()
    named = nw.from_native(native.select(on).with_row_index("row_number"))
    near: Any = within(named, on[0], few).join(few, on=[*on], how="inner").to_native()
    found = near.collect()
    values = (whole[name].scatter(found["row_number"], found[name]) for name in new)
    return nw.from_native(whole.with_columns(*values).lazy())  # type: ignore[no-any-return]
