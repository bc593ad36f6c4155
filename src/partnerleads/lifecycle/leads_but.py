"""All leads but some, without a copy of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle
from partnerleads.model import LeadId

__all__ = ["LeadsBut"]


class LeadsBut(Mapping[LeadId, LeadLifecycle]):
    """A view of leads that does not show some of them.

    Args:
        leads: The leads.
        gone: Those that are not shown; if they are few, the view costs little.
    """

    def __init__(self, leads: Mapping[LeadId, LeadLifecycle], gone: AbstractSet[LeadId]) -> None:
        self._leads = leads
        self._gone = frozenset(lead_id for lead_id in gone if lead_id in leads)

    def __getitem__(self, lead_id: LeadId) -> LeadLifecycle:
        if lead_id in self._gone:
            raise KeyError(lead_id)
        return self._leads[lead_id]

    def __contains__(self, lead_id: object) -> bool:
        return lead_id in self._leads and lead_id not in self._gone

    def __iter__(self) -> Iterator[LeadId]:
        gone = self._gone
        return (lead_id for lead_id in self._leads if lead_id not in gone)

    def __len__(self) -> int:
        return len(self._leads) - len(self._gone)
