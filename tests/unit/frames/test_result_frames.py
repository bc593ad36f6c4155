"""Every result becomes a frame whose types do not hang on what happens to be absent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa
import pytest

from partnerleads import fold, kpis
from partnerleads.errors import OptionError
from partnerleads.frames.result_frames import to_frame
from partnerleads.model import Period
from partnerleads.review import programme_review
from partnerleads.testing import at, history

LOCAL = ("polars", "pandas", "pandas-arrow", "pyarrow", "duckdb")
AS_OF = at("2026-04-02")
LIVES = fold(
    history("""
        2026-01-02 L1 captured by acme  12000 EUR
        2026-01-03 L1 offered to acme
        2026-01-04 L1 accepted by acme
        2026-01-20 L1 won         9000 EUR
        2026-02-02 L2 captured
    """),
    as_of=AS_OF,
)
QUARTER = Period.quarter(2026, 1)
RESULTS = {
    "share": kpis.sourced_rate(LIVES, period=QUARTER),
    "share undefined": kpis.sourced_rate(LIVES, period=QUARTER.shifted(4)),
    "share by": kpis.sourced_rate(LIVES, by="region"),
    "durations": kpis.hours_to_acceptance(LIVES),
    "durations undefined": kpis.hours_to_acceptance(LIVES, period=QUARTER.shifted(4)),
    "totals": kpis.final_lead_value(LIVES),
    "totals of nothing": kpis.final_lead_value(LIVES, period=QUARTER.shifted(4)),
    "count": kpis.closed_won(LIVES),
    "regions": kpis.active_regions(LIVES),
    "trend": kpis.trend(LIVES, kpis.closed_won, periods=[QUARTER, QUARTER.shifted(1)]),
    "review": programme_review(LIVES, as_of=AS_OF),
}
TYPES = {
    "figure": nw.String,
    "low": nw.Float64,
    "high": nw.Float64,
    "median": nw.Float64,
    "p90": nw.Float64,
    "mean": nw.Float64,
    "n": nw.Int64,
    "as_of": nw.Datetime,
    "known_at": nw.Datetime,
    "period_start": nw.Datetime,
    "period_end": nw.Datetime,
    "undefined_because": nw.String,
    "region": nw.String,
    "amount": nw.Decimal,
    "currency": nw.String,
}


def rows_of(frame: Any) -> list[dict[str, Any]]:
    seen = nw.from_native(frame).lazy().collect()
    table = pa.table(seen.to_native())
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in table.to_pylist()
    ]


@pytest.mark.parametrize("backend", LOCAL)
@pytest.mark.parametrize("name", RESULTS)
def test_a_frame_holds_the_rows_of_the_result(name: str, backend: str) -> None:
    stated = [
        {name: value for name, value in row.items() if value is not None}
        for row in RESULTS[name].to_dicts()
    ]

    assert stated == rows_of(to_frame(RESULTS[name], backend=backend))


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
@pytest.mark.parametrize("name", RESULTS)
def test_spark_holds_the_same_rows(spark: Any, name: str) -> None:
    frame = to_frame(RESULTS[name], backend="pyspark", session=spark)

    assert len(RESULTS[name].to_dicts()) == frame.count()
    assert rows_of(to_frame(RESULTS[name])) == rows_of(frame)


@pytest.mark.parametrize("name", RESULTS)
def test_types_do_not_hang_on_what_is_absent(name: str) -> None:
    schema = nw.from_native(to_frame(RESULTS[name])).schema
    held = {column: type(of) for column, of in schema.items() if column in TYPES}

    assert {column: TYPES[column] for column in held} == held


@pytest.mark.parametrize("backend", LOCAL)
def test_frames_stream_arrow(backend: str) -> None:
    frame = to_frame(RESULTS["totals"], backend=backend)

    assert [Decimal(9000)] == pa.table(frame)["amount"].to_pylist()


def test_a_share_of_money_has_decimals_and_one_of_leads_integers() -> None:
    class Rows:
        def __init__(self, hits: Any, value: Any) -> None:
            self.rows = [{"hits": 1, "value": value, "open": None}, {"hits": hits, "open": True}]

        def to_dicts(self) -> list[dict[str, object]]:
            return self.rows

    money = nw.from_native(to_frame(Rows(Decimal("1.5"), 1.5))).schema
    leads = nw.from_native(to_frame(Rows(2, 1))).schema

    assert (nw.Decimal, nw.Float64) == (type(money["hits"]), type(money["value"]))
    assert (nw.Int64, nw.Int64) == (type(leads["hits"]), type(leads["value"]))
    assert nw.Boolean == leads["open"]


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(OptionError, match="result='int': is no result"):
        to_frame(3)
