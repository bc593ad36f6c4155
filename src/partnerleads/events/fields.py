"""The fields of every kind as data: name, type of value, and whether it must be there.

Readers, writers, the JSON Schema, mappings and test strategies all go by this one table, which
is read off the event classes themselves.
"""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from partnerleads.model.frozen_map import FrozenMap
from partnerleads.model.lead import Lead

__all__ = ["FieldSpec", "fields_of"]


@frozen
class FieldSpec:
    """One field of a kind of event, or of the lead it captures.

    Attributes:
        name: Name in the class and in rows.
        value: ``text``, ``integer``, ``number``, ``yes_no``, ``instant``, ``money``, ``texts``,
            ``text_map``, ``number_map``, ``lead`` or ``choice``.
        required: Whether a row must state it.
        default: What a row that does not state it means.
        choices: The permitted texts of a ``choice``.
    """

    name: str
    value: str
    required: bool
    default: object = None
    choices: tuple[str, ...] = ()


def _value(hint: Any) -> tuple[str, tuple[str, ...]]:
    if get_origin(hint) in (Union, UnionType):
        inner = [part for part in get_args(hint) if part is not NoneType]
        return _value(inner[0])
    if get_origin(hint) is Literal:
        return "choice", get_args(hint)
    if get_origin(hint) is FrozenMap:
        return ("number_map" if get_args(hint)[1] is float else "text_map"), ()
    if get_origin(hint) is tuple:
        return "texts", ()
    names = {
        "str": "text",
        "int": "integer",
        "float": "number",
        "bool": "yes_no",
        "datetime": "instant",
        "Money": "money",
        "Lead": "lead",
    }
    return names[hint.__name__], ()


def fields_of(cls: type[Any]) -> tuple[FieldSpec, ...]:
    """The fields of an event class, or of :class:`~partnerleads.model.Lead`, in order.

    >>> from partnerleads.events import ContactMade
    >>> [spec.name for spec in fields_of(ContactMade) if spec.required]
    ['event_id', 'occurred_at', 'lead_id', 'by']
    """
    if cls not in _KNOWN:
        _KNOWN[cls] = _read_off(cls)
    return _KNOWN[cls]


_KNOWN: dict[type[Any], tuple[FieldSpec, ...]] = {}


def _read_off(cls: type[Any]) -> tuple[FieldSpec, ...]:
    hints = get_type_hints(cls)
    specs = []
    for attribute in attrs.fields(cls):
        value, choices = _value(hints[attribute.name])
        default = attribute.default
        computed = isinstance(default, attrs.Factory)  # type: ignore[arg-type]
        if computed:
            default = Lead() if attribute.name == "lead" else None
        required = default is attrs.NOTHING
        specs.append(
            FieldSpec(attribute.name, value, required, None if required else default, choices)
        )
    return tuple(specs)
