"""An incoming frame is refused with all that is wrong with it, whatever package it is of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.codecs import read_row
from partnerleads.errors import BadInputError, Fault, FrameSchemaError
from partnerleads.events import to_row
from partnerleads.frames import history
from partnerleads.frames.flat.events import events_frame, events_of
from partnerleads.frames.flat.fixes import fix_for
from partnerleads.frames.flat.native import family
from partnerleads.frames.schema import check_events_frame
from partnerleads.testing import strategies

AT = datetime(2026, 3, 4, tzinfo=UTC)
Make = Callable[[dict[str, list[Any]]], Any]


def as_arrow(frame: Any) -> Any:
    return frame.to_arrow() if isinstance(frame, pl.DataFrame) else frame


MADE: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": pl.DataFrame.lazy,
    "pandas": lambda frame: frame.to_pandas(),
    "pandas-objects": lambda frame: frame.to_pandas().astype(
        {name: object for name, of in frame.schema.items() if of == pl.String}
    ),
    "pandas-arrow": lambda frame: frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": pl.DataFrame.to_arrow,
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


def rows(*stated: dict[str, Any], **types: Any) -> pl.DataFrame:
    """Wins with the fields stated."""
    usual = {"type": "lead_won", "occurred_at": AT, "lead_id": "L1"}
    full = [{**usual, "event_id": f"e{n}", **row} for n, row in enumerate(stated, 1)]
    return pl.DataFrame(full, infer_schema_length=None, schema_overrides=types)


def faults_of(frame: Any) -> tuple[Fault, ...]:
    with pytest.raises(FrameSchemaError) as caught:
        check_events_frame(frame)
    return caught.value.faults


def texts(faults: tuple[Fault, ...]) -> list[str]:
    return [f"{one.path}: {one.value} {one.reason}" for one in faults]


SOUND = rows(
    {},
    {"value_amount": "-12.50", "value_currency": "EUR", "precision": "day"},
    {"value_amount": "12.500", "value_currency": "EUR", "sequence": 3},
    {"value_amount": "12", "value_currency": "JPY"},
    {"value_amount": "12.0", "value_currency": "JPY"},
    {"value_amount": "1.2345", "value_currency": "CLF"},
    {"value_amount": "1.234", "value_currency": "KWD"},
    {"type": "contact_made", "by": "partner", "partner_id": "acme"},
    {"type": "contact_made", "by": "own_team"},
    {"type": "lead_offered", "agent_id": "ann"},
    {"type": "lead_progressed", "probability": 1.0},
    {"type": "lead_activity", "activity": "visit", "count": 1},
)


@pytest.mark.parametrize("made", MADE)
def test_a_sound_frame_passes_and_tells_what_it_states(made: str) -> None:
    stated = check_events_frame(MADE[made](SOUND))

    assert set(SOUND.columns) == set(stated)


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
def test_a_sound_frame_passes_on_spark(spark: Any) -> None:
    stated = check_events_frame(spark.createDataFrame(SOUND.to_arrow()))

    assert set(SOUND.columns) == set(stated)


WRONG = rows(
    {"type": "lead_wun"},
    {"type": None},
    {"event_id": None},
    {"event_id": ""},
    {"occurred_at": None},
    {"lead_id": None},
    {"precision": "dya"},
    {"type": "lead_lost", "value_amount": "1", "value_currency": "EUR"},
    {"value_amount": "1,5", "value_currency": "EUR"},
    {"value_amount": "1.50\n", "value_currency": "EUR"},
    {"value_amount": "1.505", "value_currency": "EUR"},
    {"value_amount": "1.5", "value_currency": "JPY"},
    {"value_amount": "1.00001", "value_currency": "CLF"},
    {"value_amount": "1", "value_currency": "eur"},
    {"value_amount": "1"},
    {"value_currency": "EUR"},
    {"type": "contact_made", "by": "partner"},
    {"type": "contact_made", "by": "them"},
    {"type": "lead_offered"},
    {"type": "lead_progressed", "probability": 1.5},
    {"type": "lead_activity", "activity": "visit", "count": 0},
    {"type": "deal_refunded"},
    {"sequence": 1.5},
)
NO_COLUMN = "is in a column that no lead_lost has"
ELSEWHERE = "leave it null there, or give a segment key a name of its own"
NOT_WHOLE = "is not whole, or too large for a float; give the column an integer type"
PRECISIONS = "'instant', 'day', 'by', 'assumed', 'relative'"
NO_AMOUNT = "is no amount; write digits and a point: '1200.50'"
NO_CURRENCY = "is money without a currency; fill value_currency"
ALONE = "is a currency without an amount; fill value_amount"
FINER = "is finer than the smallest unit of its currency; round it"
NO_CODE = "is no ISO 4217 currency code; write three capitals such as 'EUR'"
NOBODY = "is missing beside agent_id; an offer names one of the two"
SAID = [
    "type:  is missing; it names the kind, for example 'lead_won' (1 row, such as event 'e2')",
    "type: 'lead_wun' is an unknown kind; did you mean 'lead_won'? (1 row, such as event 'e1')",
    "event_id:  is missing; every event states it (1 row)",
    "occurred_at:  is missing; every event states it (1 row, such as event 'e5')",
    "lead_id:  is missing; every lead_won states it (1 row, such as event 'e6')",
    "value_amount:  is missing; every deal_refunded states it (1 row, such as event 'e22')",
    "value_currency:  is missing; every deal_refunded states it (1 row, such as event 'e22')",
    f"value_amount: '1' {NO_COLUMN}; {ELSEWHERE} (1 row, such as event 'e8')",
    f"value_currency: 'EUR' {NO_COLUMN}; {ELSEWHERE} (1 row, such as event 'e8')",
    "event_id: '' is empty; every event has one of its own (1 row, such as event '')",
    f"sequence: 1.5 {NOT_WHOLE} (1 row, such as event 'e23')",
    f"precision: 'dya' is none of {PRECISIONS} (1 row, such as event 'e7')",
    "by: 'them' is none of 'own_team', 'partner' (1 row, such as event 'e18')",
    f"value_amount: '1,5' {NO_AMOUNT} (2 rows, such as event 'e9')",
    f"value_amount: '1' {NO_CURRENCY} (1 row, such as event 'e15')",
    f"value_currency: 'EUR' {ALONE} (1 row, such as event 'e16')",
    f"value_amount: '1.505' {FINER} (3 rows, such as event 'e11')",
    f"value_currency: 'eur' {NO_CODE} (1 row, such as event 'e14')",
    "partner_id:  is needed when by is 'partner' (1 row, such as event 'e17')",
    f"partner_id:  {NOBODY} (1 row, such as event 'e19')",
    "probability: 1.5 must lie between 0.0 and 1.0 (1 row, such as event 'e20')",
    "count: 0 must be at least 1 (1 row, such as event 'e21')",
]


def without_types(said: list[str]) -> list[str]:
    """The texts without the difference between 0 and 0.0, which pandas makes."""
    return sorted(text.replace("count: 0.0 ", "count: 0 ") for text in said)


@pytest.mark.parametrize("made", MADE)
def test_all_faults_of_values_are_told_with_their_number_and_an_example(made: str) -> None:
    assert sorted(SAID) == without_types(texts(faults_of(MADE[made](WRONG))))


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
def test_spark_finds_the_same_faults(spark: Any) -> None:
    faults = faults_of(spark.createDataFrame(WRONG.to_arrow()))

    assert sorted(SAID) == without_types(texts(faults))


@pytest.mark.parametrize("index", range(len(WRONG)))
def test_what_the_check_refuses_the_reader_of_rows_refuses(index: int) -> None:
    with pytest.raises(BadInputError):
        events_of(WRONG[index])


@given(st.lists(strategies.events(), max_size=8))
def test_what_the_reader_of_rows_takes_the_check_takes(events: list[Any]) -> None:
    taken = [one for one in events if not isinstance(read_row(to_row(one)), tuple)]

    assert taken == events_of(frame := events_frame(taken))
    assert set(check_events_frame(frame)) <= set(frame.columns)


def test_an_empty_frame_is_a_frame_of_no_events() -> None:
    for make in MADE.values():
        assert () == check_events_frame(make(SOUND.clear()))


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize(
    ("kind", "column", "reason"),
    [
        ("lead_won", "event_id", "is missing; every event states it"),
        ("lead_won", "occurred_at", "is missing; every event states it"),
        ("lead_won", "lead_id", "is missing; every lead_won states it"),
        ("lead_won", "type", "is missing; it names the kind"),
        ("lead_assigned", "agent_id", "is missing; every lead_assigned states it"),
    ],
)
def test_a_needed_column_of_nulls_of_whatever_type_is_told(
    made: str, kind: str, column: str, reason: str
) -> None:
    frame = rows({"type": kind}).with_columns(pl.lit(None, pl.Float64).alias(column))
    (fault,) = faults_of(MADE[made](frame))

    assert column == fault.path
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("1.1234567890123456", "EUR", FINER),
        ("0.0000000000000001", "JPY", FINER),
        ("1.0000000000000000", "EUR", "has more than 15 digits in a row; round it, or check"),
        ("0000000000000001", "EUR", "has more than 15 digits in a row; round it, or check"),
        ("1234567890123456", "EUR", "is 10^15 smallest units or more"),
        ("1234567890123456.789", "EUR", "is 10^15 smallest units or more"),
        ("1234567890123456,789", "EUR", NO_AMOUNT),
        ("1-1234567890123456", "EUR", NO_AMOUNT),
        ("", "EUR", "is empty; leave it null where nothing is known"),
    ],
)
@pytest.mark.parametrize("made", ["polars", "pyarrow", "duckdb"])
def test_one_amount_is_told_one_fault(made: str, amount: str, currency: str, reason: str) -> None:
    (fault,) = faults_of(MADE[made](rows({"value_amount": amount, "value_currency": currency})))

    assert ("value_amount", repr(amount)) == (fault.path, fault.value)
    assert reason in fault.reason


def test_a_long_amount_without_any_column_of_currencies_is_told_as_long() -> None:
    faults = faults_of(rows({"value_amount": "1.0000000000000000"}))

    assert ["has no currency", "has more than 15 digits in a row"] == [
        one.reason.partition(";")[0] for one in faults
    ]


def test_empty_texts_are_told_as_such() -> None:
    columns = ("precision", "partner_id", "value_amount", "value_currency")
    faults = faults_of(rows(dict.fromkeys(columns, "")))

    empty = "is empty; leave it null where nothing is known (1 row, such as event 'e1')"
    assert dict.fromkeys(columns, ("''", empty)) == {
        one.path: (one.value, one.reason) for one in faults
    }
    assert len(columns) == len(faults)


@pytest.mark.parametrize("kind", ["lead_captured", "lead_progressed"])
def test_money_of_a_lead_that_is_not_yet_won_is_told_where_it_goes(kind: str) -> None:
    faults = faults_of(rows({"type": kind, "value_amount": "1", "value_currency": "EUR"}))

    where = f"is in a column that no {kind} has; write it into 'expected_value_"
    assert [f"value_{half}" for half in ("amount", "currency")] == [one.path for one in faults]
    assert f"{where}amount', or leave it null there" in faults[0].reason
    assert f"{where}currency', or leave it null there" in faults[1].reason


# --- names


@pytest.mark.parametrize("made", MADE)
def test_a_column_whose_name_differs_in_capitals_is_told_as_such(made: str) -> None:
    frame = rows({}).rename({"lead_id": "LEAD_ID"})

    assert [
        "lead_id:  is a missing column; rename 'LEAD_ID', since capitals count",
    ] == texts(faults_of(MADE[made](frame)))


@pytest.mark.parametrize("made", MADE)
def test_missing_columns_are_told_with_likely_spellings(made: str) -> None:
    frame = rows({}).select("event_id", "type", pl.col("lead_id").alias("leadid"))

    assert [
        "occurred_at:  is a missing column; add it",
        "lead_id:  is a missing column; rename 'leadid' if it holds that, or add it",
    ] == texts(faults_of(MADE[made](frame)))


def test_missing_columns_are_told_beside_the_faults_that_can_be_seen() -> None:
    frame = rows({"precision": "dya"}).drop("type", "event_id")

    assert {"type", "event_id", "precision"} == {one.path for one in faults_of(frame)}


def test_a_column_that_a_kind_must_state_and_that_is_not_there_is_told() -> None:
    assert ["agent_id:  is missing; every lead_assigned states it (1 row, such as event 'e1')"] == (
        texts(faults_of(rows({"type": "lead_assigned"})))
    )


def test_a_fault_without_any_example_is_told_too() -> None:
    frame = rows({"type": "lead_assigned"}).drop("event_id")

    assert ["event_id", "agent_id"] == [one.path for one in faults_of(frame)]


def test_an_amount_without_its_column_of_currencies_is_told() -> None:
    (fault,) = faults_of(rows({"value_amount": "1"}))

    assert "has no currency; the column value_currency is not there" in fault.reason


@pytest.mark.parametrize(
    "twice",
    [
        pd.DataFrame([["lead_won", "e1", "e1"]], columns=["type", "event_id", "event_id"]),
        pa.table([["lead_won"], ["e1"], ["e1"]], names=["type", "event_id", "event_id"]),
        duckdb.sql("select 'lead_won' as type, 'e1' as event_id, 'e1' as event_id"),
    ],
    ids=["pandas", "pyarrow", "duckdb"],
)
def test_repeated_columns_are_told(twice: Any) -> None:
    assert ["occurred_at", "lead_id", "event_id"] == [one.path for one in faults_of(twice)]
    with pytest.raises(FrameSchemaError, match="is the name of several columns"):
        history(twice, as_of=AT)


def test_repeated_columns_of_spark_are_told(spark: Any) -> None:
    twice = spark.sql("select 'lead_won' as type, 'e1' as event_id, 'e1' as event_id")

    assert ["occurred_at", "lead_id", "event_id"] == [one.path for one in faults_of(twice)]


def test_only_the_most_frequent_unknown_kinds_are_named_one_by_one() -> None:
    frame = rows(*({"type": f"kind_{n}"} for n in range(13)))
    reasons = [one.reason for one in faults_of(frame)]

    assert 11 == len(reasons)
    assert "is one of 3 more unknown kinds (3 rows" in reasons[-1]
    assert "; all kinds stand in partnerleads.events.KINDS" in reasons[0]


# --- types, and how each package mends them

TROUBLES = {
    "naive": ("occurred_at", [datetime(2026, 3, 4)]),  # noqa: DTZ001 - naive is what it is about
    "text instant": ("occurred_at", ["2026-03-04T01:00:00+01:00"]),
    "date": ("occurred_at", [date(2026, 3, 4)]),
    "amount": ("value_amount", [1200.5]),
    "text": ("lead_id", [1]),
    "integer": ("sequence", ["3"]),
    "number": ("probability", ["0.5"]),
    "yes_no": ("automatic", ["true"]),
}
WORDS = {
    "naive": "holds naive instants; say whose clock they show",
    "text instant": "holds instants as text; parse them",
    "date": "holds dates; give them a time of day, and precision 'day'",
    "amount": "holds money as floats, which are not exact",
    "text": "it needs text",
    "integer": "it needs integers",
    "number": "it needs numbers",
    "yes_no": "it needs true or false",
}
KIND_OF = {"number": "lead_progressed", "yes_no": "lead_responded"}


def troubled(trouble: str) -> tuple[str, pl.DataFrame]:
    column, values = TROUBLES[trouble]
    money = {"value_currency": "EUR"} if trouble == "amount" else {}
    frame = rows({"type": KIND_OF.get(trouble, "lead_won"), **money})
    return column, frame.with_columns(pl.Series(column, values))


def mended(frame: Any, column: str, fix: str) -> Any:
    """The frame with the column as the fix, run as written, makes it."""
    kind = family(nw.from_native(frame))
    if kind == "duckdb":
        return frame.project(f'* replace ({fix} as "{column}")')
    names = {"pl": pl, "pd": pd, "pa": pa, "pc": pc, "frame": frame}
    if kind == "pyspark":
        from pyspark.sql import functions

        names["F"] = functions
    made = eval(fix, names)  # noqa: S307 - our own words, which must be right
    if kind == "polars":
        return frame.with_columns(made.alias(column))
    if kind == "pandas":
        return frame.assign(**{column: made})
    if kind == "pyspark":
        return frame.withColumn(column, made)
    return frame.set_column(frame.column_names.index(column), column, made)


def fix_that_mends(frame: Any, trouble: str, column: str) -> None:
    (fault,) = faults_of(frame)
    assert column == fault.path
    assert WORDS[trouble] in fault.reason
    better = mended(frame, column, fault.reason.partition(": ")[2])

    assert column in check_events_frame(better)
    (event,) = events_of(better)
    assert AT == event.occurred_at


def test_instants_as_text_are_told_with_the_clock_of_those_without_an_offset() -> None:
    _, frame = troubled("text instant")
    told = {
        made: faults_of(MADE[made](frame))[0].reason for made in ("polars", "duckdb", "pyarrow")
    }

    assert "parse them, those without an offset by UTC: pl." in told["polars"]
    assert "parse them, those without an offset by the clock of the session's" in told["duckdb"]
    assert "parse them: pc." in told["pyarrow"]


def test_objects_of_several_clocks_are_told_with_the_question_whose_they_are() -> None:
    _, frame = troubled("naive")
    mixed = frame.to_pandas().assign(occurred_at=pd.Series([object()], dtype=object))
    (fault,) = faults_of(mixed)

    assert "say whose clock naive ones show, for example UTC: pd." in fault.reason


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("made", ["polars", "lazy", "pandas", "pyarrow", "duckdb"])
def test_a_wrong_type_is_told_with_a_fix_that_mends_it(made: str, trouble: str) -> None:
    column, frame = troubled(trouble)
    if (made, trouble) == ("pandas", "date"):
        return  # pandas has no dates but as objects, which are mended below

    fix_that_mends(MADE[made](frame), trouble, column)


@pytest.mark.no_cover  # the same code as in tests that count, on other engines or keys
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_wrong_type_is_told_with_a_fix_that_mends_it_on_spark(spark: Any, trouble: str) -> None:
    column, frame = troubled(trouble)
    made = spark.createDataFrame(frame.to_arrow())
    if trouble == "naive":  # Arrow's naive instants become zoned ones
        from pyspark.sql import functions

        made = made.withColumn(column, functions.expr("timestamp_ntz'2026-03-04 00:00:00'"))

    fix_that_mends(made, trouble, column)


@pytest.mark.parametrize(
    ("kind", "column", "values"),
    [
        ("lead_responded", "automatic", [None, True]),
        ("lead_offered", "sequence", [None, 3]),
        ("lead_offered", "expires_at", [None, AT]),
    ],
)
def test_objects_of_pandas_are_mended_too(kind: str, column: str, values: list[Any]) -> None:
    usual = {"type": kind, "partner_id": "acme"}
    frame = rows(usual, usual).to_pandas()
    frame[column] = pd.Series(values, dtype=object)
    (fault,) = faults_of(frame)

    assert "holds values of no type that is known here" in fault.reason
    better = mended(frame, column, fault.reason.partition(": ")[2])
    assert values[1] == getattr(events_of(better)[1], column)


@pytest.mark.parametrize("made", ["polars", "pandas", "pyarrow", "duckdb"])
def test_ids_that_became_floats_are_mended_to_what_they_were(made: str) -> None:
    frame = MADE[made](rows({"partner_id": 17.0}, {"partner_id": None}))
    (fault,) = faults_of(frame)
    better = mended(frame, "partner_id", fault.reason.partition(": ")[2])

    assert ["17", None] == [event.partner_id for event in events_of(better)]


def test_objects_of_pandas_are_judged_by_all_of_them() -> None:
    frame = rows(*[{}] * 1000).to_pandas()
    frame["agent_id"] = pd.Series([None] * 999 + [3], dtype=object)

    assert ["agent_id"] == [one.path for one in faults_of(frame)]


def test_lists_are_to_be_json() -> None:
    (fault,) = faults_of(rows({"type": "lead_qualified", "criteria": ["need"]}))

    assert fault.reason.endswith('it needs JSON as text, such as ["one"] or {"name": "value"}')


def test_other_types_of_money_and_instants_are_told() -> None:
    frame = rows({"value_amount": 3, "value_currency": "EUR", "expires_at": 3, "type": "lead_won"})

    assert [
        "expires_at:  holds values of type Int64; it needs instants with a time zone",
        (
            "value_amount:  holds values of type Int64; write amounts as text, such as '1200.50': "
            'pl.col("value_amount").cast(pl.String)'
        ),
    ] == sorted(texts(faults_of(frame)))


def test_values_of_an_unknown_type_are_told() -> None:
    frame = duckdb.sql(
        "select 'lead_won' as type, 'e1' as event_id, now() as occurred_at, uuid() as lead_id"
    )

    assert ["lead_id"] == [one.path for one in faults_of(frame)]


def test_a_package_without_known_fixes_gets_none() -> None:
    class Frame:
        implementation = nw.Implementation.DASK

    assert "" == family(Frame())
    assert "" == fix_for("", "naive", "occurred_at")


def test_integers_beyond_64_bits_and_numbers_beyond_exactness_are_told() -> None:
    frame = rows({"sequence": 2**63, "probability": 2**53}, sequence=pl.UInt64)
    reasons = {
        one.path: one.reason
        for one in faults_of(frame.with_columns(type=pl.lit("lead_progressed")))
    }

    assert "sequence" in reasons
    assert "does not fit into 64 bits" in reasons["sequence"]


def test_numbers_that_are_none_are_told() -> None:
    kind = {"type": "lead_progressed"}
    frame = rows({**kind, "probability": float("nan")}, {**kind, "probability": float("inf")})

    (fault,) = faults_of(frame)
    assert "is not finite, or beyond 2^53 - 1 (2 rows" in fault.reason


def test_lazy_frames_are_not_collected() -> None:
    frame = SOUND.lazy().with_columns(pl.col("event_id").map_batches(str_of_lengths))

    check_events_frame(frame)
    assert max(LENGTHS) <= len(SOUND)


LENGTHS: list[int] = []


def str_of_lengths(series: pl.Series) -> pl.Series:
    LENGTHS.append(len(series))
    return series


def test_the_error_lists_what_is_wrong_at_which_column_as_errors_of_rows_do() -> None:
    faults = (Fault("lead_id", "", "is a missing column; add it"), Fault("by", "'x'", "is none"))
    _, *of_rows = str(BadInputError("rows.jsonl", faults, 2, 0)).splitlines()

    assert [
        "the frame has 2 faults",
        "  lead_id                is a missing column; add it",
        "  by                     'x' is none",
    ] == str(FrameSchemaError(faults)).splitlines()
    assert of_rows == str(FrameSchemaError(faults)).splitlines()[1:]


def test_an_instant_in_another_zone_is_the_same() -> None:
    frame = rows({}).with_columns(pl.col("occurred_at").dt.convert_time_zone("Asia/Tokyo"))

    assert "occurred_at" in check_events_frame(frame)
    assert AT + timedelta(0) == events_of(frame)[0].occurred_at
