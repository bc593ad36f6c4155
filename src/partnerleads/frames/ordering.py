"""The one order of events on a frame: one integer for each event of a lead or partner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.errors import OptionError
from partnerleads.frames.amending import amended
from partnerleads.frames.engines import Frame, distinct, first_row, kept, within
from partnerleads.frames.zones import instant_of

__all__ = [
    "BOUNDS",
    "EARLIEST",
    "LATEST",
    "TIES",
    "check_bounds",
    "moment_of",
    "ordered",
    "precision_of",
]

TIES = 255
"""So many events of one lead, or partner, may share one instant. [count]"""

_PLACES, _PRECISIONS = 256, 8
_SPAN = _PLACES * _PRECISIONS

_ONE_IN = 10
"""Where more than one event in so many shares its instant, leads are told apart before the rest."""

_WITHIN = ["sequence", "rank", "source", "event_id"]
"""The order of events that share an instant."""

LATEST = 2**63 // _SPAN - 1
EARLIEST = -LATEST
"""Instants between these have a key: the years 1827 to 2112. [microseconds since 1970]"""

BOUNDS: Mapping[str, Any] = {
    "first": nw.col("at").min(),
    "last": nw.col("at").max(),
    "ties": nw.col("place").max(),
}
"""What :func:`check_bounds` looks at, over a table that was ordered."""


def check_bounds(found: Mapping[str, Any]) -> None:
    """Refuse a table whose keys may not tell its events apart.

    Args:
        found: The bounds of the table; null where it is empty.

    Raises:
        OptionError: When instants are too far away, or too many events share one.
    """
    if found["first"] is None:
        return
    for moment in (found["first"], found["last"]):
        if not EARLIEST <= moment <= LATEST:
            reason = "frames tell the instants of 1827 to 2112 apart; read the events and fold them"
            raise OptionError("occurred_at", instant_of(moment).isoformat(), reason)
    if found["ties"] > TIES:
        reason = f"so many events of one lead or partner share an instant; frames take {TIES}"
        raise OptionError("occurred_at", found["ties"], reason)


def ordered(table: Frame, *, by: str) -> Frame:
    """The table, kept, with a key that rises in the order of each lead's, or partner's, events.

    The key holds the instant, then the place among the events of that instant, then the precision;
    it is unique within a lead.

    Args:
        table: The settled table.
        by: ``lead_id`` or ``partner_id``.
    """
    table = kept(_keyed(table.with_columns(place=nw.lit(1).cast(nw.Int64))))
    alike = ["at", by]
    moments = kept(_several(table, "at"))  # numbers are grouped faster than they are with texts
    shared = first_row(moments.select(nw.col("n").sum()), small=True)["n"] or 0
    if not shared:
        return table
    if shared * _ONE_IN > first_row(table.select(n=nw.len()), small=True)["n"]:
        moments = kept(distinct(_several(table, *alike).select("at")))
    few = kept(within(table.select(*alike, "precise", *_WITHIN), "at", moments))
    tied = few.join(_several(few, *alike), on=alike, how="semi").with_columns(one=nw.lit(1))
    among = nw.col("one").cum_sum().over(*alike, order_by=_WITHIN).cast(nw.Int64)
    tied = _keyed(tied.with_columns(place=among))
    event = [*alike, "source", "event_id"]
    return amended(table, kept(tied.select(*event, "place", "key")), on=event)


def _several(table: Frame, *names: str) -> Frame:
    """The values of some columns that several rows have, and how many do."""
    return table.group_by(*names).agg(n=nw.len()).filter(nw.col("n") > 1)


def _keyed(table: Frame) -> Frame:
    moment = nw.col("at").clip(EARLIEST, LATEST)  # no overflow; beyond, they are refused
    key = moment * _SPAN + nw.col("place") * _PRECISIONS + nw.col("precise")
    return table.with_columns(key=key)


def moment_of(key: nw.Expr) -> nw.Expr:
    """The instant that a key holds; null where the key is. [microseconds since 1970]

    What is divided is so round that it is exact in engines that divide as floats, too.
    """
    within = ((key % _SPAN) + _SPAN) % _SPAN
    return ((key - within) / _SPAN).cast(nw.Int64)


def precision_of(key: nw.Expr) -> nw.Expr:
    """The number of the precision that a key holds; null where the key is."""
    return ((key % _PRECISIONS) + _PRECISIONS) % _PRECISIONS
