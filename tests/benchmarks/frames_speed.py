"""The figures of the review on data frames, against the same figures written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from typing import Any

from partnerleads.frames import events_frame, history
from partnerleads.model import Figure
from partnerleads.review import FIGURES
from partnerleads.review.asking import asks_of
from tests.benchmarks.log import AS_OF, make_log
from tests.benchmarks.measuring import Bench, Row, compared, interleaved

__all__ = ["frames", "measured", "write_frame"]

POLARS_TARGET = 1.1
DUCKDB_TARGET = 1.1
PANDAS_TARGET = 0.5
LARGEST_LOG = 1_000_000
"""Logs beyond repeat one of this size, with ids of their own. [events]"""


def measured(frame: Any) -> dict[str, Figure]:
    """All figures of the review by the name of their measure."""
    known = history(frame, as_of=AS_OF)
    known.work_out(asks_of(known, [(kpi, {}) for _, kpi in FIGURES]))
    return {kpi.__name__: kpi(known) for _, kpi in FIGURES}


def _renamed(part: Any, number: int) -> Any:
    """Events with ids of their own."""
    import polars as pl

    return part.with_columns(pl.col("lead_id", "event_id", "retracts") + f"-{number}")


def write_frame(path: Path, size: int) -> None:
    """Write the log of a size as a flat frame in a Parquet file, in time order."""
    import polars as pl
    from pyarrow.parquet import ParquetWriter

    frame = events_frame(make_log(min(size, LARGEST_LOG)))
    times = max(1, size // LARGEST_LOG)
    with ParquetWriter(path, frame.to_arrow().schema) as file:
        for part in frame.iter_slices(ceil(frame.height / times)):
            again = [part] if times == 1 else [_renamed(part, n) for n in range(times)]
            file.write_table(pl.concat(again).sort("occurred_at").to_arrow())


def _by_polars(path: Path) -> dict[str, Callable[[], object]]:
    import polars as pl

    from tests.benchmarks.frames_by_polars import figures_by_polars

    frame = pl.read_parquet(path)
    return {
        "by hand": lambda: figures_by_polars(frame, as_of=AS_OF),
        "engine": lambda: measured(frame),
    }


def _by_duckdb(path: Path) -> dict[str, Callable[[], object]]:
    import duckdb

    from tests.benchmarks.frames_by_duckdb import figures_by_duckdb

    def engine() -> object:
        with duckdb.connect() as connection:
            connection.execute("set enable_progress_bar = false")
            return measured(connection.from_parquet(str(path)))

    return {"by hand": lambda: figures_by_duckdb(path, as_of=AS_OF), "engine": engine}


def _by_pandas(path: Path) -> dict[str, Callable[[], object]]:
    import polars as pl

    from tests.benchmarks.frames_by_pandas import figures_by_pandas
    from tests.benchmarks.frames_pandas_events import COLUMNS

    # columns that state nothing take as much memory as others: too much for ten million events
    stated = pl.scan_parquet(path).count().collect().row(0, named=True)
    names = [name for name, cells in stated.items() if cells or name in COLUMNS]
    yes_no = dict.fromkeys(("qualified", "automatic"), "boolean")
    frame = pl.read_parquet(path, columns=names).to_pandas().astype(yes_no)
    return {
        "by hand": lambda: figures_by_pandas(frame, as_of=AS_OF),
        "engine": lambda: measured(frame),
    }


def _measure(  # noqa: PLR0917 - sent to another process by position
    name: str,
    functions: Callable[[Path], dict[str, Callable[[], object]]],
    path: Path,
    size: int,
    rounds: int,
    target: float,
) -> Row:
    times = interleaved(rounds, functions(path))
    base, cost = (times["by hand"], size), (times["engine"], size)
    return compared(name, size, base, cost, target=target)


def frames(bench: Bench) -> Iterator[Row]:
    """The thirteen figures by the engine of frames, against each hand-written version."""
    rows = (
        ("Polars, against Polars by hand", _by_polars, POLARS_TARGET),
        ("DuckDB on Parquet, against SQL by hand", _by_duckdb, DUCKDB_TARGET),
        ("a frame of pandas, against pandas by hand", _by_pandas, PANDAS_TARGET),
    )
    for size in bench.sizes:
        path = bench.folder / f"frame-{size}.parquet"
        if not path.exists():
            bench.call(write_frame, path, size)
        for name, functions, target in rows:
            named = f"all figures on {name}"
            yield bench.call(_measure, named, functions, path, size, bench.rounds, target)
