"""Rate tables as JSON text; equal tables have equal texts."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import attrs

from partnerleads.errors import OptionError
from partnerleads.kpis.measuring.conditions import AllOf, AnyOf, Has, Is, Not, Within
from partnerleads.model.data_text import span_text

__all__ = ["CONDITIONS", "table_text"]

CONDITIONS: dict[str, type[Any]] = {
    "has": Has,
    "is": Is,
    "within": Within,
    "not": Not,
    "all_of": AllOf,
    "any_of": AnyOf,
}
"""The conditions that a text may state, by their name there."""

_NAMES = {cls: name for name, cls in CONDITIONS.items()}


def table_text(table: Any, *, strict: bool) -> str:
    """A rate table as JSON text.

    Args:
        table: The table.
        strict: Whether a condition that no text can state is an error, or written as its repr.

    Raises:
        OptionError: When *strict* and there is such a condition.
    """
    return json.dumps(_plain(table, strict), indent=2, ensure_ascii=False)


def _plain(value: Any, strict: bool) -> Any:  # noqa: FBT001 - handed through
    """A value as JSON has it."""
    if isinstance(value, tuple):
        return [_plain(one, strict) for one in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, timedelta):
        return span_text(value)
    if value is None or isinstance(value, str | int):
        return value
    named = {}
    if type(value).__module__ == Has.__module__:
        name = _NAMES.get(type(value))
        if name is None or getattr(value, "hours", None) is not None:
            return _unwritable(value, strict)
        named = {"kind": name}
    stated = [one for one in attrs.fields(type(value)) if one.name != "hours"]
    return named | {
        one.name: _plain(getattr(value, one.name), strict)
        for one in stated
        if one.default is attrs.NOTHING or getattr(value, one.name) != one.default
    }


def _unwritable(value: Any, strict: bool) -> str:  # noqa: FBT001 - handed through
    if strict:
        reason = f"no text states it; keep the table in code, or use {', '.join(CONDITIONS)}"
        raise OptionError("eligible", value, reason)
    return repr(value)
