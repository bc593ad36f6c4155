"""Which rows of a frame may have a wrong value, told by one expression as cheap as can be.

It is true wherever a check of values finds anything, and for few rows besides; of what is wrong,
and in how many rows, only the checks know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from partnerleads.codecs.flat_columns import FLAT_COLUMNS, flat_columns
from partnerleads.codecs.row_values import LARGEST_EXACT, LARGEST_INTEGER
from partnerleads.frames.flat.native import narwhals
from partnerleads.frames.flat.values import NO_AMOUNT, UNITS_DIGITS
from partnerleads.model.money import MINOR_UNITS

__all__ = ["doubted"]

_LEAST = UNITS_DIGITS - max(MINOR_UNITS.values()) + 1
_ODD_AMOUNT = rf"{NO_AMOUNT}|\.[0-9]{{3}}|[0-9]{{{_LEAST}}}"
"""What is no amount, finer than most currencies are, or as long as the finest one allows."""

_USUAL = tuple(code for code, digits in MINOR_UNITS.items() if digits)
"""Amounts of currencies without any digits after the point are looked at closer."""


def doubted(sound: Mapping[str, Any]) -> Any:
    """Whether a value of a row may be wrong; never null.

    Args:
        sound: Types of those columns of a frame that have a type that fits.
    """
    found = [*_texts(sound), *_money(sound), *_numbers(sound), *_instants(sound), *_people(sound)]
    nw = narwhals()
    return nw.any_horizontal(*found, ignore_nulls=True) if found else nw.lit(value=False)


def _text(*names: str) -> Any:
    """The texts of columns, whatever types they are kept in; none of none."""
    nw = narwhals()
    return nw.col(*names).cast(nw.String)


def _texts(sound: Mapping[str, Any]) -> Iterator[Any]:
    columns = flat_columns()
    if ids := [name for name in sound if columns[name].is_id]:
        yield _text(*ids) == ""
    for name in sound:
        if choices := columns[name].choices:
            yield ~_text(name).is_in(choices) & ~narwhals().col(name).is_null()


def _money(sound: Mapping[str, Any]) -> Iterator[Any]:
    nw = narwhals()
    currencies = [name for name in sound if name.endswith("_currency")]
    if currencies:  # a row that states several nearly always states one of them
        first = nw.coalesce(*map(_text, currencies))
        yield ~first.is_in(_USUAL) & ~first.is_null()
        for name in currencies[1:]:
            yield (_text(name) != first) & ~nw.col(name).is_null()
    amounts = [name for name in sound if FLAT_COLUMNS[name] == "amount"]
    if amounts:
        yield _text(*amounts).str.contains(_ODD_AMOUNT)
    for name in amounts:
        currency = name.replace("_amount", "_currency")
        without = nw.col(currency).is_null() if currency in sound else nw.lit(value=True)
        yield nw.col(name).is_null() != without


def _numbers(sound: Mapping[str, Any]) -> Iterator[Any]:
    nw = narwhals()
    floats = [name for name, dtype in sound.items() if dtype.is_float()]
    if floats:  # neither what is no number nor what is infinite is below
        yield ~(nw.col(*floats).fill_null(0).abs() <= LARGEST_EXACT)
    for name, dtype in sound.items():
        value = nw.col(name).fill_null(0)
        if name in floats and FLAT_COLUMNS[name] == "integer":
            yield value.floor() != value
        elif name not in floats and FLAT_COLUMNS[name] == "number":
            yield (value > LARGEST_EXACT) | (value < -LARGEST_EXACT)
        elif dtype in (nw.UInt64, nw.Int128, nw.UInt128):
            yield value > LARGEST_INTEGER
    if "probability" in sound:
        yield ~nw.col("probability").fill_null(0).is_between(0, 1)
    if "count" in sound:
        yield nw.col("count").fill_null(1) < 1


def _instants(sound: Mapping[str, Any]) -> Iterator[Any]:
    for name, dtype in sound.items():
        if FLAT_COLUMNS[name] == "instant" and dtype.time_unit == "ns":
            yield narwhals().col(name).dt.nanosecond().fill_null(0) % 1000 != 0


def _people(sound: Mapping[str, Any]) -> Iterator[Any]:
    """Contacts and offers of nobody."""
    nw = narwhals()
    nobody = {n: nw.col(n).is_null() for n in ("partner_id", "agent_id") if n in sound}
    if "type" in sound:
        offered = (_text("type") == "lead_offered").fill_null(value=False)
        yield nw.all_horizontal(offered, *nobody.values(), ignore_nulls=False)
    if "by" in sound:
        by_partner = (_text("by") == "partner").fill_null(value=False)
        yield by_partner & nobody["partner_id"] if "partner_id" in nobody else by_partner
