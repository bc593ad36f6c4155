"""Memory an event takes, as events and as lifecycles, against its line in the file."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from partnerleads.codecs import read_jsonl
from partnerleads.lifecycle import fold
from partnerleads.review import programme_review
from tests.benchmarks.log import AS_OF
from tests.benchmarks.measuring import Bench, Row

__all__ = ["memories"]

_LARGEST = 100_000
"""Tracing makes everything slow, and more events take no more memory each. [count]"""


def _used() -> int:
    return tracemalloc.get_traced_memory()[0]


def _measure(path: Path, size: int) -> list[Row]:
    line = path.stat().st_size / size
    with path.open("rb") as lines:  # what is built once, when first used, is no event's memory
        programme_review(fold(read_jsonl(islice(lines, 1000)).events, as_of=AS_OF))
    tracemalloc.start()
    try:
        empty = _used()
        events = read_jsonl(path).events
        read = _used()
        lives = fold(events, as_of=AS_OF)
        folded = _used()
        programme_review(lives)
        reviewed = _used()
    finally:
        tracemalloc.stop()
    del events, lives

    def row(name: str, used: int) -> Row:
        base, cost = f"{line:.0f} B", f"{used / size:.0f} B"
        return Row(name=name, size=size, base=base, cost=cost, ratios=(used / size / line,))

    return [
        row("events, as read from a file / its line", read - empty),
        row("  their lifecycles, besides", folded - read),
        row("  what a whole review keeps, besides", reviewed - folded),
    ]


def memories(bench: Bench) -> Iterator[Row]:
    """Memory an event."""
    size = min(max(bench.sizes), _LARGEST)
    yield from bench.call(_measure, bench.file(size), size)
