"""The flat form of events: one row each, nested fields joined by ``_``, as data frames have them.

``lead`` and money are spread over columns (``lead_region``, ``value_amount``, ``value_currency``);
lists and maps stand as JSON text in one column.

Texts that a spreadsheet would run as a formula are written with ``'`` before them, as are empty
texts (an empty cell is an absent field) and texts that begin with such a prefix themselves; so
what is read back is exactly what was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

from attrs import frozen

from partnerleads.codecs.csv_mapping import CellRule
from partnerleads.codecs.csv_mapping_table import did_you_mean
from partnerleads.codecs.csv_values import converter
from partnerleads.codecs.fault_words import shown
from partnerleads.codecs.row_reader import read_row
from partnerleads.errors import Fault
from partnerleads.events import KINDS, Event, FieldSpec, fields_of, to_row
from partnerleads.model import Lead

__all__ = ["FLAT_COLUMNS", "FlatColumn", "FlatPlan", "flat_cells", "guard", "unguard"]

_RUN_AS_FORMULA = "=+-@\t\r\n"
_GUARDED = tuple(f"'{sign}" for sign in f"'{_RUN_AS_FORMULA}")

Read: TypeAlias = Callable[[str], Any]


def guard(text: str) -> str:
    """A text that no spreadsheet runs, and that :func:`unguard` turns back.

    >>> guard("=1+1"), guard("plain"), guard("'=1+1")
    ("'=1+1", 'plain', "''=1+1")
    """
    risky = text[:1] in ("", *_RUN_AS_FORMULA)
    return f"'{text}" if risky or text == "'" or text.startswith(_GUARDED) else text


def unguard(cell: str) -> str:
    """The text that :func:`guard` was given.

    >>> unguard("'=1+1"), unguard("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    return cell[1:] if cell == "'" or cell.startswith(_GUARDED) else cell


@frozen
class FlatColumn:
    """One column of the flat form.

    Attributes:
        name: Its name.
        steps: Where its value stands in a row.
        value: What it holds, as in :class:`~partnerleads.events.FieldSpec`.
    """

    name: str
    steps: tuple[str, ...]
    value: str


def _columns_of(spec: FieldSpec) -> list[FlatColumn]:
    if spec.value == "lead":
        return [
            FlatColumn(f"lead_{below.name}", ("lead", below.name), below.value)
            for below in fields_of(Lead)
        ]
    if spec.value == "money":
        parts = ("amount", "currency")
        return [FlatColumn(f"{spec.name}_{part}", (spec.name, part), "digits") for part in parts]
    return [FlatColumn(spec.name, (spec.name,), spec.value)]


@cache
def _columns() -> tuple[FlatColumn, ...]:
    specs = {spec.name: spec for kind in KINDS.values() for spec in fields_of(kind)}
    found = [FlatColumn("type", ("type",), "text")]
    return (*found, *(column for spec in specs.values() for column in _columns_of(spec)))


FLAT_COLUMNS: tuple[str, ...] = tuple(column.name for column in _columns())
"""Every column of the flat form, in the order in which it is written."""

_PLAIN = CellRule()


_is_integer = re.compile(r"-?(?:0|[1-9][0-9]{0,40})").fullmatch
_is_number = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?").fullmatch


def _integer(cell: str) -> int:
    if _is_integer(cell) is None:
        raise ValueError("is no integer; write one such as 3")
    return int(cell)


def _number(cell: str) -> float:
    if _is_number(cell) is None:
        raise ValueError("is no number; write one such as 0.5")
    return float(cell)


def _yes_no(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return cell == "true"


_STRICT: dict[str, Read] = {
    "digits": str,
    "instant": str,
    "text": unguard,
    "choice": unguard,
    "integer": _integer,
    "number": _number,
    "yes_no": _yes_no,
}


def _reader(value: str) -> Read:
    return _STRICT.get(value) or converter(value, _PLAIN)


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


@cache
def _places() -> dict[tuple[str, ...], FlatColumn]:
    return {column.steps: column for column in _columns()}


def _cell(column: FlatColumn, value: Any) -> str:
    return guard(value) if column.value in ("text", "choice") else _write(value)


def flat_cells(event: Event) -> dict[str, str]:
    """The cells of an event by column; absent fields have none."""
    places, cells = _places(), {}
    for name, value in to_row(event).items():
        column = places.get((name,))
        if column is not None:
            cells[column.name] = _cell(column, value)
        else:
            for inner, below in value.items():
                column = places[name, inner]
                cells[column.name] = _cell(column, below)
    return cells


@cache
def _column_of(path: str) -> str:
    """The column that a path within a row stands in; the path itself where there is none."""
    places = [(".".join(("$", *column.steps)), column.name) for column in _columns()]
    places += [(place.rpartition(".")[0], name) for place, name in places if "amount" in name]
    return next((name for place, name in places if _below(path, place)), path)


def _below(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}["))


class FlatPlan:
    """How the rows of one flat file become events.

    Attributes:
        faults: What is wrong with the header.
    """

    def __init__(self, names: Sequence[str]) -> None:
        by_name = {column.name: column for column in _columns()}
        self.faults = tuple(
            Fault(name, "", f"is no column of the flat form{did_you_mean(name, by_name)}")
            for name in names
            if name not in by_name
        )
        self._columns = [
            (index, by_name[name], _reader(by_name[name].value))
            for index, name in enumerate(names)
            if name in by_name
        ]

    def event(self, cells: Sequence[str]) -> Event | list[Fault]:
        """The event of a row, or everything that is wrong with it."""
        row: dict[str, Any] = {}
        faults: list[Fault] = []
        for index, column, read in self._columns:
            cell = cells[index]
            if cell:
                try:
                    value = read(cell)
                except ValueError as error:
                    faults.append(Fault(column.name, shown(cell), str(error)))
                    value = None
                place = row
                for name in column.steps[:-1]:
                    place = place.setdefault(name, {})
                place[column.steps[-1]] = value
        if row.get("type") == "lead_updated":
            row.setdefault("lead", {})
        found = read_row(row)
        if not isinstance(found, tuple):
            return faults or found
        named = [Fault(_column_of(f.path), f.value, f.reason) for f in found]
        said = {fault.path for fault in faults}
        return [*faults, *(fault for fault in named if fault.path not in said)]
