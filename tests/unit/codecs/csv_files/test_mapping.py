"""A mapping is checked whole before a row is read."""

from __future__ import annotations

import copy
import pickle
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from partnerleads.codecs.csv_files.mapping import CsvMapping
from partnerleads.codecs.csv_files.reader import read_csv
from partnerleads.errors import MappingFileError

WON = {"type": "lead_won", "at": "closed"}
MINIMAL: dict[str, Any] = {"columns": {"lead_id": "deal"}, "events": [WON]}


def faults_of(data: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(MappingFileError) as caught:
        CsvMapping.from_dict(data)
    return [(fault.path, fault.reason) for fault in caught.value.faults]


def with_rule(**keys: Any) -> dict[str, Any]:
    return {**MINIMAL, "events": [{**WON, **keys}]}


def test_a_minimal_mapping_has_documented_defaults() -> None:
    mapping = CsvMapping.from_dict(MINIMAL)

    assert "utf-8" == mapping.encoding
    assert "reject" == mapping.ragged
    assert frozenset({""}) == mapping.missing
    assert ["lead_won"] == [rule.type for rule in mapping.events]


def test_a_mapping_is_frozen_and_equal_to_its_copy() -> None:
    mapping = CsvMapping.from_dict(MINIMAL)

    assert mapping == pickle.loads(pickle.dumps(mapping))  # noqa: S301 - our own bytes
    assert mapping == CsvMapping.from_dict(copy.deepcopy(MINIMAL))


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ({"delimeter": ";"}, "delimeter", "did you mean 'delimiter'?"),
        ({"zzz": 1}, "zzz", "known are source"),
        ({"delimiter": ";;"}, "delimiter", "one character"),
        ({"quote": ","}, "quote", "must differ from the delimiter"),
        ({"encoding": "utf-9"}, "encoding", "no text encoding"),
        ({"encoding": "base64"}, "encoding", "no text encoding"),
        ({"skip_lines": -1}, "skip_lines", "count of lines"),
        ({"ragged": "paad"}, "ragged", "did you mean 'pad'?"),
        ({"ragged": 3}, "ragged", "must be one of"),
        ({"trim": "yes"}, "trim", "true or false"),
        ({"missing": [1]}, "missing", "list of texts"),
        ({"source": 3}, "source", "must be a text"),
        ({"time_zone": "Berlin"}, "time_zone", "no IANA time zone"),
        ({"currency": "EURO"}, "currency", "no ISO 4217"),
        ({"currency": 3}, "currency", "must be a code such as 'EUR'"),
        ({"currency_signs": {"$": "DOLLAR"}}, "currency_signs", "no ISO 4217"),
        ({"currency_signs": {"": "EUR", "$": "USD"}}, "currency_signs", "no sign of a currency"),
        ({"currency_signs": {"1": "EUR"}}, "currency_signs", "no sign of a currency"),
        ({"decimal": "1"}, "decimal", "no part of a number"),
        ({"thousands": "."}, "thousands", "other than the decimal sign"),
        ({"date_formats": ["%d.%m"]}, "date_formats", "does not carry year"),
        ({"date_formats": ["%Q"]}, "date_formats", "is no pattern"),
        ({"iso_dates": False}, "iso_dates", "where no date_formats"),
        ({"yes": ["ja", "1"], "no": ["nein", "1"]}, "yes", "share the word '1'"),
        ({"precision": "daily"}, "precision", "must be one of"),
        ({"precision": {"column": "p", "clen": {}}}, "precision.clen", "did you mean 'clean'?"),
        ({"columns": []}, "columns", "must be a table"),
        ({"columns": {"lead_id": "deal", "lead.regio": "r"}}, "columns", "mean 'lead.region'?"),
        ({"columns": {"lead_id": "deal", "qqq": "r"}}, "columns.qqq", "the reference of events"),
        ({"columns": {"lead_id": "deal", "course": "c"}}, "columns.course", "none of the"),
        ({"columns": {"lead_id": "deal", "occurred_at": "c"}}, "columns.occurred_at", "as at"),
        ({"columns": {"lead_id": 5}}, "columns.lead_id", "must name a column"),
        ({"columns": {"lead_id": {}}}, "columns.lead_id", "either a column"),
        ({"columns": {"lead_id": {"column": "a", "const": "b"}}}, "columns.lead_id", "either"),
        ({"columns": {"lead_id": {"const": "a", "default": "b"}}}, "columns.lead_id", "either"),
        ({"columns": {"lead_id": {"const": ""}}}, "columns.lead_id.const", "must be a text"),
        ({"columns": {"lead_id": {"const": time(9)}}}, "columns.lead_id.const", "must be a text"),
        ({"columns": {"lead_id": {"column": "a", "clean": {"x": 1}}}}, "columns", "be a text"),
        ({"clean": {"deal": {"x": 1}}}, "clean.deal.x", "must be a text"),
        ({"when": {"deal": 1.5, "stage": [True]}}, "when.stage", "must be a text, a list"),
        ({"when": {"deal": {"present": True, "not": "x"}}}, "when.deal", "one thing"),
        ({"when": {"deal": {"not": {"a": 1}}}}, "when.deal.not", "a list of texts"),
        ({"when": {"deal": {"presen": True}}}, "when.deal.presen", "did you mean 'present'?"),
        ({"stages": {"Won": ""}}, "stages.Won", "must name a kind"),
        ({"unmapped_stages": "drop"}, "unmapped_stages", "must be one of"),
        ({"lookup": {"t": {"file": "t.csv"}}}, "lookup.t", "needs key"),
        ({"lookup": {"t": {"key": "a"}}}, "lookup.t", "needs file"),
        ({"lookup": {"t": {"file": "t", "key": {"here": "a"}}}}, "lookup.t.key", "needs there"),
        ({"lookup": {"t": {"file": "t", "key": {"there": "a"}}}}, "lookup.t.key", "needs here"),
        ({"lookup": {"t": {"file": "t", "key": "t.a"}}}, "lookup.t.key", "circle: t to t"),
        ({"events": []}, "events", "at least one"),
        ({"events": [3]}, "events", "1 must be a table"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_place(
    data: dict[str, Any], path: str, words: str
) -> None:
    found = faults_of({**MINIMAL, **data})

    assert any(where.startswith(path) and words in reason for where, reason in found), found


@pytest.mark.parametrize(
    ("keys", "path", "words"),
    [
        ({"type": "lead_wun"}, "events[1].type", "did you mean 'lead_won'?"),
        ({"type": 3}, "events[1].type", "name a kind such as"),
        ({"type": {"stag": "x"}}, "events[1].type.stag", "did you mean 'stage'?"),
        ({"vaule": "amount"}, "events[1].vaule", "did you mean 'value'?"),
        ({"qqqq": "amount"}, "events[1].qqqq", "known are"),
        ({"occurred_at": "amount"}, "events[1].occurred_at", "is no field of lead_won"),
        ({"type": "contact_made"}, "events[1]", "needs by, here or in [columns]"),
        ({"type": "lead_updated"}, "events[1]", "needs lead.*"),
        ({"type": "contact_made", "by": {"const": "us"}}, "events[1].by", "must be one of"),
        ({"when_missing": []}, "events[1].when_missing", "a date to assume"),
        ({"when_missing": True}, "events[1].when_missing", "a date to assume"),
        ({"value": {"column": "a", "times": "x"}}, "events[1].value.times", "other than 0"),
        ({"value": {"column": "a", "times": 0}}, "events[1].value.times", "other than 0"),
        ({"value": {"column": "a", "currency": "X"}}, "events[1].value.currency", "ISO 4217"),
    ],
)
def test_a_wrong_rule_is_named_with_its_place(keys: dict[str, Any], path: str, words: str) -> None:
    found = faults_of(with_rule(**keys))

    assert any(where.startswith(path) and words in reason for where, reason in found), found


def test_a_rule_needs_its_time() -> None:
    found = faults_of({**MINIMAL, "events": [{"type": "lead_won"}]})

    assert [("events[1]", "needs at, the column of its time")] == found


def test_lookups_that_wait_for_one_another_are_a_fault_each() -> None:
    found = faults_of(
        {
            **MINIMAL,
            "lookup": {
                "a": {"file": "a.csv", "key": {"here": "b.x", "there": "x"}},
                "b": {"file": "b.csv", "key": {"here": "a.y", "there": "y"}},
            },
        }
    )

    assert [
        ("lookup.a.key", "goes in a circle: a to b to a"),
        ("lookup.b.key", "goes in a circle: b to a to b"),
    ] == found


def test_all_faults_of_mapping_file_and_header_come_in_one_error(tmp_path: Path) -> None:
    with pytest.raises(MappingFileError) as caught:
        read_csv(
            ["deal,deal,won\n", "1,2,3\n"],
            mapping={
                "delimeter": ";",
                "columns": {"lead_id": "deal"},
                "lookup": {"teams": {"file": str(tmp_path / "none.csv"), "key": "won"}},
                "events": [{"type": "lead_won", "at": "wonn", "valeu": "won"}],
            },
        )

    assert ["delimeter", "events[1].valeu", "lookup.teams.file", "events[1] lead_won.at"] == [
        fault.path for fault in caught.value.faults[:4]
    ]
    assert "stands more than once; write 'deal#1'" in str(caught.value)
    assert "did you mean 'won'?" in str(caught.value)


def test_constants_and_defaults_are_read_when_the_mapping_is() -> None:
    with pytest.raises(MappingFileError, match="is no number"):
        read_csv(
            ["deal,closed\n"],
            mapping=with_rule(value={"const": "much", "currency": "EUR"}),
        )


def test_a_mapping_file_is_read_with_its_name_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "deals.toml"
    path.write_text('[columns]\nlead_id = "deal"\n[[events]]\ntype = "lead_won"\nat = "closed"\n')

    assert "deals.toml" == CsvMapping.load(path).name
    assert 1 == read_csv(["deal,closed\n", "L1,2026-03-04T10:00Z\n"], mapping=path).accepted


def test_a_mapping_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(MappingFileError, match="cannot be read: No such file"):
        CsvMapping.load(tmp_path / "deals.toml")


@pytest.mark.parametrize("content", [b"a = [", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_one_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "deals.toml"
    path.write_bytes(content)

    with pytest.raises(MappingFileError, match="cannot be read as TOML"):
        CsvMapping.load(path)
    with pytest.raises(MappingFileError, match="cannot be read as TOML"):
        read_csv(["deal\n"], mapping=path)


def test_a_date_of_the_mapping_file_serves_as_the_assumed_one() -> None:
    mapping = CsvMapping.from_dict(with_rule(when_missing=date(2026, 3, 4)))

    assert "2026-03-04" == mapping.events[0].at.default


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("lead_lst", "did you mean 'lead_lost'"),
        ("Lead Won", "did you mean 'lead_won'"),
        ("won", "did you mean 'lead_won'"),
        ("contact_mad", "did you mean 'contact_made'"),
        ("lead_zzzzzzzzzzzz", "name the stage otherwise"),
    ],
)
def test_a_stage_that_goes_to_a_misspelt_kind_is_refused(target: str, hint: str) -> None:
    rule = {"type": {"stage": "stage"}, "at": "at", "lead_id": "deal"}
    with pytest.raises(MappingFileError, match=hint) as caught:
        CsvMapping.from_dict({"stages": {"Closed": target, "Demo": "demo"}, "events": [rule]})

    assert ["stages.Closed"] == [fault.path for fault in caught.value.faults]


def test_one_column_of_event_ids_serves_one_rule() -> None:
    won = {"type": "lead_won", "at": "at", "lead_id": "deal"}
    lost = {**won, "type": "lead_lost"}
    with pytest.raises(MappingFileError, match="say row_id") as caught:
        CsvMapping.from_dict({"columns": {"event_id": "id"}, "events": [won, lost]})
    apart = CsvMapping.from_dict(
        {"events": [{**won, "event_id": "won id"}, {**lost, "event_id": "lost id"}]}
    )

    assert ["events[2] lead_lost.event_id"] == [fault.path for fault in caught.value.faults]
    assert 2 == len(apart.events)
