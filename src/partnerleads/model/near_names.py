"""What somebody may have meant by a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["did_you_mean", "near_name", "nearest"]


def nearest(name: object, known: Iterable[str], *, alike: float = 0.6) -> str:
    """The likeliest spelling; empty where none is near.

    Args:
        name: What was written.
        known: The names that there are.
        alike: How alike it must be at least. [0 to 1]
    """
    return (*get_close_matches(str(name), list(known), n=1, cutoff=alike), "")[0]


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The beginning of a message that goes on with what is offered; empty where none is near.

    >>> did_you_mean("lead", ["leads", "revenue"])
    "did you mean 'leads'? "
    """
    near = nearest(name, known)
    return f"did you mean {near!r}? " if near else ""


def near_name(name: object, known: Iterable[str], *, alike: float = 0.6) -> str:
    """The end of a message that asks for the nearest name; empty where none is near.

    >>> near_name("Acme", ["acme", "beta"])
    "; did you mean 'acme'?"
    """
    near = nearest(name, known, alike=alike)
    return f"; did you mean {near!r}?" if near else ""
