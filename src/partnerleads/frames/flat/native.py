"""The optional packages of frames, and frames of any of them as narwhals sees them."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any

from partnerleads.errors import MissingExtraError, OptionError

__all__ = ["family", "names_of", "narwhals", "native", "package", "unbound"]

_EXTRAS = {
    "narwhals": "frames",
    "polars": "frames",
    "pandas": "pandas",
    "pyarrow": "arrow",
    "duckdb": "duckdb",
    "pyspark": "spark",
}


def package(name: str) -> Any:
    """An optional package, or a module of one.

    Raises:
        MissingExtraError: When it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        top = name.partition(".")[0]
        raise MissingExtraError(top, _EXTRAS[top]) from error


def narwhals() -> Any:
    """The stable face of narwhals."""
    return package("narwhals.stable.v2")


def native(frame: Any) -> Any:
    """The frame as its own package made it; what only streams Arrow becomes a PyArrow table.

    Raises:
        MissingExtraError: When narwhals is not installed, or PyArrow where it is needed.
        OptionError: When it is no frame.
    """
    nw = narwhals()
    if isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return frame.to_native()
    if nw.dependencies.is_into_dataframe(frame) or _is_lazy(frame):
        return frame
    if hasattr(frame, "__arrow_c_stream__"):
        arrow = package("pyarrow")
        with suppress(arrow.ArrowInvalid):  # a single column streams, too
            return arrow.table(frame)
    reason = "is no frame; pass one of Polars, pandas, PyArrow, DuckDB or Spark"
    raise OptionError("frame", type(frame).__name__, reason)


def unbound(frame: Any) -> Any:
    """A frame of narwhals that is not bound at every step, where it is one of DuckDB."""
    if not frame.implementation.is_duckdb():
        return frame
    from partnerleads.frames.unbound import Unbound  # noqa: PLC0415 - seldom is it one of DuckDB

    relation = frame.to_native()
    if type(relation) is Unbound:
        return frame
    stand_in: Any = Unbound.of(relation)
    return narwhals().from_native(stand_in)


def _is_lazy(frame: Any) -> bool:
    try:
        return isinstance(narwhals().from_native(frame), narwhals().LazyFrame)
    except TypeError:
        return False


def names_of(frame: Any) -> list[str]:
    """The names of a native frame's columns, repeated ones too; empty where none can repeat."""
    names = getattr(frame, "column_names", None)
    if names is None:
        names = () if hasattr(frame, "collect_schema") else frame.columns
    return [str(name) for name in names]


def family(frame: Any) -> str:
    """Which package's way of writing a fix fits; empty where none is known."""
    made_by = frame.implementation
    if made_by.is_pandas_like():
        return "pandas"
    if made_by.is_spark_like():
        return "pyspark"
    name = str(made_by.value)
    return name if name in _EXTRAS else ""
