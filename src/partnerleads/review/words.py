"""Text of the review that a terminal can show."""

from __future__ import annotations

from partnerleads.showing import printable

__all__ = ["printable_lines"]


def printable_lines(text: str) -> str:
    """Lines of text, each as a terminal can show it."""
    return "\n".join(map(printable, text.split("\n")))
