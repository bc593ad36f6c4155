"""A row, as JSON or a mapping gives it, becomes an event; or all that is wrong with it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any, TypeAlias

from partnerleads.codecs import row_values
from partnerleads.codecs.fault_words import shown, step
from partnerleads.codecs.money_text import read_money
from partnerleads.codecs.row_values import ValueReader
from partnerleads.errors import Fault
from partnerleads.events.fact import Fact
from partnerleads.events.fields import FieldSpec, fields_of
from partnerleads.events.order import KINDS, Event
from partnerleads.model.lead import Lead
from partnerleads.model.trusted import trusted

__all__ = ["names_something", "read_row", "unknown_kind"]

Slots: TypeAlias = dict[str, tuple[int, ValueReader, str]]
Reader: TypeAlias = Callable[
    [Mapping[str, object], MutableMapping[str, int] | None], "Event | tuple[Fault, ...]"
]

_MISSING: Any = object()
_MOST_SUGGESTIONS = 10
_LONGEST_NAME = 60

_NAMES_SOMETHING = frozenset({"originator", "parent", "chosen", "retracts", "eligible"})

_READERS: dict[str, ValueReader] = {
    "text": row_values.read_text,
    "integer": row_values.read_integer,
    "number": row_values.read_number,
    "yes_no": row_values.read_yes_no,
    "instant": row_values.read_instant,
    "money": read_money,
    "texts": row_values.read_texts,
    "text_map": row_values.read_text_map,
    "number_map": row_values.read_number_map,
}


def names_something(spec: FieldSpec) -> bool:
    """Whether the texts of a field are identifiers, so that none of them may be empty."""
    return spec.name.endswith("_id") or spec.name in _NAMES_SOMETHING


def _reader_for(spec: FieldSpec) -> ValueReader:
    if spec.value == "lead":
        return _read_lead
    if spec.value == "choice":
        return row_values.read_choice(spec.choices)
    if names_something(spec):
        return row_values.read_ids if spec.value == "texts" else row_values.read_id
    return _READERS[spec.value]


@cache
def _layout(cls: type[Any], path: str) -> tuple[Slots, list[Any]]:
    """Where each field goes and how it is read; and the values that absent fields have."""
    specs = fields_of(cls)
    slots = {
        spec.name: (index, _reader_for(spec), f"{path}.{spec.name}")
        for index, spec in enumerate(specs)
    }
    return slots, [_MISSING if spec.required else spec.default for spec in specs]


@lru_cache(maxsize=1_000)
def _closest(name: str, known: tuple[str, ...]) -> list[str]:
    return get_close_matches(name, known, n=1)


def _suggestion(name: str, known: tuple[str, ...]) -> str:
    close = _closest(name, known) if len(name) <= _LONGEST_NAME else []
    return f"; did you mean {close[0]!r}?" if close else ""


def _unknown_faults(names: list[Any], known: Iterable[str], path: str) -> list[Fault]:
    """One fault a name; only the first few are worth the search for a likely spelling."""
    candidates = tuple(known)
    faults = []
    for count, name in enumerate(names):
        hint = _suggestion(str(name), candidates) if count < _MOST_SUGGESTIONS else ""
        faults.append(Fault(step(path, name), "", f"is an unknown field{hint or '; leave it out'}"))
    return faults


def _fill(
    row: Mapping[str, Any], slots: Slots, values: list[Any], faults: list[Fault]
) -> list[Any]:
    """Put the checked values of a row into their places; the names that have none come back."""
    unknown = []
    for name, value in row.items():
        slot = slots.get(name)
        if slot is None:
            unknown.append(name)
        elif value is not None:
            index, read, path = slot
            values[index] = read(value, path, faults)
    return unknown


_make_lead = trusted(Lead)


def _read_lead(value: Any, path: str, faults: list[Fault]) -> tuple[Lead, list[str]] | None:
    """The lead, and the names in it that are unknown."""
    if not isinstance(value, dict):
        reason = 'is no object; write the lead as {"region": "DACH"}'
        faults.append(Fault(path, shown(value), reason))
        return None
    slots, defaults = _layout(Lead, path)
    values = defaults.copy()
    unknown = _fill(value, slots, values, faults)
    return _make_lead(*values), unknown


def _unpack_lead(values: list[Any], index: int) -> list[str]:
    """Leave the lead alone in its place; the unknown names found in it come back."""
    if not isinstance(values[index], tuple):
        return []
    values[index], unknown = values[index]
    return list(unknown)


def _count(ignored: MutableMapping[str, int], names: Iterable[object]) -> None:
    for name in names:
        key = str(name)
        ignored[key] = ignored.get(key, 0) + 1


@cache
def _reader(name: str) -> Reader:
    """The reader of one kind of row, with everything it needs looked up once."""
    kind: Any = KINDS[name]
    slots, defaults = _layout(kind, "$")
    required = [(slots[spec.name][0], spec.name) for spec in fields_of(kind) if spec.required]
    occurred, recorded = slots["occurred_at"][0], slots["recorded_at"][0]
    lead = slots["lead"][0] if "lead" in slots else None
    lead_slots = _layout(Lead, "$.lead")[0]
    make = trusted(kind)
    ruled = kind.faults is not Fact.faults

    def read(
        row: Mapping[str, Any], ignored: MutableMapping[str, int] | None
    ) -> Event | tuple[Fault, ...]:
        faults: list[Fault] = []
        values = defaults.copy()
        unknown = _fill(row, slots, values, faults)
        unknown.remove("type")
        in_lead = [] if lead is None else _unpack_lead(values, lead)
        if ignored is None and (unknown or in_lead):
            faults += _unknown_faults(unknown, slots, "$")
            faults += _unknown_faults(in_lead, lead_slots, "$.lead")
        for index, field in required:
            if values[index] is _MISSING:
                faults.append(Fault(f"$.{field}", "", f"is missing; every {name} states it"))
        if faults:
            return tuple(faults)
        if values[recorded] is None:
            values[recorded] = values[occurred]
        event: Event = make(*values)
        if ruled and (broken := tuple(event.faults())):
            return broken
        if ignored is not None:
            _count(ignored, [*unknown, *(f"lead.{field}" for field in in_lead)])
        return event

    return read


def unknown_kind(kind: str) -> str:
    """What is wrong with a name of no kind, and the nearest kind or where all stand.

    >>> unknown_kind("lead_one")
    "is an unknown kind; did you mean 'lead_won'?"
    >>> unknown_kind("x")
    'is an unknown kind; all kinds stand in partnerleads.events.KINDS'
    """
    hint = _suggestion(kind, tuple(KINDS)) or "; all kinds stand in partnerleads.events.KINDS"
    return f"is an unknown kind{hint}"


def _no_kind(row: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is wrong with a row of no known kind; the fields that all kinds share are read too."""
    kind = row.get("type")
    if kind is None:
        first = Fault("$.type", "", "is missing; it names the kind, for example 'lead_won'")
    elif isinstance(kind, str):
        first = Fault("$.type", shown(kind), unknown_kind(kind))
    else:
        first = Fault("$.type", shown(kind), "is no text; name the kind, such as 'lead_won'")
    faults = [first]
    slots, defaults = _layout(Fact, "$")
    values = defaults.copy()
    _fill(row, slots, values, faults)
    missing = [name for name, (index, _, _) in slots.items() if values[index] is _MISSING]
    faults += [Fault(f"$.{name}", "", "is missing; every event states it") for name in missing]
    return tuple(faults)


def read_row(
    row: Mapping[str, object], *, ignored: MutableMapping[str, int] | None = None
) -> Event | tuple[Fault, ...]:
    """The event that a row states, or everything that is wrong with the row.

    Nothing is coerced: 3.9 and "3" are no integers, true is no number, money and instants are
    texts. A field that is null is absent. Integers are taken for numbers, as floats. Rules that
    bind several fields are checked once every field alone is right. Of a row of no known kind the
    fields are checked that all kinds share.

    Args:
        row: Plain JSON values by the names of EVENTS.
        ignored: Where the names of unknown fields are counted, for rows that are otherwise right
            (``lead.colour`` is a field of the lead). None refuses unknown fields.

    Returns:
        The event; or its faults, with path, shortened value, and what to do.

    >>> read_row({"type": "lead_reopened", "event_id": "e1", "lead_id": "L1",
    ...           "occurred_at": "2026-03-04T09:12:00Z"}).lead_id
    'L1'
    >>> for fault in read_row({"type": "lead_wun", "event_id": "e1", "occurred_at": 3}):
    ...     print(fault)
    $.type                 'lead_wun' is an unknown kind; did you mean 'lead_won'?
    $.occurred_at          3 is a number; write an instant like '2026-03-04T09:12:00+00:00'
    """
    name = row.get("type")
    if isinstance(name, str) and name in KINDS:
        return _reader(name)(row, ignored)
    return _no_kind(row)
