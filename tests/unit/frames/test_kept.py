"""What DuckDB keeps for a history goes with the history."""

from __future__ import annotations

from typing import Any

import pytest

from partnerleads import datasets, frames, kpis, review
from partnerleads.frames import frame_history
from partnerleads.testing import at, history

duckdb = pytest.importorskip("duckdb")

STORY = """
2026-01-02 L1 captured by acme 10000 EUR
2026-01-02 L1 captured by acme 12000 EUR id=e1 recorded=2026-01-03
2026-02-09 L1 won 8000 EUR
"""
KEPT = "select table_name from duckdb_tables() where table_name like 'partnerleads%'"


def measured(connection: duckdb.DuckDBPyConnection) -> frames.FrameHistory:
    frame = frames.events_frame(history(STORY), backend="duckdb", session=connection)
    looked = frames.history(frame, as_of=at("2026-06-01"))

    assert 1 == kpis.closed_won(looked).value
    return looked


def test_temporary_tables_are_dropped_with_the_history() -> None:
    with duckdb.connect() as connection:
        looked = measured(connection)
        while_it_lives = connection.execute(KEPT).fetchall()
        del looked

        assert [] != while_it_lives
        assert [] == connection.execute(KEPT).fetchall()


def test_a_history_may_end_while_its_connection_is_busy() -> None:
    with duckdb.connect() as connection:
        looked = measured(connection)
        half_read = connection.execute("from range(10_000)")
        first = half_read.fetchone()
        del looked

        assert (0,) == first
        assert 9_999 == len(half_read.fetchall())


def test_a_history_may_outlive_its_connection() -> None:
    with duckdb.connect() as connection:
        looked = measured(connection)

    assert looked.as_of == at("2026-06-01")
    del looked


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
@pytest.mark.parametrize("backend", ["duckdb", "polars"])
def test_the_figures_of_many_events_are_the_same_one_by_one(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = frames.events_frame(datasets.sample(), backend=backend)
    at_once, by_parts = (frames.history(frame, as_of=at("2026-07-01")) for _ in range(2))
    whole = str(review.programme_review(at_once))
    asked: list[int] = []
    one_query = frame_history.FrameHistory._in_one_query

    def counted(self: frames.FrameHistory, asks: list[Any]) -> Any:
        asked.append(len(asks))
        return one_query(self, asks)

    monkeypatch.setattr(frame_history, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(frame_history.FrameHistory, "_in_one_query", counted)

    assert whole == str(review.programme_review(by_parts))
    assert ({1} == {*asked}) is (backend == "duckdb")
