"""What a finance review asks of a history, of a log and of one ten times as long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from partnerleads import kpis
from partnerleads.codecs import read_jsonl
from partnerleads.events import Event
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import Period
from partnerleads.review.close_rates import close_rates
from tests.benchmarks.log import AS_OF
from tests.benchmarks.measuring import Bench, Row

__all__ = ["comparisons"]

LINEAR_TARGET = 12.0
"""What ten times the leads may cost; more than ten, since memory is slower than caches."""

_CYCLE = timedelta(days=90)
_QUARTER = Period.quarter(AS_OF.year, 1)


def _restated(events: Sequence[Event]) -> object:
    moments = (AS_OF - timedelta(days=90), AS_OF)
    return kpis.restatement(events, kpis.sourced_rate, as_of=AS_OF, known_at=moments)


PARTS: dict[str, Callable[[Sequence[Event], Lifecycles], object]] = {
    "close rates of the review": lambda _, lives: close_rates(
        kpis.history_of(lives), period=_QUARTER
    ),
    "landmarked comparison": lambda _, lives: kpis.compare(
        lives,
        kpis.cohort_close_rate,
        "influenced",
        "direct",
        within=_CYCLE,
        landmark=timedelta(days=30),
    ),
    "funnel": lambda _, lives: kpis.funnel(lives),
    "audit": lambda _, lives: kpis.audit(lives),
    "split influence": lambda _, lives: kpis.influence_by_partner(lives),
    "restatement": lambda events, _: _restated(events),
}


def _measure(name: str, files: Mapping[int, Path], rounds: int) -> Row:
    """Seconds of one part; each round starts from lifecycles that nothing was read of.

    The logs are read from files, as users have them: events of one time are near in memory.
    """
    size = max(files)
    seconds: dict[int, list[float]] = {events: [] for events in files}
    logs = {events: read_jsonl(path).events for events, path in files.items()}
    leads = 0
    for _ in range(rounds):
        for events, times in seconds.items():
            lives = fold(logs[events], as_of=AS_OF)
            leads = len(lives)
            start = perf_counter()
            PARTS[name](logs[events], lives)
            times.append(perf_counter() - start)
    small, large = seconds.values()
    return Row(
        name=f"{name}, {leads} leads after a tenth of them",
        size=size,
        base=f"{min(small):.2f} s",
        cost=f"{min(large):.2f} s",
        ratios=tuple(cost / base for base, cost in zip(small, large, strict=True)),
        target=LINEAR_TARGET,
    )


def comparisons(bench: Bench) -> Iterator[Row]:
    """Each part of the comparison, which must grow with the leads and no faster."""
    sizes = max(bench.sizes) // 10, max(bench.sizes)
    files = {size: bench.file(size) for size in sizes}
    for name in PARTS:
        yield bench.call(_measure, name, files, bench.rounds)
