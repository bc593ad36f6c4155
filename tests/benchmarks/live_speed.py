"""One more event into a live fold, after histories of different length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from statistics import median
from time import perf_counter

from attrs import field, frozen

from partnerleads.events import Event, LeadEvent
from partnerleads.lifecycle import LiveFold
from tests.benchmarks.bare_loop import bare_loop, lead_events, table_of
from tests.benchmarks.log import make_log
from tests.benchmarks.measuring import Bench, Row, p50

__all__ = ["lives"]

ADD_TARGET = 10.0
FLAT_TARGET = 2.0
"""Longer histories miss the processor's caches more often; what grows with them misses this."""

_STREAMED = 10_000


@frozen(kw_only=True)
class _Stream:
    """A live fold with a history, and the events that come next.

    Attributes:
        size: Events of the history. [count]
        live: The live fold.
        history: Its lead events.
        leads: Its leads.
        coming: Lead events that come next, in chunks; a round takes two.
        bare: Seconds an event of the bare loop, once a round.
        added: Median seconds of adding an event, once a round.
        read: Median seconds of adding an event and reading its lead, once a round.
    """

    size: int
    live: LiveFold
    history: Sequence[LeadEvent]
    leads: dict[str, object]
    coming: Iterator[Sequence[LeadEvent]]
    bare: list[float] = field(factory=list)
    added: list[float] = field(factory=list)
    read: list[float] = field(factory=list)


def _stream(size: int, rounds: int) -> _Stream:
    streamed = min(_STREAMED, size)
    log = make_log(size + streamed)
    live = LiveFold()
    live.extend(log[:size])
    history = lead_events(log[:size])
    live.at(history[-1].occurred_at)
    later = lead_events(log[size:])
    step = max(len(later) // (2 * rounds), 1)
    chunks = (later[start : start + step] for start in range(0, len(later), step))
    return _Stream(size=size, live=live, history=history, leads=table_of(history), coming=chunks)


def _add_and_read(live: LiveFold) -> Callable[[LeadEvent], object]:
    def take(event: Event) -> None:
        moment: datetime = event.occurred_at
        live.add(event)
        live.lead(event.lead_id, as_of=moment)  # type: ignore[union-attr, arg-type]

    return take


def _measure(sizes: Sequence[int], rounds: int) -> list[Row]:
    streams = [_stream(size, rounds) for size in sizes]
    for _ in range(rounds):
        for stream in streams:
            start = perf_counter()
            bare_loop(stream.history, stream.leads)
            stream.bare.append((perf_counter() - start) / len(stream.history))
            stream.added.append(p50(stream.live.add, next(stream.coming)))
            stream.read.append(p50(_add_and_read(stream.live), next(stream.coming)))
    rows = []
    for s in streams:
        rows.append(_row("LiveFold.add, p50", s.size, s.bare, s.added, ADD_TARGET))
        rows.append(_row("LiveFold.add and read of its lead, p50", s.size, s.bare, s.read))
    if len(streams) > 1:
        first, last = streams[0], streams[-1]
        of = f"p50 after {first.size:_} to {last.size:_} events".replace("_", " ")
        rows += [
            _row(f"LiveFold.add, {of}", last.size, first.added, last.added, FLAT_TARGET),
            _row(f"add and read, {of}", last.size, first.read, last.read, FLAT_TARGET),
        ]
    return rows


def _row(
    name: str, size: int, bases: list[float], costs: list[float], target: float | None = None
) -> Row:
    return Row(
        name=name,
        size=size,
        base=f"{median(bases) * 1e6:.2f} us",
        cost=f"{median(costs) * 1e6:.2f} us",
        ratios=tuple(cost / base for cost, base in zip(costs, bases, strict=True)),
        target=target,
    )


def lives(bench: Bench) -> Iterator[Row]:
    """What one more event costs, and that it does not grow with the history."""
    yield from bench.call(_measure, sorted(bench.sizes), bench.rounds)
