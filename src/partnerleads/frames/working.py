"""Working time between two moments of every member, told by the reference."""

from __future__ import annotations

from datetime import timedelta, tzinfo
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from partnerleads.frames.engines import Frame, distinct, rows, small
from partnerleads.frames.zones import instant_of
from partnerleads.kpis.measuring.elapsed import worked_between
from partnerleads.model import WorkingHours

__all__ = ["Worked", "with_worked"]


@frozen(kw_only=True)
class Worked:
    """Which working time is wanted.

    Attributes:
        start: Where it starts; null where none is wanted. [microseconds since 1970]
        end: Where it ends. [microseconds since 1970]
        dated: Whether one of them is only a date; never null.
        hours: What counts as working time.
        zone: Zone in which dates are compared.
    """

    start: Any
    end: Any
    dated: Any
    hours: WorkingHours
    zone: tzinfo


def with_worked(frame: Frame, name: str, wanted: Worked) -> Frame:
    """The frame with a column of working time, worked out once for each pair that occurs.

    Args:
        frame: The members, with all columns that tell what is wanted.
        name: Name of the column, of whole microseconds.
        wanted: Which time.
    """
    dated = nw.when(wanted.dated).then(nw.lit(1)).otherwise(nw.lit(0))
    parts = {f"{name}_start": wanted.start, f"{name}_end": wanted.end, f"{name}_dated": dated}
    frame = frame.with_columns(**{part: value.cast(nw.Int64) for part, value in parts.items()})
    there = ~nw.col(f"{name}_start").is_null() & ~nw.col(f"{name}_end").is_null()
    pairs = [tuple(row.values()) for row in rows(distinct(frame.select(*parts).filter(there)))]
    told = [
        worked_between(
            instant_of(start), instant_of(end), wanted.zone, wanted.hours, dated=bool(dated)
        )
        // timedelta(microseconds=1)
        for start, end, dated in pairs
    ]
    columns = {part: [pair[place] for pair in pairs] for place, part in enumerate(parts)}
    return frame.join(small(frame, columns | {name: told}), on=[*parts], how="left")
