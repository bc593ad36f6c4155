"""Events written as CSV in the flat form."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from partnerleads.codecs.csv_files.flat import flat_cells
from partnerleads.codecs.csv_files.text import LONGEST_LINE
from partnerleads.codecs.flat_columns import FLAT_COLUMNS
from partnerleads.codecs.row_reader import read_row
from partnerleads.errors import Fault, InvalidEventError
from partnerleads.events import Event, to_row

__all__ = ["write_csv"]


def write_csv(events: Iterable[Event], target: str | os.PathLike[str] | IO[str]) -> int:
    """Write events as CSV in the flat form, so that :func:`read_csv` gives equal events.

    Only columns that some event fills are written, in a fixed order. Texts that a spreadsheet
    would run as a formula (they begin with ``=``, ``+``, ``-``, ``@``, a tab or a line end) get
    a ``'`` before them, which reading takes off again; numbers below zero stay numbers.

    Args:
        events: The events; their order is kept.
        target: A path, which is overwritten; or a text file open for writing in UTF-8 with
            ``newline=""``, which stays open.

    Returns:
        How many rows were written. [count]

    Raises:
        InvalidEventError: when an event holds what no row may hold, such as an empty id, or a
            list too long for a cell that can be read back. Nothing is written then.
        OSError: when the file cannot be written.
    """
    rows = []
    used: set[str] = {"type", "event_id", "occurred_at"}
    for event in events:
        checked = read_row(to_row(event))
        if isinstance(checked, tuple):
            raise InvalidEventError(event.type, checked)
        cells = flat_cells(event)
        if too_long := _too_long(cells):
            raise InvalidEventError(event.type, too_long)
        used.update(cells)
        rows.append(cells)
    if isinstance(target, str | os.PathLike):
        with Path(target).open("w", encoding="utf-8", newline="") as opened:
            _write(rows, used, opened)
    else:
        _write(rows, used, target)
    return len(rows)


def _too_long(cells: dict[str, str]) -> tuple[Fault, ...]:
    """Faults of a row that :func:`read_csv` would refuse for its length."""
    most = csv.field_size_limit()
    faults = [
        Fault(name, "", f"has {len(cell)} characters, cells at most {most}; write JSON lines")
        for name, cell in cells.items()
        if len(cell) > most
    ]
    if 2 * sum(map(len, cells.values())) > LONGEST_LINE:
        faults.append(Fault("$", "", "is too long for one line of CSV; write JSON lines"))
    return tuple(faults)


def _write(rows: list[dict[str, str]], used: set[str], target: IO[str]) -> None:
    columns = [name for name in FLAT_COLUMNS if name in used]
    writer = csv.DictWriter(target, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
