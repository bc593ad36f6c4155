"""Words of the review: instants, counts, and text that a terminal can show."""

from __future__ import annotations

from datetime import datetime

from partnerleads.model import zone
from partnerleads.showing import printable

__all__ = ["moment", "printable_lines", "spaced"]


def moment(value: datetime, *, tz: str = "UTC") -> str:
    """An instant by the clock of a zone, to the minute, and to the second where it has seconds.

    >>> from partnerleads.testing import at
    >>> moment(at("2026-03-04 08:12")), moment(at("2026-03-04 23:59:59Z"), tz="Europe/Berlin")
    ('2026-03-04 08:12 UTC', '2026-03-05 00:59:59 Europe/Berlin')
    """
    finest = "seconds" if value.second or value.microsecond else "minutes"
    text = value.astimezone(zone(tz)).replace(tzinfo=None).isoformat(" ", timespec=finest)
    return f"{text} {tz}"


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
