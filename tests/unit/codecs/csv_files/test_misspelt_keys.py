"""A misspelt key of a mapping is one fault: the key, the nearest right one, nothing after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from partnerleads.codecs import read_csv
from partnerleads.errors import MappingFileError

ROWS = ["deal,day\n", "L1,2026-03-04T09:00Z\n"]


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of its own, with a side file."""
    monkeypatch.chdir(tmp_path)
    Path("teams.csv").write_text("deal,office\nL1,West\n", encoding="utf-8")


def refused(**parts: Any) -> list[str]:
    """What is wrong with a mapping that was right without these parts."""
    mapping = {
        "columns": {"lead_id": "deal"},
        "events": [{"type": "lead_reopened", "at": "day"}],
        **parts,
    }
    stated = {name: value for name, value in mapping.items() if value is not None}
    with pytest.raises(MappingFileError) as caught:
        read_csv(ROWS, mapping=stated)
    return [" ".join(str(fault).split()) for fault in caught.value.faults]


def rule(**keys: Any) -> dict[str, Any]:
    return {"events": [keys]}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"columns": {"lead_id": {"colunm": "deal"}}},
            "columns.lead_id.colunm is an unknown key; did you mean 'column'?",
        ),
        (
            rule(type="lead_reopened", at={"conts": "2026-03-04T09:00Z"}),
            "events[1].at.conts is an unknown key; did you mean 'const'?",
        ),
        (
            rule(typ="lead_won", at="day"),
            "events[1].typ is no field of any event; did you mean 'type'?",
        ),
        (
            rule(type="lead_reopened", att="day"),
            "events[1].att is no field of lead_reopened; did you mean 'at'?",
        ),
        (
            rule(type={"stge": "day"}, at="day"),
            "events[1].type.stge is an unknown key; did you mean 'stage'?",
        ),
        (
            rule(type="lead_wonn", at="day", value="day"),
            "events[1].type 'lead_wonn' is no kind of event; did you mean 'lead_won'?",
        ),
        (
            {"events": None, "event": [{"type": "lead_reopened", "at": "day"}]},
            "event is an unknown key; did you mean 'events'?",
        ),
        (
            {"columns": None, "colums": {"lead_id": "deal"}},
            "colums is an unknown key; did you mean 'columns'?",
        ),
        (
            {"columns": {"lead_idd": "deal"}},
            "columns.lead_idd is no field of any event; did you mean 'lead_id'?",
        ),
        (
            {"columns": None, **rule(type="lead_reopened", at="day", lead_idd="deal")},
            "events[1].lead_idd is no field of lead_reopened; did you mean 'lead_id'?",
        ),
        (
            {"lookup": {"teams": {"fil": "teams.csv", "key": "deal"}}},
            "lookup.teams.fil is an unknown key; did you mean 'file'?",
        ),
        (
            {"lookup": {"teams": {"file": "teams.csv", "key": {"her": "deal", "there": "deal"}}}},
            "lookup.teams.key.her is an unknown key; did you mean 'here'?",
        ),
        (
            {"date_format": ["%d.%m.%Y"], "iso_dates": False},
            "date_format is an unknown key; did you mean 'date_formats'?",
        ),
    ],
)
def test_a_misspelt_key_is_one_fault(parts: dict[str, Any], words: str) -> None:
    assert [words] == refused(**parts)


def test_a_key_that_is_none_at_all_leaves_what_is_missing_to_be_said() -> None:
    found = refused(columns={"lead_id": {"foo": "deal"}})

    assert found[0].startswith("columns.lead_id.foo is an unknown key; known are column, const")
    assert "must have either a column" in found[1]


def test_no_way_to_read_dates_is_told_where_nothing_is_misspelt() -> None:
    assert ["iso_dates false must be true where no date_formats are given"] == refused(
        date_formats=[], iso_dates=False
    )


def test_a_side_file_is_a_file() -> None:
    assert ["lookup.teams.file '.' must name a file"] == refused(
        lookup={"teams": {"file": ".", "key": "deal"}}
    )


def test_a_type_that_names_no_stage_is_no_kind() -> None:
    (words,) = refused(**rule(type={}, at="day"))

    assert words.startswith("events[1].type {} is no kind of event; name a kind such as 'lead_won'")


def test_rules_under_a_misspelt_key_are_not_missed_elsewhere() -> None:
    columns = {"lead_id": "deal", "originator": "deal"}
    captured = {"type": "lead_captured", "at": "day"}

    assert 1 == len(refused(columns=columns))
    assert ["event is an unknown key; did you mean 'events'?"] == refused(
        columns=columns, event=[captured]
    )
