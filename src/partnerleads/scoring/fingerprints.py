"""Short marks that differ between scorers that are set or taught differently."""

from __future__ import annotations

import json

from partnerleads.model.saved import mark_of

__all__ = ["fingerprint_of"]


def fingerprint_of(*parts: object) -> str:
    """Twelve hexadecimal digits that differ between different parts, the same in every process.

    Args:
        parts: Numbers, texts, and lists and dictionaries of them.

    >>> fingerprint_of("naive Bayes", 1.0) == fingerprint_of("naive Bayes", 0.5)
    False
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return mark_of(text)
