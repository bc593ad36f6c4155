"""Who a win earns something, by which row of the table, and who it does not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from partnerleads.attribution.splitting import shared_out
from partnerleads.events import LeadWon
from partnerleads.events.naming import partner_named
from partnerleads.incentives.commission_result import Refusal
from partnerleads.incentives.rate_table import RateRow, RateTable
from partnerleads.kpis.measuring.composing import as_decimal
from partnerleads.lifecycle import LeadLifecycle, Lifecycles
from partnerleads.model import EventId, Money, PartnerId

__all__ = ["Earner", "earners_of"]


@frozen(kw_only=True)
class Earner:
    """A partner that a win earns something by one row.

    Attributes:
        partner_id: The partner.
        tier: Its tier as of the win.
        attribution: ``sourced`` or ``influenced``.
        row: The row that fits.
        place: Its place among those credited with the deal.
        among: How many these are. [count]
        money: Value or margin of the win. [money, > 0]
        evidence: What earned the credit, and what qualified the lead.
    """

    partner_id: PartnerId
    tier: str | None
    attribution: str
    row: RateRow
    place: int
    among: int
    money: Money
    evidence: tuple[EventId, ...]

    def base(self, left: Fraction) -> Money:
        """Its part of what is left of the value or margin. [money]

        Args:
            left: What is left. [0..1]
        """
        currency = self.money.currency
        whole = Money.rounded(as_decimal(left * Fraction(self.money.amount)), currency)
        if self.row.among == "each":
            return whole
        parts = shared_out([Fraction(whole.minor, self.among)] * self.among, total=whole.minor)
        return Money.from_minor(parts[self.place], currency)

    def owed(self, base: Money) -> Money:
        """The rate of a base, rounded half-even once. [money]

        Args:
            base: Value or margin. [money]
        """
        exact = Fraction(self.row.rate) * Fraction(base.amount)
        return Money.rounded(as_decimal(exact), base.currency)


def earners_of(
    lead: LeadLifecycle, won: LeadWon, table: RateTable, lives: Lifecycles, *, eligible: bool
) -> tuple[list[Earner], list[Refusal]]:
    """Who earns by a win, and who is credited with the deal and earns nothing.

    Args:
        lead: The deal.
        won: The win.
        table: The rates.
        lives: The history, which knows the partners.
        eligible: Whether the deal meets the table's condition.
    """
    earners: list[Earner] = []
    refusals: list[Refusal] = []
    credited = _credited(lead)
    reason, shown = _not_qualified(lead, won, table)
    if not eligible:
        reason, shown = "the deal does not meet the condition of the table", ()
    for place, (partner_id, evidence) in enumerate(credited):
        partner = lives.partner_at(partner_id, won.occurred_at)
        facts = {
            "tier": partner.tier,
            "partner_type": partner.partner_type,
            "attribution": lead.attribution,
            "deal_type": None if lead.captured is None else lead.captured.lead.deal_type,
        }
        rows = [row for kind in table.kinds if (row := table.row_for(kind, facts)) is not None]
        why = [reason] if reason else [one for row in rows if (one := _lacking(won, row))]
        if not reason and not rows:
            why = [f"no row fits: {_stated(facts)}"]
        refusals += [
            Refusal(
                lead_id=lead.lead_id,
                partner_id=partner_id,
                occurred_at=won.occurred_at,
                reason=one,
                event_ids=(won.event_id, *shown),
            )
            for one in dict.fromkeys(why)
        ]
        earners += [
            Earner(
                partner_id=partner_id,
                tier=partner.tier,
                attribution=lead.attribution,
                row=row,
                place=place,
                among=len(credited),
                money=getattr(won, row.of),
                evidence=(*evidence, *shown),
            )
            for row in rows
            if not reason and not _lacking(won, row)
        ]
    return earners, refusals


def _credited(lead: LeadLifecycle) -> Sequence[tuple[PartnerId, tuple[EventId, ...]]]:
    """The partners credited with a deal, with the events that earned the credit."""
    verdict = lead.verdict
    if verdict.sourcing_partner is not None:
        claims = [one.claim.event.event_id for one in verdict.claims if not one.failure]
        return [(verdict.sourcing_partner, tuple(claims))]
    acts = [(event.event_id, partner_named(event)) for event in verdict.influences]
    return [
        (name, tuple(event_id for event_id, partner in acts if partner == name))
        for name in verdict.influencers
    ]


def _not_qualified(
    lead: LeadLifecycle, won: LeadWon, table: RateTable
) -> tuple[str, tuple[EventId, ...]]:
    """Why the deal was not qualified enough, empty where it was; and the evidence."""
    if table.qualification is None:
        return "", ()
    return table.qualification.judged(lead.events[: lead.events.index(won)])


def _lacking(won: LeadWon, row: RateRow) -> str:
    """Why a win has no base for a row; empty where it has one."""
    money: Money | None = getattr(won, row.of)
    if money is None:
        return f"the win states no {row.of}"
    return "" if money.amount > 0 else f"the {row.of} of the win is not above 0"


def _stated(facts: dict[str, str | None]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {'not stated' if one is None else one}"
        for name, one in facts.items()
    )
