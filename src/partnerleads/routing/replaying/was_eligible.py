"""The hard rule that keeps a replay to those who could have been chosen then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from attrs import field, frozen

from partnerleads.model import FrozenMap, LeadId
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.replaying.past_choice import OnRecord, past_choices
from partnerleads.routing.rules import words

__all__ = ["WasEligible"]

_Then: TypeAlias = tuple[datetime, frozenset[str]]


def _by_lead(
    records: Iterable[OnRecord] | FrozenMap[LeadId, tuple[_Then, ...]],
) -> FrozenMap[LeadId, tuple[_Then, ...]]:
    given: Any = records
    if isinstance(given, FrozenMap):
        return given
    found: dict[LeadId, list[_Then]] = defaultdict(list)
    for choice in past_choices(given):
        found[choice.lead_id].append((choice.at, frozenset(choice.eligible)))
    return FrozenMap({lead_id: tuple(known) for lead_id, known in found.items()})


@frozen
class WasEligible:
    """The recipient could have been chosen for the lead then, as the record has it.

    With it a replay asks what another router would have made of the same choices; without it, what
    another policy would have. A lead without a record asks for nothing.

    Attributes:
        records: Decisions, or ``lead_routed`` events; kept as who was eligible for each lead, and
            when. Of several records the last one up to the moment counts.
    """

    records: FrozenMap[LeadId, tuple[_Then, ...]] = field(converter=_by_lead, repr=False)
    name: ClassVar[str] = "eligible then"

    def _names(self, lead: Prospect, context: RoutingContext) -> frozenset[str] | None:
        known = self.records.get(lead.lead_id, ())
        return next((names for at, names in reversed(known) if at <= context.as_of), None)

    def tokens(self, recipient: Recipient, /) -> frozenset[str]:
        """Its id."""
        return frozenset({recipient.recipient_id})

    def clauses(self, lead: Prospect, context: RoutingContext, /) -> tuple[frozenset[str], ...]:
        """Those who could have been chosen."""
        names = self._names(lead, context)
        return () if names is None else (names,)

    def passes(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether it could have been chosen."""
        names = self._names(lead, context)
        return names is None or recipient.recipient_id in names

    def observed(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> str:
        """Whether it could have been chosen."""
        if self._names(lead, context) is None:
            return "no record of the lead"
        could = self.passes(recipient, lead, context)
        return "could have been chosen" if could else "could not have been chosen"

    def required(self, lead: Prospect, context: RoutingContext, /) -> str:
        """Being one of them."""
        names = self._names(lead, context)
        return "nothing" if names is None else f"one of {words(names)}"
