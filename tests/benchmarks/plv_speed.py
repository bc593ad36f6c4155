"""One more event into live scores, after histories of different length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from attrs import evolve, field, frozen

from partnerleads.events import Event, LeadEvent
from partnerleads.plv import LivePlv, plv_scores
from tests.benchmarks.bare_loop import bare_loop, lead_events, table_of
from tests.benchmarks.lifetime_speed import fits
from tests.benchmarks.log import AS_OF, make_log
from tests.benchmarks.measuring import Bench, Row, compared, p50

__all__ = ["scores"]

ADD_TARGET = 10.0
FLAT_TARGET = 2.0
"""Longer histories miss the processor's caches more often; what grows with them misses this."""

_STREAMED = 10_000
_READ = 20
"""Scores that are read in a round; a score goes through all deals of its partner."""


@frozen(kw_only=True)
class _Stream:
    """Live scores with a history, and the events that come next.

    Attributes:
        size: Events of the history. [count]
        live: The live scores.
        history: Its lead events.
        leads: Its leads.
        coming: Events that come next, in chunks; a round takes one.
        bare: Seconds an event of the bare loop, once a round.
        added: Median seconds of adding an event, once a round.
        read: Median seconds of adding an event and reading the score of its partner, once a round.
    """

    size: int
    live: LivePlv
    history: Sequence[LeadEvent]
    leads: dict[str, object]
    coming: Iterator[Sequence[Event]]
    bare: list[float] = field(factory=list)
    added: list[float] = field(factory=list)
    read: list[float] = field(factory=list)


def _stream(size: int, rounds: int) -> tuple[_Stream, bool]:
    """A stream, and whether its scores are those of the batch."""
    streamed = min(_STREAMED, size)
    log = make_log(size + streamed)
    live = LivePlv()
    live.extend(log[:size])
    same = live.scores(AS_OF) == plv_scores(log[:size], as_of=AS_OF)
    history = lead_events(log[:size])
    step = max(streamed // rounds, 1)
    chunks = (log[start : start + step] for start in range(size, size + streamed, step))
    stream = _Stream(size=size, live=live, history=history, leads=table_of(history), coming=chunks)
    return stream, same


def _read(live: LivePlv) -> Callable[[Event], object]:
    def take(event: Event) -> None:
        live.add(event)
        live.score(event.partner_id, as_of=AS_OF)  # type: ignore[union-attr, arg-type]

    return take


def _measure(sizes: Sequence[int], rounds: int) -> list[Row]:
    streams = []
    for size in sizes:
        stream, same = _stream(size, rounds)
        if not same:
            raise RuntimeError(f"the live scores of {size} events are not those of the batch")
        streams.append(stream)
    for _ in range(rounds):
        for stream in streams:
            coming = next(stream.coming)
            start = perf_counter()
            bare_loop(stream.history, stream.leads)
            stream.bare.append((perf_counter() - start) / len(stream.history))
            stream.added.append(p50(stream.live.add, coming))
            naming = [event for event in coming if getattr(event, "partner_id", None)]
            again = [evolve(event, event_id=f"{event.event_id}-again") for event in naming[:_READ]]
            stream.live.scores(AS_OF)
            stream.read.append(p50(_read(stream.live), again))
    rows = []
    for s in streams:
        rows.append(_row("LivePlv.add, p50", s.size, s.bare, s.added, target=ADD_TARGET))
        rows.append(_row("add and score of its partner, p50", s.size, s.bare, s.read))
    if len(streams) > 1:
        first, last = streams[0], streams[-1]
        name = f"LivePlv.add, p50 after {first.size:_} to {last.size:_} events".replace("_", " ")
        rows.append(_row(name, last.size, first.added, last.added, target=FLAT_TARGET))
    return rows


def _row(
    name: str, size: int, bases: list[float], costs: list[float], *, target: float | None = None
) -> Row:
    return compared(name, size, (bases, 1), (costs, 1), target=target)


def scores(bench: Bench) -> Iterator[Row]:
    """What one more event costs, that it does not grow, and that the scores are the batch's.

    Then what fitting the lifetime models takes.
    """
    yield from bench.call(_measure, sorted(bench.sizes), bench.rounds)
    yield from fits(bench)
