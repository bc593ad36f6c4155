"""Side files, joined on columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from partnerleads.codecs.csv_files.reader import CsvReading, read_csv
from partnerleads.errors import MappingFileError

HEAD = "deal,closed,agent\n"


def read(folder: Path, rows: list[str], *, strict: bool = True, **keys: Any) -> CsvReading:
    lookup = {"file": str(folder / "teams.csv"), "key": "agent"} | keys.pop("lookup", {})
    rule = {"type": "lead_won", "at": "closed", "partner_id": "teams.office"} | keys.pop("rule", {})
    said = {
        "time_zone": "UTC",
        "columns": {"lead_id": "deal"},
        "lookup": {"teams": lookup} | keys.pop("lookups", {}),
        "events": [rule],
        **keys,
    }
    return read_csv([HEAD, *rows], mapping=said, strict=strict)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "teams.csv").write_text(
        "agent,office,boss\nann,West,Kim\nbob, East ,Lee\ncarl,,Lee\n", encoding="utf-8"
    )
    (tmp_path / "offices.csv").write_text("office;country\nWest;US\nEast;FR\n", encoding="utf-8")
    return tmp_path


def partners(reading: CsvReading) -> list[str | None]:
    return [event.partner_id for event in reading.events]  # type: ignore[union-attr]


def test_a_key_finds_its_row(folder: Path) -> None:
    reading = read(folder, ["L1,2026-03-04,ann\n", "L2,2026-03-04,bob\n", "L3,2026-03-04,\n"])

    assert ["West", "East", None] == partners(reading)
    assert ("unused key", "teams", "'carl'") in {(d.kind, d.column, d.value) for d in reading.dirt}


def test_an_unknown_key_is_a_fault_or_absent(folder: Path) -> None:
    rows = ["L1,2026-03-04,zoe\n", "L2,2026-03-04,ann\n"]
    refused = read(folder, rows, strict=False)
    taken = read(folder, rows, lookup={"when_missing": "absent"})

    assert [(2, "agent", "'zoe'")] == [(f.line, f.path, f.value) for f in refused.faults]
    assert [None, "West"] == partners(taken)
    assert ("unknown key", "teams", "'zoe'", 1) in {
        (d.kind, d.column, d.value, d.count) for d in taken.dirt
    }


def test_a_side_file_is_joined_on_a_looked_up_and_cleaned_column(folder: Path) -> None:
    offices = {
        "file": str(folder / "offices.csv"),
        "key": {"here": "teams.office", "there": "office"},
        "delimiter": ";",
    }
    reading = read(
        folder,
        ["L1,2026-03-04,ANN\n"],
        lookups={"offices": offices},
        rule={"partner_id": "offices.country"},
        clean={"agent": {"ANN": "ann"}, "offices.country": {"US": "USA"}},
    )

    assert ["USA"] == partners(reading)


def test_the_key_may_be_cleaned_for_one_look_up_alone(folder: Path) -> None:
    here = {"column": "agent", "clean": {"ANN": "ann"}}
    reading = read(
        folder,
        ["L1,2026-03-04,ANN\n"],
        lookup={"key": {"here": here, "there": "agent"}},
        rule={"agent_id": "agent"},
    )

    assert (["West"], "ANN") == (partners(reading), reading.events[0].agent_id)  # type: ignore[union-attr]


def test_keys_of_the_side_file_are_cleaned_too(folder: Path) -> None:
    reading = read(
        folder, ["L1,2026-03-04,Ann\n"], clean={"teams.agent": {"ann": "Ann"}}, missing=["-"]
    )

    assert ["West"] == partners(reading)


def test_a_condition_may_ask_a_side_file(folder: Path) -> None:
    rows = ["L1,2026-03-04,ann\n", "L2,2026-03-04,bob\n", "L3,2026-03-04,carl\n"]
    reading = read(folder, rows, rule={"when": {"teams.boss": "Lee"}})

    assert ["East", None] == partners(reading)


def test_an_unknown_key_makes_every_value_of_its_file_bad_but_one_fault(folder: Path) -> None:
    rule = {
        "partner_id": "teams.office",
        "agent_id": {"column": ["teams.boss", "agent"]},
        "at": {"column": "teams.boss"},
        "when": {"teams.boss": {"not": "Kim"}},
        "value": {"column": "teams.boss", "currency": {"column": "teams.office"}},
        "precision": {"column": "teams.boss"},
        "row_id": "teams.boss",
    }
    reading = read(folder, ["L1,2026-03-04,zoe\n"], strict=False, rule=rule)

    assert [("agent", "'zoe'")] == [(f.path, f.value) for f in reading.faults]


@pytest.mark.parametrize(
    "rule", [{"precision": {"column": "teams.boss"}}, {"type": {"stage": "teams.boss"}}]
)
def test_an_unknown_key_behind_the_kind_or_the_precision_is_one_fault(
    folder: Path, rule: dict[str, Any]
) -> None:
    reading = read(folder, ["L1,2026-03-04,zoe\n"], strict=False, rule=rule)

    assert [("agent", "'zoe'")] == [(f.path, f.value) for f in reading.faults]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty; a header is needed"),
        ('"agent,office\n', "is no CSV"),
        ("agnt,office\nann,West\n", "did you mean 'agnt'"),
        ("agent,office\nann,West\nann,East\n", "repeats the key of line 2"),
        ("agent,office\n,West\n", "has no key in 'agent'"),
        ("agent,office\nann\n", "has 1 cells, its header 2"),
        ("office,agent\nWest\n", "has 1 cells, its header 2"),
        ('agent,office\n"ann"x,West\n', "is no CSV"),
        ("agent,offices\nann,West\n", "did you mean 'offices'"),
    ],
)
def test_a_side_file_that_cannot_be_joined_is_a_fault_of_the_mapping(
    folder: Path, content: str, words: str
) -> None:
    (folder / "teams.csv").write_text(content, encoding="utf-8")

    with pytest.raises(MappingFileError, match=words):
        read(folder, [])


def test_bytes_of_another_encoding_in_a_side_file_are_a_fault(folder: Path) -> None:
    (folder / "teams.csv").write_bytes("agent,office\nann,Zürich\n".encode("cp1252"))

    with pytest.raises(MappingFileError) as caught:
        read(folder, [])
    (fault,) = caught.value.faults
    assert ("'Z\\xfcrich'", 2) == (fault.value, fault.line)
    assert fault.reason.startswith("is not utf-8 text; say the file's encoding")
    assert fault.reason.endswith(f"in [{fault.path}]")
    said = read(folder, ["L1,2026-03-04,ann\n"], lookup={"encoding": "cp1252"})
    assert ["Zürich"] == partners(said)


@pytest.mark.parametrize("name", ["none.csv", "no\0name.csv"])
def test_a_side_file_that_cannot_be_opened_is_a_fault(folder: Path, name: str) -> None:
    with pytest.raises(MappingFileError, match="side files lie relative to the mapping file"):
        read(folder, [], lookup={"file": str(folder / name)})


def test_the_faults_of_a_side_file_are_bounded(folder: Path) -> None:
    (folder / "teams.csv").write_text("agent,office\n" + "ann,West\n" * 1_000, encoding="utf-8")

    with pytest.raises(MappingFileError) as caught:
        read(folder, [])
    assert 50 == len(caught.value.faults)


def test_a_look_up_named_like_a_column_is_refused(folder: Path) -> None:
    with pytest.raises(MappingFileError, match="is a column, too"):
        read_csv(
            ["deal,closed,agent,teams.office\n"],
            mapping={
                "columns": {"lead_id": "deal", "partner_id": "teams.office"},
                "lookup": {"teams": {"file": str(folder / "teams.csv"), "key": "agent"}},
                "events": [{"type": "lead_won", "at": "closed"}],
            },
        )


def test_side_files_lie_relative_to_the_mapping_file(folder: Path) -> None:
    (folder / "deals.toml").write_text(
        'time_zone = "UTC"\n[lookup.teams]\nfile = "teams.csv"\nkey = "agent"\n'
        '[columns]\nlead_id = "deal"\n[[events]]\ntype = "lead_won"\nat = "closed"\n'
        'partner_id = "teams.office"\n',
        encoding="utf-8",
    )
    reading = read_csv([HEAD, "L1,2026-03-04,ann\n"], mapping=folder / "deals.toml")

    assert ["West"] == partners(reading)
