"""Rows out of lines, whatever stands in them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from partnerleads.codecs.csv_files.text import CsvText, text_lines


def rows(text: str) -> list[tuple[int, list[str], bool]]:
    found = CsvText(io.StringIO(text, newline=""), delimiter=",").rows()
    return [(line, cells, bool(wrong)) for line, cells, wrong in found]


def test_a_row_begins_in_the_line_it_is_said_to_begin_in() -> None:
    text = 'a,b\r\n"x\r\ny",1\n\n\nz,2\r'

    assert [
        (1, ["a", "b"], False),
        (2, ["x\r\ny", "1"], False),
        (6, ["z", "2"], False),
    ] == rows(text)


def test_a_quote_that_never_closes_costs_one_row() -> None:
    assert [
        (1, ["a", "b"], False),
        (2, [], True),
        (3, ["x", "2"], False),
        (4, ["y", "3"], False),
    ] == rows('a,b\n"open,1\nx,2\ny,3\n')


def test_a_stray_quote_that_swallows_rows_gives_them_back() -> None:
    assert [
        (1, [], True),
        (2, ["x", "2"], False),
        (3, ["quoted", "3"], False),
        (4, [], True),
    ] == rows('"open,1\nx,2\n"quoted",3\n"a" b,1\n')


def test_an_open_quote_before_a_long_file_costs_one_row() -> None:
    limit = csv.field_size_limit()
    text = '"open\n' + "x,1\n" * (limit // 4 + 10)
    source = CsvText(io.StringIO(text), delimiter=",")
    found = list(source.rows())

    assert (1, limit // 4 + 10) == (sum(bool(wrong) for *_, wrong in found), len(found) - 1)
    assert "is a quote open?" in found[0][2]


def test_the_row_as_it_stood_is_known() -> None:
    source = CsvText(['a,"b\n', 'c"\n'], delimiter=",")
    next(source.rows())

    assert 'a,"b\nc"' == source.row_text


def test_blank_lines_are_counted() -> None:
    source = CsvText(["a\n", "\n", ' , ,""\n'], delimiter=",")

    assert (1, 2) == (len(list(source.rows())), source.blank)


def test_a_mark_is_taken_off_once(tmp_path: Path) -> None:
    path = tmp_path / "marked.csv"
    path.write_bytes(b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n")

    assert ["a\n", "\ufeffb\n"] == list(text_lines(path, encoding="utf-8"))
    with path.open("rb") as opened:
        assert ["a\n", "\ufeffb\n"] == list(text_lines(opened, encoding="utf-8"))
    assert [] == list(text_lines([], encoding="utf-8"))
