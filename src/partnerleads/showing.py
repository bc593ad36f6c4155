"""How results show themselves: a head, rows in columns and notes, as text and in a notebook."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from html import escape
from itertools import zip_longest
from typing import ClassVar

__all__ = ["SHOWN", "Shown", "in_columns", "printable", "spaced", "table_html"]

SHOWN = 20
"""How many rows a long list shows when it is printed. [count]"""


class Shown:
    """A result with a head, rows and notes.

    Beside these three it may state facts, which stand between the head and the rows, and the heads
    of its columns.
    """

    __slots__ = ()

    _right: ClassVar[Collection[int]] = ()
    """Places of the columns that are set to the right, as numbers are."""

    _titled: ClassVar[bool] = False
    """Whether text has the heads of the columns too, as a notebook does."""

    _most: ClassVar[int | None] = None
    """How many rows are shown; None shows all."""

    def _head(self) -> str:
        raise AssertionError  # pragma: no cover - every result says what it is

    def _facts(self) -> Sequence[str]:
        return ()

    def _titles(self) -> tuple[str, ...]:
        return ()

    def _rows(self) -> Sequence[tuple[str, ...]]:
        return ()

    def _notes(self) -> Sequence[str]:
        return ()

    def __str__(self) -> str:
        rows, notes = self._told()
        titled = self._titled and rows
        columns = [self._titles(), *rows] if titled else rows
        lines = [
            self._head(),
            *(f"  {fact}" for fact in self._facts()),
            *(f"  {line}" for line in in_columns(columns, right=self._right)),
            *(f"  note: {note}" for note in notes),
        ]
        return "\n".join(map(printable, lines))

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_html_(self) -> str:
        rows, notes = self._told()
        beside = [*self._facts(), *notes]
        return table_html(self._head(), rows, titles=self._titles(), notes=beside)

    def _told(self) -> tuple[Sequence[tuple[str, ...]], list[str]]:
        """The rows that are shown, and the notes with how many are not."""
        rows = self._rows()
        hidden = 0 if self._most is None else len(rows) - self._most
        more = [f"{hidden} more, not shown; `to_dicts()` has all"] if hidden > 0 else []
        return rows[: self._most], [*more, *self._notes()]


def in_columns(rows: Iterable[tuple[str, ...]], *, right: Collection[int] = ()) -> list[str]:
    r"""Rows as lines of text, in columns as wide as their widest cell.

    A column that is empty throughout takes no room, and a cell stays within its line.

    Args:
        rows: The cells.
        right: Places of the columns that are set to the right.

    >>> print("\n".join(in_columns([("steel\nworks", "5.0"), ("retail", "-10.0")], right={1})))
    steel\nworks    5.0
    retail        -10.0
    """
    cells = [tuple(map(printable, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*cells, fillvalue="")]
    return [
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=False))
            if width
        ).rstrip()
        for row in cells
    ]


def table_html(
    caption: str,
    rows: Iterable[tuple[str, ...]],
    *,
    titles: Iterable[str] = (),
    notes: Iterable[str] = (),
) -> str:
    """Rows as a table for a notebook, with what there is to note below it.

    Args:
        caption: What it shows; empty for none.
        rows: The cells.
        titles: The heads of the columns; none where there are no rows.
        notes: What to note.

    >>> table_html("ages", [("a & b", "3")], titles=("who", "days"))
    '<table><caption>ages</caption><tr><th>who</th><th>days</th></tr><tr><td>a &amp; b</td>...'
    """
    head = f"<caption>{escape(caption)}</caption>" if caption else ""
    body = "".join(_row_html(row, "td") for row in rows)
    heads = _row_html(titles, "th") if body else ""
    return f"<table>{head}{heads}{body}</table>" + "".join(f"<p>{escape(n)}</p>" for n in notes)


def _row_html(cells: Iterable[str], tag: str) -> str:
    """A row of a table; nothing without cells."""
    row = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{row}</tr>" if row else ""


def spaced(number: float | Decimal, noun: str = "", *, form: str = ",") -> str:
    """A number with blanks between its thousands, and what it counts.

    Args:
        number: The number.
        noun: What it counts, in the singular; empty for nothing.
        form: How it is written, as a format with commas.

    >>> spaced(10000), spaced(1, "row"), spaced(2, "row"), spaced(1234.5, form="+,.2f")
    ('10 000', '1 row', '2 rows', '+1 234.50')
    """
    digits = f"{number:{form}}".replace(",", " ")
    return f"{digits} {noun}{'' if number == 1 else 's'}" if noun else digits


def printable(line: str) -> str:
    r"""A line without signs that would break it or steer the terminal: their numbers show instead.

    >>> print(printable("L-\x1b[2Jé"))
    L-\x1b[2Jé
    """
    if line.isprintable():
        return line
    return "".join(map(_printable_sign, line))


def _printable_sign(sign: str) -> str:
    if sign.isprintable() or unicodedata.category(sign) == "Zs":
        return sign
    return (
        sign.encode("ascii", "backslashreplace").decode() if ord(sign) > 127 else repr(sign)[1:-1]
    )
