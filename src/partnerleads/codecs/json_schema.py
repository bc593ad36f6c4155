"""The JSON Schema of event rows, read off the same table of fields that readers go by."""

from __future__ import annotations

from typing import Any

from partnerleads.codecs.instant_text import INSTANT_PATTERN
from partnerleads.codecs.money_text import AMOUNT_PATTERN
from partnerleads.codecs.row_reader import names_something
from partnerleads.codecs.row_values import (
    LARGEST_EXACT,
    LARGEST_INTEGER,
    LONGEST_TEXT,
    MOST_ITEMS,
)
from partnerleads.events.fields import FieldSpec, fields_of
from partnerleads.events.order import KINDS
from partnerleads.model.lead import Lead
from partnerleads.model.money import MINOR_UNITS

__all__ = ["SCHEMA_VERSION", "event_json_schema"]

SCHEMA_VERSION = 1
"""Grows when rows change; rows of every released version stay readable."""

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "maxLength": LONGEST_TEXT}
_ID: Schema = {**_TEXT, "minLength": 1}
_NUMBER: Schema = {"type": "number", "minimum": -LARGEST_EXACT, "maximum": LARGEST_EXACT}


def _map_of(values: Schema) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"maxLength": LONGEST_TEXT},
        "additionalProperties": values,
        "maxProperties": MOST_ITEMS,
    }


_VALUES: dict[str, Schema] = {
    "text": _TEXT,
    "integer": {"type": "integer", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER},
    "number": _NUMBER,
    "yes_no": {"type": "boolean"},
    "instant": {"$ref": "#/$defs/instant"},
    "money": {"$ref": "#/$defs/money"},
    "lead": {"$ref": "#/$defs/lead"},
    "texts": {"type": "array", "items": _TEXT, "maxItems": MOST_ITEMS},
    "text_map": _map_of(_TEXT),
    "number_map": _map_of(_NUMBER),
}


def _value(spec: FieldSpec) -> Schema:
    if spec.value == "choice":
        return {"enum": list(spec.choices)}
    if names_something(spec):
        return {**_VALUES[spec.value], "items": _ID} if spec.value == "texts" else _ID
    return _VALUES[spec.value]


def _property(spec: FieldSpec) -> Schema:
    value = _value(spec)
    return value if spec.required else {"anyOf": [value, {"type": "null"}]}


def _object(cls: type[Any]) -> Schema:
    specs = fields_of(cls)
    return {
        "description": (cls.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": {spec.name: _property(spec) for spec in specs},
        "required": [spec.name for spec in specs if spec.required],
        "additionalProperties": False,
    }


def _kind(name: str) -> Schema:
    schema = _object(KINDS[name])
    schema["properties"] = {"type": {"const": name}, **schema["properties"]}
    schema["required"] = ["type", *schema["required"]]
    return {"title": name, **schema}


def event_json_schema() -> dict[str, Any]:
    """The schema of one event row, in JSON Schema 2020-12, as a fresh dictionary.

    Every row that is written fits it, and no row that it refuses is read. It cannot say all:
    rows that fit it are still refused for days that no month has, years beyond 1 to 9999 in UTC,
    amounts finer than their currency, names stated twice, integers written as 3.0, halves of
    surrogate pairs, and the rules that bind fields to one another or to a range.

    >>> schema = event_json_schema()
    >>> schema["$id"], len(schema["oneOf"])
    ('urn:partnerleads:event:1', 37)
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:partnerleads:event:{SCHEMA_VERSION}",
        "title": "A partner programme's event",
        "version": SCHEMA_VERSION,
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in KINDS],
        "$defs": {
            "instant": {"type": "string", "pattern": f"^{INSTANT_PATTERN}$"},
            "money": {
                "type": "object",
                "properties": {
                    "amount": {"type": "string", "pattern": f"^{AMOUNT_PATTERN}$"},
                    "currency": {"enum": sorted(MINOR_UNITS)},
                },
                "required": ["amount", "currency"],
                "additionalProperties": False,
            },
            "lead": _object(Lead),
            **{name: _kind(name) for name in KINDS},
        },
    }
