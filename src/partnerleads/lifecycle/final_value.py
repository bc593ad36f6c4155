"""What a win is worth in the end: its value less what was paid back of it."""

from __future__ import annotations

from collections.abc import Iterable

from partnerleads.events import DealRefunded, LeadEvent, LeadWon
from partnerleads.model import Money

__all__ = ["less", "refunds_after_win"]


def refunds_after_win(events: tuple[LeadEvent, ...], shape: bytes) -> tuple[DealRefunded, ...]:
    """The refunds after the last win, in order.

    Args:
        events: The events of a lead that was won, in order.
        shape: Their kinds, one byte each.
    """
    after = events[shape.rindex(LeadWon.rank) + 1 :]
    return tuple(event for event in after if isinstance(event, DealRefunded))


def less(value: Money, refunds: Iterable[DealRefunded]) -> Money | None:
    """A value less its refunds; None where one is in another currency. [money]"""
    for refund in refunds:
        if refund.value.currency != value.currency:
            return None
        value -= refund.value
    return value
