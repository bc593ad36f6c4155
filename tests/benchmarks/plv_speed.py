"""One more event into live scores, after histories of different length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from time import perf_counter

from attrs import evolve, field, frozen

from partnerleads.events import Event, LeadEvent
from partnerleads.plv import LivePlv, PlvScores, plv_scores
from tests.benchmarks.bare_loop import bare_loop, lead_events, table_of
from tests.benchmarks.lifetime_speed import fits
from tests.benchmarks.log import AS_OF, make_log
from tests.benchmarks.measuring import Bench, Row, compared, p50

__all__ = ["check", "scores"]

ADD_TARGET = 10.0
FLAT_TARGET = 2.0
"""How much dearer an event may become, in bare loops over a history of the same length: longer ones
miss the processor's caches more often whatever is done, which the bare loop shows."""

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
        taken: All events that it has taken.
        whole: Seconds of taking the history and reading all scores.
        batch: Seconds of the same scores by the batch.
        bare: Seconds an event of the bare loop, once a round.
        added: Median seconds of adding an event, once a round.
        read: Median seconds of adding an event and reading the score of its partner, once a round.
    """

    size: int
    live: LivePlv
    history: Sequence[LeadEvent]
    leads: dict[str, object]
    coming: Iterator[Sequence[Event]]
    taken: list[Event]
    whole: float
    batch: float
    bare: list[float] = field(factory=list)
    added: list[float] = field(factory=list)
    read: list[float] = field(factory=list)


def _stream(size: int, rounds: int) -> _Stream:
    streamed = min(_STREAMED, size)
    log = make_log(size + streamed)
    taken = log[:size]
    live = LivePlv()
    start = perf_counter()
    live.extend(taken)
    found = live.scores(AS_OF)
    whole = perf_counter() - start
    batch = check(found, taken)
    history = lead_events(taken)
    step = max(streamed // rounds, 1)
    return _Stream(
        size=size,
        live=live,
        history=history,
        leads=table_of(history),
        coming=(log[start : start + step] for start in range(size, size + streamed, step)),
        taken=taken,
        whole=whole,
        batch=batch,
    )


def check(found: PlvScores, taken: Sequence[Event]) -> float:
    """Seconds of the batch; raises where live scores are not its scores, in every number."""
    start = perf_counter()
    batch = plv_scores(taken, as_of=AS_OF)
    seconds = perf_counter() - start
    if not found or found != batch:
        raise RuntimeError(f"the live scores of {len(taken)} events are not those of the batch")
    return seconds


def _read(live: LivePlv) -> Callable[[Event], object]:
    def take(event: Event) -> None:
        live.add(event)
        live.score(event.partner_id, as_of=AS_OF)  # type: ignore[union-attr, arg-type]

    return take


def _measure(sizes: Sequence[int], rounds: int) -> list[Row]:
    streams = [_stream(size, rounds) for size in sizes]
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
            stream.taken.extend([*coming, *again])
    rows = []
    for s in streams:
        check(s.live.scores(AS_OF), s.taken)
        name = "all scores by LivePlv, equal to those of plv_scores"
        rows.append(compared(name, s.size, ([s.batch], s.size), ([s.whole], s.size)))
        rows.append(_row("LivePlv.add, p50", s.size, s.bare, s.added, target=ADD_TARGET))
        rows.append(_row("add and score of its partner, p50", s.size, s.bare, s.read))
    if len(streams) > 1:
        first, last = streams[0], streams[-1]
        rows += _growth(first, last)
    return rows


def _growth(first: _Stream, last: _Stream) -> Iterator[Row]:
    """How much dearer an event is after a longer history: in bare loops, and by the clock."""
    of = f"after {first.size:_} to {last.size:_} events".replace("_", " ")
    loops = [[a / b for a, b in zip(s.added, s.bare, strict=True)] for s in (first, last)]
    yield Row(
        name=f"LivePlv.add, bare loops {of}",
        size=last.size,
        base=f"{median(loops[0]):.2f} x",
        cost=f"{median(loops[1]):.2f} x",
        ratios=tuple(b / a for a, b in zip(*loops, strict=True)),
        target=FLAT_TARGET,
    )
    yield _row("  by the clock, caches included", last.size, first.added, last.added)
    yield _row("  the bare loop by the clock", last.size, first.bare, last.bare)


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
