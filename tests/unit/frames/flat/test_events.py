"""Events become frames of every package and come back the same."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from partnerleads.codecs.flat_columns import FLAT_COLUMNS
from partnerleads.errors import (
    BadInputError,
    FrameSchemaError,
    InvalidEventError,
    MissingExtraError,
    OptionError,
)
from partnerleads.events import KINDS, LeadActivity, LeadLost, LeadProgressed, LeadWon, to_row
from partnerleads.frames.flat.events import events_frame, events_of
from partnerleads.frames.schema import check_events_frame
from partnerleads.model import Money
from partnerleads.testing import at
from tests import frames_parity as parity

LOCAL = ("polars", "pandas", "pandas-arrow", "pyarrow", "duckdb")


def won(**fields: Any) -> LeadWon:
    return LeadWon(event_id="e1", occurred_at=at("2026-03-04"), lead_id="L1", **fields)


@pytest.mark.parametrize("backend", LOCAL)
@given(events=parity.ROWS)
def test_events_come_back_from_every_package(backend: str, events: list[Any]) -> None:
    frame = events_frame(events, backend=backend)

    check_events_frame(frame)
    assert events == events_of(frame)


def through_polars(frame: Any, path: str) -> Any:
    frame.write_parquet(path)
    return pl.scan_parquet(path)


def through_pyarrow(frame: Any, path: str) -> Any:
    pq.write_table(frame, path)
    return pq.read_table(path)


def through_duckdb(frame: Any, path: str) -> Any:
    frame.write_parquet(path)
    return duckdb.read_parquet(path)


def through_pandas(frame: Any, path: str) -> Any:
    frame.to_parquet(path)
    return pd.read_parquet(path)


PARQUET = {
    "polars": through_polars,
    "pyarrow": through_pyarrow,
    "duckdb": through_duckdb,
    "pandas": through_pandas,
    "pandas-arrow": through_pandas,
}


@pytest.mark.parametrize("backend", PARQUET)
@given(events=parity.ROWS)
def test_events_come_back_from_parquet(backend: str, events: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "events.parquet")
        frame = PARQUET[backend](events_frame(events, backend=backend), path)

        assert events == events_of(frame)


@pytest.mark.parametrize("backend", LOCAL)
def test_every_column_has_its_type_even_where_nothing_is_stated(backend: str) -> None:
    types = {
        "text": nw.String,
        "json": nw.String,
        "amount": nw.String,
        "integer": nw.Int64,
        "number": nw.Float64,
        "yes_no": nw.Boolean,
        "instant": nw.Datetime,
    }
    schema = nw.from_native(events_frame([], backend=backend)).collect_schema()

    assert {name: types[kind] for name, kind in FLAT_COLUMNS.items()} == dict(schema)
    assert {"us"} == {of.time_unit for of in schema.values() if isinstance(of, nw.Datetime)}


def test_the_columns_hold_what_the_contract_says() -> None:
    (row,) = events_frame([won(value=Money("12.5", "EUR"))]).rows(named=True)
    stated = {name: value for name, value in row.items() if value is not None}

    assert {
        "type": "lead_won",
        "event_id": "e1",
        "occurred_at": datetime(2026, 3, 4, tzinfo=UTC),
        "lead_id": "L1",
        "value_amount": "12.50",
        "value_currency": "EUR",
    } == stated


def test_an_event_that_no_row_may_hold_is_refused() -> None:
    with pytest.raises(InvalidEventError, match="is empty"):
        events_frame([LeadWon(event_id="", occurred_at=at("2026-03-04"), lead_id="L1")])


def test_an_unknown_backend_is_refused_with_a_hint() -> None:
    with pytest.raises(OptionError, match="did you mean 'polars'"):
        events_frame([], backend="polar")


def test_spark_needs_its_session() -> None:
    pytest.importorskip("pyspark")

    with pytest.raises(OptionError, match="session=spark"):
        events_frame([], backend="pyspark")


def test_a_relation_may_be_of_a_connection_of_ones_own() -> None:
    with duckdb.connect() as connection:
        relation = events_frame([won()], backend="duckdb", session=connection)

        assert [("L1",)] == relation.select("lead_id").fetchall()


@pytest.mark.parametrize(
    ("backend", "package", "extra"),
    [
        ("polars", "polars", "frames"),
        ("pandas", "pandas", "pandas"),
        ("pyarrow", "pyarrow", "arrow"),
        ("duckdb", "duckdb", "duckdb"),
        ("pyspark", "pyspark", "spark"),
    ],
)
def test_a_missing_package_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, backend: str, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=rf"{package}.*partnerleads\[{extra}\]"):
        events_frame([], backend=backend)


def test_reading_a_frame_without_narwhals_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "narwhals.stable.v2", None)

    with pytest.raises(MissingExtraError, match=r"narwhals.*partnerleads\[frames\]"):
        events_of(pl.DataFrame())


# --- reading


def flat(**columns: Any) -> dict[str, list[Any]]:
    """Columns of one win, with others in place of the usual ones."""
    usual = {
        "type": ["lead_won"],
        "event_id": ["e1"],
        "occurred_at": [datetime(2026, 3, 4, tzinfo=UTC)],
        "lead_id": ["L1"],
    }
    return {**usual, **columns}


FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "polars": pl.DataFrame,
    "lazy": pl.LazyFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.table,
    "duckdb": lambda columns: duckdb.from_arrow(pa.table(columns)),
}


@pytest.mark.parametrize("made", FRAMES)
def test_a_hand_made_frame_needs_only_the_columns_it_states(made: str) -> None:
    assert [won()] == events_of(FRAMES[made](flat()))


@pytest.mark.parametrize("made", FRAMES)
def test_columns_of_ones_own_are_left_out(made: str) -> None:
    assert [won()] == events_of(FRAMES[made](flat(colour=["red"])))


def test_a_frame_of_narwhals_is_taken() -> None:
    assert [won()] == events_of(nw.from_native(pl.DataFrame(flat())))
    assert [won()] == events_of(nw.from_native(pl.LazyFrame(flat())))


class Streams:
    """Something that only streams Arrow."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


def test_what_streams_arrow_is_taken() -> None:
    assert [won()] == events_of(Streams(pa.table(flat())))


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(OptionError, match="frame='list': is no frame"):
        events_of([])


@pytest.mark.parametrize(
    "column", [pl.Series(["e1"]), pd.Series(["e1"]), pa.chunked_array([["e1"]]), pa.array(["e1"])]
)
def test_a_single_column_is_no_frame(column: Any) -> None:
    with pytest.raises(OptionError, match="is no frame"):
        events_of(column)


def test_texts_may_be_categories() -> None:
    frame = pd.DataFrame(flat()).astype({"type": "category", "lead_id": "category"})
    listed = pl.DataFrame(flat()).with_columns(pl.col("type").cast(pl.Enum(list(KINDS))))

    assert [won()] == events_of(frame)
    assert [won()] == events_of(listed)


@pytest.mark.parametrize(
    "zoned",
    [
        pl.DataFrame(flat()).with_columns(
            pl.col("occurred_at").dt.convert_time_zone("Asia/Tokyo").dt.cast_time_unit("ms")
        ),
        pd.DataFrame(flat()).assign(
            occurred_at=lambda frame: (
                frame["occurred_at"].dt.tz_convert("Europe/Berlin").dt.as_unit("ns")
            )
        ),
        pa.table(flat()).set_column(
            2,
            "occurred_at",
            pa.array([1772582400], pa.int64()).cast(pa.timestamp("s", "America/New_York")),
        ),
    ],
    ids=["polars", "pandas", "pyarrow"],
)
def test_any_time_zone_and_unit_is_the_same_instant(zoned: Any) -> None:
    assert [won()] == events_of(zoned)


@pytest.mark.parametrize(
    "ns", [pl.Datetime("ns", "UTC"), pd.DatetimeTZDtype("ns", "UTC"), pa.timestamp("ns", "UTC")]
)
def test_an_instant_finer_than_a_microsecond_is_no_other_instant(ns: Any) -> None:
    if isinstance(ns, pa.DataType):
        frame = pa.table(flat()).set_column(2, "occurred_at", pa.array([1], pa.int64()).cast(ns))
    elif isinstance(ns, pd.DatetimeTZDtype):
        frame = pd.DataFrame(flat(occurred_at=pd.Series([pd.Timestamp(1, tz="UTC")]).astype(ns)))
    else:
        frame = pl.DataFrame(flat(occurred_at=pl.Series([1]).cast(ns)))

    with pytest.raises(BadInputError, match="is finer than a microsecond"):
        events_of(frame)
    with pytest.raises(FrameSchemaError, match="is finer than a microsecond"):
        check_events_frame(frame)


def test_infinity_is_no_instant() -> None:
    frame = duckdb.sql(
        "select 'lead_won' as type, 'e1' as event_id, 'L1' as lead_id, "
        "'infinity'::timestamptz as occurred_at"
    )

    with pytest.raises(BadInputError) as caught:
        events_of(frame)

    (fault,) = caught.value.faults
    assert ("occurred_at", 1) == (fault.path, fault.line)
    assert "is no instant of the years 1 to 9999" in fault.reason


def test_whole_floats_are_integers_as_pandas_keeps_them() -> None:
    rows = [to_row(won()), to_row(LeadActivity(**shared("e2"), activity="visit", count=3))]
    frame = pd.DataFrame(rows).assign(
        occurred_at=lambda frame: pd.to_datetime(frame["occurred_at"], utc=True)
    )

    assert "float64" == str(frame["count"].dtype)
    assert 3 == events_of(frame)[1].count


def shared(event_id: str) -> dict[str, Any]:
    return {"event_id": event_id, "occurred_at": at("2026-03-04"), "lead_id": "L1"}


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (1.5, "is not whole; write an integer such as 3"),
        (2.0**60, "is too large for a float; give the column an integer type"),
        (float("nan"), "is too large for a float"),
    ],
)
def test_other_floats_are_no_integers(size: float, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason):
        events_of(pl.DataFrame(flat(sequence=[size])))


def test_numbers_may_be_decimals_as_duckdb_writes_them() -> None:
    frame = duckdb.sql(
        "select 'lead_progressed' as type, 'e1' as event_id, 'L1' as lead_id, "
        "'2026-03-04T00:00:00Z'::timestamptz as occurred_at, 0.5 as probability"
    )

    assert [LeadProgressed(**shared("e1"), probability=0.5)] == events_of(frame)
    assert [(Decimal("0.5"),)] == frame.select("probability").fetchall()


def test_integers_are_numbers() -> None:
    (event,) = events_of(pl.DataFrame(flat(type=["lead_progressed"], probability=[1])))

    assert 1.0 == event.probability


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        ("criteria", '{"a": "b"}', 'is no JSON such as ["one", "two"]'),
        ("criteria", '["a"], "more": 1', 'is no JSON such as ["one", "two"]'),
        ("criteria", "[3]", "is a number; write a text in quotes"),
        ("criteria", "[", 'is no JSON such as ["one", "two"]'),
    ],
)
def test_lists_must_be_json(column: str, text: str, fault: str) -> None:
    with pytest.raises(BadInputError) as caught:
        events_of(pl.DataFrame(flat(type=["lead_qualified"], **{column: [text]})))

    (found,) = caught.value.faults
    assert column == found.path
    assert fault in found.reason


def test_half_a_surrogate_pair_in_json_is_a_fault() -> None:
    bad = pd.Series(['["\ud800"]'], dtype=object)

    with pytest.raises(BadInputError, match="criteria"):
        events_of(pd.DataFrame(flat(type=["lead_qualified"], criteria=bad)))


def test_all_faults_are_told_with_row_and_column() -> None:
    frame = pl.DataFrame(
        {
            "type": ["lead_won", "lead_lost", "lead_wun"],
            "event_id": ["e1", None, "e3"],
            "occurred_at": [datetime(2026, 3, 4, tzinfo=UTC)] * 3,
            "lead_id": ["L1", "L1", "L1"],
            "value_amount": ["1,5", None, None],
            "value_currency": ["EUR", None, None],
            "stage": [None, "late", None],
        }
    )

    with pytest.raises(BadInputError) as caught:
        events_of(frame)

    assert [(1, "value_amount"), (2, "stage"), (2, "event_id"), (3, "type")] == [
        (fault.line, fault.path) for fault in caught.value.faults
    ]
    assert (3, 0) == (caught.value.read, caught.value.accepted)
    assert "did you mean 'lead_won'" in str(caught.value)


def test_a_fault_of_a_cell_is_told_once() -> None:
    frame = pl.DataFrame(flat(type=["lead_routed"], eligible=["nobody"]))

    with pytest.raises(BadInputError) as caught:
        events_of(frame)

    (fault,) = caught.value.faults
    assert "is no JSON" in fault.reason


def test_a_fault_of_a_cell_that_may_be_absent_is_told_too() -> None:
    with pytest.raises(BadInputError, match="is no JSON"):
        events_of(pl.DataFrame(flat(type=["lead_qualified"], criteria=["none"])))


def test_an_update_that_states_nothing_is_an_update() -> None:
    (event,) = events_of(pl.DataFrame(flat(type=["lead_updated"])))

    assert "lead_updated" == event.type


def test_columns_are_judged_before_rows() -> None:
    frame = pl.DataFrame(flat(value_amount=[1.5], reason=[None], sequence=["x"]))

    with pytest.raises(FrameSchemaError) as caught:
        events_of(frame.drop("lead_id"))

    assert ["lead_id", "sequence", "value_amount"] == [one.path for one in caught.value.faults]


def test_a_column_that_is_null_throughout_may_be_of_any_type() -> None:
    frame = pd.DataFrame(flat(reason=[float("nan")], expires_at=[None], value_amount=[None]))

    assert [won()] == events_of(frame)
    assert ("type", "event_id", "occurred_at", "lead_id") == check_events_frame(frame)


def test_an_empty_text_is_a_text() -> None:
    (event,) = events_of(events_frame([LeadLost(**shared("e1"), reason="")]))

    assert "" == event.reason
