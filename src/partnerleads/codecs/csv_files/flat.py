"""The cells of the flat form in CSV, which has the columns of :mod:`.flat_columns`.

Texts that a spreadsheet would run as a formula are written with ``'`` before them, as are empty
texts (an empty cell is an absent field) and texts that begin with such a prefix themselves; so
what is read back is exactly what was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from partnerleads.codecs.csv_files.rules import CellRule
from partnerleads.codecs.csv_files.values import converter
from partnerleads.codecs.fault_words import shown
from partnerleads.codecs.flat_columns import FlatColumn, event_of, flat_columns, flat_values
from partnerleads.errors import Fault
from partnerleads.events import Event, to_row
from partnerleads.model.near_names import near_name

__all__ = ["FlatPlan", "flat_cells", "guard", "unguard"]

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


_PLAIN = CellRule()
_OTHER = "; a mapping says what other columns mean"


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
    "money": str,
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


def _cell(column: FlatColumn, value: Any) -> str:
    return guard(value) if column.value in ("text", "choice") else _write(value)


def flat_cells(event: Event) -> dict[str, str]:
    """The cells of an event by column; absent fields have none."""
    return {column.name: _cell(column, value) for column, value in flat_values(to_row(event))}


class FlatPlan:
    """How the rows of one flat file become events.

    Attributes:
        faults: What is wrong with the header.
    """

    def __init__(self, names: Sequence[str]) -> None:
        by_name = flat_columns()
        self.faults = tuple(
            Fault(name, "", f"is no column of the flat form{near_name(name, by_name) or _OTHER}")
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
        read_cells: list[tuple[FlatColumn, Any]] = []
        faults: list[Fault] = []
        for index, column, read in self._columns:
            cell = cells[index]
            if cell:
                try:
                    value = read(cell)
                except ValueError as error:
                    faults.append(Fault(column.name, shown(cell), str(error)))
                    value = None
                read_cells.append((column, value))
        return event_of(read_cells, faults)
