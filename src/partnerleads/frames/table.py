"""The events of a frame, one row each, in the columns that the engine works on.

Instants are whole microseconds since 1970, money is a whole number of smallest units, kinds are
their ranks and precisions numbers, so that every backend computes with integers alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.codecs.flat_columns import FLAT_COLUMNS
from partnerleads.events import KINDS, Precision
from partnerleads.frames.engines import Frame, micros, names_of, numbered
from partnerleads.model.money import MINOR_UNITS

__all__ = [
    "KIND_NAMES",
    "MONEY",
    "PRECISIONS",
    "among",
    "extras_of",
    "has",
    "narrow",
    "table_of",
    "with_unstated",
]

MONEY = ("expected_value", "value", "margin")
_SCALED = (*MONEY, "cost")
_UNUSUAL = sorted(
    (code for code, digits in MINOR_UNITS.items() if digits != 2),
    key=lambda code: MINOR_UNITS[code],
)
"""Currencies that are not counted in hundredths."""
AMOUNTS = tuple(f"{name}_amount" for name in _SCALED)
CURRENCIES = tuple(f"{name}_currency" for name in MONEY)

PRECISIONS: tuple[Precision, ...] = ("instant", "day", "by", "assumed", "relative")
"""Precisions by their numbers."""

KIND_NAMES = sorted(KINDS, key=lambda name: KINDS[name].rank)
"""The names of kinds by their ranks."""

_TYPES: dict[str, Any] = {
    "text": nw.String,
    "amount": nw.Float64,
    "number": nw.Float64,
    "integer": nw.Int64,
    "yes_no": nw.Boolean,
    "instant": nw.Int64,
}
"""What the engine makes of each kind of column; instants are microseconds."""

_OFTEN = (
    "event_id",
    "source",
    "lead_id",
    "partner_id",
    "agent_id",
    "offer_id",
    "registration_id",
    "by",
    "originator",
    "lead_region",
    *CURRENCIES,
    "probability",
    "sequence",
    "qualified",
    "automatic",
    "expected_close_at",
    "protected_until",
)
"""What milestones, attribution and most figures read of the events of leads, as it is stated."""

_SELDOM = (
    "type",
    "precision",
    "occurred_at",
    "recorded_at",
    "retracts",
    "lead_account",
    "lead_country",
    "lead_deal_type",
    "lead_industry",
    "partner_type",
    "tier",
    "reason",
    "expires_at",
    "kind",
    "cost_currency",
    *AMOUNTS,
)
"""What else the engine knows: what it makes other columns of, and what few figures read."""

_READ: dict[str, Any] = {
    "rank": nw.Int8,
    "precise": nw.Int8,
    "at": nw.Int64,
    "recorded": nw.Int64,
    **dict.fromkeys(MONEY, nw.Int64),
    **{name: _TYPES[FLAT_COLUMNS[name]] for name in _OFTEN},
}
"""The columns of the table of events that is kept, with their types."""


def narrow(table: Frame, stated: Container[str]) -> Frame:
    """The table without the columns that few figures read and those that state nothing.

    Args:
        table: The settled table.
        stated: Columns of the frame that it was made of.
    """
    computed = ("rank", "precise", "sequence", "at", "recorded", "source")
    return table.select(
        name for name in _READ if name in computed or name in stated or f"{name}_amount" in stated
    )


def with_unstated(table: Frame) -> Frame:
    """The narrow table with the columns that state nothing, which take no room."""
    names = set(names_of(table))
    yes_no = {"qualified": True, "automatic": False}
    return table.with_columns(
        nw.lit(yes_no.get(name)).cast(kind).alias(name)
        for name, kind in _READ.items()
        if name not in names
    )


def has(*kinds: type[Any]) -> Any:
    """Whether a row is of one of some kinds."""
    return among("rank", kinds)


def among(column: str, kinds: Iterable[type[Any]]) -> Any:
    """Whether a column of ranks names one of some kinds; engines compare faster than they search.

    Args:
        column: The column.
        kinds: The kinds, at least one.
    """
    return _among(column, tuple(sorted({kind.rank for kind in kinds})))


@cache
def _among(column: str, ranks: Sequence[int]) -> Any:
    rank = nw.col(column)
    starts = [one for one in ranks if one - 1 not in ranks]
    ends = [one for one in ranks if one + 1 not in ranks]
    runs = (
        rank == start if start == end else rank.is_between(start, end)
        for start, end in zip(starts, ends, strict=True)
    )
    return reduce(or_, runs)


def extras_of(schema: Mapping[str, Any], known: Container[str]) -> dict[str, str]:
    """The columns of a frame that no event has, each with a name that no other column here has.

    They are keys to segment by; those that hold several values in one cell cannot be.
    """
    names = (name for name, kind in schema.items() if name not in known and not kind.is_nested())
    return {name: f"extra{number}" for number, name in enumerate(names)}


def _smallest_units(name: str) -> Any:
    """Money as a whole number of the smallest unit of its currency.

    The nearest float of an amount, scaled and rounded, is exact below 10^15 smallest units; the
    check of the frame refuses more.
    """
    amount, place = nw.col(f"{name}_amount"), nw.col(f"{name}_unusual")
    scale: Any = nw.lit(100.0)
    digits = [MINOR_UNITS[code] for code in _UNUSUAL]
    for number in sorted({*digits}):
        first = digits.index(number)
        scale = nw.when(place >= first).then(nw.lit(10.0**number)).otherwise(scale)
    whole = (amount * scale).fill_null(0.0).round(0).cast(nw.Int64)
    return nw.when(~amount.is_null()).then(whole)


def table_of(frame: Frame, *, extras: Sequence[str] = ()) -> Frame:
    """The events of a frame that was checked.

    Args:
        frame: Flat columns of events; those that are absent state nothing.
        extras: Further columns to carry along.
    """
    present = set(names_of(frame))
    if amounts := [nw.col(name).cast(nw.String) for name in AMOUNTS if name in present]:
        frame = frame.with_columns(*amounts)  # from categories there is no way to numbers
    known = (*_OFTEN, *_SELDOM)
    instants = [n for n in known if n in present and FLAT_COLUMNS[n] == "instant"]
    carried = (name for name in FLAT_COLUMNS if name in present and name not in known)
    own = [nw.col(*instants, *extras, *carried)]
    for kind, stated_type in _TYPES.items():
        names = [n for n in known if n not in instants and FLAT_COLUMNS[n] == kind]
        if stating := [name for name in names if name in present]:
            own.append(nw.col(*stating).cast(stated_type))
        own += [nw.lit(None).cast(stated_type).alias(n) for n in names if n not in present]
    table = micros(frame.select(own), instants)
    table = numbered(table, "rank", of="type", words=KIND_NAMES)
    stated = [name for name in _SCALED if f"{name}_amount" in present]
    for name in stated:
        table = numbered(table, f"{name}_unusual", of=f"{name}_currency", words=_UNUSUAL)
    precise = nw.lit(0).cast(nw.Int8)
    if "precision" in present:
        table = numbered(table, "precise", of="precision", words=PRECISIONS)
        precise = nw.col("precise").fill_null(0)
    table = table.with_columns(
        precise=precise,
        source=nw.col("source").fill_null(""),
        sequence=nw.col("sequence").fill_null(0),
        at=nw.col("occurred_at"),
        recorded=nw.coalesce("recorded_at", "occurred_at"),
        qualified=nw.col("qualified").fill_null(value=True),
        automatic=nw.col("automatic").fill_null(value=False),
        **{
            name: _smallest_units(name) if name in stated else nw.lit(None).cast(nw.Int64)
            for name in _SCALED
        },
    )
    table = table.drop(f"{name}_unusual" for name in stated)
    return table.drop("type", "precision", "occurred_at", "recorded_at", *AMOUNTS)
