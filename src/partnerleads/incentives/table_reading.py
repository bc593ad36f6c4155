"""Rate tables from JSON text, with every fault at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from typing import Any, TypeAlias, TypeVar

import attrs

from partnerleads.errors import BadInputError, Fault, OptionError, PartnerLeadsError
from partnerleads.incentives.near_names import near_name
from partnerleads.incentives.table_writing import CONDITIONS

__all__ = ["read_table"]

T = TypeVar("T")

_Read: TypeAlias = Callable[[Any, str], Any]

_NAME = "rate table"
_OPTIONAL = {"qualification", "at_least", "tier", "partner_type", "attribution", "deal_type"}
_SPAN = re.compile(r"(\d+) days|(\d+(?:\.\d+)?) seconds")


def read_table(text: str, cls: type[T], parts: Mapping[str, type[Any]]) -> T:
    """A rate table from JSON text.

    Args:
        text: The text.
        cls: The class of the table.
        parts: The classes of a ``row`` and of the ``qualification``.

    Raises:
        BadInputError: When the text states no table; it carries every fault, each with its path.
    """
    reader = _Reader(parts)
    try:
        stated = json.loads(text)
    except ValueError as error:
        raise BadInputError(_NAME, (Fault("$", "", f"is no JSON: {error}"),), 1, 0) from None
    table = reader.made(cls, stated, "$")
    if reader.faults:
        raise BadInputError(_NAME, tuple(reader.faults), 1, 0)
    return table  # type: ignore[no-any-return]


class _Reader:
    """Makes a table, and collects what is wrong with it."""

    def __init__(self, parts: Mapping[str, type[Any]]) -> None:
        self.parts = parts
        self.faults: list[Fault] = []

    def blame(self, path: str, value: object, reason: str) -> None:
        """Note a fault; there is no value then."""
        shown = json.dumps(value, ensure_ascii=False)
        self.faults.append(Fault(path, shown if len(shown) <= 40 else f"{shown[:37]}...", reason))

    def made(self, cls: type[Any], stated: Any, path: str) -> Any:
        """A value of a class, from its fields."""
        if not isinstance(stated, dict):
            return self.blame(path, stated, "must be an object")
        before = len(self.faults)
        fields = {one.name: one for one in attrs.fields(cls) if one.name != "hours"}
        for name in [name for name in stated if name not in fields]:
            reason = f"is not known here{near_name(name, fields)}"
            self.blame(f"{path}.{name}", stated[name], reason)
        for name, one in fields.items():
            if name not in stated and one.default is attrs.NOTHING:
                self.faults.append(Fault(f"{path}.{name}", "", "is missing"))
        given = [name for name in fields if name in stated]
        read = {name: self.checked(fields[name], stated[name], f"{path}.{name}") for name in given}
        if len(self.faults) > before:
            return None
        try:
            return cls(**read)
        except PartnerLeadsError as error:
            return self.faults.append(Fault(path, "", str(error)))

    def checked(self, field: Any, stated: Any, path: str) -> Any:
        """What a field holds, looked at by the field's own validator apart from all others."""
        before = len(self.faults)
        value = self.value(field.name, stated, path)
        if len(self.faults) == before:
            try:
                value = value if field.converter is None else field.converter(value)
                if field.validator is not None:
                    field.validator(None, field, value)
            except OptionError as error:
                self.blame(path, stated, error.reason)
        return value

    def value(self, name: str, stated: Any, path: str) -> Any:
        """What a field of a name holds."""
        if stated is None and name in _OPTIONAL:
            return None
        readers: dict[str, _Read] = {
            "rows": partial(self.several, self.row),
            "conditions": partial(self.several, self.condition),
            "criteria": partial(self.several, self.text),
            "qualification": partial(self.made, self.parts["qualification"]),
            "eligible": self.condition,
            "condition": self.condition,
            "span": self.span,
            "at_least": self.whole,
            "rate": self.rate,
            "value": self.text_or_truth,
        }
        return readers.get(name, self.text)(stated, path)

    def several(self, each: _Read, stated: Any, path: str) -> Any:
        """A list of values."""
        if not isinstance(stated, list):
            return self.blame(path, stated, "must be a list")
        return tuple(each(one, f"{path}[{place}]") for place, one in enumerate(stated))

    def row(self, stated: Any, path: str) -> Any:
        """A row of the table."""
        return self.made(self.parts["row"], stated, path)

    def text(self, stated: Any, path: str) -> Any:
        """A text."""
        return stated if isinstance(stated, str) else self.blame(path, stated, "must be a text")

    def text_or_truth(self, stated: Any, path: str) -> Any:
        """A text, or true or false."""
        return stated if isinstance(stated, bool) else self.text(stated, path)

    def whole(self, stated: Any, path: str) -> Any:
        """A whole number."""
        if isinstance(stated, int) and not isinstance(stated, bool):
            return stated
        return self.blame(path, stated, "must be a whole number")

    def rate(self, stated: Any, path: str) -> Any:
        """A rate, exactly as written."""
        if isinstance(stated, str):
            return stated
        return self.blame(path, stated, 'is not exact; write a rate as text: "0.10"')

    def span(self, stated: Any, path: str) -> Any:
        """A span of time."""
        found = _SPAN.fullmatch(stated) if isinstance(stated, str) else None
        if found is None:
            return self.blame(path, stated, "must be a span of time such as '90 days'")
        days, seconds = found.groups("0")
        return timedelta(days=int(days), microseconds=int(Decimal(seconds) * 1_000_000))

    def condition(self, stated: Any, path: str) -> Any:
        """A condition, by its kind."""
        if not isinstance(stated, dict):
            return self.blame(path, stated, 'must be an object such as {"kind": "has", ...}')
        kind = stated.get("kind")
        if not isinstance(kind, str) or kind not in CONDITIONS:
            near = get_close_matches(str(kind), CONDITIONS, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            return self.blame(f"{path}.kind", kind, f"{hint}offered are {', '.join(CONDITIONS)}")
        rest = {name: one for name, one in stated.items() if name != "kind"}
        return self.made(CONDITIONS[kind], rest, path)
