"""Costs of the programme, and records that take others back."""

from __future__ import annotations

from attrs import frozen

from partnerleads.events.fact import Fact
from partnerleads.model.ids import EventId, PartnerId
from partnerleads.model.money import Money

__all__ = ["CostIncurred", "EventRetracted"]


@frozen(kw_only=True)
class CostIncurred(Fact):
    """The programme spent money.

    Attributes:
        kind: What for.
        cost: How much. [money]
        partner_id: For which partner; None is the programme's own cost.
    """

    kind: str
    cost: Money
    partner_id: PartnerId | None = None


@frozen(kw_only=True)
class EventRetracted(Fact):
    """A record was taken back as wrong; final, from when this was recorded.

    Attributes:
        retracts: Event id of the record, of the same source.
        reason: Why.
    """

    retracts: EventId
    reason: str | None = None
