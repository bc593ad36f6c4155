"""No row in which a check finds a fault is left out by the cheap expression that comes first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.codecs.flat_columns import FLAT_COLUMNS, flat_columns
from partnerleads.frames.flat.doubts import doubted
from partnerleads.frames.flat.values import KIND, value_checks

AT = datetime(2026, 3, 4, tzinfo=UTC)
AMOUNTS = ("12", "12.5", "12.345", "1e3", "", "-", "1.", "9" * 15, "0.0001", "1" * 12)
CURRENCIES = ("EUR", "JPY", "BHD", "CLF", "XXX", "eur", "")
NUMBERS = (0.5, -1.0, 2.0**53, float("inf"), float("nan"), 1.5)
INTEGERS = (1, 0, -3, 2**60)
TYPES = {
    "text": pl.String,
    "json": pl.String,
    "amount": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "yes_no": pl.Boolean,
    "instant": pl.Datetime("ns", "UTC"),
}


def cells(name: str) -> st.SearchStrategy[Any]:
    column = flat_columns()[name]
    known: dict[str, tuple[Any, ...]] = {
        "amount": AMOUNTS,
        "integer": INTEGERS,
        "number": NUMBERS,
        "yes_no": (True, False),
        "instant": (AT,),
    }
    texts = CURRENCIES if name.endswith("_currency") else ("", "a", *column.choices)
    if name == "type":
        texts = ("lead_offered", "contact_made", "lead_won")
    return st.none() | st.sampled_from(known.get(column.kind, texts))


rows = st.fixed_dictionaries({}, optional={name: cells(name) for name in FLAT_COLUMNS})


def framed(row: dict[str, Any], **types: Any) -> nw.LazyFrame[Any]:
    schema = {name: TYPES[FLAT_COLUMNS[name]] for name in row} | types
    frame = pl.DataFrame([row], schema=schema)
    kind = nw.col("type").fill_null("") if "type" in row else nw.lit("")
    return nw.from_native(frame.lazy()).with_columns(kind.alias(KIND))


def looked_at(frame: nw.LazyFrame[Any]) -> tuple[list[str], bool]:
    """What the checks find in the one row of a frame, and whether it is doubted."""
    sound = {name: kind for name, kind in frame.collect_schema().items() if name != KIND}
    checks = value_checks(sound)
    found = {f"found{number}": check.found for number, check in enumerate(checks)}
    told = frame.select(**found, doubt=doubted(sound)).collect().rows(named=True)[0]
    reasons = [one.reason for name, one in zip(found, checks, strict=True) if told[name]]
    return reasons, told["doubt"]


@given(row=rows.filter(bool))
def test_what_a_check_finds_is_doubted(row: dict[str, Any]) -> None:
    reasons, doubt = looked_at(framed(row))

    assert doubt or not reasons


@pytest.mark.parametrize(
    ("row", "types"),
    [
        ({"count": 1.5}, {"count": pl.Float64}),
        ({"probability": 2}, {"probability": pl.Int64}),
        ({"score": 2**60}, {"score": pl.Int64}),
        ({"count": 2**63}, {"count": pl.UInt64}),
        ({"occurred_at": 1_700_000_000_000_000_001}, {}),
        ({"by": "partner", "type": "contact_made"}, {}),
        ({"type": "lead_offered"}, {}),
        ({"value_amount": "1"}, {}),
    ],
)
def test_what_only_some_types_can_hold_is_doubted(
    row: dict[str, Any], types: dict[str, Any]
) -> None:
    reasons, doubt = looked_at(framed(row, **types))

    assert (len(reasons), doubt) == (1, True)


def test_a_frame_that_no_check_looks_at_is_not_doubted() -> None:
    assert not looked_at(framed({"source": "crm"}))[1]


def test_an_ordinary_row_is_not_doubted() -> None:
    row = {
        "type": "lead_won",
        "event_id": "e1",
        "occurred_at": AT,
        "lead_id": "L1",
        "partner_id": "acme",
        "value_amount": "1200.50",
        "value_currency": "EUR",
        "margin_amount": None,
        "margin_currency": None,
        "probability": 0.5,
        "count": None,
    }

    assert looked_at(framed(row)) == ([], False)
