"""A lead that wants a recipient."""

from __future__ import annotations

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import Lead, LeadId, Money

__all__ = ["Prospect", "prospect_of", "stated"]


@frozen(kw_only=True)
class Prospect:
    """A lead that wants a recipient, with what rules and routers may ask about it.

    Attributes:
        lead_id: The lead.
        facts: What is known of it.
        expected_value: What the deal may be worth. [money]
    """

    lead_id: LeadId
    facts: Lead = field(factory=Lead)
    expected_value: Money | None = None

    @property
    def territory(self) -> str | None:
        """Where it is: its region, else its country."""
        return self.facts.region or self.facts.country


def stated(lead: Prospect, names: tuple[str, ...]) -> frozenset[str]:
    """What a lead states under some names of its facts.

    Args:
        lead: The lead.
        names: Fields of the facts such as ``industry``, or ``attributes.NAME``.

    >>> lead = Prospect(lead_id="L1", facts=Lead(industry="steel"))
    >>> sorted(stated(lead, ("industry", "country")))
    ['steel']
    """
    facts = lead.facts
    values = (
        facts.attributes.get(name.removeprefix("attributes."))
        if name.startswith("attributes.")
        else getattr(facts, name)
        for name in names
    )
    return frozenset(str(value) for value in values if value is not None)


def prospect_of(life: LeadLifecycle) -> Prospect:
    """The lead that a lifecycle tells of, as known by its moment.

    Args:
        life: The lifecycle; later updates of its facts count. A close that was reopened is none.

    Raises:
        OptionError: When the lead is won, lost or disqualified: it wants no recipient.
    """
    if life.closed is not None:
        reason = f"is {life.status}, and a closed lead wants no recipient; pass open ones"
        raise OptionError("life", life.lead_id, reason)
    return Prospect(lead_id=life.lead_id, facts=life.facts, expected_value=life.expected_value)
