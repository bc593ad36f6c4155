"""How results show themselves."""

from __future__ import annotations

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.showing import Shown, in_columns, printable, table_html

cells = st.text(max_size=6)
tables = st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[cells] * width), max_size=5))


@frozen(repr=False)
class Listing(Shown):
    """A result with everything that one can show."""

    rows: tuple[tuple[str, ...], ...] = ()
    _right = frozenset({1})
    _titled = True
    _most = 2

    def _head(self) -> str:
        return "what <it> is"

    def _facts(self) -> tuple[str, ...]:
        return ("a fact",)

    def _titles(self) -> tuple[str, ...]:
        return "name", "n"

    def _rows(self) -> tuple[tuple[str, ...], ...]:
        return self.rows

    def _notes(self) -> tuple[str, ...]:
        return ("beware\nof it",)


@frozen(repr=False)
class Bare(Shown):
    """A result that says no more than what it is."""

    def _head(self) -> str:
        return "bare"


def test_a_result_shows_head_facts_titles_rows_and_notes() -> None:
    expected = r"""what <it> is
  a fact
  name   n
  a\nb   1
  c     10
  note: 1 more, not shown; `to_dicts()` has all
  note: beware\nof it"""
    found = Listing((("a\nb", "1"), ("c", "10"), ("d", "3")))

    assert expected == str(found)
    assert f"<{expected}>" == repr(found)
    assert (
        "<table><caption>what &lt;it&gt; is</caption><tr><th>name</th><th>n</th></tr>"
        "<tr><td>a\nb</td><td>1</td></tr><tr><td>c</td><td>10</td></tr></table>"
        "<p>a fact</p><p>1 more, not shown; `to_dicts()` has all</p><p>beware\nof it</p>"
    ) == found._repr_html_()


def test_titles_need_rows() -> None:
    found = Listing()

    assert "name" not in str(found) + found._repr_html_()
    assert "more" not in str(found)


def test_a_result_may_say_no_more_than_what_it_is() -> None:
    assert "bare" == str(Bare())
    assert "<table><caption>bare</caption></table>" == Bare()._repr_html_()


def test_columns_without_a_cell_take_no_room_and_short_rows_end_early() -> None:
    assert ["a     c", "long"] == in_columns([("a", "", "c"), ("long",)])
    assert [] == in_columns([])


@given(tables)
def test_every_row_is_one_line_without_blanks_at_its_end(rows: list[tuple[str, ...]]) -> None:
    lines = in_columns(rows, right={0})

    assert len(rows) == len(lines)
    assert [] == [line for line in lines if len(line.splitlines()) > 1]
    assert lines == [line.rstrip() for line in lines]


@pytest.mark.parametrize(
    ("line", "shown"),
    [("a\nb", r"a\nb"), ("a\u2028b", r"a\u2028b"), ("\x1b[2J", r"\x1b[2J"), ("é\u00a0", "é\u00a0")],
)
def test_signs_that_break_a_line_show_by_their_numbers(line: str, shown: str) -> None:
    assert shown == printable(line)


def test_a_table_without_a_caption_has_none() -> None:
    assert "<table><tr><td>&lt;b&gt;</td></tr></table>" == table_html("", [("<b>",)])
