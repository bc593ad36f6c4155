"""What a file that could not be read seems to be."""

import os
from pathlib import Path

import pytest

from partnerleads.review.input_hint import input_hint, other_format

ROW = b'{"type": "lead_won"}\n'


def hint(path: Path, content: bytes, *, csv: bool = False, mapping: str | None = None) -> str:
    path.write_bytes(content)
    words = input_hint(str(path), read_as_csv=csv, mapping=mapping)
    assert words == "" or (words.startswith(str(path)) and words.endswith("."))
    return words.removeprefix(str(path)).strip()


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"PK\x03\x04", "is a spreadsheet or a zip archive; export its sheet as CSV."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "is a spreadsheet of an old format; export its sheet as CSV.",
        ),
        (b"\x1f\x8b\x08", "is compressed; unpack it, for example with gunzip."),
        (b"PK,", ""),
        (b"", ""),
    ],
)
def test_what_has_no_lines_is_known_by_its_first_bytes(
    tmp_path: Path, start: bytes, words: str
) -> None:
    path = tmp_path / "crm"
    path.write_bytes(start)

    assert words == other_format(str(path)).removeprefix(f"{path} ")


@pytest.mark.parametrize("csv", [False, True])
@pytest.mark.parametrize("start", ["{}".encode("utf-16"), b"\xfe\xff\x00{"])
def test_utf_16_is_told(tmp_path: Path, start: bytes, *, csv: bool) -> None:
    assert hint(tmp_path / "crm", start, csv=csv).startswith("is UTF-16; save it as UTF-8")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
def test_a_table_read_as_json_lines(tmp_path: Path, mark: bytes, delimiter: bytes) -> None:
    content = mark + delimiter.join([b"deal", b"stage"]) + b"\r\n1"

    assert hint(tmp_path / "crm", content).startswith("looks like CSV; say what its columns mean")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'[{"type": "lead_won"}]', "looks like one JSON array; write one object a line."),
        (b'{\n  "type": "lead_won"\n}\n', "looks like JSON spread over several lines; write one"),
        (b'{"type": \r\n "lead_won"}', "looks like JSON spread over several lines; write one"),
        (ROW, ""),
        (ROW * 2, ""),
        (b'{"type": "lead_', ""),
        (b"no table", ""),
        (b"\x00,\x01", ""),
        (b"", ""),
    ],
)
def test_other_text_read_as_json_lines(tmp_path: Path, content: bytes, words: str) -> None:
    found = hint(tmp_path / "crm", content)

    assert words == found[: len(words)]
    assert bool(words) == bool(found)


def test_json_lines_read_as_csv(tmp_path: Path) -> None:
    plain = hint(tmp_path / "crm.csv", ROW, csv=True)
    mapped = hint(tmp_path / "crm.csv", ROW, csv=True, mapping="crm.toml")

    assert "looks like JSON lines; name it .jsonl." == plain
    assert "looks like JSON lines; name it .jsonl and leave --mapping out." == mapped
    assert "looks like JSON lines; leave --mapping out." == hint(
        tmp_path / "crm.jsonl", ROW, csv=True, mapping="crm.toml"
    )


def test_a_csv_of_other_columns_needs_a_mapping(tmp_path: Path) -> None:
    assert "--mapping FILE" in hint(tmp_path / "crm.csv", b"deal,stage\n", csv=True)
    assert "" == hint(tmp_path / "crm.csv", b"deal,stage\n", csv=True, mapping="crm.toml")
    assert "" == hint(tmp_path / "crm.csv", b" \n", csv=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for name in (".", "pipe", "absent"):
        assert "" == input_hint(str(tmp_path / name), read_as_csv=False, mapping=None)
        assert "" == other_format(str(tmp_path / name))
