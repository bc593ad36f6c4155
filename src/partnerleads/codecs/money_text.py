"""Money as rows have it: ``{"amount": "1200.50", "currency": "EUR"}``, both texts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from partnerleads.codecs.fault_words import refuse, shown, step, what
from partnerleads.errors import Fault, MoneyError
from partnerleads.model.money import MINOR_UNITS, Money, minor_units
from partnerleads.model.trusted import trusted

__all__ = ["AMOUNT_PATTERN", "parse_money", "read_money"]

AMOUNT_PATTERN = r"-?[0-9]{1,15}(\.[0-9]{1,15})?"
"""What the amount of money looks like."""

_is_amount = re.compile(AMOUNT_PATTERN).fullmatch

_make_money = trusted(Money)


def parse_money(amount: str, currency: str) -> Money | None:
    """Money from two texts; None where they are no money."""
    digits = MINOR_UNITS.get(currency)
    if digits is None or _is_amount(amount) is None:
        return None
    # the fast way where the amount is exactly as fine as money is kept, and no minus before a zero
    if digits and amount[-digits - 1 : -digits] == "." and amount[0] != "-":
        return _make_money(Decimal(amount), currency)
    try:
        return Money(amount, currency)
    except MoneyError:
        return None


def _money_text(value: object) -> str:
    amount = shown(value) if type(value) in (int, float) else "1200.50"
    return f'{{"amount": "{amount}", "currency": "EUR"}}'


def _explain_amount(amount: object, path: str, faults: list[Fault]) -> bool:
    if isinstance(amount, str):
        if _is_amount(amount):
            return True
        reason = 'is no amount; write digits and a point: "1200.50"'
    elif type(amount) in (int, float):
        reason = f'is a number; write money as text: "{shown(amount)}"'
    else:
        reason = f'{what(amount)}; write money as text: "1200.50"'
    refuse(amount, path, reason, faults)
    return False


def _explain_currency(currency: object, path: str, faults: list[Fault]) -> bool:
    if not isinstance(currency, str):
        reason = f"{what(currency)}; write three capitals such as 'EUR'"
        refuse(currency, path, reason, faults)
        return False
    try:
        minor_units(currency)
    except MoneyError as error:
        refuse(currency, path, error.reason, faults)
        return False
    return True


def _explain_money(value: dict[str, Any], path: str, faults: list[Fault]) -> None:
    unknown = [name for name in value if name not in ("amount", "currency")]
    faults += [Fault(step(path, name), "", "is no part of money; leave it out") for name in unknown]
    sound = True
    for name, explain in (("amount", _explain_amount), ("currency", _explain_currency)):
        if value.get(name) is None:
            reason = f"is missing; write money as {_money_text(None)}"
            faults.append(Fault(step(path, name), "", reason))
            sound = False
        else:
            sound = explain(value[name], step(path, name), faults) and sound
    if sound:
        try:
            Money(value["amount"], value["currency"])
        except MoneyError as error:
            refuse(value["amount"], step(path, "amount"), error.reason, faults)


def read_money(value: Any, path: str, faults: list[Fault]) -> Money | None:
    """``{"amount": text, "currency": text}`` and nothing else."""
    if not isinstance(value, dict):
        refuse(value, path, f"{what(value)}; write money as {_money_text(value)}", faults)
        return None
    amount, currency = value.get("amount"), value.get("currency")
    if isinstance(amount, str) and isinstance(currency, str) and len(value) == 2:
        found = parse_money(amount, currency)
        if found is not None:
            return found
    _explain_money(value, path, faults)
    return None
