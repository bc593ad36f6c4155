"""What is compared in speed must say the same: each version by hand equals both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from partnerleads.errors import FrameSchemaError
from partnerleads.events import Event
from partnerleads.frames import check_events_frame, events_frame, history
from partnerleads.kpis import history_of
from partnerleads.lifecycle import fold
from partnerleads.model import Count, Durations, Figure, Regions, Share, Totals
from partnerleads.review import FIGURES
from tests.benchmarks.log import AS_OF, make_log

pytest.importorskip("narwhals")

pytestmark = pytest.mark.no_cover  # the same code as in the tests of frames, on more events


def _numbers(figure: Figure) -> dict[str, Any]:
    """The plain numbers of a figure, as the hand-written versions name them."""
    problems = {"problems": figure.problems}
    match figure:
        case Share():
            return {"hits": figure.hits, "of": figure.of, **problems}
        case Count() if figure.name == "in_progress":
            return {"value": figure.value, "listed": figure.listed, **problems}
        case Count():
            return {"value": figure.value, **problems}
        case Durations():
            names = ("n", "median", "p90", "mean", "censored", "closed_without", "left_out")
            times = {name: getattr(figure, name) for name in names}
            return {
                name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
                for name, value in times.items()
            } | problems
        case Totals():
            assert figure.total is not None
            assert not figure.left_out
            cents = int(figure.total.amount * 100)
            sums = {"cents": cents, "n": figure.n, "without_value": figure.without_value}
            return sums | problems
        case _:
            assert isinstance(figure, Regions)
            return {"leads": dict(figure.leads), "left_out": figure.left_out, **problems}


def _figures(known: Any) -> dict[str, dict[str, Any]]:
    return {kpi.__name__: _numbers(kpi(known)) for _, kpi in FIGURES}


@pytest.fixture(scope="module")
def log() -> list[Event]:
    return make_log(20_000, seed=5)


@pytest.fixture(scope="module")
def reference(log: list[Event]) -> dict[str, dict[str, Any]]:
    return _figures(history_of(fold(log, as_of=AS_OF)))


def test_the_log_has_problems_to_count(reference: dict[str, dict[str, Any]]) -> None:
    touched = [name for name, numbers in reference.items() if numbers["problems"]]

    assert 13 == len(reference)
    assert len(touched) > 5


def test_polars_by_hand_says_what_the_engines_say(
    log: list[Event], reference: dict[str, dict[str, Any]]
) -> None:
    pytest.importorskip("polars")
    from tests.benchmarks.frames_by_polars import figures_by_polars

    frame = events_frame(log, backend="polars")

    assert reference == figures_by_polars(frame, as_of=AS_OF)
    assert _figures(history(frame, as_of=AS_OF)) == figures_by_polars(frame, as_of=AS_OF)


def test_sql_by_hand_says_what_the_engines_say(
    log: list[Event], reference: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    duckdb = pytest.importorskip("duckdb")
    from tests.benchmarks.frames_by_duckdb import figures_by_duckdb

    path = tmp_path / "events.parquet"
    events_frame(log, backend="polars").write_parquet(path)

    by_hand = figures_by_duckdb(path, as_of=AS_OF)

    with duckdb.connect() as connection:
        frame = connection.from_parquet(str(path))
        assert _figures(history(frame, as_of=AS_OF)) == by_hand
    assert reference == by_hand


def test_pandas_by_hand_says_what_the_engines_say(
    log: list[Event], reference: dict[str, dict[str, Any]]
) -> None:
    pytest.importorskip("pandas")
    from tests.benchmarks.frames_by_pandas import figures_by_pandas

    frame = events_frame(log, backend="pandas")

    assert reference == figures_by_pandas(frame, as_of=AS_OF)
    assert _figures(history(frame, as_of=AS_OF)) == figures_by_pandas(frame, as_of=AS_OF)


WRONG = {
    "an unknown kind": ("type", "lead_captured", "lead_caught"),
    "a field of another kind": ("tier", None, "gold"),
    "an amount that is none": ("expected_value_amount", None, "1,5"),
    "a currency that is none": ("value_currency", "EUR", "euros"),
    "an id that is empty": ("partner_id", "partner-00", ""),
    "a choice that is none": ("by", "own_team", "nobody"),
    "a chance beyond all": ("probability", 0.2, 1.2),
    "a count of nothing": ("count", 2, 0),
    "an event without an id": ("event_id", "L-0000001-0", None),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_frame_that_is_wrong_is_refused_by_hand_as_by_the_library(
    log: list[Event], wrong: str, tmp_path: Path
) -> None:
    pl = pytest.importorskip("polars")
    duckdb = pytest.importorskip("duckdb")
    from tests.benchmarks.frames_checked import check_by_duckdb, check_by_polars

    column, known, other = WRONG[wrong]
    frame = events_frame(log).with_columns(
        pl.when(pl.col(column).eq_missing(known))
        .then(pl.lit(other))
        .otherwise(pl.col(column))
        .alias(column)
    )
    frame.write_parquet(tmp_path / "events.parquet")

    with pytest.raises(FrameSchemaError):
        check_events_frame(frame)
    with pytest.raises(ValueError, match=r"\w"):
        check_by_polars(frame)
    with duckdb.connect() as base:
        base.from_parquet(str(tmp_path / "events.parquet")).create_view("frame")
        with pytest.raises(ValueError, match=r"\w"):
            check_by_duckdb(base)
