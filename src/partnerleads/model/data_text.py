"""Frozen data as JSON text and back, with every fault of a bad text at once.

Numbers are written without a needless fraction and spans of time as ``365 days``, so equal models
have equal texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import attrs

from partnerleads.errors import BadInputError, Fault, OptionError, PartnerLeadsError
from partnerleads.model.near_names import did_you_mean, near_name

__all__ = ["Kinds", "read_text", "span_text", "text_of"]

T = TypeVar("T")

Kinds = Mapping[object, Mapping[str, type[Any]]]
"""The classes that stand for each protocol, by the kind that a text names."""

_SPAN = re.compile(r"(\d{1,9}(?:\.\d+)?) (day|hour|minute|second)s?")
_LENGTHS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_MICRO = 1_000_000


def text_of(value: object, kinds: Kinds, *, strict: bool = True) -> str:
    """Frozen data as JSON text.

    Args:
        value: The data.
        kinds: The classes that the text may name.
        strict: Whether what could not be read back is an error, or written as its repr.

    Raises:
        OptionError: When *strict* and a class is none of those.
    """
    known = {cls for classes in kinds.values() for cls in classes.values()}

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return [plain(one) for one in value]
        if isinstance(value, timedelta):
            return span_text(value)
        if isinstance(value, float | int):
            return int(value) if value == int(value) else value
        if value is None or isinstance(value, str):
            return value
        kind = {"kind": value.kind} if type(value) in known else {}
        if hasattr(value, "kind") and not kind:
            if strict:
                raise OptionError("kind", value.kind, "is none of this library; keep it in code")
            return repr(value)
        fields = [one.name for one in attrs.fields(type(value)) if one.init]
        return kind | {name: plain(getattr(value, name)) for name in fields}

    return json.dumps(plain(value), indent=2, ensure_ascii=False)


def span_text(span: timedelta) -> str:
    """A span of time as it is written: days where they are whole, else seconds."""
    if span % timedelta(days=1):
        return f"{Decimal(span // timedelta(microseconds=1)) / _MICRO} seconds"
    return f"{span.days} days"


def read_text(
    text: str, cls: type[T], kinds: Kinds, *, name: str, in_code: Collection[str] = ()
) -> T:
    """Frozen data from JSON text.

    Args:
        text: The text.
        cls: The class of the whole.
        kinds: The classes that the text may name.
        name: What the text is called in an error.
        in_code: Names of fields that no text states.

    Raises:
        BadInputError: When the text is none; it carries every fault, each with its path.
    """
    reader = _Reader(kinds, in_code)
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(name, (Fault("$", "", f"is no JSON: {error}"),), 1, 0) from None
    value = reader.made(cls, table, "$")
    if reader.faults:
        raise BadInputError(name, tuple(reader.faults), 1, 0)
    return value  # type: ignore[no-any-return]


class _Reader:
    """Reads values by the annotations of their fields, and collects what is wrong."""

    def __init__(self, kinds: Kinds, in_code: Collection[str]) -> None:
        self.kinds = kinds
        self.in_code = in_code
        self.faults: list[Fault] = []

    def blame(self, path: str, value: object, reason: str) -> None:
        """Note a fault; there is no value then."""
        self.faults.append(Fault(path, _shown(value), reason))

    def read(self, wanted: Any, value: Any, path: str) -> Any:
        """A value of the wanted type."""
        if wanted in self.kinds:
            return self.named(self.kinds[wanted], value, path)
        if attrs.has(wanted):
            return self.made(wanted, value, path)
        if get_origin(wanted) is tuple:
            return self.several(get_args(wanted), value, path)
        if get_origin(wanted) is UnionType:
            return self.either(get_args(wanted), value, path)
        plain = str if get_origin(wanted) is Literal else wanted
        fits, reason, convert = _PLAIN[plain]
        if not fits(value):
            return self.blame(path, value, reason)
        return convert(value)

    def either(self, wanted: tuple[Any, ...], value: Any, path: str) -> Any:
        """A value of one of several types; of plain ones the first that it fits."""
        if value is None and NoneType in wanted:
            return None
        first, *others = (one for one in wanted if one is not NoneType)
        fitting = (one for one in others if _PLAIN[one][0](value))
        return self.read(next(fitting, first), value, path)

    def several(self, wanted: tuple[Any, ...], value: Any, path: str) -> Any:
        """A list of values."""
        if not isinstance(value, list):
            return self.blame(path, value, "must be a list")
        if wanted[1] is not ... and len(value) != len(wanted):
            return self.blame(path, value, f"must be a list of {len(wanted)}")
        each = [wanted[0]] * len(value) if wanted[1] is ... else wanted
        pairs = enumerate(zip(each, value, strict=True))
        return tuple(self.read(kind, one, f"{path}[{place}]") for place, (kind, one) in pairs)

    def named(self, classes: Mapping[str, type[Any]], value: Any, path: str) -> Any:
        """A value of the class that its kind names."""
        if not isinstance(value, dict):
            return self.blame(path, value, 'must be an object such as {"kind": ...}')
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in classes:
            offered = f"{did_you_mean(kind, classes)}offered are {', '.join(classes)}"
            return self.blame(f"{path}.kind", kind, offered)
        rest = {name: one for name, one in value.items() if name != "kind"}
        return self.made(classes[kind], rest, path)

    def made(self, cls: type[Any], value: Any, path: str) -> Any:
        """A value of a class, from its fields."""
        if not isinstance(value, dict):
            return self.blame(path, value, "must be an object")
        before = len(self.faults)
        stated = (one for one in attrs.fields(cls) if one.init)
        fields = {one.name: one for one in stated if one.name not in self.in_code}
        for name in (name for name in value if name not in fields):
            self.blame(f"{path}.{name}", value[name], f"is not known here{near_name(name, fields)}")
        for name, one in fields.items():
            if name not in value and one.default is attrs.NOTHING:
                self.faults.append(Fault(f"{path}.{name}", "", "is missing"))
        hints = get_type_hints(cls)
        given = {name: one for name, one in value.items() if name in fields}
        read = {}
        for name, one in given.items():
            inside = len(self.faults)
            read[name] = self.read(hints[name], one, f"{path}.{name}")
            if len(self.faults) == inside:
                self.validated(fields[name], read[name], one, f"{path}.{name}")
        if len(self.faults) > before:
            return None
        try:
            return cls(**read)
        except PartnerLeadsError as error:
            return self.faults.append(Fault(path, "", str(error)))

    def validated(self, field: Any, value: Any, written: object, path: str) -> None:
        """Let the field's own converter and validator look at a value, apart from all others."""
        try:
            value = value if field.converter is None else field.converter(value)
            if field.validator is not None:
                field.validator(None, field, value)
        except OptionError as error:
            self.blame(path, written, error.reason)


def _shown(value: object) -> str:
    """A value as JSON shows it, shortened."""
    if isinstance(value, list | dict):
        return "[...]" if isinstance(value, list) else "{...}"
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return _is_number(value) and value == int(value)  # type: ignore[call-overload]


def _is_span(value: object) -> bool:
    return isinstance(value, str) and _SPAN.fullmatch(value) is not None


def _span_of(text: str) -> timedelta:
    amount, unit = text.rstrip("s").split(" ")
    return timedelta(microseconds=round(Fraction(amount) * _LENGTHS[unit] * _MICRO))


_PLAIN: dict[Any, tuple[Callable[[Any], bool], str, Callable[[Any], Any]]] = {
    int: (_is_whole, "must be a whole number", int),
    float: (_is_number, "must be a number", lambda value: value),
    str: (lambda value: isinstance(value, str), "must be a text", lambda value: value),
    bool: (lambda value: isinstance(value, bool), "must be true or false", lambda value: value),
    Decimal: (
        lambda value: isinstance(value, str),
        'is not exact; write it as text, such as "0.10"',
        lambda value: value,
    ),
    timedelta: (_is_span, "must be a span of time such as '90 days' or '12 hours'", _span_of),
}
"""How plain values are known, what to say of others, and how they are read."""
