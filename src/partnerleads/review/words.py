"""Words of the review: counts, and text that a terminal can show."""

from __future__ import annotations

from partnerleads.showing import printable

__all__ = ["printable_lines", "spaced"]


def spaced(count: int, noun: str = "") -> str:
    """A count with blanks between its thousands, and its noun.

    >>> spaced(10000), spaced(1, "row"), spaced(2, "row")
    ('10 000', '1 row', '2 rows')
    """
    digits = f"{count:,}".replace(",", " ")
    return f"{digits} {noun}{'' if count == 1 else 's'}" if noun else digits


def printable_lines(text: str) -> str:
    """Lines of text, each as a terminal can show it."""
    return "\n".join(map(printable, text.split("\n")))
