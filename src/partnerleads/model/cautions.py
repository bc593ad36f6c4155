"""The warnings of many results, each kind told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partnerleads.model.figure import Caution, counted

__all__ = ["cautions_told"]


def cautions_told(cautions: Mapping[str, Iterable[Caution]], noun: str) -> list[str]:
    r"""A note for each code of warnings: whom it is about, unless it is everyone.

    Args:
        cautions: The warnings of each result, by the id of what it is about.
        noun: What such an id stands for.

    >>> alike = Caution("assumed", "weights are assumed")
    >>> left = [Caution("left", f"it left in {year}") for year in (2025, 2026)]
    >>> told = cautions_told({"a": (alike, left[0]), "b": (alike, left[1]), "c": (alike,)}, "lead")
    >>> print("\n".join(told))
    weights are assumed
    2 leads, such as a: it left in 2025
    """
    by_code: dict[str, dict[str, str]] = {}
    for name, several in cautions.items():
        for one in several:
            by_code.setdefault(one.code, {}).setdefault(name, one.words)
    notes = []
    for words in by_code.values():
        first, *_ = words
        where = (
            f"{counted(len(words), noun)}, such as {first}: " if len(words) > 1 else f"{first}: "
        )
        everyone = len(words) == len(cautions) and len({*words.values()}) == 1
        notes.append(words[first] if everyone else f"{where}{words[first]}")
    return notes
