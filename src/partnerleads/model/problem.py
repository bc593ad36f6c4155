"""Two kinds of doubt about a history: problems and findings."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from partnerleads.model.figure import counted
from partnerleads.model.ids import EventId, LeadId, PartnerId

__all__ = ["Finding", "Problem"]


@frozen(kw_only=True)
class Problem:
    """A history contradicts itself.

    Attributes:
        rule: Name of the broken rule, from a closed list.
        words: What is wrong, for people.
        lead_id: The lead; None where the problem is not about one lead.
        event_ids: The events that contradict one another.
        leads: How many leads it is about; above 1 where one cause touches many, 0 where it is
            about none. [count]
    """

    rule: str
    words: str
    lead_id: LeadId | None = None
    event_ids: tuple[EventId, ...] = ()
    leads: int = 1

    def __str__(self) -> str:
        about = self.lead_id or (counted(self.leads, "lead") if self.leads else "history")
        shown = f" ({', '.join(self.event_ids)})" if self.event_ids else ""
        return f"{self.rule}: {about}: {self.words}{shown}"


@frozen(kw_only=True)
class Finding:
    """Something a reviewer should doubt.

    Attributes:
        rule: Name of the check that found it.
        words: What was found, for people.
        lead_id: The lead; None where it is about the whole history.
        partner_id: The partner; None where it is about none.
        event_ids: The evidence.
        at: The moment it is about.
    """

    rule: str
    words: str
    lead_id: LeadId | None = None
    partner_id: PartnerId | None = None
    event_ids: tuple[EventId, ...] = ()
    at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.rule}: {self.lead_id or 'history'}: {self.words}"
