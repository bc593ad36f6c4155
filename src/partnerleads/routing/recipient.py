"""Whoever can be given a lead: a partner, an agent of one, an own rep or a team, in one shape."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any, cast

from attrs import evolve, field, frozen
from attrs.validators import optional

from partnerleads.errors import OptionError
from partnerleads.model import Partner, RecipientId, WorkingHours
from partnerleads.model.options import a_flag, check_hours, is_count

__all__ = ["Recipient", "recipient_of", "recipients_of"]


def _frozen(value: Iterable[str] | None) -> frozenset[str]:
    """Names in a set; what are none stays as it is, for the check that knows what they are of."""
    given: Any = () if value is None else value
    is_list = isinstance(given, Iterable) and not isinstance(given, str)
    return frozenset(given) if is_list else cast("frozenset[str]", given)


def _names(_: object, attribute: Any, value: Any) -> None:
    """Refuse what is no list of names, such as one name or a number."""
    if not isinstance(value, frozenset):
        raise OptionError(attribute.name, value, f"write a list of names, such as [{str(value)!r}]")
    for name in value:
        _text(None, attribute, name)


def _text(_: object, attribute: Any, value: Any) -> None:
    """Refuse a name that is no text, such as a number that was an id in a database."""
    if not isinstance(value, str):
        raise OptionError(attribute.name, value, f"must be text; write {str(value)!r}")


def _id(_: object, attribute: Any, value: Any) -> None:
    """Refuse an id that is no text or names nobody, such as an empty cell of a table."""
    _text(None, attribute, value)
    if not value.strip():
        raise OptionError(attribute.name, value, "must name somebody, such as 'acme'")


def weight_of(value: Fraction | float) -> Fraction:
    """The weight as it is written, so that 0.1 is a tenth.

    Raises:
        OptionError: When it is no finite number of at least 0.
    """
    number = isinstance(value, Real | Decimal) and not isinstance(value, bool)
    with suppress(OverflowError, ValueError):
        if number and math.isfinite(value) and value >= 0:
            if isinstance(value, Rational):  # those of arrays have parts that overflow
                return Fraction(int(value.numerator), int(value.denominator))
            return Fraction(str(value))
    raise OptionError("weight", value, "must be a finite number of at least 0")


def _whole(value: int | None) -> int | None:
    """A count of any kind as a plain number, as records write it."""
    return int(value) if value is not None and is_count(value) else value


def _flag(value: bool) -> bool:  # noqa: FBT001 - a converter
    """The truth values of arrays as plain ones; they are of types of their own."""
    return bool(value) if type(value).__name__ in ("bool", "bool_") else value


def _capacity(_: object, __: object, value: int | None) -> None:
    if value is not None and not is_count(value):
        raise OptionError(
            "capacity", value, "must be a whole number of leads, or None for no limit"
        )


@frozen(kw_only=True)
class Recipient:
    """Somebody who can be given a lead, as a policy sees it.

    What was never stated is not held: a recipient without territories serves none of them, and one
    without expertise has none. One that serves everywhere names the root of the tree.

    Attributes:
        recipient_id: Stable identifier; never reused.
        territories: Territories it serves, each with all that lies below it.
        expertise: What it knows, such as industries.
        tier: Tier of the programme; None has none.
        capacity: Most open leads and offers at a time; None has no limit. [count, >= 0]
        weight: Share of turns relative to others, exact; 0 gets no turn beside others. [>= 0]
        hours: Working hours in their own zone; None is always there.
        parent: The partner of an agent, or the firm above a partner.
        affiliates: Others that count as the same house: whoever asks one has asked all.
        active: Whether it takes leads at all.

    Raises:
        OptionError: When a name is no text, an id is empty, a list of names is one text, or a
            number is none.

    >>> Recipient(recipient_id="acme", weight=0.1).weight
    Fraction(1, 10)
    """

    recipient_id: RecipientId = field(validator=_id)
    territories: frozenset[str] = field(default=frozenset(), converter=_frozen, validator=_names)
    expertise: frozenset[str] = field(default=frozenset(), converter=_frozen, validator=_names)
    tier: str | None = field(default=None, validator=optional(_text))
    capacity: int | None = field(default=None, converter=_whole, validator=_capacity)
    weight: Fraction = field(default=Fraction(1), converter=weight_of)
    hours: WorkingHours | None = field(default=None, validator=check_hours)
    parent: RecipientId | None = field(default=None, validator=optional(_id))
    affiliates: frozenset[RecipientId] = field(
        default=frozenset(), converter=_frozen, validator=_names
    )
    active: bool = field(default=True, converter=_flag, validator=a_flag)

    @property
    def house(self) -> frozenset[RecipientId]:
        """The recipient, its parent and its affiliates."""
        own = {self.recipient_id} if self.parent is None else {self.recipient_id, self.parent}
        return self.affiliates | own

    def acts_for(self, recipient_id: RecipientId) -> bool:
        """Whether it is that recipient, or belongs to it as an agent belongs to a partner."""
        return recipient_id in (self.recipient_id, self.parent)


def recipient_of(partner: Partner) -> Recipient:
    """The recipient that a partner is, as its events describe it.

    Args:
        partner: The partner; regions are its territories. Working hours without a zone are in UTC,
            and a partner without a weight has the weight 1.
    """
    hours = None
    if partner.working_hours is not None:
        zone = partner.time_zone or "UTC"
        hours = WorkingHours.parse(partner.working_hours, time_zone=zone)
    return Recipient(
        recipient_id=partner.partner_id,
        territories=frozenset(partner.regions or ()),
        expertise=frozenset(partner.expertise or ()),
        tier=partner.tier,
        capacity=partner.capacity,
        weight=1.0 if partner.weight is None else partner.weight,
        hours=hours,
        parent=partner.parent,
        active=partner.active,
    )


def recipients_of(
    partners: Iterable[Partner], *, others: Iterable[Recipient] = ()
) -> tuple[Recipient, ...]:
    """The recipients that partners are, and others, by id; each knows its affiliates.

    All that lead to one firm, by any number of parents, are affiliates.

    Args:
        partners: The partners, such as ``lives.partners.values()``. Those are the ones with events
            of their own, such as ``partner_onboarded``; without these write recipients by hand.
        others: Recipients with no events of their own: agents, own reps, teams.

    Raises:
        OptionError: When two have one id.
    """
    found: dict[RecipientId, Recipient] = {}
    for recipient in (*map(recipient_of, partners), *others):
        if recipient.recipient_id in found:
            raise OptionError("recipient_id", recipient.recipient_id, "names two recipients")
        found[recipient.recipient_id] = recipient
    houses: dict[RecipientId, set[RecipientId]] = defaultdict(set)
    for name in found:
        houses[_firm(name, found)].add(name)
    return tuple(
        evolve(
            found[name],
            affiliates=found[name].affiliates | (houses[_firm(name, found)] - {name}),
        )
        for name in sorted(found)
    )


def _firm(name: RecipientId, found: dict[RecipientId, Recipient]) -> RecipientId:
    """The last parent of a recipient; of parents that go round in a circle the smallest name."""
    passed = [name]
    while name in found and (parent := found[name].parent) is not None:
        if parent in passed:
            return min(passed[passed.index(parent) :])
        passed.append(parent)
        name = parent
    return name
