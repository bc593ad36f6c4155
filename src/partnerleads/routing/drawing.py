"""Drawing by chances that are known, so that what is recorded is what was drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from math import fsum
from typing import Any

from partnerleads.errors import OptionError
from partnerleads.model import RecipientId

__all__ = ["drawn", "is_share"]


def is_share(_: object, attribute: Any, value: float) -> None:
    """An attrs validator of shares. [0..1]"""
    if not 0 <= value <= 1:
        raise OptionError(attribute.name, value, "must lie between 0 and 1")


def drawn(chances: Mapping[RecipientId, float], luck: float) -> RecipientId:
    """The one on whom the luck falls; where no chance is left, the first.

    Args:
        chances: The chance of each, in relation to each other. [>= 0]
        luck: Where the draw fell. [0..1, 1 excluded]

    >>> drawn({"a": 0.5, "b": 0.5}, 0.4), drawn({"a": 0.5, "b": 0.5}, 0.6)
    ('a', 'b')
    """
    reached = luck * fsum(chances.values())
    names = list(chances)
    sums = accumulate(chances.values())
    return next((name for name, end in zip(names, sums, strict=True) if reached < end), names[0])
