"""A lead is routed, offered, answered and assigned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from attrs import field, frozen

from partnerleads.errors import Fault
from partnerleads.events.fact import (
    LeadFact,
    as_number,
    later_instant,
    nobody,
    outside,
    refuse_faults,
)
from partnerleads.model.frozen_map import FrozenMap
from partnerleads.model.ids import AgentId, PartnerId, RecipientId

__all__ = [
    "LeadAccepted",
    "LeadAssigned",
    "LeadDeclined",
    "LeadOffered",
    "LeadReturned",
    "LeadRouted",
    "OfferExpired",
    "OfferWithdrawn",
]


def _chances(value: Mapping[str, float] | None) -> FrozenMap[str, float] | None:
    if value is None:
        return None
    return FrozenMap({name: as_number(chance) for name, chance in value.items()})


@frozen(kw_only=True)
class LeadRouted(LeadFact):
    """A router chose among the recipients that could take the lead.

    Attributes:
        decision_id: Identity of the decision record.
        eligible: Everyone who could have been chosen.
        chosen: Who was; None where nobody could take it.
        propensities: Chance of each to be chosen. [0..1 each]
        policy: Fingerprint of the policy.
    """

    decision_id: str | None = None
    eligible: tuple[RecipientId, ...] = field(converter=tuple)
    chosen: RecipientId | None = None
    propensities: FrozenMap[str, float] | None = field(default=None, converter=_chances)
    policy: str | None = None

    def faults(self) -> Iterator[Fault]:
        """The chosen one was eligible, and chances are chances."""
        if self.chosen is not None and self.chosen not in self.eligible:
            yield Fault("$.chosen", repr(self.chosen), "is not among the eligible")
        for name, chance in (self.propensities or {}).items():
            yield from outside(f"propensities.{name}", chance, 0.0, 1.0)

    __attrs_post_init__ = refuse_faults


@frozen(kw_only=True)
class LeadOffered(LeadFact):
    """A recipient was asked whether it takes the lead.

    Attributes:
        partner_id: The partner asked.
        agent_id: The person asked; at least one of the two is named.
        offer_id: Identity of the offer; repeated, it is the same offer.
        expires_at: When the offer lapses. [aware datetime]
    """

    partner_id: PartnerId | None = None
    agent_id: AgentId | None = None
    offer_id: str | None = None
    expires_at: datetime | None = field(default=None, converter=later_instant)

    def faults(self) -> Iterator[Fault]:
        """An offer goes to somebody."""
        yield from nobody(self.partner_id, self.agent_id)

    __attrs_post_init__ = refuse_faults


@frozen(kw_only=True)
class Answer(LeadFact):
    """What became of an offer, or of a lead that was taken.

    Attributes:
        partner_id: The partner.
        agent_id: The person.
        offer_id: The offer it answers.
        reason: Why.
    """

    partner_id: PartnerId | None = None
    agent_id: AgentId | None = None
    offer_id: str | None = None
    reason: str | None = None


@frozen(kw_only=True)
class LeadAccepted(Answer):
    """The recipient took the lead."""


@frozen(kw_only=True)
class LeadDeclined(Answer):
    """The recipient refused the lead."""


@frozen(kw_only=True)
class OfferExpired(Answer):
    """The recipient did not answer in time."""


@frozen(kw_only=True)
class OfferWithdrawn(Answer):
    """The sender took the offer back; it does not count as answered."""


@frozen(kw_only=True)
class LeadReturned(Answer):
    """The recipient gave back a lead that it had taken."""


@frozen(kw_only=True)
class LeadAssigned(LeadFact):
    """A person became responsible for the lead.

    Attributes:
        agent_id: The person.
        partner_id: The person's partner; None for the own team.
    """

    agent_id: AgentId
    partner_id: PartnerId | None = None
