"""Words of the review: counts, and text that a terminal can show."""

from __future__ import annotations

import unicodedata

__all__ = ["printable", "printable_lines", "spaced"]


def spaced(count: int, noun: str = "") -> str:
    """A count with blanks between its thousands, and its noun.

    >>> spaced(10000), spaced(1, "row"), spaced(2, "row")
    ('10 000', '1 row', '2 rows')
    """
    digits = f"{count:,}".replace(",", " ")
    return f"{digits} {noun}{'' if count == 1 else 's'}" if noun else digits


def printable(line: str) -> str:
    r"""A line without signs that would steer the terminal: they are shown by their numbers.

    >>> print(printable("L-\x1b[2Jé"))
    L-\x1b[2Jé
    """
    if line.isprintable():
        return line
    return "".join(map(_shown, line))


def printable_lines(text: str) -> str:
    """Lines of text, each as a terminal can show it."""
    return "\n".join(map(printable, text.split("\n")))


def _shown(sign: str) -> str:
    if sign.isprintable() or unicodedata.category(sign) == "Zs":
        return sign
    return (
        sign.encode("ascii", "backslashreplace").decode() if ord(sign) > 127 else repr(sign)[1:-1]
    )
