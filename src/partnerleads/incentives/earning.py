"""What the events of one deal make owed to partners, line by line.

What a partner is owed at any moment is its rate of what refunds have left of the value or margin,
rounded once; the line of an event is the difference that it makes. So the lines of a deal add up
to what it is worth now, and those of one that was paid back, or no longer stands, to 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from attrs import frozen

from partnerleads.events import (
    DealRefunded,
    LeadDisqualified,
    LeadEvent,
    LeadLost,
    LeadReopened,
    LeadWon,
)
from partnerleads.incentives.commission_result import Cause, CommissionLine
from partnerleads.incentives.earners import Earner
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import Money

__all__ = ["Owed", "owed_by"]

_UNDOING = (LeadLost, LeadDisqualified, LeadReopened)
_ALL, _NONE = Fraction(1), Fraction(0)


@frozen
class Owed:
    """A line with the event that caused it; or a refund that takes nothing back.

    Attributes:
        event: The event.
        line: The line; None for a refund in another currency, or of a win without a value.
    """

    event: LeadEvent
    line: CommissionLine | None = None


def owed_by(lead: LeadLifecycle, earners: Callable[[LeadWon], list[Earner]]) -> Iterator[Owed]:
    """What each event of a deal makes owed, in order.

    Args:
        lead: The deal.
        earners: Who earns by a win.
    """
    win: _Win | None = None
    for event in lead.events:
        if isinstance(event, LeadWon):
            if win is not None:
                yield from win.ended(event)
            win = _Win(event, earners(event))
            yield from win.lines("won", event, _NONE, _ALL)
        elif win is not None and isinstance(event, DealRefunded):
            yield from win.refunded(event)
        elif win is not None and isinstance(event, _UNDOING):
            yield from win.ended(event)
            win = None


class _Win:
    """A win while it stands, and what refunds left of it."""

    def __init__(self, won: LeadWon, earners: list[Earner]) -> None:
        self.won = won
        self.earners = earners
        self.left = _ALL
        self.refunds = _NONE

    def refunded(self, event: DealRefunded) -> Iterator[Owed]:
        """What a refund takes back: as much as it takes of the value, and never more than all."""
        value: Money | None = self.won.value
        if value is None or value.amount <= 0 or value.currency != event.value.currency:
            yield from [Owed(event)] * bool(self.earners)
            return
        self.refunds += Fraction(event.value.amount)
        was, part = self.left, 1 - self.refunds / Fraction(value.amount)
        self.left = min(max(part, _NONE), _ALL)
        yield from self.lines("refunded", event, was, self.left)

    def ended(self, event: LeadEvent) -> Iterator[Owed]:
        """What is taken back when the win no longer stands: all that is left."""
        return self.lines("undone", event, self.left, _NONE)

    def lines(self, cause: Cause, event: LeadEvent, was: Fraction, now: Fraction) -> Iterator[Owed]:
        """The lines of an event that changes what is left."""
        for earner in self.earners if was != now else ():
            before, after = earner.base(was), earner.base(now)
            ids = (event.event_id, self.won.event_id, *earner.evidence)
            line = CommissionLine(
                partner_id=earner.partner_id,
                lead_id=self.won.lead_id,
                kind=earner.row.kind,
                cause=cause,
                occurred_at=event.occurred_at,
                base=after - before,
                rate=earner.row.rate,
                amount=earner.owed(after) - earner.owed(before),
                row=earner.row.name,
                of=earner.row.of,
                attribution=earner.attribution,
                tier=earner.tier,
                event_ids=tuple(dict.fromkeys(ids)),
            )
            yield Owed(event, line)
