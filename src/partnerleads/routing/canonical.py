"""One way to write a frozen value down: the same bytes in every process and release of Python."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from partnerleads.errors import OptionError
from partnerleads.model import WorkingHours

__all__ = ["canonical_json", "fingerprint", "plain"]


def plain(value: Any) -> Any:
    """A frozen value as plain JSON data: maps and sets in order, exact numbers as text.

    Raises:
        OptionError: When something in it has no fixed form, such as an object of a class that is
            neither attrs nor a dataclass; two processes would write it differently.

    >>> plain({"share": Fraction(1, 3), "names": frozenset({"b", "a"})})
    {'names': ['a', 'b'], 'share': '1/3'}
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(value[name]) for name in sorted(value, key=str)}
    if isinstance(value, AbstractSet):
        return sorted((plain(one) for one in value), key=canonical_json)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, date | time | Fraction | Decimal | timedelta | tzinfo):
        return value.isoformat() if isinstance(value, date | time) else str(value)
    names = _field_names(value)
    fields = {name: plain(_held(value, name)) for name in names}
    return {"": type(value).__qualname__, **fields}


def _held(value: object, name: str) -> Any:
    """What a field holds; of a calendar that fills itself in as it is asked only its kind."""
    held = getattr(value, name)
    is_calendar = isinstance(value, WorkingHours) and name == "holidays"
    is_foreign = is_calendar and not isinstance(held, frozenset)
    return {"": type(held).__qualname__} if is_foreign else held


def _field_names(value: object) -> list[str]:
    """The names of the fields that a value is compared by."""
    kind: Any = type(value)
    if attrs.has(kind):
        return [one.name for one in attrs.fields(kind) if one.eq]
    if hasattr(kind, "__dataclass_fields__"):
        return [name for name, one in kind.__dataclass_fields__.items() if one.compare]
    if not getattr(value, "__dict__", None) and not hasattr(kind, "__slots__"):
        return []
    reason = "has no fixed form; make it a frozen attrs class or dataclass of plain values"
    raise OptionError("value", value, reason)


def canonical_json(value: Any) -> str:
    """A frozen value as one line of JSON with sorted names."""
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def fingerprint(*values: Any) -> str:
    """Twelve hexadecimal digits that differ between different values."""
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()[:12]
