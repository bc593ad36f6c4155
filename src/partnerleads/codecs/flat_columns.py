"""The flat form of events: one row each, nested fields joined by ``_``.

CSV and data frames have it. ``lead`` and money are spread over columns (``lead_region``,
``value_amount``, ``value_currency``), lists and maps stand as JSON text in one. All of it is read
off the one table of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from attrs import frozen

from partnerleads.codecs.row_reader import names_something, read_row
from partnerleads.errors import Fault
from partnerleads.events import KINDS, Event, FieldSpec, fields_of
from partnerleads.model import Lead

__all__ = [
    "FLAT_COLUMNS",
    "FlatColumn",
    "column_of",
    "columns_of_kind",
    "event_of",
    "flat_columns",
    "flat_values",
]

_JSON = frozenset({"texts", "text_map", "number_map"})


@frozen
class FlatColumn:
    """One column of the flat form.

    Attributes:
        name: Its name.
        steps: Where its value stands in a row.
        kind: ``text``, ``amount`` (an exact decimal as text), ``json`` (text), ``integer``,
            ``number``, ``yes_no`` or ``instant``.
        value: What the field holds, as in :class:`~partnerleads.events.FieldSpec`.
        choices: The permitted texts, where only some are.
        is_id: Whether it names something, so that it is never empty.
    """

    name: str
    steps: tuple[str, ...]
    kind: str
    value: str
    choices: tuple[str, ...] = ()
    is_id: bool = False


def _columns_of(spec: FieldSpec, above: tuple[str, ...] = ()) -> list[FlatColumn]:
    steps = (*above, spec.name)
    if spec.value == "lead":
        return [one for below in fields_of(Lead) for one in _columns_of(below, steps)]
    if spec.value == "money":
        return [
            FlatColumn("_".join((*steps, part)), (*steps, part), kind, "money")
            for part, kind in (("amount", "amount"), ("currency", "text"))
        ]
    kind = "json" if spec.value in _JSON else "text" if spec.value == "choice" else spec.value
    is_id = spec.value == "text" and names_something(spec)
    return [FlatColumn("_".join(steps), steps, kind, spec.value, spec.choices, is_id)]


@cache
def flat_columns() -> dict[str, FlatColumn]:
    """Every column of the flat form by name, in order."""
    specs = {spec.name: spec for kind in KINDS.values() for spec in fields_of(kind)}
    columns = [FlatColumn("type", ("type",), "text", "text")]
    columns += [column for spec in specs.values() for column in _columns_of(spec)]
    return {column.name: column for column in columns}


@cache
def columns_of_kind(name: str) -> dict[str, bool]:
    """The columns of a kind of event, and whether it must state them.

    >>> columns_of_kind("deal_refunded")["value_amount"]
    True
    """
    return {"type": True} | {
        column.name: spec.required and spec.value != "lead"
        for spec in fields_of(KINDS[name])
        for column in _columns_of(spec)
    }


@cache
def _places() -> dict[tuple[str, ...], FlatColumn]:
    return {column.steps: column for column in flat_columns().values()}


def flat_values(row: Mapping[str, Any]) -> Iterator[tuple[FlatColumn, Any]]:
    """The values of a row of an event, each with its column; absent fields have none.

    Args:
        row: Plain JSON values, as :func:`~partnerleads.events.to_row` gives them.
    """
    places = _places()
    for name, value in row.items():
        column = places.get((name,))
        if column is not None:
            yield column, value
        else:
            yield from ((places[name, inner], below) for inner, below in value.items())


def event_of(
    cells: Iterable[tuple[FlatColumn, Any]], faults: Sequence[Fault]
) -> Event | list[Fault]:
    """The event that flat values state, or everything that is wrong with it.

    Args:
        cells: Plain JSON values, each with its column.
        faults: What is wrong with values that could not even be read, by the names of columns.
    """
    row: dict[str, Any] = {}
    for column, value in cells:
        place = row
        for name in column.steps[:-1]:
            place = place.setdefault(name, {})
        place[column.steps[-1]] = value
    if row.get("type") == "lead_updated":
        row.setdefault("lead", {})
    found = read_row(row)
    if not isinstance(found, tuple):
        return [*faults] or found
    named = [Fault(column_of(one.path), one.value, one.reason) for one in found]
    said = {fault.path for fault in faults}
    return [*faults, *(fault for fault in named if fault.path not in said)]


def _below(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}["))


@cache
def column_of(path: str) -> str:
    """The column that a path within a row stands in; the path itself where there is none.

    >>> column_of("$.lead.attributes.colour"), column_of("$.value"), column_of("$")
    ('lead_attributes', 'value_amount', '$')
    """
    places = [(".".join(("$", *one.steps)), one.name) for one in flat_columns().values()]
    places += [(place.rpartition(".")[0], name) for place, name in places if "amount" in name]
    return next((name for place, name in places if _below(path, place)), path)


FLAT_COLUMNS = MappingProxyType({name: one.kind for name, one in flat_columns().items()})
"""Every column of a flat frame of events, in order, with its kind: ``text``, ``amount`` (exact
decimal as text), ``json`` (text), ``integer``, ``number``, ``yes_no`` or ``instant``."""
