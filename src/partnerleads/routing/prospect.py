"""A lead that wants a recipient."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen
from attrs.validators import optional

from partnerleads.errors import OptionError
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import Lead, LeadId, Money

__all__ = ["Prospect", "on_the_scale", "prospect_of", "stated"]


def on_the_scale(_: object, attribute: Any, value: Any) -> None:
    """Refuse what is no score from 0 to 100."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= 100:
        reason = "must be a number between 0 and 100, as the score of a lead is"
        raise OptionError(attribute.name, value, reason)


def _facts(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, Lead):
        raise OptionError(attribute.name, value, "pass a Lead, such as Lead(country='DE')")


def _money(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, Money):
        raise OptionError(attribute.name, value, "pass Money, such as Money('9000', 'EUR')")


@frozen(kw_only=True)
class Prospect:
    """A lead that wants a recipient, with what rules and routers may ask about it.

    Attributes:
        lead_id: The lead.
        facts: What is known of it.
        expected_value: What the deal may be worth. [money]
        score: How promising it is; None where it was not scored. [points, 0..100]

    Raises:
        OptionError: When the facts are no lead, the value is no money, or the score is none.
    """

    lead_id: LeadId
    facts: Lead = field(factory=Lead, validator=_facts)
    expected_value: Money | None = field(default=None, validator=optional(_money))
    score: float | None = field(default=None, validator=optional(on_the_scale))

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


def prospect_of(life: LeadLifecycle, *, score: float | None = None) -> Prospect:
    """The lead that a lifecycle tells of, as known by its moment.

    Args:
        life: The lifecycle; later updates of its facts count. A close that was reopened is none.
        score: How promising it is, as a scorer had it. [points, 0..100]

    Raises:
        OptionError: When that is no lifecycle; when the lead is won, lost or disqualified: it wants
            no recipient; or when the score is none.
    """
    given: Any = life
    if not isinstance(given, LeadLifecycle):
        raise OptionError("life", life, "pass one lifecycle, such as lives['L1']")
    if life.closed is not None:
        reason = f"is {life.status}, and a closed lead wants no recipient; pass open ones"
        raise OptionError("life", life.lead_id, reason)
    return Prospect(
        lead_id=life.lead_id, facts=life.facts, expected_value=life.expected_value, score=score
    )
