"""A page for a partner: a heading, what it rests on, and sections of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TypeAlias

from partnerleads.showing import in_columns, printable, table_html

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
            lines += ["", title, *(f"  {line}" for line in in_columns(rows))]
    return "\n".join(map(printable, lines))


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
            parts.append(f"<h4>{escape(title)}</h4>{table_html('', rows)}")
    return "".join(parts)
