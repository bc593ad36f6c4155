"""What one look at all events of leads tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.errors import OptionError
from partnerleads.frames.engines import Frame, distinct, first_row, rows
from partnerleads.frames.flags import one_where
from partnerleads.frames.ordering import BOUNDS, check_bounds
from partnerleads.frames.table import CURRENCIES, MONEY, PRECISIONS

__all__ = ["currencies_of", "span_of"]

_MOST_UNITS = 2.0**62
"""Sums of smallest units stay well within 64 bits."""


def span_of(table: Frame) -> Mapping[str, Any]:
    """The first and last instant, which precisions and ties there are, the ends of money.

    Args:
        table: The ordered events of leads.

    Returns:
        The numbers by name, all 0 where there are no events.

    Raises:
        OptionError: When instants or sums are beyond what frames can tell.
    """
    flags = {
        f"is_{name}": one_where(nw.col("precise") == number)
        for number, name in enumerate(PRECISIONS)
    }
    found = first_row(
        table.with_columns(**flags).select(
            nw.col(*flags).max(),
            nw.col(*MONEY, *CURRENCIES).min().name.prefix("least_"),
            nw.col(*CURRENCIES).max().name.prefix("most_"),
            nw.col(*MONEY).cast(nw.Float64).abs().sum(),
            **BOUNDS,
            events=nw.len(),
            offer_ids=nw.col("offer_id").count(),
            numbered=nw.col("sequence").abs().max(),
        )
    )
    if found["first"] is None:
        return dict.fromkeys(found, 0)
    check_bounds(found)
    for name in MONEY:
        if (found[name] or 0) > _MOST_UNITS:
            reason = "all amounts together are beyond 64 bits; check the unit"
            raise OptionError(name, found[name], reason)
    return found


def currencies_of(table: Frame, span: Mapping[str, Any]) -> tuple[str, ...]:
    """Every currency in which money is stated; mostly it is one, and the ends of the texts tell.

    Args:
        table: The ordered events of leads.
        span: By :func:`span_of`.
    """
    ends = {span[f"{end}_{name}"] for name in CURRENCIES for end in ("least", "most")}
    stated = {end for end in ends if end}
    if len(stated) > 1:  # there may be others between them
        found = rows(distinct(table.select(*CURRENCIES)))
        stated = {currency for row in found for currency in row.values() if currency}
    return tuple(sorted(stated))
