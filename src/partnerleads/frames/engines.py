"""What differs from one kind of frame to another, and nothing else.

Three engines do the work: Polars, DuckDB and Spark. Frames of pandas and PyArrow are lent to
Polars, or to DuckDB where that is what there is: they have no ordered windows that can be relied
on. All the rest of the room speaks narwhals; here are the few things that it cannot say for every
engine: instants as whole microseconds, keeping a result for later, and reading a small one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from importlib.util import find_spec
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from partnerleads.errors import MissingExtraError, OptionError
from partnerleads.frames.flat.native import unbound

__all__ = [
    "Frame",
    "coded",
    "distinct",
    "first_row",
    "in_utc",
    "kept",
    "micros",
    "names_of",
    "numbered",
    "opened",
    "renamed",
    "rows",
    "small",
    "spills",
    "stacked",
    "texts",
    "within",
    "without",
]

Frame: TypeAlias = nw.LazyFrame[Any]
"""A frame that is worked out when it is read."""

_SUPPORTED = "pandas, Polars (eager or lazy), PyArrow, DuckDB, PySpark"

_ONE_TYPE = ("string", "empty", "boolean", "integer", "floating", "decimal", "date")
"""What pandas says of objects that are all of one type."""


def opened(native: Any) -> Frame:
    """A native frame as one that an engine can work on.

    Args:
        native: A frame that narwhals knows.

    Raises:
        OptionError: When it is of a library that is not supported.
        MissingExtraError: When a frame of pandas or PyArrow finds neither Polars nor DuckDB.
    """
    frame: Any = nw.from_native(native)
    kind = frame.implementation
    if kind.is_polars():
        return frame.lazy()  # type: ignore[no-any-return]
    if kind.is_duckdb():
        return unbound(frame)  # type: ignore[no-any-return]
    if kind.is_pyspark():  # pragma: no cover - Spark only, see test_spark
        return frame  # type: ignore[no-any-return]
    if kind.is_pandas() or kind.is_pyarrow():
        return _lent(frame)
    raise OptionError("frame", str(kind), f"is not supported; pass one of {_SUPPORTED}")


def _lent(frame: Any) -> Frame:
    if frame.implementation.is_pandas():
        frame = _without_mixtures(frame)
    for backend in ("polars", "duckdb"):
        try:
            return opened(frame.lazy(backend=backend))
        except ImportError:
            continue
    if find_spec("polars") is None:
        raise MissingExtraError("polars", "frames")
    raise MissingExtraError("pyarrow", "pandas")  # with which Polars reads it


def _without_mixtures(frame: Any) -> Any:
    """A frame of pandas without columns of objects of several types; no engine takes them."""
    import pandas as pd  # noqa: PLC0415 - only where the frame is of pandas

    whole, types = frame.to_native(), pd.api.types
    mixed = [
        name
        for name, kind in whole.dtypes.items()
        if types.is_object_dtype(kind)
        and types.infer_dtype(whole[name], skipna=True) not in _ONE_TYPE
    ]
    return frame.drop(mixed)


def in_utc(frame: Frame) -> Frame:
    """The frame with all instants told in one zone; only Polars knows several in one frame."""
    if not frame.implementation.is_polars():
        return frame
    zoned = [
        name
        for name, kind in frame.collect_schema().items()
        if isinstance(kind, nw.Datetime) and kind.time_zone not in (None, "UTC")
    ]
    told = (nw.col(name).dt.convert_time_zone("UTC") for name in zoned)
    return frame.with_columns(told) if zoned else frame


def renamed(frame: Frame, names: Mapping[str, str]) -> Frame:
    """The frame with some columns renamed, whatever signs the old names have in them.

    Args:
        frame: A frame.
        names: New names by old ones.
    """
    if frame.implementation.is_pyspark():  # pragma: no cover - Spark only, see test_spark
        # it reads a dot in a name as a way into it
        native: Any = frame.to_native()
        made = native.toDF(*(names.get(name, name) for name in native.columns))
        return nw.from_native(made)  # type: ignore[no-any-return]
    return frame.rename(dict(names))


def micros(frame: Frame, names: Sequence[str]) -> Frame:
    """The frame with columns of instants as whole microseconds since 1970, in place.

    Args:
        frame: A frame.
        names: Its columns of instants.
    """
    kind = frame.implementation
    native: Any = frame.to_native()
    if kind.is_duckdb():
        changed = {name: f'epoch_us("{name}")' for name in names}
        return nw.from_native(native.with_texts(changed))  # type: ignore[no-any-return]
    if kind.is_pyspark():  # pragma: no cover - Spark only, see test_spark
        from pyspark.sql import functions as f  # noqa: PLC0415 - only where the frame is of Spark

        made = native.withColumns({name: f.unix_micros(name) for name in names})
        return nw.from_native(made)  # type: ignore[no-any-return]
    return frame.with_columns(nw.col(name).dt.timestamp("us") for name in names)


def numbered(frame: Frame, name: str, *, of: str, words: Sequence[str]) -> Frame:
    """The frame with a column of the places that texts have among some words, from 0.

    Args:
        frame: A frame.
        name: Name of the column, which is null where a text is none of the words.
        of: The column of texts.
        words: The words.
    """
    if frame.implementation.is_duckdb():
        native: Any = frame.to_native()
        known = ", ".join(f"'{word}'" for word in words)
        place = f'enum_code(try_cast("{of}" as enum({known}))) :: tinyint'
        return nw.from_native(native.with_texts({name: place}))  # type: ignore[no-any-return]
    places = nw.col(of).replace_strict(
        [*words], [*range(len(words))], default=None, return_dtype=nw.Int8
    )
    return frame.with_columns(places.alias(name))


def distinct(frame: Frame) -> Frame:
    """The rows of a frame, each once."""
    if frame.implementation.is_duckdb():
        native: Any = frame.to_native()
        return nw.from_native(native.distinct())  # type: ignore[no-any-return]
    return frame.unique()


def spills(frame: Frame) -> bool:
    """Whether its engine moves to disk what exceeds the memory that it may take."""
    return not frame.implementation.is_polars()


def coded(frame: Frame, name: str) -> Frame:
    """The frame with a column of texts as codes, where an engine joins and groups those faster.

    Args:
        frame: A frame; of Polars it is worked out.
        name: The column.
    """
    if frame.implementation.is_polars():
        return kept(frame.with_columns(nw.col(name).cast(nw.Categorical)))
    return frame


def kept(frame: Frame, *, small: bool = False) -> Frame:
    """The frame with its rows worked out, so that it may be read often.

    Polars keeps them in memory, DuckDB in a temporary table of the same connection, which may grow
    beyond memory and is dropped with the last frame that reads it (unless the connection is busy
    with a result half read just then), and Spark in the storage of its executors, without the plan
    that led there: plans that grow from step to step soon take longer than the work.

    Args:
        frame: A frame.
        small: Whether it reads few rows, or one for each lead, and joins them: no table of events.
            Polars then works on whole columns, as every batch of rows costs at every join.
    """
    native: Any = frame.to_native()
    kind = frame.implementation
    if kind.is_duckdb():
        return nw.from_native(native.kept())  # type: ignore[no-any-return]
    if kind.is_pyspark():  # pragma: no cover - Spark only, see test_spark
        return nw.from_native(native.localCheckpoint())  # type: ignore[no-any-return]
    return nw.from_native(_worked_out(native, small=small).lazy())  # type: ignore[no-any-return]


def _worked_out(native: Any, *, small: bool) -> Any:
    """A native frame of Polars, read."""
    return native.collect(engine="in-memory" if small else "auto")


def stacked(frames: Sequence[Frame]) -> Frame:
    """The rows of several frames that have the same columns.

    Args:
        frames: One or more.
    """
    if not frames[0].implementation.is_duckdb():
        return nw.concat(frames)
    natives: list[Any] = [frame.to_native() for frame in frames]  # their types need not be asked
    return nw.from_native(reduce(lambda one, other: one.union(other), natives))  # type: ignore[no-any-return]


def names_of(frame: Frame) -> list[str]:
    """The names of the columns of a frame, asked for without their types where these cost."""
    if frame.implementation.is_duckdb():
        native: Any = frame.to_native()
        return native.columns  # type: ignore[no-any-return]
    return frame.collect_schema().names()


def within(frame: Frame, name: str, few: Frame) -> Frame:
    """The rows whose value is among a few.

    Args:
        frame: A frame.
        name: A column of it that is never null.
        few: A kept frame that has the column, too.
    """
    if frame.implementation.is_polars():
        return frame.filter(_is_among(name, few))
    return frame.join(few, on=name, how="semi")


def without(frame: Frame, name: str, few: Frame) -> Frame:
    """The rows whose value is not among a few; takes what :func:`within` takes."""
    if frame.implementation.is_polars():
        return frame.filter(~_is_among(name, few))
    return frame.join(few, on=name, how="anti")


def _is_among(name: str, few: Frame) -> Any:
    """A filter, which Polars works out together with others, and a join by itself."""
    return nw.col(name).is_in(_worked_out(few.to_native(), small=True)[name].implode())


def small(like: Frame, columns: Mapping[str, Sequence[int]]) -> Frame:
    """Some rows of whole numbers as a frame that can be joined with another.

    Args:
        like: A frame of the engine.
        columns: The columns by name, all of one length.
    """
    native: Any = like.to_native()
    kind = like.implementation
    if kind.is_duckdb():
        lists = {name: f"unnest({[*cells]}::bigint[])" for name, cells in columns.items()}
        return nw.from_native(native.made(lists))  # type: ignore[no-any-return]
    if kind.is_pyspark():  # pragma: no cover - Spark only, see test_spark
        schema = ", ".join(f"{name} bigint" for name in columns)
        made = native.sparkSession.createDataFrame([*zip(*columns.values(), strict=True)], schema)
        return nw.from_native(made)  # type: ignore[no-any-return]
    types = dict.fromkeys(columns, nw.Int64())
    return nw.from_dict({**columns}, types, backend="polars").lazy()


def rows(frame: Frame, *, small: bool = False) -> list[dict[str, Any]]:
    """The rows of a small result; whole numbers are integers whatever the engine calls them.

    Args:
        frame: The result.
        small: Whether also what it is made of is small, as :func:`kept` has it.
    """
    native: Any = frame.to_native()
    kind = frame.implementation
    if kind.is_duckdb():
        names = native.columns
        return [dict(zip(names, row, strict=True)) for row in native.fetchall()]
    if kind.is_pyspark():  # pragma: no cover - Spark only, see test_spark
        return [row.asDict() for row in native.collect()]
    return _worked_out(native, small=small).rows(named=True)  # type: ignore[no-any-return]


def texts(frame: Frame, name: str) -> list[str]:
    """A column of a small result, all of whose rows have a text there.

    Args:
        frame: The result of few rows, or of one for each lead.
        name: The column.
    """
    column = frame.select(name)
    if frame.implementation.is_polars():
        return _worked_out(column.to_native(), small=True)[name].to_list()  # type: ignore[no-any-return]
    return [row[name] for row in rows(column)]


def first_row(frame: Frame, *, small: bool = False) -> dict[str, Any]:
    """The only row of a result; takes what :func:`rows` takes."""
    (row,) = rows(frame, small=small)
    return row
