"""The figures of the review on more events than memory holds, from Parquet through DuckDB."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from partnerleads.model import Figure
from tests.benchmarks.frames_speed import measured, write_frame
from tests.benchmarks.measuring import Bench, Row

__all__ = ["larger"]

PER_EVENT_TARGET = 1.6
"""What an event of the longest log may cost, as a multiple of one of the shortest."""

LIMIT = "4GB"


def _figures(path: Path, folder: str) -> dict[str, Figure]:
    import duckdb

    with duckdb.connect(f"{folder}/work.duckdb") as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set memory_limit = '{LIMIT}'")
        connection.execute(f"set temp_directory = '{folder}/spilled'")
        return measured(connection.from_parquet(str(path)))


def _measure(path: Path) -> tuple[float, float]:
    """Seconds of all figures, and the most memory that this process held. [GB]"""
    with TemporaryDirectory(dir=path.parent) as folder:
        start = perf_counter()
        _figures(path, folder)
        seconds = perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def larger(bench: Bench) -> Iterator[Row]:
    """An event of the longest log against one of the shortest, each in a process of its own."""
    costs: dict[int, list[float]] = {size: [] for size in sorted(bench.sizes)}
    resident = dict.fromkeys(costs, 0.0)
    for _ in range(bench.rounds):
        for size, each in costs.items():
            path = bench.folder / f"frame-{size}.parquet"
            if not path.exists():
                bench.call(write_frame, path, size)
            seconds, held = bench.call(_measure, path)
            each.append(seconds / size)
            resident[size] = max(resident[size], held)
    short, long = min(costs), max(costs)
    yield Row(
        name=f"all figures by DuckDB within {LIMIT}, against {short} events",
        size=long,
        base=f"{min(costs[short]) * 1e6:.2f} us",
        cost=f"{min(costs[long]) * 1e6:.2f} us, {resident[long]:.1f} GB resident",
        ratios=tuple(cost / base for base, cost in zip(costs[short], costs[long], strict=True)),
        target=PER_EVENT_TARGET,
    )
