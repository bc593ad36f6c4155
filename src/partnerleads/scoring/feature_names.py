"""Names of features as an option."""

from __future__ import annotations

from collections.abc import Collection

from partnerleads.errors import OptionError
from partnerleads.model import Caution

__all__ = ["checked_names", "nothing_learned"]


def checked_names(names: Collection[str] | None) -> tuple[str, ...] | None:
    """Names in order, each once; None stands for all.

    Raises:
        OptionError: When one text is passed rather than a list.
    """
    if isinstance(names, str):
        raise OptionError("names", names, f"pass a list of names, such as [{names!r}]")
    return None if names is None else tuple(sorted(set(names)))


def nothing_learned(asked: Collection[str] | None, learned: Collection[str]) -> tuple[Caution, ...]:
    """A warning where names are to be looked at of which nothing was learned; none where all were.

    Args:
        asked: The names to look at; None for all.
        learned: The names of which something was learned.
    """
    missing = sorted({*(asked or ())} - {*learned})
    if not missing:
        return ()
    words = f"no lead that it learned from tells anything by {', '.join(missing)}; check the names"
    return (Caution("nothing_learned", words),)
