"""What the programme spent, as a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from attrs import evolve

from partnerleads.events import CostIncurred
from partnerleads.kpis.measuring.elapsed import VAGUE
from partnerleads.kpis.measuring.figures import By, keys_of
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.kpis.measuring.sums import converted
from partnerleads.kpis.measuring.tally import History, Question, Rates
from partnerleads.model import (
    UTC,
    Caution,
    FrozenMap,
    Money,
    PartnerId,
    Period,
    SegmentKey,
    Totals,
    local_date,
    zone,
)
from partnerleads.model.figure import frozen_counts
from partnerleads.model.money import EXACT

__all__ = ["programme_cost", "why_no_cost"]

NOT_TOLD = "this history does not tell costs; pass events, or the lifecycles made of them"
INVENTED_COST = "the calendar of a cost is invented"
NOT_APART = "costs are known by partner alone"

Costs: TypeAlias = Sequence[CostIncurred]

_OF_PARTNERS = {("sourcing_partner",), ("closing_partner",), ("holder",)}
"""Keys that name a partner, as a cost may."""


def programme_cost(
    known: History,
    *,
    period: Period | None,
    by: By,
    rates: Rates | None,
    currency: str | None,
) -> Totals:
    """The costs that fall into a period by their own dates, by currency.

    Args:
        known: The history; a part of one, and an engine without costs, cannot tell them.
        period: The period; None is all time.
        by: Key or keys; only a single one that names a partner tells costs apart, and what the
            programme spent on no partner stands under None.
        rates: Rates to convert with, of the day of the cost.
        currency: Currency to convert to.
    """
    keys = keys_of(by)
    told: Costs | None = getattr(known, "costs", None)
    inside = [cost for cost in told or () if period is None or cost.occurred_at in period]
    dated = [cost for cost in inside if period is None or cost.precision != "relative"]
    question = Question(
        period=period,
        by=keys,
        zone=UTC if period is None else zone(period.tz),
        rates=rates,
        currency=currency,
    )

    def total(costs: Costs) -> Totals:
        vague = sum(cost.precision in VAGUE for cost in costs) if period is not None else 0
        words = f"costs placed by a time known only as 'by' or 'assumed': {vague}"
        reason = "there are no costs" if told is not None else NOT_TOLD
        return Totals(
            name="programme_cost",
            counted="costs",
            n=len(costs),
            as_of=known.as_of,
            known_at=known.known_at,
            period=period,
            problems=sum(cost.cost.amount < 0 for cost in costs),
            warnings=(Caution("vague_times", words),) if vague else (),
            undefined_because=None if costs else reason,
            by_currency=_sums(costs, question),
        )

    apart: dict[PartnerId | None, list[CostIncurred]] = defaultdict(list)
    for cost in dated if keys in _OF_PARTNERS else ():
        apart[cost.partner_id].append(cost)
    whole = total(dated)
    left_out = frozen_counts({INVENTED_COST: len(inside) - len(dated)})
    segments: dict[SegmentKey, Totals] = {
        key: total(apart[key]) for key in sorted(apart, key=none_last)
    }
    return evolve(whole, left_out_because=left_out, by=keys, segments=FrozenMap(segments))


def _sums(costs: Costs, question: Question) -> FrozenMap[str, Money]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for cost in costs:
        day = local_date(cost.occurred_at, question.zone)
        name, amount = converted(cost.cost.currency, cost.cost.amount, question, day)
        sums[name] = EXACT.add(sums[name], amount)
    return FrozenMap({name: Money.rounded(sums[name], name) for name in sorted(sums)})


def why_no_cost(costs: Totals) -> str:
    """Why a segment without costs has none.

    Args:
        costs: The costs, with the keys that were asked for.
    """
    if costs.undefined_because == NOT_TOLD:
        return NOT_TOLD
    return "no cost names it" if costs.by in _OF_PARTNERS else NOT_APART
