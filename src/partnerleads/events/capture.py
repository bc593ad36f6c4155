"""A lead enters the records, or more is learned of it."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from partnerleads.events.fact import LeadFact, later_instant
from partnerleads.model.ids import PartnerId
from partnerleads.model.lead import Lead
from partnerleads.model.money import Money

__all__ = ["LeadCaptured", "LeadUpdated"]


@frozen(kw_only=True)
class LeadCaptured(LeadFact):
    """A prospective customer was logged for the first time.

    Attributes:
        lead: What was known then.
        originator: Partner who brought it; None where the own team found it.
        expected_value: What the deal may be worth. [money]
        expected_close_at: When it is expected to close. [aware datetime]
    """

    lead: Lead = field(factory=Lead)
    originator: PartnerId | None = None
    expected_value: Money | None = None
    expected_close_at: datetime | None = field(default=None, converter=later_instant)


@frozen(kw_only=True)
class LeadUpdated(LeadFact):
    """More was learned of a lead.

    Attributes:
        lead: The changed facts alone.
    """

    lead: Lead
