"""What each partner weighs in a budget: by its score, its tier, or its value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Rational, Real
from typing import Any, Literal, TypeAlias, get_args

from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.model import Money, PartnerId
from partnerleads.model.near_names import did_you_mean
from partnerleads.model.options import check_choice

__all__ = ["LEFT", "AllocateBy", "weights_of"]

LEFT = "left the programme"
"""Why a partner counts as 0 that is to have nothing at all."""

AllocateBy: TypeAlias = Literal["score", "tier", "value"]
"""What a budget is split by: numbers, tiers, or money."""

Weights: TypeAlias = dict[PartnerId, Fraction]


def weights_of(
    given: Mapping[PartnerId, Any],
    *,
    by: AllocateBy = "score",
    tier_weights: Mapping[str, float | Fraction] | None = None,
) -> tuple[Weights, dict[str, list[PartnerId]]]:
    """The exact weight of each partner, and who counts as 0 for what reason.

    Args:
        given: Of each partner a number, a tier, or money; or a result that has it as ``value``,
            or as ``tier``; None where there is none. One whose result says that it left the
            programme weighs 0.
        by: Which of these.
        tier_weights: Weight of each tier; with ``by="tier"`` alone. [>= 0 each]

    Raises:
        OptionError: When a partner has something else, or a tier without a weight.
        MixedCurrencyError: When values are in several currencies.

    >>> weights_of({"acme": "gold", "beta": None}, by="tier", tier_weights={"gold": 3})
    ({'acme': Fraction(3, 1), 'beta': Fraction(0, 1)}, {'no tier stated': ['beta']})
    """
    check_choice("by", by, get_args(AllocateBy))
    tiers = _tiers(tier_weights, by)
    _check_ids(given)
    weights: Weights = {}
    nothing: dict[str, list[PartnerId]] = {}
    currencies: set[str] = set()
    for partner_id in sorted(given):
        if _has_left(given[partner_id]):
            weights[partner_id] = Fraction(0)
            nothing.setdefault(LEFT, []).append(partner_id)
            continue
        stated = _stated(given[partner_id], "tier" if by == "tier" else "value")
        why = "" if stated is not None else f"no {by} stated"
        weight = Fraction(0)
        if stated is not None and by == "tier":
            weight = _of_tier(partner_id, stated, tiers)
        elif stated is not None and by == "value":
            weight = _of_value(partner_id, stated)
            currencies.add(stated.currency)
            if weight < 0:
                weight, why = Fraction(0), "value below 0"
        elif stated is not None:
            weight = _number(partner_id, stated)
        weights[partner_id] = weight
        if why:
            nothing.setdefault(why, []).append(partner_id)
    if len(currencies) > 1:
        raise MixedCurrencyError(tuple(sorted(currencies)))
    return weights, nothing


def _stated(value: Any, name: str) -> Any:
    """The value itself, or that of a result."""
    return getattr(value, name, value)


def _has_left(result: Any) -> bool:
    """Whether a result says that its partner left: by a date, or by a warning."""
    if getattr(result, "terminated_at", None) is not None:
        return True
    return any(
        getattr(one, "code", None) == "terminated" for one in getattr(result, "warnings", ())
    )


def _number(name: str, value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        raise OptionError(name, value, "pass a number, such as a score of 62.5")
    with suppress(OverflowError, ValueError):
        if isfinite(value) and float(value) >= 0:
            if isinstance(value, Rational):  # those of arrays have parts that overflow
                return Fraction(int(value.numerator), int(value.denominator))
            return Fraction(value if isinstance(value, Decimal) else float(value))
    raise OptionError(name, value, "must be a finite number of at least 0")


def _check_ids(given: Iterable[object]) -> None:
    if strangers := [one for one in given if not isinstance(one, str)]:
        raise OptionError("partners", strangers, "must be the ids of partners, which are texts")


def _tiers(given: Any, by: AllocateBy) -> dict[str, Fraction]:
    by_name = isinstance(given, Mapping)
    if by_name != (by == "tier") or by_name == (given is None):
        reason = "state the weight of each tier, such as {'gold': 3, 'silver': 1}"
        raise OptionError("tier_weights", given, f"{reason}; it goes with by='tier' alone")
    return {name: _number("tier_weights", one) for name, one in given.items()} if by_name else {}


def _of_value(partner_id: PartnerId, value: Any) -> Fraction:
    if not isinstance(value, Money):
        raise OptionError(partner_id, value, "pass Money with by='value'")
    return Fraction(value.amount)


def _of_tier(partner_id: PartnerId, tier: Any, tiers: Mapping[str, Fraction]) -> Fraction:
    if not isinstance(tier, str) or tier not in tiers:
        hint = did_you_mean(tier, tiers)
        raise OptionError(partner_id, tier, f"{hint}tiers with a weight are {', '.join(tiers)}")
    return tiers[tier]
