"""The fold, the figures and the review, against the bare loop over the same events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from attrs import frozen

from partnerleads.codecs import read_jsonl
from partnerleads.events import Event
from partnerleads.kpis import history_of
from partnerleads.lifecycle import Lifecycles, fold
from partnerleads.model import Figure
from partnerleads.review import FIGURES, Review, programme_review
from tests.benchmarks.bare_loop import bare_loop, lead_events, table_of
from tests.benchmarks.log import AS_OF, make_log
from tests.benchmarks.measuring import Bench, Row, compared, interleaved

__all__ = ["dates", "folds", "reviews"]

FOLD_TARGET = 6.0
DATES_TARGET = 11.0
FIGURES_TARGET = 8.0


def _folded(events: Sequence[Event]) -> Lifecycles:
    return fold(events, as_of=AS_OF)


def _measured(events: Sequence[Event]) -> list[Figure]:
    known = history_of(fold(events, as_of=AS_OF))
    return [kpi(known) for _, kpi in FIGURES]


def _reviewed(events: Sequence[Event]) -> Review:
    return programme_review(fold(events, as_of=AS_OF))


@frozen
class Source:
    """Where the events come from.

    Attributes:
        size: How many are made and sorted in memory. [count]
        dates_only: Whether only their dates are known.
        path: The file they are read from; None makes them.
    """

    size: int
    dates_only: bool
    path: Path | None

    def events(self) -> Sequence[Event]:
        """The log, in time order."""
        if self.path is None:
            return make_log(self.size, dates_only=self.dates_only)
        return read_jsonl(self.path).events


def _measure(
    source: Source,
    rounds: int,
    name: str,
    work: Callable[[Sequence[Event]], object],
    target: float | None,
) -> Row:
    events = source.events()
    known = lead_events(events)
    table = table_of(known)
    times = interleaved(
        rounds, {"bare": lambda: bare_loop(known, table), "work": lambda: work(events)}
    )
    base, cost = (times["bare"], len(known)), (times["work"], len(events))
    return compared(name, len(events), base, cost, target=target)


def _measure_first(source: Source, rounds: int, name: str) -> Row:
    """The first fold of events that were just read, against the first bare loop over such."""
    costs, bases = [], []
    size = known_size = 0
    table: dict[str, object] = {}
    for _ in range(rounds):
        events = source.events()
        size = len(events)
        start = perf_counter()
        made = _folded(events)
        costs.append(perf_counter() - start)
        table |= dict.fromkeys(made)
        del events, made
        known = lead_events(source.events())
        known_size = len(known)
        start = perf_counter()
        bare_loop(known, table)
        bases.append(perf_counter() - start)
        del known
    return compared(name, size, (bases, known_size), (costs, size))


def _both_ways(
    bench: Bench,
    size: int,
    name: str,
    work: Callable[[Sequence[Event]], object],
    target: float | None,
    *,
    dates_only: bool = False,
) -> Iterator[Row]:
    made = Source(size, dates_only, None)
    read = Source(size, dates_only, bench.file(size, dates_only=dates_only))
    for source, words in ((made, "log sorted in memory"), (read, "log read from a file")):
        yield bench.call(_measure, source, bench.rounds, f"{name}; {words}", work, target)


def folds(bench: Bench) -> Iterator[Row]:
    """The fold, with versions settled, of a log in time order."""
    for size in bench.sizes:
        yield from _both_ways(bench, size, "fold", _folded, FOLD_TARGET)
        source = Source(size, False, bench.file(size))  # noqa: FBT003 - not dates only
        name = "the first fold right after reading (stated)"
        yield bench.call(_measure_first, source, min(bench.rounds, 3), name)


def dates(bench: Bench) -> Iterator[Row]:
    """The fold of a log that knows only dates, so that most leads have ties to sort."""
    for size in bench.sizes:
        name = "fold, dates only"
        yield from _both_ways(bench, size, name, _folded, DATES_TARGET, dates_only=True)


def reviews(bench: Bench) -> Iterator[Row]:
    """The fold with every figure over all time; with a review, its problems and findings."""
    for size in bench.sizes:
        yield from _both_ways(bench, size, "fold + all figures", _measured, FIGURES_TARGET)
        name = "fold + whole review, three spans (stated)"
        yield from _both_ways(bench, size, name, _reviewed, None)
