"""What all benchmarks share: their settings, fair timing, and the row that each result fills."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter, perf_counter_ns
from typing import Any, TypeVar

from attrs import field, frozen

from tests.benchmarks.log import write_log

__all__ = ["Bench", "Row", "apart", "at_once", "compared", "interleaved", "p50"]

T = TypeVar("T")


@frozen(kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        name: What was measured.
        size: Events of the log. [count]
        base: Cost of what it is compared with, in words.
        cost: Its own cost, in words.
        ratios: Its cost as a multiple of the base, once a round.
        target: What the median of the ratios may not exceed; None where it is only stated.
    """

    name: str
    size: int
    base: str
    cost: str
    ratios: tuple[float, ...]
    target: float | None = None

    @property
    def ratio(self) -> float:
        """The median of the rounds."""
        return median(self.ratios)

    @property
    def missed(self) -> bool:
        """Whether it is slower or larger than it may be."""
        return self.target is not None and self.ratio > self.target


def at_once(function: Callable[..., T], *arguments: Any) -> T:
    """Call a function in this very process."""
    return function(*arguments)


def apart(function: Callable[..., T], *arguments: Any) -> T:
    """Call a function in a fresh process, whose memory holds nothing of other measurements."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as process:
        return process.submit(function, *arguments).result()


@frozen(kw_only=True)
class Bench:
    """The settings of a run.

    Attributes:
        sizes: Events of the logs. [counts]
        rounds: How often everything is measured. [count]
        folder: Where the logs are written.
        call: How a measurement is called: :func:`apart` or :func:`at_once`.
    """

    sizes: tuple[int, ...]
    rounds: int
    folder: Path
    call: Callable[..., Any] = field(default=apart)

    def file(self, size: int, *, dates_only: bool = False) -> Path:
        """The log of a size as a file of JSON lines; written when first asked for."""
        path = self.folder / f"{'dates' if dates_only else 'instants'}-{size}.jsonl"
        if not path.exists():
            self.call(write_log, path, size, dates_only)
        return path


def interleaved(
    rounds: int, functions: Mapping[str, Callable[[], object]]
) -> dict[str, list[float]]:
    """Seconds that each function took in each round; a round calls all of them in turn.

    The garbage collector stays as a user has it. Results are dropped outside the clock.
    """
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            start = perf_counter()
            made = function()
            times[name].append(perf_counter() - start)
            del made
    return times


def p50(take: Callable[[Any], object], events: Sequence[Any]) -> float:
    """Median seconds of taking an event, less what the clock itself costs."""
    times, idle = [], []
    for event in events:
        start = perf_counter_ns()
        take(event)
        end = perf_counter_ns()
        times.append(end - start)
        idle.append(perf_counter_ns() - end)
    return (median(times) - median(idle)) / 1e9


def compared(
    name: str,
    size: int,
    base: tuple[list[float], int],
    cost: tuple[list[float], int],
    *,
    target: float | None = None,
) -> Row:
    """A row of costs per event.

    Args:
        name: What was measured.
        size: Events of the log.
        base: Seconds of each round of what it is compared with, and the events in each.
        cost: The same of what was measured.
        target: What the ratio may not exceed.
    """
    bases, costs = ([time / max(count, 1) for time in times] for times, count in (base, cost))
    return Row(
        name=name,
        size=size,
        base=f"{median(bases) * 1e6:.2f} us",
        cost=f"{median(costs) * 1e6:.2f} us",
        ratios=tuple(c / b for c, b in zip(costs, bases, strict=True)),
        target=target,
    )
