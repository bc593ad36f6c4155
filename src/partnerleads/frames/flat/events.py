"""Events as a flat frame, and a flat frame as events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from partnerleads.codecs.flat_columns import (
    FLAT_COLUMNS,
    FlatColumn,
    event_of,
    flat_columns,
    flat_values,
)
from partnerleads.codecs.row_reader import read_row
from partnerleads.errors import BadInputError, Fault, FrameSchemaError, InvalidEventError
from partnerleads.events import Event, to_row
from partnerleads.frames.flat.build import build_frame
from partnerleads.frames.flat.plain import PlainColumn, plain_column
from partnerleads.frames.flat.types import opened_frame

__all__ = ["events_frame", "events_of"]


def _cell(column: FlatColumn, value: Any) -> Any:
    if column.kind == "instant":
        return datetime.fromisoformat(value)
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def events_frame(
    events: Iterable[Event], *, backend: str = "polars", session: Any | None = None
) -> Any:
    """Events as a flat frame, one row each in their order.

    The frame has every column of ``FLAT_COLUMNS``, whatever the events state, so that frames of
    several runs fit together; what is absent is null. Nested fields are joined by ``_``
    (``lead_region``, ``value_amount``). Lists and free attributes are JSON text. Instants are UTC
    timestamps of microseconds. Integers and yes or no stay such where some are null.

    Amounts are the exact decimals **as text**: a float would lose cents, one decimal type would
    need one number of digits for all currencies, and not every package sums decimals exactly.

    Args:
        events: The events.
        backend: ``polars``, ``pandas`` (numpy types), ``pandas-arrow``, ``pyarrow``, ``duckdb`` (a
            relation) or ``pyspark``.
        session: The Spark session, which ``pyspark`` needs; or the DuckDB connection, by default
            the one that DuckDB itself uses.

    Returns:
        A frame of that package.

    Raises:
        InvalidEventError: When an event holds what no row may hold, such as an empty id.
        MissingExtraError: When the package is not installed.
        OptionError: When there is no such backend, or Spark is asked for without a session.

    >>> from partnerleads.testing import history
    >>> frame = events_frame(history("2026-01-02 L1 captured by acme"))
    >>> frame["originator"].to_list()
    ['acme']
    """
    columns: dict[str, list[Any]] = {name: [] for name in FLAT_COLUMNS}
    count = 0
    for event in events:
        row = to_row(event)
        checked = read_row(row)
        if isinstance(checked, tuple):
            raise InvalidEventError(event.type, checked)
        for column, value in flat_values(row):
            cells = columns[column.name]
            cells.extend([None] * (count - len(cells)))
            cells.append(_cell(column, value))
        count += 1
    for cells in columns.values():
        cells.extend([None] * (count - len(cells)))
    return build_frame(columns, FLAT_COLUMNS, backend=backend, session=session)


def events_of(frame: Any) -> list[Event]:
    """The events of a flat frame, in the order of its rows.

    The columns are judged as :func:`~partnerleads.frames.check_events_frame` does, and every row
    as a row of JSON lines would be. Columns that are none of ``FLAT_COLUMNS`` are left out.

    Args:
        frame: A frame of Polars (eager or lazy), pandas, PyArrow, DuckDB or Spark, or anything
            that streams Arrow; lazy ones are collected.

    Raises:
        BadInputError: When rows have faults, with all of them, each with its row (counted from 1)
            and its column.
        FrameSchemaError: When columns are missing, repeat or have types that do not fit.
        MissingExtraError: When narwhals is not installed.
        OptionError: When it is no frame.

    >>> from partnerleads.testing import history
    >>> events = history("2026-01-02 L1 captured by acme")
    >>> events_of(events_frame(events)) == list(events)
    True
    """
    opened = opened_frame(frame)
    table = opened.frame.lazy().select(*opened.sound, *opened.unfit).collect()
    unfit = [fault for name, fault in opened.unfit.items() if table[name].null_count() < len(table)]
    if opened.missing or unfit:
        raise FrameSchemaError((*opened.missing, *unfit))
    columns = [plain_column(table[name], flat_columns()[name]) for name in opened.sound]
    faults: list[Fault] = []
    events: list[Event] = []
    for index in range(len(table)):
        found = _read(columns, index)
        if isinstance(found, list):
            faults += found
        else:
            events.append(found)
    if faults:
        raise BadInputError("the frame", tuple(faults), len(table), len(events))
    return events


def _read(columns: Sequence[PlainColumn], index: int) -> Event | list[Fault]:
    """The event of a row, or all that is wrong with it."""
    cells = [(one.column, one.values[index]) for one in columns if one.values[index] is not None]
    faults = [
        Fault(one.column.name, *one.reasons[index]) for one in columns if index in one.reasons
    ]
    found = event_of(cells, faults)
    if isinstance(found, list):
        return [evolve(fault, line=index + 1) for fault in found]
    return found
