"""The flat form: written and read without a mapping."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from partnerleads.codecs.csv_files.flat import guard, unguard
from partnerleads.codecs.csv_files.reader import iter_csv, read_csv
from partnerleads.codecs.csv_files.writer import write_csv
from partnerleads.codecs.flat_columns import FLAT_COLUMNS
from partnerleads.errors import BadInputError, InvalidEventError
from partnerleads.events import (
    KINDS,
    ContactMade,
    DealRefunded,
    Event,
    LeadCaptured,
    LeadLost,
    LeadResponded,
    LeadUpdated,
    LeadWon,
    PartnerOnboarded,
    fields_of,
)
from partnerleads.model import FrozenMap, Lead, Money
from partnerleads.testing import at

AT = at("2026-03-04")


def written(*events: Event) -> str:
    target = io.StringIO(newline="")
    write_csv(events, target)
    return target.getvalue()


def test_nested_fields_lists_and_maps_stand_in_columns_of_their_own() -> None:
    lead = Lead(region="DACH", company_size=50, attributes=FrozenMap({"a": "b"}))
    captured = LeadCaptured(
        event_id="e1", occurred_at=AT, lead_id="L1", lead=lead, expected_value=Money(7, "EUR")
    )
    rows = list(csv.DictReader(io.StringIO(written(captured))))

    assert {
        "type": "lead_captured",
        "event_id": "e1",
        "occurred_at": "2026-03-04T00:00:00+00:00",
        "lead_id": "L1",
        "lead_region": "DACH",
        "lead_company_size": "50",
        "lead_attributes": '{"a":"b"}',
        "expected_value_amount": "7.00",
        "expected_value_currency": "EUR",
    } == rows[0]


def test_what_is_written_is_read_back_equal(tmp_path: Path) -> None:
    events = (
        PartnerOnboarded(
            event_id="p",
            occurred_at=AT,
            partner_id="acme",
            regions=(),
            weight=0.1,
            working_hours=FrozenMap({}),
        ),
        LeadUpdated(event_id="u", occurred_at=AT, lead_id="L1", lead=Lead()),
        LeadLost(event_id="l", occurred_at=AT, lead_id="L1", reason="", sequence=-3),
        LeadLost(
            event_id="m", occurred_at=AT, lead_id="L1", reason='a,\n"b"\r\n\tc \'', source="'"
        ),
        DealRefunded(event_id="r", occurred_at=AT, lead_id="L1", value=Money("-5", "EUR")),
    )
    path = tmp_path / "events.csv"

    assert 5 == write_csv(events, path)
    assert events == read_csv(path).events
    assert list(events) == list(iter_csv(path))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("", "'"),
        ("'", "''"),
        ("'=", "''="),
        ("''", "'''"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("plain", "plain"),
    ],
)
def test_texts_that_a_spreadsheet_would_run_are_guarded_and_come_back(text: str, cell: str) -> None:
    assert cell == guard(text)
    assert text == unguard(cell)


def test_no_text_of_a_written_file_runs_as_a_formula() -> None:
    lost = LeadLost(event_id="=e", occurred_at=AT, lead_id="@L", reason='=HYPERLINK("x")')
    cells = next(csv.reader(io.StringIO(written(lost).partition("\n")[2])))

    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r"]


def test_nothing_is_written_of_an_event_that_cannot_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"

    with pytest.raises(InvalidEventError):
        write_csv([LeadWon(event_id="", occurred_at=AT, lead_id="L1")], path)
    assert not path.exists()


def test_no_events_leave_a_header() -> None:
    assert "type,event_id,occurred_at\r\n" == written()
    assert 0 == read_csv(io.StringIO(written())).read


def test_an_unknown_or_repeated_column_is_refused_with_its_name() -> None:
    with pytest.raises(BadInputError, match="did you mean 'lead_region'"):
        read_csv(["type,event_id,lead_regin\n"])
    with pytest.raises(BadInputError, match="stands twice") as caught:
        read_csv(["type,type\n"], strict=False)
    assert ["type"] == [fault.path for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("lead_won,e1,2026-03-04,L1,5,EUR,,,", "occurred_at"),
        ("lead_wun,e1,2026-03-04T10:00Z,L1,5,EUR,,,", "type"),
        ("lead_won,,2026-03-04T10:00Z,L1,5,EUR,,,", "event_id"),
        ("lead_won,e1,2026-03-04T10:00Z,L1,5,,,,", "value_currency"),
        ("lead_won,e1,2026-03-04T10:00Z,L1,much,EUR,,,", "value_amount"),
        ("lead_captured,e1,2026-03-04T10:00Z,L1,,,many,,", "lead_company_size"),
        ("lead_captured,e1,2026-03-04T10:00Z,L1,,,,[],", "lead_attributes"),
        ('lead_captured,e1,2026-03-04T10:00Z,L1,,,,"{""a"":1}",', "lead_attributes"),
        ("contact_made,e1,2026-03-04T10:00Z,L1,,,,,", "by"),
        ("contact_made,e1,2026-03-04T10:00Z,L1,5,,,,own_team", "value_amount"),
    ],
)
def test_faults_of_a_flat_row_name_their_column(row: str, column: str) -> None:
    head = (
        "type,event_id,occurred_at,lead_id,value_amount,value_currency,"
        "lead_company_size,lead_attributes,by"
    )
    reading = read_csv([head + "\n", row + "\n"], strict=False)

    assert [(2, column)] == [(fault.line, fault.path) for fault in reading.faults]


def test_a_fault_of_the_whole_event_keeps_its_path() -> None:
    head = "type,event_id,occurred_at,lead_id\n"
    reading = read_csv([head, "lead_offered,e1,2026-03-04T10:00Z,L1\n"], strict=False)

    assert ["$"] == [fault.path for fault in reading.faults]


def test_every_field_of_every_kind_has_its_column_and_one_meaning() -> None:
    meanings: dict[str, str] = {}
    for kind in KINDS.values():
        for spec in fields_of(kind):
            assert spec.value == meanings.setdefault(spec.name, spec.value)

    assert len(FLAT_COLUMNS) == len(set(FLAT_COLUMNS))
    assert {"type", "lead_id", "lead_region", "value_amount", "criteria"} <= set(FLAT_COLUMNS)


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("capacity", ["3.0", "+3", "03", "1e3", "3 "]),
        ("weight", ["50%", "+0.5", ".5", "0,5", "inf"]),
        ("automatic", ["yes", "1", "True"]),
    ],
)
def test_the_flat_form_coerces_nothing(column: str, cells: list[str]) -> None:
    kind = "lead_responded" if column == "automatic" else "partner_onboarded"
    head = f"type,event_id,occurred_at,partner_id,lead_id,{column}\n"
    rows = [f'{kind},e1,2026-03-04 10:00:00+00:00,acme,L,"{cell}"\n' for cell in cells]
    found = read_csv([head, *rows], strict=False).faults

    assert cells == [fault.value.strip("'") for fault in found if fault.path == column]


def test_numbers_of_the_flat_form_are_those_of_json() -> None:
    head = "type,event_id,occurred_at,partner_id,capacity,weight\n"
    rows = [f"partner_onboarded,e,2026-03-04T10:00Z,acme,{n},{w}\n" for n, w in (("0", "1e-05"),)]
    partner = read_csv([head, *rows]).events[0]

    assert (0, 1e-05) == (partner.capacity, partner.weight)  # type: ignore[union-attr]


def test_a_cell_too_long_to_be_read_back_is_not_written() -> None:
    lead = Lead(attributes=FrozenMap({f"a{n}": "x" * 9_000 for n in range(15)}))
    long = LeadCaptured(event_id="e1", occurred_at=AT, lead_id="L1", lead=lead)
    with pytest.raises(InvalidEventError, match="write JSON lines") as caught:
        written(long)

    assert ["lead_attributes"] == [fault.path for fault in caught.value.faults]


def test_a_row_too_long_to_be_read_back_is_not_written() -> None:
    lead = Lead(attributes=FrozenMap({f"a{n}": "x" * 10_000 for n in range(600)}))
    long = LeadCaptured(event_id="e1", occurred_at=AT, lead_id="L1", lead=lead)
    with pytest.raises(InvalidEventError) as caught:
        written(long)

    assert ["lead_attributes", "$"] == [fault.path for fault in caught.value.faults]


def test_answers_of_yes_and_no_read_back() -> None:
    responded = LeadResponded(
        event_id="r", occurred_at=AT, lead_id="L1", automatic=True, qualified=False
    )

    assert (responded,) == read_csv(io.StringIO(written(responded))).events


def test_a_contact_reads_back_with_its_choice() -> None:
    contact = ContactMade(event_id="c", occurred_at=AT, lead_id="L1", by="own_team")

    assert (contact,) == read_csv(io.StringIO(written(contact))).events


@pytest.mark.parametrize("line", ['{"type":"lead_won"}\n', '{"type":"lead_won","event_id":"e1"}\n'])
@pytest.mark.parametrize("mapping", [None, {"events": [{"type": "lead_won", "at": "day"}]}])
def test_json_lines_read_as_csv_are_told_by_one_fault(
    line: str, mapping: dict[str, object] | None
) -> None:
    with pytest.raises(BadInputError) as caught:
        read_csv([line], mapping=mapping)

    assert ["looks like JSON lines; read it by read_jsonl, not as CSV"] == [
        fault.reason for fault in caught.value.faults
    ]


def test_other_columns_without_a_mapping_are_told_what_is_needed() -> None:
    with pytest.raises(BadInputError, match="; a mapping says what other columns mean"):
        read_csv(["deal,stage\n"])
