"""What one partner's events come to: the only thing that metrics read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias, TypeVar

from attrs import frozen

from partnerleads.attribution.influences import influences_of
from partnerleads.errors import MixedCurrencyError
from partnerleads.events import (
    CostIncurred,
    LeadAccepted,
    LeadWon,
    PartnerEvent,
)
from partnerleads.kpis.measuring.composing import as_decimal
from partnerleads.kpis.measuring.sums import converted
from partnerleads.kpis.measuring.tally import Question, Rates
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.lifecycle.lead_lifecycle import Status
from partnerleads.lifecycle.partner_states import partner_at
from partnerleads.lifecycle.spells import spells_of
from partnerleads.model import UTC, LeadId, Money, Partner, PartnerId, local_date

__all__ = ["Credit", "PartnerLead", "PartnerRecord", "Role", "record_of", "records_of", "roles_of"]

E = TypeVar("E")

Role: TypeAlias = Literal["sourced", "influenced", "held", "closed"]
"""What a partner was to a lead: brought it, helped with it, holds it, or is named by its close."""

Credit: TypeAlias = Literal["sourced", "involved"]
"""Which leads count for a partner: those it sourced, or those in which it had any role."""

CREDITS: tuple[Credit, ...] = ("sourced", "involved")

_ROLES: tuple[Role, ...] = ("sourced", "influenced", "held", "closed")


@frozen(kw_only=True)
class PartnerLead:
    """One captured lead in which a partner had a role.

    Attributes:
        lead_id: The lead.
        roles: What the partner was to it; empty where it only accepted the lead once.
        captured_at: When it was captured. [aware datetime]
        accepted_at: When the partner accepted it first. [aware datetime]
        converted_at: When it first progressed or was won while the partner held it. [aware
            datetime]
        status: Open, or the kind of its standing close.
        closed_at: When it was closed. [aware datetime]
        value: Value of the standing win less its refunds; None where unknown. [money]
        margin: Margin of the standing win, of which refunds take the part that they take of the
            value, rounded to the smallest unit; None where unknown. [money]
        paid_back: Whether refunds took the whole value, so that there is no deal any more.
    """

    lead_id: LeadId
    roles: tuple[Role, ...]
    captured_at: datetime
    accepted_at: datetime | None = None
    converted_at: datetime | None = None
    status: Status = "open"
    closed_at: datetime | None = None
    value: Money | None = None
    margin: Money | None = None
    paid_back: bool = False


@frozen(kw_only=True)
class PartnerRecord:
    """All that the scores of one partner rest on; nothing of any other partner is in it.

    Attributes:
        partner: The partner as its events describe it.
        events: Its events, settled and in order.
        leads: Captured leads in which it had a role or which it accepted, by capture and id.
        costs: What was spent on it, in order.
    """

    partner: Partner
    events: tuple[PartnerEvent, ...] = ()
    leads: tuple[PartnerLead, ...] = ()
    costs: tuple[CostIncurred, ...] = ()

    @property
    def partner_id(self) -> PartnerId:
        """The partner."""
        return self.partner.partner_id

    @cached_property
    def since(self) -> datetime | None:
        """When it first did anything in the programme; None where it never did. [aware datetime]

        The first of its own events, such as its onboarding, or an earlier lead that it sourced,
        accepted or closed.
        """
        firsts = [event.occurred_at for event in self.events[:1]]
        for lead in self.leads:
            own = lead.captured_at if "sourced" in lead.roles else lead.accepted_at
            closed = lead.closed_at if "closed" in lead.roles else None
            firsts += [at for at in (own, closed) if at is not None]
        return min(firsts, default=None)

    def of(self, kind: type[E]) -> Iterator[E]:
        """Its events of one kind, in order.

        Args:
            kind: The class of the events.
        """
        return (event for event in self.events if isinstance(event, kind))

    def credited(self, credit: Credit) -> Iterator[PartnerLead]:
        """Its leads under one notion of credit.

        Args:
            credit: ``sourced``, or ``involved`` for any role.
        """
        sourced = credit == "sourced"
        return (lead for lead in self.leads if ("sourced" in lead.roles if sourced else lead.roles))

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of its deals. [ISO 4217 codes]"""
        money = [one for lead in self.leads for one in (lead.value, lead.margin) if one is not None]
        return tuple(sorted({one.currency for one in money}))


def roles_of(lead: LeadLifecycle) -> Mapping[PartnerId, tuple[Role, ...]]:
    """The partners that had a role in a lead, by id; and those that only accepted it, with none.

    Args:
        lead: The lead; one that was never captured has none.
    """
    if lead.captured is None:
        return {}
    found: dict[PartnerId, set[Role]] = defaultdict(set)
    if lead.sourcing_partner is not None:
        found[lead.sourcing_partner].add("sourced")
    for partner, _ in influences_of(lead.events, lead.shape, lead.closed, lead.moment.policy):
        if partner != lead.sourcing_partner:
            found[partner].add("influenced")
    if lead.held is not None and lead.held.partner_id is not None:
        found[lead.held.partner_id].add("held")
    if lead.closing_partner is not None:
        found[lead.closing_partner].add("closed")
    if LeadAccepted.rank in lead.shape:
        accepted = (event for event in lead.events if isinstance(event, LeadAccepted))
        for event in accepted:
            if event.partner_id is not None:
                found.setdefault(event.partner_id, set())
    return {name: tuple(r for r in _ROLES if r in found[name]) for name in sorted(found)}


def record_of(
    partner_id: PartnerId,
    *,
    events: tuple[PartnerEvent, ...] = (),
    leads: Iterable[LeadLifecycle] = (),
    costs: Iterable[CostIncurred] = (),
    currency: str | None = None,
    rates: Rates | None = None,
) -> PartnerRecord:
    """What one partner's events come to.

    Args:
        partner_id: The partner.
        events: Its own events, settled and in order.
        leads: Leads in which it may have had a role; others are passed over.
        costs: Costs in order; those of others are passed over.
        currency: Currency that the money of its deals is converted to; None keeps their own.
        rates: Rates to convert with, of the day of the win; a function of (from, to, day).

    Raises:
        OptionError: When a rate is needed and there is none.
    """
    into = _into(currency, rates)
    read = ((lead, roles_of(lead)) for lead in leads)
    own = [_read(partner_id, roles[partner_id], lead, into) for lead, roles in read
           if partner_id in roles]  # fmt: skip
    return _record(
        partner_id, events, own, (cost for cost in costs if cost.partner_id == partner_id)
    )


def records_of(
    lives: Lifecycles, *, currency: str | None = None, rates: Rates | None = None
) -> dict[PartnerId, PartnerRecord]:
    """The record of every partner that any event names in a role, by id.

    Args:
        lives: The lifecycles.
        currency: Currency that the money of deals is converted to; None keeps their own.
        rates: Rates to convert with, of the day of the win; a function of (from, to, day).

    Raises:
        OptionError: When a rate is needed and there is none.
    """
    into = _into(currency, rates)
    leads: dict[PartnerId, list[PartnerLead]] = defaultdict(list)
    for lead in lives.population:
        for partner_id, roles in roles_of(lead).items():
            leads[partner_id].append(_read(partner_id, roles, lead, into))
    costs: dict[PartnerId, list[CostIncurred]] = defaultdict(list)
    for cost in lives.costs:
        if cost.partner_id is not None:
            costs[cost.partner_id].append(cost)
    own = lives.partner_events
    names = sorted({*own, *leads, *costs})
    return {name: _record(name, own.get(name, ()), leads[name], costs[name]) for name in names}


def check_one_currency(records: Iterable[PartnerRecord]) -> None:
    """Refuse deals in several currencies, which no scale can compare.

    Raises:
        MixedCurrencyError: When there are several.
    """
    found = sorted({name for record in records for name in record.currencies})
    if len(found) > 1:
        raise MixedCurrencyError(tuple(found))


def _record(
    partner_id: PartnerId,
    events: tuple[PartnerEvent, ...],
    leads: list[PartnerLead],
    costs: Iterable[CostIncurred],
) -> PartnerRecord:
    leads.sort(key=lambda lead: (lead.captured_at, lead.lead_id))
    return PartnerRecord(
        partner=partner_at(partner_id, events),
        events=events,
        leads=tuple(leads),
        costs=tuple(costs),
    )


_Into: TypeAlias = Callable[[Money | None, datetime], Money | None]


def _into(currency: str | None, rates: Rates | None) -> _Into:
    question = Question(period=None, by=(), zone=UTC, rates=rates, currency=currency)

    def into(money: Money | None, at: datetime) -> Money | None:
        if money is None:
            return None
        day = local_date(at, UTC)
        name, amount = converted(money.currency, money.amount, question, day)
        return Money.rounded(amount, name)

    return into


def _read(
    partner_id: PartnerId, roles: tuple[Role, ...], lead: LeadLifecycle, into: _Into
) -> PartnerLead:
    captured, won, closed = lead.captured, lead.won, lead.closed
    assert captured is not None  # noqa: S101 - others have no roles
    spells = spells_of(lead.events) if LeadAccepted.rank in lead.shape else ()
    spells = tuple(one for one in spells if one.taken.partner_id == partner_id)
    converted_at = [one.converted.occurred_at for one in spells if one.converted is not None]
    value = lead.final_value
    return PartnerLead(
        lead_id=lead.lead_id,
        roles=roles,
        captured_at=captured.occurred_at,
        accepted_at=min((one.taken.occurred_at for one in spells), default=None),
        converted_at=min(converted_at, default=None),
        status=lead.status,
        closed_at=None if closed is None else closed.occurred_at,
        value=None if won is None else into(value, won.occurred_at),
        margin=None if won is None else into(_net_margin(won, value), won.occurred_at),
        paid_back=bool(lead.refunds) and value is not None and value.amount <= 0,
    )


def _net_margin(won: LeadWon, net: Money | None) -> Money | None:
    """The margin, of which refunds took the same part as of the value."""
    margin, value = won.margin, won.value
    if margin is None or value is None or net == value:
        return margin
    if net is None or value.amount <= 0:
        return None
    left = Fraction(net.amount) / Fraction(value.amount) * Fraction(margin.amount)
    return Money.rounded(as_decimal(left), margin.currency)
