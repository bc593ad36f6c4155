"""What DuckDB keeps for a history goes with the history."""

from __future__ import annotations

import pytest

from partnerleads import frames, kpis
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
