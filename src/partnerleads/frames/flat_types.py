"""The names and the types of an incoming frame's columns, judged before any row is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from partnerleads.codecs.csv_mapping_table import did_you_mean
from partnerleads.codecs.flat_columns import FLAT_COLUMNS
from partnerleads.errors import Fault, FrameSchemaError
from partnerleads.events import fields_of
from partnerleads.events.fact import LeadFact
from partnerleads.frames.flat_fixes import fix_for
from partnerleads.frames.flat_native import family, names_of, narwhals, native, package, unbound

__all__ = ["REQUIRED", "OpenedFrame", "opened_frame"]

REQUIRED: tuple[str, ...] = (
    "type",
    *(spec.name for spec in fields_of(LeadFact) if spec.required),
)
"""Columns that every frame of events has: those that every event of a lead states."""


_SESSION = "the clock of the session's zone"
_CLOCKS = {"polars": "UTC", "pandas": "UTC", "duckdb": _SESSION, "pyspark": _SESSION}
"""By whose clock the fix for instants as text reads those without an offset, where it reads any."""


@frozen
class OpenedFrame:
    """A frame of events whose columns have been judged.

    Attributes:
        frame: The frame, as narwhals sees it.
        sound: Types of those columns of ``FLAT_COLUMNS`` that have a type that fits.
        unfit: What is wrong with the others; nothing, where they turn out to be all null.
        missing: Required columns that are not there.
        schema: Types of all columns, as narwhals sees them.
    """

    frame: Any
    sound: Mapping[str, Any]
    unfit: Mapping[str, Fault]
    missing: tuple[Fault, ...]
    schema: Mapping[str, Any]


def opened_frame(frame: Any) -> OpenedFrame:
    """Judge the columns of a frame.

    Raises:
        FrameSchemaError: When columns repeat, so that nothing else can be said of the types.
        MissingExtraError: When narwhals is not installed.
        OptionError: When it is no frame.
    """
    own = native(frame)
    repeated = [name for name, count in Counter(names_of(own)).items() if count > 1]
    if repeated:
        reason = "is the name of several columns; rename or drop all but one"
        doubled = tuple(Fault(name, "", reason) for name in repeated)
        raise FrameSchemaError((*_missing(names_of(own)), *doubled))
    seen = unbound(narwhals().from_native(own))
    schema = seen.collect_schema()
    sound, unfit = {}, {}
    for name in FLAT_COLUMNS:
        if name in schema:
            dtype = _dtype(seen, name, schema[name])
            trouble = _trouble(name, dtype, family(seen))
            if trouble:
                unfit[name] = Fault(name, "", trouble)
            else:
                sound[name] = dtype
    return OpenedFrame(seen, sound, unfit, _missing(list(schema)), schema)


def _dtype(seen: Any, name: str, dtype: Any) -> Any:
    """The type of a column; of objects in pandas, all of which are looked at, not the first few."""
    if not seen.implementation.is_pandas():
        return dtype
    column = seen.to_native()[name]
    if isinstance(
        column.dtype, package("pandas").DatetimeTZDtype
    ):  # underscores in its zone hide it
        return narwhals().Datetime(column.dtype.unit, str(column.dtype.tz))
    if column.dtype != object:
        return dtype
    held = package("pandas").api.types.infer_dtype(column, skipna=True)
    return dtype if held in ("string", "empty") else narwhals().Object()


def _missing(names: Sequence[str]) -> tuple[Fault, ...]:
    spare = [name for name in names if name not in FLAT_COLUMNS]
    return tuple(
        Fault(name, "", f"is a missing column{_hint(name, spare)}")
        for name in REQUIRED
        if name not in names
    )


def _hint(name: str, spare: Sequence[str]) -> str:
    for other in spare:
        if other.casefold() == name:
            return f"; rename {other!r}, since capitals count"
    return did_you_mean(name, spare) or "; add it"


def _is_text(dtype: Any) -> bool:
    nw = narwhals()
    return isinstance(dtype, nw.String | nw.Categorical | nw.Enum)


def _trouble(name: str, dtype: Any, backend: str) -> str:
    """What is wrong with the type of a column; empty where it fits."""
    kind = FLAT_COLUMNS[name]
    if kind == "instant":
        return _instant_trouble(name, dtype, backend)
    if kind == "amount":
        return _amount_trouble(name, dtype, backend)
    fits, word = {
        "text": (_is_text(dtype), "text"),
        "json": (_is_text(dtype), 'JSON as text, such as ["one"] or {"name": "value"}'),
        "integer": (dtype.is_integer() or dtype.is_float(), "integers"),
        "number": (dtype.is_numeric(), "numbers"),
        "yes_no": (dtype == narwhals().Boolean, "true or false"),
    }[kind]
    if fits:
        return ""
    trouble = "text yes_no" if kind == "yes_no" and _is_text(dtype) else kind
    fix = "" if dtype.is_nested() else fix_for(backend, trouble, name)
    return f"holds {_words(dtype)}; it needs {word}{fix}"


def _instant_trouble(name: str, dtype: Any, backend: str) -> str:
    nw = narwhals()
    if isinstance(dtype, nw.Datetime):
        if dtype.time_zone is not None:
            return ""
        fix = fix_for(backend, "naive", name)
        return f"holds naive instants; say whose clock they show, for example UTC{fix}"
    if _is_text(dtype):
        clock = f", those without an offset by {_CLOCKS[backend]}" if backend in _CLOCKS else ""
        return f"holds instants as text; parse them{clock}{fix_for(backend, 'text instant', name)}"
    if dtype == nw.Date:
        fix = fix_for(backend, "date", name)
        return f"holds dates; give them a time of day, and precision 'day'{fix}"
    needed = f"holds {_words(dtype)}; it needs instants with a time zone"
    if dtype != nw.Object:
        return needed
    fix = fix_for(backend, "date", name)
    return f"{needed}; say whose clock naive ones show, for example UTC{fix}"


def _amount_trouble(name: str, dtype: Any, backend: str) -> str:
    if _is_text(dtype):
        return ""
    fix = fix_for(backend, "text", name)
    if dtype.is_float():
        return f"holds money as floats, which are not exact; read it as text, or turn it{fix}"
    return f"holds {_words(dtype)}; write amounts as text, such as '1200.50'{fix}"


def _words(dtype: Any) -> str:
    nw = narwhals()
    if dtype in (nw.Object, nw.Unknown):
        return "values of no type that is known here"
    return f"values of type {dtype}"
