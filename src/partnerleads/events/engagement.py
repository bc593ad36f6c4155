"""Someone talks to the customer, a partner helps, the customer does something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import frozen

from partnerleads.errors import Fault
from partnerleads.events.fact import LeadFact, outside, refuse_faults
from partnerleads.model.ids import AgentId, PartnerId

__all__ = ["ContactMade", "LeadActivity", "PartnerInfluenced"]


@frozen(kw_only=True)
class ContactMade(LeadFact):
    """Someone spoke with the customer; the first such record decides who was there first.

    Attributes:
        by: Who: the own team or a partner.
        partner_id: The partner; needed with ``by="partner"``.
        agent_id: The person.
    """

    by: Literal["own_team", "partner"]
    partner_id: PartnerId | None = None
    agent_id: AgentId | None = None

    def faults(self) -> Iterator[Fault]:
        """A contact by a partner names the partner."""
        if self.by == "partner" and self.partner_id is None:
            yield Fault("$.partner_id", "", "is needed when by is 'partner'")

    __attrs_post_init__ = refuse_faults


@frozen(kw_only=True)
class PartnerInfluenced(LeadFact):
    """A partner helped with a lead; this never makes it sourced.

    Attributes:
        partner_id: The partner.
        activity: What it did.
    """

    partner_id: PartnerId
    activity: str | None = None


@frozen(kw_only=True)
class LeadActivity(LeadFact):
    """The customer did something, such as visiting a page.

    Attributes:
        activity: What.
        count: How often. [count, >= 1]
    """

    activity: str
    count: int = 1

    def faults(self) -> Iterator[Fault]:
        """It happened at least once."""
        yield from outside("count", self.count, 1, 10**9)

    __attrs_post_init__ = refuse_faults
