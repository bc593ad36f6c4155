"""What somebody may have meant by a name that is not known."""

from __future__ import annotations

from collections.abc import Collection

from partnerleads.model.options import did_you_mean

__all__ = ["near_name"]


def near_name(name: object, known: Collection[str]) -> str:
    """The end of a message that asks for the nearest name; empty where none is near.

    >>> near_name("Acme", ["acme", "beta"])
    "; did you mean 'acme'?"
    """
    hint = did_you_mean(name, known).strip()
    return hint and f"; {hint}"
