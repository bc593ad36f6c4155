"""Names for the identifiers; each is a text that its source never reuses."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["AgentId", "EventId", "LeadId", "PartnerId", "RecipientId"]

EventId: TypeAlias = str
LeadId: TypeAlias = str
PartnerId: TypeAlias = str
AgentId: TypeAlias = str
RecipientId: TypeAlias = str
"""A partner or an agent: whoever can be offered a lead."""
