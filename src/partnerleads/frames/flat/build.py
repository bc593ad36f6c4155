"""Columns of plain values become a frame of some package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from partnerleads.errors import OptionError
from partnerleads.frames.flat.native import package
from partnerleads.model.options import check_choice

__all__ = ["BACKENDS", "build_frame"]

Columns: TypeAlias = Mapping[str, Sequence[Any]]
Kinds: TypeAlias = Mapping[str, str]

_TEXTS = ("text", "amount", "json")
_DIGITS, _SCALE = 38, 4


def _polars(columns: Columns, kinds: Kinds, _: Any) -> Any:
    pl = package("polars")
    types = dict.fromkeys(_TEXTS, pl.String) | {
        "integer": pl.Int64,
        "number": pl.Float64,
        "yes_no": pl.Boolean,
        "instant": pl.Datetime("us", "UTC"),
        "decimal": pl.Decimal(_DIGITS, _SCALE),
    }
    return pl.DataFrame(columns, schema={name: types[kinds[name]] for name in columns})


def _pyarrow(columns: Columns, kinds: Kinds, _: Any) -> Any:
    pa = package("pyarrow")
    types = dict.fromkeys(_TEXTS, pa.string()) | {
        "integer": pa.int64(),
        "number": pa.float64(),
        "yes_no": pa.bool_(),
        "instant": pa.timestamp("us", "UTC"),
        "decimal": pa.decimal128(_DIGITS, _SCALE),
    }
    return pa.table({name: pa.array(of, types[kinds[name]]) for name, of in columns.items()})


def _pandas(columns: Columns, kinds: Kinds, _: Any) -> Any:
    pd = package("pandas")
    types = dict.fromkeys(_TEXTS, pd.Series([""]).dtype) | {
        "integer": "Int64",
        "number": "float64",
        "yes_no": "boolean",
        "instant": "datetime64[us, UTC]",
        "decimal": "object",
    }
    return pd.DataFrame(
        {name: pd.Series(of, dtype=types[kinds[name]]) for name, of in columns.items()}
    )


def _pandas_arrow(columns: Columns, kinds: Kinds, session: Any) -> Any:
    pd = package("pandas")
    return _pyarrow(columns, kinds, session).to_pandas(types_mapper=pd.ArrowDtype)


def _duckdb(columns: Columns, kinds: Kinds, session: Any) -> Any:
    connection = package("duckdb") if session is None else session
    return connection.from_arrow(_pyarrow(columns, kinds, session))


def _pyspark(columns: Columns, kinds: Kinds, session: Any) -> Any:
    package("pyspark")
    if session is None:
        raise OptionError("session", session, "Spark needs one: pass session=spark")
    table = _pyarrow(columns, kinds, session)  # pragma: no cover - Spark only, see test_spark
    return session.createDataFrame(table)  # pragma: no cover - Spark only, see test_spark


_BUILDERS: dict[str, Callable[[Columns, Kinds, Any], Any]] = {
    "polars": _polars,
    "pandas": _pandas,
    "pandas-arrow": _pandas_arrow,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
    "pyspark": _pyspark,
}

BACKENDS: tuple[str, ...] = tuple(_BUILDERS)
"""The names of the packages that frames can be made with."""


def build_frame(columns: Columns, kinds: Kinds, *, backend: str, session: Any) -> Any:
    """A frame of the package named, with every column typed by its kind.

    Args:
        columns: Plain values by column; None is null; instants in UTC.
        kinds: Kind of each column, as in ``FLAT_COLUMNS``, or ``decimal``.
        backend: One of ``BACKENDS``.
        session: Spark session or DuckDB connection, where there is one.

    Raises:
        MissingExtraError: When the package is not installed.
        OptionError: When there is no such backend, or Spark is asked for without a session.
    """
    check_choice("backend", backend, BACKENDS)
    return _BUILDERS[backend](columns, kinds, session)
