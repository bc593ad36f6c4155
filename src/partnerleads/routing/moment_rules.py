"""The hard rules that depend on the moment: capacity, hours, exclusions, claims, ownership."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import ClassVar

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, RecipientId, WorkingHours
from partnerleads.routing.context import Protection, RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = [
    "HasCapacity",
    "InWorkingHours",
    "KeepsAccountOwner",
    "KeepsRegistration",
    "NotExcluded",
]

_INSTANT = timedelta(microseconds=1)


@frozen
class HasCapacity:
    """The recipient has fewer open leads and offers than it can work; open offers count."""

    name: ClassVar[str] = "capacity"

    def passes(self, recipient: Recipient, _lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether one more fits."""
        capacity = recipient.capacity
        return capacity is None or context.load.get(recipient.recipient_id, 0) < capacity

    def observed(self, recipient: Recipient, _lead: Prospect, context: RoutingContext, /) -> str:
        """How many it has, of how many."""
        limit = "any number" if recipient.capacity is None else recipient.capacity
        return f"{context.load.get(recipient.recipient_id, 0)} open of {limit}"

    def required(self, _lead: Prospect, _context: RoutingContext, /) -> str:
        """Room for one."""
        return "room for one more"


@frozen
class InWorkingHours:
    """The recipient is at work at the moment, by its own hours, zone and holidays."""

    name: ClassVar[str] = "working hours"

    def passes(self, recipient: Recipient, _lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether it is at work; one without hours always is."""
        hours = recipient.hours
        return hours is None or _open_at(hours, id(hours.holidays), context.as_of)

    def observed(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> str:
        """The moment on its own clock."""
        if recipient.hours is None:
            return "no hours stated, so always open"
        local = context.as_of.astimezone(recipient.hours.tz)
        state = "open" if self.passes(recipient, lead, context) else "closed"
        return f"{state} at {local:%a %H:%M} its time"

    def required(self, _lead: Prospect, context: RoutingContext, /) -> str:
        """Open now."""
        return f"open at {context.as_of:%Y-%m-%d %H:%M} UTC"


@lru_cache(maxsize=4096)
def _open_at(hours: WorkingHours, holidays: int, moment: datetime) -> bool:
    """Whether work goes on at a moment; calendars of other packages may be equal and differ."""
    del holidays
    if moment > datetime.max.replace(tzinfo=moment.tzinfo) - _INSTANT:
        return False
    return hours.between(moment, moment + _INSTANT) > timedelta(0)


def _accounts(value: Mapping[str, Iterable[RecipientId]]) -> FrozenMap[str, frozenset[RecipientId]]:
    wrong = {account: names for account, names in value.items() if isinstance(names, str)}
    if wrong:
        raise OptionError("accounts", wrong, "must be lists of names, such as ['acme']")
    return FrozenMap({account: frozenset(names) for account, names in value.items()})


@frozen
class NotExcluded:
    """Nobody of the recipient's house has turned the lead down, or is kept from the account.

    Attributes:
        accounts: Who may not work an account, such as its competitors.

    Raises:
        OptionError: When those of an account are one text.
    """

    accounts: FrozenMap[str, frozenset[RecipientId]] = field(factory=FrozenMap, converter=_accounts)
    name: ClassVar[str] = "exclusion"

    def concerns(self, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether somebody is excluded from the lead, or from its account."""
        return lead.lead_id in context.excluded or lead.facts.account in self.accounts

    def _against(self, recipient: Recipient, lead: Prospect, context: RoutingContext) -> set[str]:
        refused = context.excluded.get(lead.lead_id, ())
        account = lead.facts.account
        kept = () if account is None else self.accounts.get(account, ())
        return {*refused, *kept} & recipient.house

    def passes(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether nobody of its house is excluded."""
        return not self._against(recipient, lead, context)

    def observed(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> str:
        """Who of its house is."""
        against = self._against(recipient, lead, context)
        return f"{', '.join(sorted(against))} excluded" if against else "nobody excluded"

    def required(self, _lead: Prospect, _context: RoutingContext, /) -> str:
        """Nobody."""
        return "nobody of its house has turned the lead down or is kept from the account"


def _in_force(lead: Prospect, context: RoutingContext) -> list[Protection]:
    """The registrations that the moment has not outlived, the one that counts first."""
    known = context.protections.get(lead.lead_id)
    if not known:
        return []
    now = context.as_of
    return [one for one in known if one.until is None or now < one.until]


def protection(lead: Prospect, context: RoutingContext) -> Protection | None:
    """The registration in force that counts, if there is one."""
    found = _in_force(lead, context)
    return found[0] if found else None


@frozen
class KeepsRegistration:
    """While a registration is in force, the lead goes to its partner or that partner's agents.

    Of several in force the first by record counts; the others are conflicts, and told.
    """

    name: ClassVar[str] = "registration"

    def concerns(self, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether the lead has registrations."""
        return lead.lead_id in context.protections

    def steers(self, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether a registration is in force."""
        return protection(lead, context) is not None

    def conflicts(self, lead: Prospect, context: RoutingContext, /) -> tuple[str, ...]:
        """The registrations of other partners that are in force."""
        held, *others = _in_force(lead, context) or (None,)
        return tuple(
            f"registration {other.event_id} of {other.partner_id} is in force too"
            for other in others
            if held is not None and other.partner_id != held.partner_id
        )

    def passes(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether there is none, or it is the recipient's."""
        held = protection(lead, context)
        return held is None or recipient.acts_for(held.partner_id)

    def observed(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> str:
        """Whether it is the recipient's."""
        if protection(lead, context) is None:
            return "no registration in force"
        mine = self.passes(recipient, lead, context)
        return "acts for the one that registered it" if mine else "did not register it"

    def required(self, lead: Prospect, context: RoutingContext, /) -> str:
        """Being its partner."""
        held = protection(lead, context)
        if held is None:
            return "nothing"
        end = "" if held.until is None else f" until {held.until:%Y-%m-%d %H:%M} UTC"
        return f"to act for {held.partner_id} (registration {held.event_id}{end})"


def owner(lead: Prospect, context: RoutingContext) -> RecipientId | None:
    """Who owns the lead's account, if anybody does."""
    account = lead.facts.account
    return None if account is None else context.owners.get(account)


@frozen
class KeepsAccountOwner:
    """A lead of an account that somebody owns goes to the owner or the owner's agents.

    A registration in force goes before ownership; where they differ, that is a conflict, and told.
    """

    name: ClassVar[str] = "account owner"

    def concerns(self, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether somebody owns the account."""
        return lead.facts.account in context.owners

    def steers(self, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether somebody owns the account, and no registration goes before."""
        return owner(lead, context) is not None and protection(lead, context) is None

    def conflicts(self, lead: Prospect, context: RoutingContext, /) -> tuple[str, ...]:
        """The owner, where a registration goes before it."""
        owned, held = owner(lead, context), protection(lead, context)
        if owned is None or held is None or owned == held.partner_id:
            return ()
        return (f"{owned} owns {lead.facts.account}, which {held.partner_id} has registered",)

    def passes(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> bool:
        """Whether nobody owns the account, or the recipient does."""
        if protection(lead, context) is not None:
            return True
        owned = owner(lead, context)
        return owned is None or recipient.acts_for(owned)

    def observed(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> str:
        """Whether the recipient does."""
        owned = owner(lead, context)
        if owned is None:
            return "nobody owns the account"
        return "owns the account" if recipient.acts_for(owned) else "does not own the account"

    def required(self, lead: Prospect, context: RoutingContext, /) -> str:
        """Being its owner."""
        owned = owner(lead, context)
        if owned is None or protection(lead, context) is not None:
            return "nothing"
        return f"to act for {owned}, the owner of {lead.facts.account}"
