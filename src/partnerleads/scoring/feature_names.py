"""Names of features as an option."""

from __future__ import annotations

from collections.abc import Collection

from partnerleads.errors import OptionError

__all__ = ["checked_names"]


def checked_names(names: Collection[str] | None) -> tuple[str, ...] | None:
    """Names in order, each once; None stands for all.

    Raises:
        OptionError: When one text is passed rather than a list.
    """
    if isinstance(names, str):
        raise OptionError("names", names, f"pass a list of names, such as [{names!r}]")
    return None if names is None else tuple(sorted(set(names)))
