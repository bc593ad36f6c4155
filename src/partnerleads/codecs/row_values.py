"""One value of a row: checked, never coerced, and every fault said with its path and its fix.

Each reader takes the value as JSON gave it, its path, and the list that collects faults. It
returns the value as events hold it, or adds to the faults and returns None.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Any, TypeAlias

from partnerleads.codecs.fault_words import refuse, shown, step, what
from partnerleads.codecs.instant_text import parse_instant, why_no_instant
from partnerleads.errors import Fault
from partnerleads.model.frozen_map import FrozenMap

__all__ = [
    "LARGEST_EXACT",
    "LARGEST_INTEGER",
    "LONGEST_TEXT",
    "MOST_ITEMS",
    "ValueReader",
    "read_choice",
    "read_id",
    "read_ids",
    "read_instant",
    "read_integer",
    "read_number",
    "read_number_map",
    "read_text",
    "read_text_map",
    "read_texts",
    "read_yes_no",
    "shown",
    "step",
]

ValueReader: TypeAlias = Callable[[Any, str, list[Fault]], Any]

LONGEST_TEXT = 10_000
"""Most characters of one text. [count]"""

MOST_ITEMS = 100_000
"""Most items of one list or map. [count]"""

LARGEST_INTEGER = 2**63 - 1
"""Integers lie between minus and plus this, so that every frame and database holds them."""

LARGEST_EXACT = 2**53 - 1
"""Numbers lie between minus and plus this; beyond it floats skip whole ones."""


def _sayable(value: str) -> bool:
    """Whether the text is Unicode: half a surrogate pair cannot be written to any file."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _why_no_text(value: object) -> str:
    if not isinstance(value, str):
        hint = f": {json.dumps(shown(value))}" if type(value) in (int, float) else ""
        return f"{what(value)}; write a text in quotes{hint}"
    if len(value) > LONGEST_TEXT:
        return f"has {len(value)} characters; at most {LONGEST_TEXT} are read"
    if not value:
        return "is empty; leave the field out where nothing is known"
    return "holds half a surrogate pair, which is no character; write it as Unicode"


def read_text(value: Any, path: str, faults: list[Fault]) -> str | None:
    """A text of at most ``LONGEST_TEXT`` characters; it may be empty."""
    if isinstance(value, str) and len(value) <= LONGEST_TEXT and _sayable(value):
        return value
    refuse(value, path, _why_no_text(value), faults)
    return None


def read_id(value: Any, path: str, faults: list[Fault]) -> str | None:
    """A text that names something, so it is not empty."""
    if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and _sayable(value):
        return value
    refuse(value, path, _why_no_text(value), faults)
    return None


def read_integer(value: Any, path: str, faults: list[Fault]) -> int | None:
    """A whole number written as one: 3, not 3.0 or "3"."""
    if type(value) is int:
        if -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            return value
        refuse(value, path, "does not fit into 64 bits; check the unit", faults)
        return None
    reason = "is not whole" if isinstance(value, float) else what(value)
    refuse(value, path, f"{reason}; write an integer such as 3", faults)
    return None


def read_number(value: Any, path: str, faults: list[Fault]) -> float | None:
    """A finite number; integers are numbers, true and false are not."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if -LARGEST_EXACT <= value <= LARGEST_EXACT:
            return value + 0.0  # no minus before a zero
        finite = isinstance(value, int) or isfinite(value)
        reason = "is beyond 2^53 - 1; check the unit" if finite else "is not finite; leave it out"
        refuse(value, path, reason, faults)
        return None
    refuse(value, path, f"{what(value)}; write a number such as 0.5", faults)
    return None


def read_yes_no(value: Any, path: str, faults: list[Fault]) -> bool | None:
    """True or false, not 1 or "yes"."""
    if isinstance(value, bool):
        return value
    refuse(value, path, f"{what(value)}; write true or false", faults)
    return None


def read_choice(choices: tuple[str, ...]) -> ValueReader:
    """A reader of one of some texts."""
    known = dict.fromkeys(choices)
    reason = f"is none of {', '.join(map(repr, choices))}"

    def read(value: Any, path: str, faults: list[Fault]) -> str | None:
        if isinstance(value, str) and value in known:
            return value
        refuse(value, path, reason, faults)
        return None

    return read


def read_instant(value: Any, path: str, faults: list[Fault]) -> datetime | None:
    """An ISO 8601 text with an offset, as an instant in UTC."""
    if not isinstance(value, str):
        reason = f"{what(value)}; write an instant like '2026-03-04T09:12:00+00:00'"
        refuse(value, path, reason, faults)
        return None
    found = parse_instant(value)
    if found is None:
        refuse(value, path, why_no_instant(value), faults)
    return found


def _too_many(value: Any, path: str, faults: list[Fault]) -> bool:
    if len(value) <= MOST_ITEMS:
        return False
    faults.append(Fault(path, "", f"has {len(value)} items; at most {MOST_ITEMS} are read"))
    return True


def _read_list(value: Any, path: str, faults: list[Fault], read: ValueReader) -> Any:
    if not isinstance(value, list):
        refuse(value, path, f'{what(value)}; write a list: ["one", "two"]', faults)
        return None
    if _too_many(value, path, faults):
        return None
    return tuple(read(item, f"{path}[{index}]", faults) for index, item in enumerate(value))


def read_texts(value: Any, path: str, faults: list[Fault]) -> tuple[str, ...] | None:
    """A list of texts."""
    found: tuple[str, ...] | None = _read_list(value, path, faults, read_text)
    return found


def read_ids(value: Any, path: str, faults: list[Fault]) -> tuple[str, ...] | None:
    """A list of texts of which none is empty."""
    found: tuple[str, ...] | None = _read_list(value, path, faults, read_id)
    return found


def _read_map(value: Any, path: str, faults: list[Fault], read: ValueReader) -> Any:
    if not isinstance(value, dict):
        refuse(value, path, f'{what(value)}; write an object: {{"name": ...}}', faults)
        return None
    if _too_many(value, path, faults):
        return None
    items = {}
    for name, item in value.items():
        below = step(path, name)
        items[read_text(name, below, faults)] = read(item, below, faults)
    return FrozenMap(items)


def read_text_map(value: Any, path: str, faults: list[Fault]) -> FrozenMap[str, str] | None:
    """An object whose values are texts."""
    found: FrozenMap[str, str] | None = _read_map(value, path, faults, read_text)
    return found


def read_number_map(value: Any, path: str, faults: list[Fault]) -> FrozenMap[str, float] | None:
    """An object whose values are numbers."""
    found: FrozenMap[str, float] | None = _read_map(value, path, faults, read_number)
    return found
