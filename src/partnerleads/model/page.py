"""A page for a partner: a heading, what it rests on, and sections of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import zip_longest
from typing import TypeAlias

__all__ = ["Section", "page_html", "page_text"]

Section: TypeAlias = tuple[str, Sequence[tuple[str, ...]]]
"""A title, and rows of cells; a section without rows is not shown."""


def page_text(head: str, basis: str, sections: Iterable[Section]) -> str:
    """The page as lines of text.

    Args:
        head: Whose page it is, and of when.
        basis: What it rests on.
        sections: What it says.

    >>> print(page_text("Leads of acme", "2 leads", [("Score", [("mean", "5"), ("n", "2")])]))
    Leads of acme
    2 leads
    <BLANKLINE>
    Score
      mean  5
      n     2
    """
    lines = [head, basis]
    for title, rows in sections:
        if rows:
            lines += ["", title, *_aligned(rows)]
    return "\n".join(lines)


def page_html(head: str, basis: str, sections: Iterable[Section]) -> str:
    """The page for a notebook.

    Args:
        head: Whose page it is, and of when.
        basis: What it rests on.
        sections: What it says.
    """
    parts = [f"<h3>{escape(head)}</h3><p>{escape(basis)}</p>"]
    for title, rows in sections:
        if rows:
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
                for row in rows
            )
            parts.append(f"<h4>{escape(title)}</h4><table>{body}</table>")
    return "".join(parts)


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows in columns, each as wide as its widest cell."""
    columns = zip_longest(*rows, fillvalue="")
    widths = [max(map(len, column)) for column in columns]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False))
        yield f"  {'  '.join(cells)}".rstrip()
