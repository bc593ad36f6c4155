"""The names of an incoming frame's columns: which are missing, and which are nearly ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from partnerleads.codecs.flat_columns import FLAT_COLUMNS, flat_columns
from partnerleads.errors import Fault
from partnerleads.events import fields_of
from partnerleads.events.fact import LeadFact

__all__ = ["REQUIRED", "misnamed", "missing", "whole_fields"]

REQUIRED: tuple[str, ...] = (
    "type",
    *(spec.name for spec in fields_of(LeadFact) if spec.required),
)
"""Columns that every frame of events has: those that every event of a lead states."""

_ALSO_CALLED = {
    "type": ("event", "eventtype", "eventname", "eventkind"),
    "event_id": ("id", "eventid", "uuid", "eventuuid"),
    "occurred_at": (
        "timestamp",
        "datetime",
        "date",
        "time",
        "eventtime",
        "eventdate",
        "eventtimestamp",
        "occurred",
        "createdat",
    ),
    "lead_id": ("leadid", "lead", "deal", "dealid", "opportunity", "opportunityid"),
}
"""What others call the required columns, likeliest first, in small letters and digits alone."""

_ALIKE = 0.75


def missing(names: Sequence[str]) -> tuple[Fault, ...]:
    """The required columns that are not there, each with the column that is likely meant."""
    spare = [name for name in names if name not in FLAT_COLUMNS]
    return tuple(
        Fault(name, "", f"is a missing column{_hint(name, spare)}")
        for name in REQUIRED
        if name not in names
    )


def _hint(name: str, spare: Sequence[str]) -> str:
    for other in spare:
        if other.casefold() == name:
            return f"; rename {other!r}, since capitals count"
    other = _likeliest(name, spare)
    return f"; rename {other!r} if it holds that, or add it" if other else "; add it"


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _likeliest(name: str, spare: Sequence[str]) -> str:
    """The column that is most likely meant, by its meaning or spelling; empty where none is."""
    plain = {_plain(other): other for other in reversed(spare)}
    for also in (_plain(name), *_ALSO_CALLED[name]):
        if also in plain:
            return plain[also]
    meant = {also for others in _ALSO_CALLED.values() for also in others}
    close = get_close_matches(_plain(name), sorted({*plain} - meant), n=1, cutoff=_ALIKE)
    return plain[close[0]] if close else ""


def misnamed(names: Sequence[str]) -> Iterator[Fault]:
    """Columns whose names are ours but for dots, capitals or blanks, where ours are not there.

    Names of a single word, such as ``Reason``, may well be somebody's own.
    """
    ours_too = {name for name in FLAT_COLUMNS if "_" in name}.difference(names, REQUIRED)
    for name in names:
        ours = name.strip().casefold().replace(".", "_").replace(" ", "_")
        if ours in ours_too:
            yield Fault(name, "", f"is not read by this name; rename it {ours!r}")


def whole_fields() -> dict[str, tuple[str, ...]]:
    """The fields of event rows that are several columns of a frame, with these.

    >>> whole_fields()["value"]
    ('value_amount', 'value_currency')
    """
    fields: dict[str, list[str]] = defaultdict(list)
    for column in flat_columns().values():
        if len(column.steps) > 1:
            fields[column.steps[0]].append(column.name)
    return {name: tuple(columns) for name, columns in fields.items()}
