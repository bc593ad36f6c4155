"""Budgets for partners, such as market development funds, split by what partners earned."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.incentives.allocation import Allocation, Grant
from partnerleads.incentives.filling import Vessel, filled
from partnerleads.incentives.weights import LEFT, AllocateBy, weights_of
from partnerleads.model import Caution, Money, PartnerId
from partnerleads.model.near_names import near_name

__all__ = ["Limits", "allocate"]

Limits: TypeAlias = Money | Mapping[PartnerId, Money] | None
"""A limit for every partner, limits of some by id, or none."""


def allocate(
    budget: Money,
    partners: Mapping[PartnerId, Any],
    *,
    by: AllocateBy = "score",
    tier_weights: Mapping[str, float | Fraction] | None = None,
    floors: Limits = None,
    caps: Limits = None,
) -> Allocation:
    """A budget split over partners in proportion to what they weigh, between floors and caps.

    Partners at their floor or cap have just that, and the rest is split among the others in
    proportion to their weights. Amounts are in the currency's smallest unit and add up to the
    budget exactly: exact parts are rounded down, and the units that are left go to the largest
    remainders, of equals to the first id in the alphabet. A partner that weighs more never gets
    less for it, and multiplying all weights by one number changes nothing. A larger budget may
    take a single smallest unit from somebody, as largest remainders do.

    Args:
        budget: What is split. [money, >= 0]
        partners: Of each partner its score, tier or value; results that have these are taken as
            they are, such as those of ``plv.plv_scores`` and ``plv.lifetime_value``. None, and a
            value below 0, weigh 0; one whose result says that it left gets nothing.
        by: ``score`` for numbers of any unit, ``tier``, or ``value`` for money of one currency.
        tier_weights: Weight of each tier; with ``by="tier"`` alone. [>= 0 each]
        floors: The least, for each partner or for some. [money]
        caps: The most, for each partner or for some. [money]

    Returns:
        What each partner gets. One that weighs 0 gets its floor alone, and one that left the
        programme not even that.

    Raises:
        OptionError: When the budget is negative, *partners* is no mapping, a limit is no limit or
            of nobody among the partners, or the budget cannot be kept or spent: floors exceed it,
            or caps, or nobody having a weight, leave a part; the message has both sums.
        MixedCurrencyError: When a limit is in another currency than the budget, or values are in
            several.

    Source:
        DOMAIN 5; rounding by Hamilton's method of apportionment, 1792.

    >>> print(allocate(
    ...     Money("10000", "EUR"),
    ...     {"acme": 80.0, "beta": 15.0, "core": 3.0},
    ...     floors=Money("1000", "EUR"),
    ...     caps={"acme": Money("6000", "EUR")},
    ... ))
    EUR 10 000.00 over 3 partners by score
      acme  EUR 6 000.00  60.0 %  weight 80, held by its cap
      beta  EUR 3 000.00  30.0 %  weight 15
      core  EUR 1 000.00  10.0 %  weight 3, held by its floor
    """
    if not isinstance(budget, Money):
        raise OptionError("budget", budget, "pass Money, such as Money('10000', 'EUR')")
    if budget.amount < 0:
        raise OptionError("budget", str(budget), "must not be negative")
    if not isinstance(partners, Mapping):
        raise OptionError("partners", partners, "pass a mapping of ids to scores, tiers or values")
    if not partners:
        raise OptionError("partners", dict(partners), "names nobody to split the budget over")
    weights, nothing = weights_of(partners, by=by, tier_weights=tier_weights)
    gone = nothing.get(LEFT, [])
    least = _limits("floors", floors, weights, budget)
    if isinstance(floors, Mapping):
        for name in gone:
            if name in floors:
                raise OptionError("floors", name, f"{LEFT}, so there is no least; leave it out")
    least = {name: floor for name, floor in least.items() if name not in gone}
    most = _limits("caps", caps, weights, budget)
    for name, floor in least.items():
        if name in most and most[name] < floor:
            reason = f"the floor of {floor} exceeds the cap of {most[name]}"
            raise OptionError("floors", name, reason)
    none = Money.from_minor(0, budget.currency)
    vessels = {
        name: Vessel(
            weight=weight,
            floor=least.get(name, none).minor,
            cap=most[name].minor if name in most else None,
        )
        for name, weight in weights.items()
    }
    _check_room(budget, list(vessels.values()), by)
    units = filled(list(vessels.values()), total=budget.minor)
    grants = {
        name: Grant(
            partner_id=name,
            amount=Money.from_minor(amount, budget.currency),
            weight=weights[name],
            floor=least.get(name, none),
            cap=most.get(name),
        )
        for name, amount in zip(vessels, units, strict=True)
    }
    warnings = tuple(
        Caution("weighs_nothing", f"{why}, so weight 0: {', '.join(names)}")
        for why, names in nothing.items()
    )
    return Allocation(budget=budget, by=by, grants=grants, warnings=warnings)


def _limits(
    name: str, limits: Limits, partners: Mapping[PartnerId, Fraction], budget: Money
) -> dict[PartnerId, Money]:
    """The limit of each partner that has one."""
    if limits is None:
        return {}
    if not isinstance(limits, Money | Mapping):
        raise OptionError(name, limits, "pass Money for all, or a mapping of partners to Money")
    found: dict[PartnerId, Any]
    found = dict.fromkeys(partners, limits) if isinstance(limits, Money) else dict(limits)
    for partner_id, limit in found.items():
        if partner_id not in partners:
            reason = f"is not among the partners{near_name(partner_id, partners)}"
            raise OptionError(name, partner_id, reason)
        if not isinstance(limit, Money) or limit.amount < 0:
            raise OptionError(name, limit, f"of {partner_id}: pass Money of at least 0")
        if limit.currency != budget.currency:
            raise MixedCurrencyError(tuple(sorted({limit.currency, budget.currency})))
    return found


def _check_room(budget: Money, vessels: list[Vessel], by: AllocateBy) -> None:
    """Refuse limits that no split of the budget can keep."""

    def money(units: int) -> Money:
        return Money.from_minor(units, budget.currency)

    floors = sum(one.floor for one in vessels)
    if floors > budget.minor:
        reason = f"in all exceed the budget of {budget}; lower them, or raise the budget"
        raise OptionError("floors", str(money(floors)), reason)
    if any(one.weight and one.cap is None for one in vessels):
        return
    room = sum(one.cap if one.weight and one.cap is not None else one.floor for one in vessels)
    if room < budget.minor and not any(one.weight for one in vessels):
        reason = (
            f"nobody has a weight above 0; floors alone spend {money(floors)} of the budget of "
            f"{budget}, and there is nothing to split the rest by"
        )
        raise OptionError("by", by, reason)
    if room < budget.minor:
        reason = (
            f"partners can have {money(room)} in all, less than the budget of {budget}: caps bound "
            "those that weigh something, and the others get their floors; raise caps, or lower "
            "the budget"
        )
        raise OptionError("caps", str(money(room)), reason)
