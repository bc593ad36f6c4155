"""The fields of events by the names that mappings and flat files give them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from partnerleads.events import FieldSpec, fields_of
from partnerleads.model import Lead

__all__ = ["field_of", "known_fields"]


def _spec(kind: type[Any], name: str) -> FieldSpec | None:
    return next((spec for spec in fields_of(kind) if spec.name == name), None)


def _of(kind: type[Any], name: str) -> FieldSpec | None:
    head, _, rest = name.partition(".")
    spec = _spec(kind, head)
    if spec is None or (spec.value == "lead" and not rest):
        return None
    if spec.value == "lead":
        return _of(Lead, rest)
    if rest:
        return FieldSpec(rest, "text", required=False) if spec.value == "text_map" else None
    return spec


def field_of(kinds: Iterable[type[Any]], name: str) -> FieldSpec | None:
    """The field of that name in the first of some kinds that has it; None where none has.

    Nested fields are joined by points, as in ``lead.region`` and ``lead.attributes.colour``.

    >>> from partnerleads.events import LeadCaptured
    >>> field_of([LeadCaptured], "lead.company_size").value
    'integer'
    """
    return next((found for kind in kinds if (found := _of(kind, name))), None)


def known_fields(kinds: Iterable[type[Any]]) -> tuple[str, ...]:
    """The names of the fields of some kinds, those of the lead with their prefix."""
    names: dict[str, None] = {}
    for kind in kinds:
        for spec in fields_of(kind):
            if spec.value == "lead":
                names.update(dict.fromkeys(f"lead.{below.name}" for below in fields_of(Lead)))
            else:
                names[spec.name] = None
    return tuple(names)
