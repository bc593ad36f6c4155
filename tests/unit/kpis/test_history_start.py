"""A history that begins late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads import Period, fold, frames, kpis
from partnerleads.errors import NaiveInstantError, OptionError
from partnerleads.model.moments import moment_text
from partnerleads.testing import at, history, money, strategies
from tests.properties import kpi_cases as cases

NOW = at("2026-06-01")
START = at("2026-01-01")
INVENTED = "the calendar of its capture is invented"
REASON = "it was not captured since the history starts, 2026-01-01 00:00 UTC"
LOG = history("""
    2025-12-01 L1 captured by acme region=DACH
    2026-01-20 L1 won 100 EUR
    2026-01-01 L2 captured region=DACH
    2026-01-21 L2 won 200 EUR
    2026-01-05 L3 captured region=UK
    2026-02-02 L4 registered by beta
    2026-02-03 L4 registration_approved by beta
""")


def test_leads_captured_before_the_start_leave_every_population_and_are_counted() -> None:
    known = kpis.history_start(LOG, START, as_of=NOW)
    wins = kpis.final_lead_value(known, by="region")

    assert money("200 EUR") == wins.total
    assert (1, {REASON: 1}) == (wins.n, wins.left_out_because)
    assert [("DACH", 1, 0)] == [(key, one.n, one.left_out) for key, one in wins.segments.items()]
    assert (0, 2, {REASON: 1}) == (
        kpis.sourced_rate(known).hits,
        kpis.sourced_rate(known).of,
        kpis.sourced_rate(known).left_out_because,
    )


def test_who_is_left_out_is_nobody_who_states_no_amount() -> None:
    log = history("""
        2025-12-20 L1 captured 500 EUR region=A
        2026-01-02 L2 captured 500 EUR region=B
        2026-01-05 L2 won 100 EUR
    """)
    known = kpis.history_start(log, START, as_of=NOW)
    coverage = kpis.pipeline_coverage(known, quota=money("1000 EUR"))
    hoped = kpis.expected_lead_value(known, which="open")

    assert 0 == coverage.value
    assert "there are no leads open" == hoped.undefined_because


def test_a_win_of_an_invented_calendar_is_none_that_states_no_amount() -> None:
    log = history("""
        2026-01-02 L1 captured
        2026-01-05 L1 won 100 EUR precision=relative
    """)
    wins = kpis.final_lead_value(log, as_of=NOW, period=Period.month(2026, 1))

    assert ("there are no leads won", 1) == (wins.undefined_because, wins.left_out)


def test_only_those_in_the_period_are_counted_as_left_out() -> None:
    known = kpis.history_start(LOG, START, as_of=NOW)

    assert 0 == kpis.closed_won(known, period=Period.month(2026, 2)).left_out
    assert 1 == kpis.closed_won(known, period=Period.month(2026, 1)).left_out


def test_claims_on_leads_that_were_never_captured_are_left_out_too() -> None:
    conflicts = kpis.registration_conflict_rate(kpis.history_start(LOG, START, as_of=NOW))

    assert (0, {REASON: 1}) == (conflicts.n, conflicts.left_out_because)


def test_it_tells_what_it_was_looked_from() -> None:
    lives = fold(LOG, as_of=NOW, known_at=NOW)
    known = kpis.history_start(lives, START)

    assert (NOW, NOW, lives.policy) == (known.as_of, known.known_at, known.policy)


@pytest.mark.parametrize("kpi", [kpis.closed_won, kpis.sourced_rate, kpis.final_lead_value])
def test_another_engine_leaves_out_the_same(kpi: Any) -> None:
    rows = fold(LOG, as_of=NOW)
    frame = frames.history(frames.events_frame(LOG, backend="polars"), as_of=NOW)

    assert kpi(kpis.history_start(rows, START), by="region") == kpi(
        kpis.history_start(frame, START), by="region"
    )


@pytest.mark.parametrize(
    ("start", "error", "message"),
    [
        (at("2026-06-02"), OptionError, "the history starts after the moment"),
        (datetime(2026, 1, 1), NaiveInstantError, "start"),  # noqa: DTZ001 - that is the fault
    ],
)
def test_a_start_that_makes_no_sense_is_refused(
    start: datetime, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        kpis.history_start(LOG, start, as_of=NOW)


@pytest.mark.parametrize("name", ["closed_won", "final_lead_value", "sourced_rate", "action_delay"])
@given(
    events=strategies.histories(),
    as_of=cases.moments,
    by=cases.keys,
    period=st.none() | cases.spans,
    start=st.integers(0, 100),
)
def test_what_stays_is_what_a_part_of_the_history_gives(
    *, name: str, events: tuple[Any, ...], as_of: datetime, by: Any, period: Any, start: int
) -> None:
    moment = at("2026-01-01") + (as_of - at("2026-01-01")) * start / 100
    kpi = getattr(kpis, name)
    since = kpi(kpis.history_start(events, moment, as_of=as_of), by=by, period=period)
    part = kpi(kpis.only(events, kpis.Since("captured", moment), as_of=as_of), by=by, period=period)

    assert part.columns() == since.columns()
    assert part.segments == since.segments
    gone = since.left_out - part.left_out
    earlier = f"it was not captured since the history starts, {moment_text(moment)}"
    assert gone == sum(since.left_out_because.get(reason, 0) for reason in (earlier, INVENTED))


def test_it_shows_both_moments() -> None:
    known = kpis.history_start(LOG, START, as_of=NOW)

    assert "<HistoryStart as of 2026-06-01 00:00 UTC, since 2026-01-01 00:00 UTC>" == repr(known)


@pytest.mark.parametrize("backend", [None, "polars"])
def test_an_invented_calendar_does_not_say_whether_it_began_before(backend: str | None) -> None:
    log = history("""
        2025-12-01 L1 captured
        2026-02-01 L2 captured precision=relative
        2026-02-05 L2 won precision=relative
        2026-02-01 L3 captured
        2026-02-05 L3 won precision=relative
    """)
    known: Any = fold(log, as_of=NOW)
    if backend is not None:
        known = frames.history(frames.events_frame(log, backend=backend), as_of=NOW)
    start = kpis.history_start(known, START)
    year = Period.year(2026)

    assert (1, {INVENTED: 1}) == told(kpis.closed_won(start))
    assert {REASON: 1, INVENTED: 1} == kpis.sourced_rate(start).left_out_because
    assert {INVENTED: 1} == kpis.sourced_rate(start, period=year).left_out_because
    assert (0, {INVENTED: 1, "its calendar is invented": 1}) == told(
        kpis.closed_won(start, period=year)
    )


def told(figure: Any) -> tuple[int, dict[str, int]]:
    return figure.n, dict(figure.left_out_because)
