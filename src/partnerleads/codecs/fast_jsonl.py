"""The optional fast parser: lines are decoded into typed structs, and events built from those.

It answers only for lines that are certainly right. Whatever it doubts, it hands to the slow
reader, which judges and says the faults; so both accept and reject exactly the same lines.

What a decoder of structs lets pass and a strict reader must not, and how it is noticed:

- a name stated twice: it costs a comma more than the fields that were found, or, where texts hold
  commas too, one more name followed by a colon;
- ``3.0`` for an integer: fields of integers are typed integer or float, and a float is doubted;
- numbers too large to be exact: doubted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from partnerleads.codecs.instant_text import parse_instant
from partnerleads.codecs.money_text import parse_money
from partnerleads.codecs.row_reader import names_something
from partnerleads.codecs.row_values import (
    LARGEST_EXACT,
    LARGEST_INTEGER,
    LONGEST_TEXT,
    MOST_ITEMS,
)
from partnerleads.errors import Fault, MissingExtraError
from partnerleads.events.fact import Fact
from partnerleads.events.fields import FieldSpec, fields_of
from partnerleads.events.order import KINDS, Event
from partnerleads.model.frozen_map import FrozenMap
from partnerleads.model.lead import Lead
from partnerleads.model.trusted import trusted

__all__ = ["fast_reader"]

if TYPE_CHECKING:
    LineReader: TypeAlias = Callable[[bytes], Event | tuple[Fault, ...]]

_names = re.compile(rb'"[ \t\r\n]*:').findall


class _DoubtError(Exception):
    """This line is for the slow reader to judge."""


def _hints(msgspec: Any) -> dict[str, Any]:
    """What each value of a field table is decoded as."""
    text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]
    few = msgspec.Meta(max_length=MOST_ITEMS)
    money = msgspec.defstruct(
        "Money", [("amount", str), ("currency", str)], forbid_unknown_fields=True, gc=False
    )
    return {
        "text": text,
        "id": Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT)],
        "integer": int | float,
        "number": float,
        "yes_no": bool,
        "instant": str,
        "money": money,
        "texts": Annotated[list[text], few],
        "ids": Annotated[
            list[Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT)]], few
        ],
        "text_map": Annotated[dict[text, text], few],
        "number_map": Annotated[dict[text, float], few],
    }


def _value_of(spec: FieldSpec) -> str:
    if spec.value == "text" and names_something(spec):
        return "id"
    if spec.value == "texts" and names_something(spec):
        return "ids"
    return spec.value


def _struct(msgspec: Any, cls: type[Any], hints: dict[str, Any], **options: Any) -> Any:
    fields: list[Any] = []
    for spec in fields_of(cls):
        hint: Any = hints.get(_value_of(spec))
        if spec.value == "choice":
            # the choices are known at run time alone
            hint = Literal[spec.choices]  # pyrefly: ignore[invalid-literal]
        if spec.required:
            fields.append((spec.name, hint))
        else:
            fields.append((spec.name, hint | None | msgspec.UnsetType, msgspec.UNSET))
    options |= {"kw_only": True, "forbid_unknown_fields": True}
    return msgspec.defstruct(cls.__name__, fields, **options)


def _integer(value: float) -> int:
    if type(value) is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        return value
    raise _DoubtError


def _number(value: float) -> float:
    if -LARGEST_EXACT <= value <= LARGEST_EXACT:
        return value + 0.0  # no minus before a zero
    raise _DoubtError


def _number_map(value: dict[str, float]) -> FrozenMap[str, float]:
    return FrozenMap({name: _number(item) for name, item in value.items()})


_OF_MAP = ("if {x}: names += len({x}); extra -= 1",)
_STEPS: dict[str, tuple[str, ...]] = {
    "text": (),
    "id": (),
    "choice": (),
    "yes_no": (),
    "integer": ("{x} = integer({x})",),
    "number": ("{x} = number({x})",),
    "instant": ("{x} = instant({x})", "if {x} is None: raise Doubt"),
    "money": (
        "{x} = money({x}.amount, {x}.currency)",
        "if {x} is None: raise Doubt",
        "names += 2",
        "extra -= 1",
    ),
    "texts": ("{x} = tuple({x})", "if {x}: extra += len({x}) - 1"),
    "ids": ("{x} = tuple({x})", "if {x}: extra += len({x}) - 1"),
    "text_map": ("{x} = text_map({x})", *_OF_MAP),
    "number_map": ("{x} = number_map({x})", *_OF_MAP),
    "lead": ("{x}, more, own = build_lead({x}, line)", "if more: names += more; extra += own - 1"),
}
"""How a decoded value becomes the event's, and what it adds to the tally.

``names`` counts the names of all objects of the line. The commas between them are ``names - 1``
plus ``extra``: an inner object has one comma fewer than it has names, a list one fewer than items.
"""


_CHECKS = (
    "if line.count(COMMA) != names - 1 + extra and len(all_names(line)) != names: raise Doubt",
)


def _field_lines(spec: FieldSpec) -> list[str]:
    """Source that turns one decoded field into the event's value."""
    name = spec.name
    default = "None" if spec.default is None else f"default_{name}"
    if name == "recorded_at":
        default = "occurred_at"
    convert = [line.format(x=name) for line in _STEPS[_value_of(spec)]]
    if spec.required:
        return convert
    lines = [f"if {name} is UNSET: {name} = {default}", "else:", "    names += 1"]
    if not convert and default == "None":
        return lines
    lines += [f"    if {name} is None: {name} = {default}", "    else:"]
    return lines + [f"        {line}" for line in convert or ["pass"]]


def _builder(msgspec: Any, cls: type[Any], tag: int, room: dict[str, Any]) -> Any:
    """A function from a decoded struct to the frozen object and its tally."""
    specs = fields_of(cls)
    fields = ", ".join(spec.name for spec in specs)
    required = sum(spec.required for spec in specs)
    lines = [f"{fields} = astuple(row)", f"names = {tag + required}", "extra = 0"]
    for spec in specs:
        lines += _field_lines(spec)
    if tag:
        lines += [f"event = make({fields})", *_CHECKS]
        lines += ["for _ in event.faults(): raise Doubt"] if cls.faults is not Fact.faults else []
        lines.append("return event")
    else:
        lines.append(f"return make({fields}), names, extra")
    source = "def build(row, line, UNSET=UNSET):\n" + "\n".join(f"    {line}" for line in lines)
    defaults = {f"default_{spec.name}": spec.default for spec in specs}
    own = {**room, **defaults, "make": trusted(cls), "astuple": msgspec.structs.astuple}
    exec(source, own)  # noqa: S102 - the source is made of field names and the table above alone
    return own["build"]


@cache
def _compiled() -> tuple[Callable[[bytes], Any], dict[type, Any], tuple[Any, ...]]:
    """The decoder of all kinds, the builder of each, and the errors that mean doubt."""
    try:
        import msgspec  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("msgspec", "fast") from error
    hints = _hints(msgspec)
    hints["lead"] = _struct(msgspec, Lead, hints, gc=False)
    room = {
        "COMMA": b",",
        "all_names": _names,
        "UNSET": msgspec.UNSET,
        "Doubt": _DoubtError,
        "integer": _integer,
        "number": _number,
        "instant": parse_instant,
        "money": parse_money,
        "text_map": FrozenMap,
        "number_map": _number_map,
    }
    room["build_lead"] = _builder(msgspec, Lead, 0, room)
    structs, builders = [], {}
    for tag, kind in KINDS.items():
        struct = _struct(msgspec, kind, hints, tag=tag, tag_field="type", gc=False)
        structs.append(struct)
        builders[struct] = _builder(msgspec, kind, 1, room)
    union: Any = structs[0]
    for struct in structs[1:]:
        union |= struct
    doubts = (msgspec.MsgspecError, ValueError, RecursionError, _DoubtError)
    return msgspec.json.Decoder(union).decode, builders, doubts


def fast_reader(slow: LineReader) -> LineReader:
    """A reader of lines that answers like *slow*, and mostly without it.

    Raises:
        MissingExtraError: when msgspec is not installed.
    """
    decode, builders, doubts = _compiled()

    def read(line: bytes) -> Event | tuple[Fault, ...]:
        try:
            row = decode(line)
            found: Event = builders[type(row)](row, line)
        except doubts:
            return slow(line)
        return found

    return read
