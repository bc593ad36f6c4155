"""Columns that stand under another name than ours are told, with the name that is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from partnerleads import datasets, kpis, review
from partnerleads.errors import Fault, FrameSchemaError, OptionError
from partnerleads.frames import check_events_frame, events_frame, events_of, history
from partnerleads.frames.flat.names import misnamed, missing, whole_fields

AT = datetime(2026, 3, 4, tzinfo=UTC)
WIN = {"type": "lead_won", "event_id": "e1", "occurred_at": AT, "lead_id": "L1"}
MADE: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": pl.DataFrame.lazy,
    "pandas": lambda frame: pd.DataFrame(frame.to_dicts()),
    "pandas-arrow": lambda frame: frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": pl.DataFrame.to_arrow,
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


def told(faults: tuple[Fault, ...]) -> dict[str, str]:
    return {fault.path: fault.reason for fault in faults}


def faults_of(frame: Any) -> Iterator[dict[str, str]]:
    """What each reader of frames says."""
    for read in (check_events_frame, events_of):
        with pytest.raises(FrameSchemaError) as caught:
            read(frame)
        yield told(caught.value.faults)


# --- columns that are missing


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("type", "event"),
        ("type", "Event Type"),
        ("type", "eventType"),
        ("event_id", "id"),
        ("event_id", "eventID"),
        ("event_id", "evnt_id"),
        ("occurred_at", "timestamp"),
        ("occurred_at", "occured_at"),
        ("lead_id", "deal"),
        ("lead_id", "lead_id "),
    ],
)
def test_a_missing_column_is_told_with_the_one_that_is_likely_meant(name: str, other: str) -> None:
    names = [*WIN, "colour", other]
    names.remove(name)

    reason = f"is a missing column; rename {other!r} if it holds that, or add it"
    assert {name: reason} == told(missing(names))


def test_an_event_is_a_kind_and_no_id() -> None:
    hints = told(missing(["event", "id", "occurred_at", "lead_id"]))

    assert "rename 'event' if" in hints["type"]
    assert "rename 'id' if" in hints["event_id"]
    assert "is a missing column; add it" == told(missing(["type", "event", *WIN][3:]))["type"]


@pytest.mark.parametrize("other", ["event", "event_date", "event_source", "lead_ref", "campaign"])
def test_a_column_that_means_something_else_is_no_likely_id(other: str) -> None:
    assert "is a missing column; add it" == told(missing([other, "type", "lead_id"]))["event_id"]


@pytest.mark.parametrize("empty", [pl.DataFrame(), pl.LazyFrame(), pd.DataFrame(), pa.table({})])
def test_a_frame_without_columns_lacks_them_all(empty: Any) -> None:
    for said in faults_of(empty):
        assert dict.fromkeys(WIN, "is a missing column; add it") == said


def test_a_frame_without_names_lacks_them_all() -> None:
    for said in faults_of(pd.DataFrame([["lead_won", "e1"]])):
        assert list(WIN) == list(said)


# --- columns that are ours under another spelling


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("value.amount", "value_amount"),
        ("VALUE_AMOUNT", "value_amount"),
        ("Partner ID", "partner_id"),
        ("lead.region", "lead_region"),
    ],
)
@pytest.mark.parametrize("made", MADE)
def test_a_column_spelt_in_another_way_is_told(made: str, spelling: str, name: str) -> None:
    frame = pl.DataFrame([{**WIN, spelling: "x"}])

    for said in faults_of(MADE[made](frame)):
        assert {spelling: f"is not read by this name; rename it {name!r}"} == said


@pytest.mark.parametrize("own", ["Reason", "SOURCE", "campaign", "lead.attributes.colour"])
def test_a_column_that_may_be_ones_own_is_not_told(own: str) -> None:
    assert [] == list(misnamed([*WIN, own]))


def test_another_spelling_beside_ours_is_ones_own() -> None:
    assert [] == list(misnamed([*WIN, "value_amount", "VALUE_AMOUNT"]))


# --- fields that should be several columns

WHOLE = pl.DataFrame(
    [
        {**WIN, "event_id": "e0", "type": "lead_captured", "lead": {"region": "DACH"}},
        {**WIN, "value": {"amount": "5", "currency": "EUR"}},
    ],
    infer_schema_length=None,
)


@pytest.mark.parametrize("made", MADE)
def test_rows_that_were_not_spread_over_columns_are_told(made: str) -> None:
    spread = "write amounts as text into 'value_amount', currencies into 'value_currency'"

    for said in faults_of(MADE[made](WHOLE)):
        assert {
            "lead": "holds whole leads; give each field a column of its own, such as 'lead_region'",
            "value": f"is not read; {spread}",
        } == said


@pytest.mark.parametrize("name", sorted({*whole_fields()} - {"lead"}))
def test_money_in_one_column_is_told(name: str) -> None:
    for said in faults_of(pl.DataFrame([{**WIN, name: 5.0}])):
        assert [name] == list(said)


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize(
    "own",
    [
        {"lead": "Acme"},
        {"value": 5.0, "value_amount": "5", "value_currency": "EUR"},
        {"value": None},
    ],
)
def test_what_was_spread_over_columns_may_stand_beside_them(
    made: str, own: dict[str, object]
) -> None:
    frame = MADE[made](pl.DataFrame([{**WIN, **own}]))

    assert set(WIN) <= set(check_events_frame(frame))
    assert 1 == len(events_of(frame))


# --- facts of leads

SAMPLE = events_frame(datasets.sample())
BARE = SAMPLE.rename({"lead_region": "region"})


@pytest.mark.parametrize(
    "ask",
    [
        lambda story: kpis.closed_won(story, by="region"),
        lambda story: kpis.closed_won(story, by=("status", "latest.region")),
        lambda story: kpis.closed_won(kpis.only(story, kpis.Is("region", "DACH"))),
        kpis.active_regions,
        review.programme_review,
    ],
)
def test_a_fact_that_only_an_attribute_is_named_after_is_refused(ask: Callable[[Any], Any]) -> None:
    story = history(BARE, as_of=datetime(2026, 7, 1, tzinfo=UTC))

    with pytest.raises(
        OptionError, match=r"region'.* 'lead_region', .* rename its column 'region'"
    ):
        ask(story)


def test_that_attribute_is_a_key_as_any_other() -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    bare, usual = (history(frame, as_of=moment) for frame in (BARE, SAMPLE))

    as_fact = kpis.closed_won(usual, by="region").segments
    assert as_fact == kpis.closed_won(bare, by="attributes.region").segments


def test_an_attribute_named_as_a_fact_is_no_trouble_beside_the_fact() -> None:
    both = SAMPLE.with_columns(region=pl.lit("North"))
    story = history(both, as_of=datetime(2026, 7, 1, tzinfo=UTC))

    assert "DACH" in kpis.closed_won(story, by="region").segments
    assert ["North"] == list(kpis.closed_won(story, by="attributes.region").segments)
