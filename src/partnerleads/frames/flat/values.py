"""What may be wrong with single values of a frame's columns, each as one expression that finds it.

An expression is true for the rows that have the fault and false, never null, for all others.
Regular expressions keep to what every package's engine reads alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from attrs import frozen

from partnerleads.codecs.flat_columns import FlatColumn, flat_columns
from partnerleads.codecs.row_values import LARGEST_EXACT, LARGEST_INTEGER
from partnerleads.frames.flat.native import narwhals
from partnerleads.model.money import MINOR_UNITS

__all__ = ["KIND", "NO_AMOUNT", "UNITS_DIGITS", "ValueCheck", "value_checks"]

KIND = "partnerleads_kind"
"""Column that holds the kind of every row as text, empty where it has none."""

_ODD_SIGNS = r"[^0-9.\-]|.-|\..*\.|^-?\.|\.$|^-?$"
_TOO_LONG = "[0-9]{16}"
NO_AMOUNT = f"{_ODD_SIGNS}|{_TOO_LONG}"

UNITS_DIGITS = 15
"""So many digits a number of smallest units may have: as floats those are exact, with room for
parsing and scaling."""

_EMPTY = "is empty; leave it null where nothing is known"


@frozen
class ValueCheck:
    """One thing that may be wrong with the values of a column.

    Attributes:
        column: The column.
        reason: What is wrong with them and what to do.
        found: Expression that is true where it is wrong.
    """

    column: str
    reason: str
    found: Any


def value_checks(sound: Mapping[str, Any]) -> list[ValueCheck]:
    """All checks that the columns of a frame allow.

    Args:
        sound: Types of those columns that have a type that fits.
    """
    columns = flat_columns()
    checks: list[ValueCheck] = []
    for name, dtype in sound.items():
        column = columns[name]
        if column.kind == "text":
            checks += _of_text(column)
        elif column.kind == "amount":
            checks += _of_money(name, name.replace("_amount", "_currency"), sound)
        elif column.kind in ("integer", "number"):
            checks += _of_number(column, dtype)
        elif column.kind == "instant":
            checks += _of_instant(name, dtype)
    return [*checks, *_of_kinds(sound)]


def _text(name: str) -> Any:
    """The text of a column, whatever type it is kept in."""
    nw = narwhals()
    return nw.col(name).cast(nw.String)


def _stated(name: str) -> Any:
    return ~narwhals().col(name).is_null()


def _of_text(column: FlatColumn) -> Iterator[ValueCheck]:
    name = column.name
    is_currency = name.endswith("_currency")
    if column.is_id or column.choices or is_currency:
        reason = "is empty; every event has one of its own" if name == "event_id" else _EMPTY
        yield ValueCheck(name, reason, (_text(name) == "").fill_null(value=False))
    if column.choices:
        reason = f"is none of {', '.join(map(repr, column.choices))}"
        yield ValueCheck(name, reason, _stated(name) & ~_text(name).is_in(("", *column.choices)))
    if is_currency:
        known = _text(name).is_in(("", *MINOR_UNITS))
        reason = "is no ISO 4217 currency code; write three capitals such as 'EUR'"
        yield ValueCheck(name, reason, _stated(name) & ~known)


@cache
def _codes(digits: int) -> tuple[str, ...]:
    return tuple(code for code, of in MINOR_UNITS.items() if of == digits)


def _of_money(amount: str, currency: str, sound: Mapping[str, Any]) -> Iterator[ValueCheck]:
    """An amount is told one thing at most, and another where its currency is not stated."""
    text = _text(amount).fill_null("0")
    odd = text.str.contains(_ODD_SIGNS)
    yield ValueCheck(amount, _EMPTY, text == "")
    reason = "is no amount; write digits and a point: '1200.50'"
    yield ValueCheck(amount, reason, odd & (text != ""))
    if currency in sound:
        yield from _of_halves(amount, currency)
        code = _text(currency).fill_null("")
    else:
        reason = f"has no currency; the column {currency} is not there as text"
        yield ValueCheck(amount, reason, _stated(amount))
        code = narwhals().lit("")
    too_large = _too_large(text, code) & ~odd
    reason = "is 10^15 smallest units or more, too large to be added up exactly; check the unit"
    yield ValueCheck(amount, reason, too_large)
    finer = _finer(text, code) & ~odd & ~too_large
    reason = "is finer than the smallest unit of its currency; round it"
    yield ValueCheck(amount, reason, finer)
    reason = "has more than 15 digits in a row; round it, or check the unit"
    long = text.str.contains(_TOO_LONG) & ~odd & ~too_large & ~finer
    yield ValueCheck(amount, reason, long)


def _of_halves(amount: str, currency: str) -> Iterator[ValueCheck]:
    """Money of which only one half is stated."""

    def lonely(one: str, other: str) -> Any:
        return (_text(one).fill_null("") != "") & narwhals().col(other).is_null()

    reason = f"is money without a currency; fill {currency}"
    yield ValueCheck(amount, reason, lonely(amount, currency))
    reason = f"is a currency without an amount; fill {amount}"
    yield ValueCheck(currency, reason, lonely(currency, amount))


def _too_large(text: Any, code: Any) -> Any:
    found = narwhals().lit(value=False)
    for digits in sorted({*MINOR_UNITS.values()}):
        beyond = rf"^-?0*[1-9][0-9]{{{UNITS_DIGITS - digits}}}"
        found = found | (text.str.contains(beyond) & code.is_in(_codes(digits)))
    return found


def _finer(text: Any, code: Any) -> Any:
    found = text.str.contains(r"\.[0-9]{2}[0-9]*[1-9]") & ~code.is_in((*_codes(3), *_codes(4), ""))
    for digits in sorted({0, 3, 4} & set(MINOR_UNITS.values())):
        beyond = rf"\.[0-9]{{{digits}}}[0-9]*[1-9]"
        found = found | (text.str.contains(beyond) & code.is_in(_codes(digits)))
    return found


def _of_number(column: FlatColumn, dtype: Any) -> Iterator[ValueCheck]:
    nw = narwhals()
    value = nw.col(column.name).fill_null(0)
    if dtype.is_float():
        strange = ~value.is_finite() | (value.abs() > LARGEST_EXACT)
        if column.kind == "integer":
            reason = "is not whole, or too large for a float; give the column an integer type"
            yield ValueCheck(column.name, reason, strange | (value.floor() != value))
        else:
            yield ValueCheck(column.name, "is not finite, or beyond 2^53 - 1", strange)
    elif column.kind == "number":
        yield ValueCheck(column.name, "is beyond 2^53 - 1; check the unit", _far(value))
    elif dtype in (nw.UInt64, nw.Int128, nw.UInt128):
        reason = "does not fit into 64 bits; check the unit"
        yield ValueCheck(column.name, reason, value > LARGEST_INTEGER)


def _far(value: Any) -> Any:
    return (value > LARGEST_EXACT) | (value < -LARGEST_EXACT)


def _of_instant(name: str, dtype: Any) -> Iterator[ValueCheck]:
    if dtype.time_unit == "ns":
        rest = narwhals().col(name).dt.nanosecond() % 1000
        reason = "is finer than a microsecond; truncate it"
        yield ValueCheck(name, reason, rest.fill_null(0) != 0)


def _of_kinds(sound: Mapping[str, Any]) -> Iterator[ValueCheck]:
    """The rules that bind several columns of one kind and that figures rest on."""
    nw = narwhals()
    kind = nw.col(KIND)
    nobody = {
        name: nw.col(name).is_null() if name in sound else nw.lit(value=True)
        for name in ("partner_id", "agent_id")
    }
    if "by" in sound:
        lonely = (kind == "contact_made") & (_text("by").fill_null("") == "partner")
        reason = "is needed when by is 'partner'"
        yield ValueCheck("partner_id", reason, lonely & nobody["partner_id"])
    reason = "is missing beside agent_id; an offer names one of the two"
    offered = kind == "lead_offered"
    yield ValueCheck("partner_id", reason, offered & nobody["partner_id"] & nobody["agent_id"])
    if "probability" in sound:
        chance = nw.col("probability").fill_null(0)
        beyond = (chance < 0) | (chance > 1)
        if sound["probability"].is_float():
            beyond = beyond & chance.is_finite()
        yield ValueCheck("probability", "must lie between 0.0 and 1.0", beyond)
    if "count" in sound:
        never = nw.col("count").fill_null(1) < 1
        yield ValueCheck("count", "must be at least 1", never)
