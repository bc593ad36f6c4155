"""Measures the speed of the library and checks it against its targets."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

from tests.benchmarks.bare_loop import bare_loop
from tests.benchmarks.batch_speed import batches
from tests.benchmarks.comparison_speed import comparisons
from tests.benchmarks.fold_speed import dates, folds, reviews
from tests.benchmarks.frames_speed import frames
from tests.benchmarks.import_time import imports
from tests.benchmarks.jsonl_speed import jsons
from tests.benchmarks.larger_than_memory import larger
from tests.benchmarks.live_speed import lives
from tests.benchmarks.measuring import Bench, Row, apart, at_once
from tests.benchmarks.memory_use import memories
from tests.benchmarks.plv_speed import scores
from tests.benchmarks.routing_speed import routes
from tests.benchmarks.scoring_speed import scorings
from tests.benchmarks.table import HEAD, as_json, as_line

BENCHMARKS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "fold": folds,
    "dates": dates,
    "review": reviews,
    "live": lives,
    "plv": scores,
    "jsonl": jsons,
    "frames": frames,
    "larger": larger,
    "comparison": comparisons,
    "memory": memories,
    "import": imports,
    "routing": routes,
    "batch": batches,
    "scoring": scorings,
}

_INTRODUCTION = """\
Every ratio is the median of {rounds} rounds in one process, in which the base and the thing
measured take turns. Both are per event, and the garbage collector stays as Python starts it. A log
sorted in memory has its neighbours in time scattered over memory; one read from a file, as users
have it, has them side by side. The base of fold, review and LiveFold is the bare loop over the
lead events of the same log:

{code}
LiveFold.add only files the event and marks its lead; the lead is folded again when it is next read.
LivePlv.add does the same; reading a score then works out the touched leads and goes through all
deals of the partner once. Its scores are compared with those of plv_scores, before and after the
added events; a difference stops the run. How much dearer an event is after a longer history is
told in bare loops of that length, which miss the caches as well, and by the clock.
A fit of a lifetime model may take 3 s of one processor on the 2357 customers of the CDNOW sample.
The base of reading is a plain decode of the same lines into tagged structs. That of frames is the
same figures written by hand for Polars, DuckDB and pandas, as an expert would. That of more events
than memory holds is the cost of an event of the shortest log. Memory is what
tracemalloc counts. The base of importing is attrs, dateutil and the standard modules that the first
use loads; both without the start of Python itself. The base of routing asks every rule about every
recipient, one after the other up to the first that fails, and takes the best by score. The base of
batch is its limit, half a second of one core; its events are pairs of lead and recipient, or leads.
That of scoring reads every value and number of every lead once; the size is the number of leads.
"""


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", choices=BENCHMARKS, metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument(
        "--one-process", action="store_true", help="measure all in this process, less fairly"
    )
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Run the benchmarks; 1 when a target is missed."""
    options = _arguments(given)
    code = indent(inspect.getsource(bare_loop), "    ")
    print(_INTRODUCTION.format(rounds=options.rounds, code=code))
    print(HEAD)
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        bench = Bench(
            sizes=tuple(options.sizes),
            rounds=options.rounds,
            folder=Path(folder),
            call=at_once if options.one_process else apart,
        )
        for name in options.only or BENCHMARKS:
            for row in BENCHMARKS[name](bench):
                rows.append(row)
                print(as_line(row), flush=True)
    if options.json is not None:
        options.json.write_text(as_json(rows), encoding="utf-8")
    missed = [row for row in rows if row.missed]
    print()
    for row in missed:
        print(f"missed: {row.name.strip()}, {row.size} events: {row.ratio:.2f} > {row.target:g}")
    if not missed:
        print("all targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
