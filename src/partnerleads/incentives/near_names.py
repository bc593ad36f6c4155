"""What somebody may have meant by a name that is not known."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

__all__ = ["near_name"]


def near_name(name: object, known: Collection[str]) -> str:
    """The end of a message that asks for the nearest name; empty where none is near.

    >>> near_name("Acme", ["acme", "beta"])
    "; did you mean 'acme'?"
    """
    near = get_close_matches(str(name), known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
