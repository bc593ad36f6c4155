"""How influenced leads and their money fall to the partners that influenced them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.attribution.influences import influences_of
from partnerleads.attribution.splitting import SplitModel, shared_out, split_weights
from partnerleads.events import LeadEvent
from partnerleads.kpis.measuring.elapsed import VAGUE
from partnerleads.kpis.measuring.tally import Summed, Tally
from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import LeadId, Money, PartnerId, minor_units

__all__ = ["Model", "Parts", "Shares", "parts_of", "shares_of", "vague_touches"]

Model: TypeAlias = Literal["full"] | SplitModel
Parts: TypeAlias = Mapping[PartnerId, Fraction]
"""What each partner has in the influence on a lead. [0..1 each]"""


@frozen(kw_only=True)
class Shares:
    """What one partner has in some leads.

    Attributes:
        money: The money of each currency that any of the leads has.
        leads: The parts in those leads that the value rests on, added up. [leads]
        tallies: What an engine says of each of the leads.
    """

    money: Mapping[str, Money]
    leads: Fraction
    tallies: Sequence[Tally]


def _touches(lead: LeadLifecycle) -> list[tuple[PartnerId, LeadEvent]]:
    return [*influences_of(lead.events, lead.shape, lead.closed, lead.moment.policy)]


def parts_of(lead: LeadLifecycle, *, model: Model, half_life: timedelta | None) -> Parts:
    """What each partner has in the influence on a lead; who has nothing is left out.

    Args:
        lead: The lead.
        model: How its touches share it; in ``full`` each partner has all of it.
        half_life: Of ``time_decay``.
    """
    touches = _touches(lead)
    if model == "full":
        return {partner: Fraction(1) for partner, _ in touches}
    moments = [event.occurred_at for _, event in touches]
    weights = split_weights(moments, model=model, half_life=half_life)
    parts: dict[PartnerId, Fraction] = defaultdict(Fraction)
    for (partner, _), weight in zip(touches, weights, strict=True):
        parts[partner] += weight
    return {partner: part for partner, part in parts.items() if part}


def vague_touches(leads: Iterable[LeadLifecycle]) -> int:
    """How many touches have a time that is known only as ``by`` or ``assumed``. [count]"""
    return sum(event.precision in VAGUE for lead in leads for _, event in _touches(lead))


def shares_of(
    tallies: Mapping[LeadId, Tally],
    parts: Mapping[LeadId, Parts],
    *,
    totals: Mapping[str, Money],
    split: bool,
) -> dict[PartnerId, Shares]:
    """What each partner has in some leads, by partner id.

    Args:
        tallies: What an engine says of each lead.
        parts: What each partner has in each lead.
        totals: The money of all of the leads, rounded.
        split: Whether the partners add up to the totals.
    """
    touched: dict[PartnerId, list[LeadId]] = defaultdict(list)
    for lead_id in tallies:
        for partner in parts[lead_id]:
            touched[partner].append(lead_id)
    money: dict[PartnerId, dict[str, Money]] = {partner: {} for partner in sorted(touched)}
    for currency, total in totals.items():
        exact = _exact(tallies, parts, currency)
        rounded = [round(amount) for amount in exact.values()]
        units = shared_out([*exact.values()], total=total.minor) if split else rounded
        for partner, amount in zip(exact, units, strict=True):
            money[partner][currency] = Money.from_minor(amount, currency)
    return {
        partner: Shares(
            money=own,
            leads=sum((tallies[i].n * parts[i][partner] for i in touched[partner]), Fraction(0)),
            tallies=[tallies[lead_id] for lead_id in touched[partner]],
        )
        for partner, own in money.items()
    }


def _exact(
    tallies: Mapping[LeadId, Tally], parts: Mapping[LeadId, Parts], currency: str
) -> dict[PartnerId, Fraction]:
    """The money of each partner in one currency, by partner id. [smallest units, not rounded]"""
    exact: dict[PartnerId, Fraction] = defaultdict(Fraction)
    for lead_id, tally in tallies.items():
        numbers = tally.numbers
        if isinstance(numbers, Summed) and currency in numbers.sums:
            amount = Fraction(numbers.sums[currency]) * 10 ** minor_units(currency)
            for partner, part in parts[lead_id].items():
                exact[partner] += part * amount
    return dict(sorted(exact.items()))
