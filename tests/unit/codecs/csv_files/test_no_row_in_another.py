"""No row's values get into another row, and no row overwrites another in silence."""

from __future__ import annotations

from typing import Any

import pytest

from partnerleads.codecs import CsvReading, read_csv

HINT = "is the id of other content in this file"


def read(lines: list[str], mapping: dict[str, Any]) -> CsvReading:
    return read_csv(lines, mapping={"time_zone": "UTC", **mapping}, strict=False)


def test_a_constant_table_does_not_keep_what_one_row_put_into_it() -> None:
    columns = {"partner_id": "id", "attributes": {"const": '{"programme":"gold"}'}}
    mapping = {
        "row_id": "id",
        "columns": {**columns, "attributes.city": "city"},
        "events": [{"type": "partner_updated", "at": "d"}],
    }

    found = read(["id,d,city", "acme,2026-03-04,Berlin", "beta,2026-03-04,"], mapping).events

    assert [{"programme": "gold", "city": "Berlin"}, {"programme": "gold"}] == [
        dict(event.attributes or {})  # type: ignore[union-attr]
        for event in found
    ]


@pytest.mark.parametrize(
    "order", [("attributes", "attributes.city"), ("attributes.city", "attributes")]
)
def test_a_table_and_one_of_its_names_are_both_kept_in_any_order(order: tuple[str, str]) -> None:
    columns = {"attributes": "x", "attributes.city": "city"}
    mapping = {
        "row_id": "id",
        "columns": {"partner_id": "id", **{name: columns[name] for name in order}},
        "events": [{"type": "partner_updated", "at": "d"}],
    }

    (event,) = read(["id,d,city,x", 'B,2026-03-04,Rome,"{""k"":""v""}"'], mapping).events

    assert {"k": "v", "city": "Rome"} == dict(event.attributes)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["2026-03-04-05:00", "2026-03-04+01:00", "2026-03-04x10", "20260304+0100"]
)
def test_the_offset_of_a_date_is_no_time_of_day(text: str) -> None:
    mapping = {"columns": {"lead_id": "id"}, "events": [{"type": "lead_lost", "at": "d"}]}

    (reject,) = read(["id,d", f"D,{text}"], mapping).rejects

    assert "is no date as ISO 8601" in reject.faults[0].reason


@pytest.mark.parametrize(("first", "second", "events"), [("-1", "-2", 1), ("1", "1.0", 2)])
def test_numbers_of_one_hash_are_other_content(first: str, second: str, events: int) -> None:
    scale = {"scale_min": {"const": "-2"}, "scale_max": {"const": "2"}}
    mapping = {
        "columns": {"partner_id": "p", "score": "s", **scale},
        "events": [{"type": "customer_rated", "at": "d"}],
    }

    reading = read(["p,s,d", f"a,{first},2026-03-04", f"a,{second},2026-03-04"], mapping)

    assert events == len(reading.events)
    assert [HINT] * (2 - events) == [one.faults[0].reason.split(";")[0] for one in reading.rejects]


def test_other_content_of_one_recording_is_refused_also_after_a_revision() -> None:
    mapping = {
        "currency": "EUR",
        "row_id": "id",
        "columns": {"lead_id": "id", "recorded_at": "rec"},
        "events": [{"type": "lead_won", "at": "closed", "value": "v"}],
    }
    rows = ["D,2026-03-04,1,2026-03-05", "D,2026-03-04,2,2026-03-06", "D,2026-03-04,3,2026-03-05"]

    reading = read(["id,closed,v,rec", *rows], mapping)

    assert [4] == [one.line for one in reading.rejects]
    assert HINT in reading.rejects[0].faults[0].reason
