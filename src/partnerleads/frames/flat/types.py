"""The names and the types of an incoming frame's columns, judged before any row is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from partnerleads.codecs.flat_columns import FLAT_COLUMNS, flat_columns
from partnerleads.errors import Fault, FrameSchemaError
from partnerleads.frames.flat.fixes import fix_for
from partnerleads.frames.flat.names import misnamed, missing, whole_fields
from partnerleads.frames.flat.native import family, names_of, narwhals, native, package, unbound

__all__ = ["OpenedFrame", "opened_frame"]

_SESSION = "the clock of the session's zone"
_CLOCKS = {"polars": "UTC", "pandas": "UTC", "duckdb": _SESSION, "pyspark": _SESSION}
"""By whose clock the fix for instants as text reads those without an offset, where it reads any."""


@frozen
class OpenedFrame:
    """A frame of events whose columns have been judged.

    Attributes:
        frame: The frame, as narwhals sees it.
        sound: Types of those columns of ``FLAT_COLUMNS`` that have a type that fits.
        unfit: What is wrong with the others, and with fields that should be several columns;
            nothing, where they turn out to be all null.
        missing: Required columns that are not there, and others that stand under a wrong name.
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
        FrameSchemaError: When columns repeat, so that nothing else can be said of the types, or
            when none is a column of events.
        MissingExtraError: When narwhals is not installed.
        OptionError: When it is no frame.
    """
    own = native(frame)
    repeated = [name for name, count in Counter(names_of(own)).items() if count > 1]
    if repeated:
        reason = "is the name of several columns; rename or drop all but one"
        doubled = tuple(Fault(name, "", reason) for name in repeated)
        raise FrameSchemaError((*missing(names_of(own)), *doubled))
    seen = unbound(narwhals().from_native(own))
    schema = seen.collect_schema()
    names = [str(name) for name in schema]
    wrong_names = (*missing(names), *misnamed(names))
    sound, unfit = {}, {}
    for name in FLAT_COLUMNS:
        if name in schema:
            dtype = _dtype(seen, name, schema[name])
            trouble = _trouble(name, dtype, family(seen))
            if trouble:
                unfit[name] = Fault(name, "", trouble)
            else:
                sound[name] = dtype
    if not (sound or unfit):
        raise FrameSchemaError(wrong_names)
    unfit |= _whole(seen, schema)
    return OpenedFrame(seen, sound, unfit, wrong_names, schema)


def _whole(seen: Any, schema: Mapping[str, Any]) -> dict[str, Fault]:
    """What is wrong with fields of event rows that stand in one column instead of several."""
    return {
        name: Fault(name, "", _spread(name, columns))
        for name, columns in whole_fields().items()
        if name in schema
        and not schema.keys() & {*columns}
        and (name != "lead" or _is_nested(_dtype(seen, name, schema[name])))
    }


def _spread(name: str, columns: tuple[str, ...]) -> str:
    if name == "lead":
        return "holds whole leads; give each field a column of its own, such as 'lead_region'"
    amount, currency = columns
    return f"is not read; write amounts as text into {amount!r}, currencies into {currency!r}"


def _is_nested(dtype: Any) -> bool:
    nested: bool = dtype.is_nested() or dtype == narwhals().Object
    return nested


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
    if dtype.is_float() and flat_columns()[name].is_id:
        trouble = "float id"
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
