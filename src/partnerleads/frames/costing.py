"""What a programme spent, read off a frame; costs are few, so they are events again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.events import CostIncurred, order_key
from partnerleads.frames.engines import Frame, rows
from partnerleads.frames.table import PRECISIONS, has
from partnerleads.frames.zones import instant_of
from partnerleads.model import Money
from partnerleads.model.money import EXACT, minor_units

__all__ = ["costs_of"]

_SAID = ("event_id", "source", "sequence", "kind", "partner_id")


def costs_of(facts: Frame) -> tuple[CostIncurred, ...]:
    """The costs among settled events, in order.

    Args:
        facts: The settled events that count.
    """
    spent = facts.filter(has(CostIncurred)).select(
        *_SAID,
        "at",
        "recorded",
        "cost",
        "cost_currency",
        precise=nw.col("precise").cast(nw.Int64),
    )
    return tuple(sorted(map(_cost, rows(spent)), key=order_key))


def _cost(row: dict[str, Any]) -> CostIncurred:
    currency: str = row["cost_currency"]
    amount = EXACT.scaleb(Decimal(row["cost"]), -minor_units(currency))
    return CostIncurred(
        **{name: row[name] for name in _SAID},
        occurred_at=instant_of(row["at"]),
        recorded_at=instant_of(row["recorded"]),
        precision=PRECISIONS[row["precise"]],
        cost=Money(amount, currency),
    )
