"""What a pair of lead and recipient is worth: a function, a table of pairs, or scores."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite
from typing import Any, TypeAlias

from partnerleads.errors import MixedCurrencyError, OptionError
from partnerleads.model import LeadId, RecipientId
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = ["PairValue", "PairValues", "pair_value"]

PairValue: TypeAlias = Callable[[Prospect, Recipient], float | None]
"""What a pair is worth; None where it may not be."""

PairValues: TypeAlias = str | Mapping[LeadId, Mapping[RecipientId, float]] | PairValue
"""The ways to say what pairs are worth."""

_LARGEST = 1e300
"""The largest value: with millions of leads, sums and prices stay in the range of floats."""

_SHOWN = 5


def pair_value(
    value: PairValues,
    leads: Sequence[Prospect],
    recipients: Iterable[Recipient],
    *,
    pool: Collection[RecipientId],
    context: RoutingContext,
) -> PairValue:
    """What pairs are worth, as a function whose answers are numbers.

    Args:
        value: A function; a map of lead to recipient to number; or a table's name.
        leads: The leads that it will be asked about.
        recipients: Those who may take one of them.
        pool: Everybody in the pool, by id.
        context: What has the tables.

    Raises:
        OptionError: When it is none of these, when there is no such table, when some of the
            leads state an expected value and some do not, or when the map seems to misspell
            recipients: it names some that are not in the pool, and not all who may take a lead.
        MixedCurrencyError: When the leads state expected values in several currencies.
    """
    if isinstance(value, str):
        return _by_table(value, leads, context)
    if isinstance(value, Mapping):
        known = _by_lead(value)
        _check_names(set[RecipientId]().union(*known.values()), recipients, pool)
        return lambda lead, one: _number(known.get(lead.lead_id, {}).get(one.recipient_id), lead)
    if not isinstance(value, type) and callable(value):
        asked = value
        return lambda lead, one: _number(asked(lead, one), lead)
    reason = "pass a function of lead and recipient, {'L1': {'acme': 5.0}}, or a table's name"
    raise OptionError("value", value, reason)


def _by_lead(
    value: Mapping[LeadId, Mapping[RecipientId, float]],
) -> Mapping[LeadId, Mapping[RecipientId, float]]:
    given: Mapping[LeadId, Any] = value
    for lead_id, worth in given.items():
        if not isinstance(worth, Mapping):
            reason = (
                f"is no map from recipients to values, for lead {lead_id!r}; write {{'acme': 5.0}}"
            )
            raise OptionError("value", worth, reason)
    return value


def _check_names(
    named: set[RecipientId], recipients: Iterable[Recipient], pool: Collection[RecipientId]
) -> None:
    """Refuse a map that names strangers while it leaves out who may take a lead.

    One that names everybody, and others too, does for several pools.
    """
    strange = named.difference(pool)
    missing = sorted({one.recipient_id for one in recipients} - named)
    if strange and missing:
        told = ", ".join(missing[:_SHOWN]) + (", ..." if len(missing) > _SHOWN else "")
        reason = (
            f"not in the pool, while nothing is said of {told}; "
            "correct the names, or leave out who is not in the pool"
        )
        raise OptionError("value", sorted(strange, key=str), reason)


def _by_table(name: str, leads: Iterable[Prospect], context: RoutingContext) -> PairValue:
    known, worth = context.table(name), {lead.lead_id: lead.expected_value for lead in leads}
    amounts = [one for one in worth.values() if one is not None]
    currencies = {one.currency for one in amounts}
    if len(currencies) > 1:
        raise MixedCurrencyError(tuple(sorted(currencies)))
    if len({one is None for one in worth.values()}) > 1:
        bare = next(lead_id for lead_id, one in worth.items() if one is None)
        reason = f"lead {bare!r} states no expected value, but others do; pass a function instead"
        raise OptionError("value", name, reason)
    scale = {key: 1.0 if one is None else float(one.amount) for key, one in worth.items()}

    def product(lead: Prospect, one: Recipient) -> float | None:
        return _number(known.get(one.recipient_id, 0.0) * scale[lead.lead_id], lead)

    return product


def _number(value: Any, lead: Prospect) -> float | None:
    if type(value) is float and -inf < value <= _LARGEST:
        return value
    if value is None:
        return None
    if not _is_finite(value):
        reason = f"is no finite number, for lead {lead.lead_id!r}; of money pass float(its amount)"
        raise OptionError("value", value, reason)
    if value > _LARGEST:
        reason = f"is more than {_LARGEST:g}, for lead {lead.lead_id!r}; count in a larger unit"
        raise OptionError("value", value, reason)
    return float(max(value, -_LARGEST))  # worse than nothing, however much


def _is_finite(value: object) -> bool:
    """Whether it is a finite number of any size, also of one that no float has."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int | Fraction) and not isinstance(value, bool)
