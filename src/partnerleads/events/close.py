"""A lead is won, lost, opened again; money goes back."""

from __future__ import annotations

from attrs import frozen

from partnerleads.events.fact import LeadFact
from partnerleads.model.ids import AgentId, PartnerId
from partnerleads.model.money import Money

__all__ = ["DealRefunded", "LeadLost", "LeadReopened", "LeadWon"]


@frozen(kw_only=True)
class LeadWon(LeadFact):
    """The customer signed; this closes the lead until a reopen.

    Attributes:
        value: Contract value; recognised here, whatever is invoiced later. [money]
        margin: What is left of it. [money]
        partner_id: The partner who closed it.
        agent_id: The person who closed it.
    """

    value: Money | None = None
    margin: Money | None = None
    partner_id: PartnerId | None = None
    agent_id: AgentId | None = None


@frozen(kw_only=True)
class LeadLost(LeadFact):
    """The customer will not buy; this closes the lead until a reopen.

    Attributes:
        reason: Why.
        partner_id: The partner who lost it.
        agent_id: The person who lost it.
    """

    reason: str | None = None
    partner_id: PartnerId | None = None
    agent_id: AgentId | None = None


@frozen(kw_only=True)
class LeadReopened(LeadFact):
    """A closed lead is open again; its earlier close no longer stands.

    Attributes:
        reason: Why.
    """

    reason: str | None = None


@frozen(kw_only=True)
class DealRefunded(LeadFact):
    """Money of a won deal went back to the customer.

    Attributes:
        value: How much. [money, positive]
    """

    value: Money
