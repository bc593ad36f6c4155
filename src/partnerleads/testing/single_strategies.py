"""Hypothesis strategies of single things: instants, money, leads, partners, periods, events.

Fields are read off :func:`~partnerleads.events.fields_of`, so a new field joins by itself; one
with a rule of its own also needs a line in ``_BY_NAME`` or ``_MENDED``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from partnerleads.errors import OptionError
from partnerleads.events import KINDS, Event, FieldSpec, fields_of
from partnerleads.model import FrozenMap, Lead, Money, Partner, Period, zone
from partnerleads.testing.draft import at

__all__ = [
    "AGENT_IDS",
    "CURRENCIES",
    "LEAD_IDS",
    "PARTNER_IDS",
    "event_of",
    "events",
    "fields_strategy",
    "instants",
    "leads",
    "made",
    "monies",
    "partners",
    "periods",
]

LEAD_IDS = ("L1", "L2", "L3")
"""Leads that events are about; few, so that events meet."""
PARTNER_IDS = ("acme", "beta", "gamma")
"""Partners that events name."""
AGENT_IDS = ("ann", "bob")
"""Persons that events name."""
CURRENCIES = ("EUR", "USD", "JPY", "KWD")
"""Currencies of two, no and three digits after the point."""

_NOTHING: Mapping[str, SearchStrategy[Any]] = FrozenMap()
_FIRST = at("2025-01-01")
_LAST = at("2026-12-31")
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def instants(
    *,
    first: datetime = _FIRST,
    last: datetime = _LAST,
    step: timedelta = timedelta(microseconds=1),
    zones: Sequence[str] = ("UTC",),
) -> SearchStrategy[datetime]:
    """Aware instants; they shrink towards *first*.

    Args:
        first: Earliest, included. [aware datetime]
        last: Latest, included. [aware datetime]
        step: Distance of the grid they lie on; a wide one makes them meet. [timedelta]
        zones: IANA names of the zones they are expressed in.
    """
    steps = st.integers(0, (last - first) // step)
    places = st.sampled_from(zones)
    return st.builds(lambda n, tz: (first + n * step).astimezone(zone(tz)), steps, places)


def monies(
    *, currencies: Sequence[str] = CURRENCIES, lowest: int = 0, highest: int = 1_000_000
) -> SearchStrategy[Money]:
    """Money down to the smallest unit.

    Args:
        currencies: ISO 4217 codes to choose from.
        lowest: Least amount. [smallest unit, such as cents]
        highest: Greatest amount. [smallest unit]
    """
    return st.builds(Money.from_minor, st.integers(lowest, highest), st.sampled_from(currencies))


def leads() -> SearchStrategy[Lead]:
    """What may be known of a lead: any part of it."""
    return fields_strategy(Lead).map(lambda fields: Lead(**fields))


def partners() -> SearchStrategy[Partner]:
    """What may be known of a partner; one that was terminated was onboarded no later."""
    return fields_strategy(Partner).map(_partner)


def _partner(fields: dict[str, Any]) -> Partner:
    partner = Partner(**fields)
    if partner.terminated_at is None:
        return partner
    onboarded_at = min(partner.onboarded_at or partner.terminated_at, partner.terminated_at)
    return attrs.evolve(partner, onboarded_at=onboarded_at)


def periods(*, zones: Sequence[str] = _ZONES) -> SearchStrategy[Period]:
    """Months, quarters, years and fiscal ones of 2024 to 2027.

    Args:
        zones: IANA names of the time zones they are cut in.
    """
    year = st.integers(2024, 2027)
    tz = st.sampled_from(zones)
    starts = st.integers(1, 12)
    return st.one_of(
        st.builds(Period.month, year, st.integers(1, 12), tz=tz),
        st.builds(Period.quarter, year, st.integers(1, 4), tz=tz, fiscal_start=starts),
        st.builds(Period.year, year, tz=tz, fiscal_start=starts),
    )


def events(*, kinds: Collection[str] = tuple(KINDS)) -> SearchStrategy[Event]:
    """Any single valid event, with every field anywhere in its range.

    Args:
        kinds: Names of the kinds to choose from, such as ``("lead_won", "lead_lost")``.

    Raises:
        OptionError: If a name is no kind.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise OptionError("kinds", unknown[0], f"is no kind; choose from {', '.join(KINDS)}")
    return st.sampled_from(sorted(kinds, key=list(KINDS).index)).flatmap(event_of)


@cache
def event_of(kind: str) -> SearchStrategy[Event]:
    """Any valid event of one kind."""
    return fields_strategy(KINDS[kind]).map(lambda fields: made(kind, fields))


def made(kind: str, fields: dict[str, Any]) -> Event:
    """The event of drawn fields, mended where they contradict one another."""
    fields = _MENDED.get(kind, dict)(fields)
    recorded_at = fields["recorded_at"] or fields["occurred_at"]
    return KINDS[kind](**{**fields, "recorded_at": recorded_at})


def fields_strategy(
    cls: type[Any],
    *,
    given: Mapping[str, SearchStrategy[Any]] = _NOTHING,
    without: Collection[str] = (),
) -> SearchStrategy[dict[str, Any]]:
    """The fields of an event class, a lead or a partner as a mapping, each in its range.

    Args:
        cls: The class.
        given: Strategies instead of the usual ones, by name of a field or by type of value.
        without: Names of fields to leave out.
    """
    specs = [spec for spec in fields_of(cls) if spec.name not in without]
    return _drawn(tuple((spec, _values(spec, given)) for spec in specs))


@st.composite
def _drawn(
    draw: DrawFn, fields: tuple[tuple[FieldSpec, SearchStrategy[Any]], ...]
) -> dict[str, Any]:
    """The values of fields; one number, bit by bit, says which optional ones are set.

    Most fields are optional, and a draw for each of them would take most of a test's time.
    """
    bits = draw(st.integers(0, 2 ** sum(not spec.required for spec, _ in fields) - 1))
    values = {}
    for spec, strategy in fields:
        is_set = spec.required or bits & 1
        values[spec.name] = draw(strategy) if is_set else spec.default
        bits >>= not spec.required
    return values


def _values(spec: FieldSpec, given: Mapping[str, SearchStrategy[Any]]) -> SearchStrategy[Any]:
    for table in (given, _BY_NAME, _BY_VALUE):
        values = table.get(spec.name, table.get(spec.value))
        if values is not None:
            return values
    return st.sampled_from(spec.choices) if spec.value == "choice" else leads()


_words = st.text(st.characters(codec="utf-8"), max_size=8)
_text_maps = st.dictionaries(st.sampled_from(("colour", "size")), _words, max_size=2)

_BY_VALUE: dict[str, SearchStrategy[Any]] = {
    "text": st.sampled_from(("north", "south")) | _words,
    "integer": st.integers(0, 1_000_000),
    "number": st.floats(0, 1000),
    "yes_no": st.booleans(),
    "instant": instants(zones=_ZONES),
    "money": monies(lowest=-10_000),
    "texts": st.lists(_words, max_size=3).map(tuple),
    "text_map": _text_maps.map(FrozenMap),
    "number_map": st.dictionaries(st.sampled_from(PARTNER_IDS), st.floats(0, 1)).map(FrozenMap),
}

_BY_NAME: dict[str, SearchStrategy[Any]] = {
    "event_id": st.integers(1, 99).map("e{}".format),
    "retracts": st.integers(1, 99).map("e{}".format),
    "source": st.sampled_from(("", "crm", "prm")),
    "sequence": st.integers(0, 3),
    "lead_id": st.sampled_from(LEAD_IDS),
    "partner_id": st.sampled_from(PARTNER_IDS),
    "originator": st.sampled_from(PARTNER_IDS),
    "parent": st.sampled_from(PARTNER_IDS),
    "agent_id": st.sampled_from(AGENT_IDS),
    "offer_id": st.sampled_from(("o1", "o2")),
    "registration_id": st.sampled_from(("r1", "r2")),
    "eligible": st.lists(st.sampled_from(PARTNER_IDS), unique=True).map(tuple),
    "chosen": st.sampled_from(PARTNER_IDS),
    "count": st.integers(1, 100),
    "probability": st.floats(0, 1),
    "time_zone": st.sampled_from(_ZONES),
    "working_hours": st.sampled_from(
        (
            FrozenMap({"mon-fri": "09:00-17:00"}),
            FrozenMap({"mon-sat": "08:00-12:00, 13:00-17:30", "sun": ""}),
        )
    ),
}


def _with_partner(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "partner_id": fields["partner_id"] or PARTNER_IDS[0]}


def _contact(fields: dict[str, Any]) -> dict[str, Any]:
    return _with_partner(fields) if fields["by"] == "partner" else {**fields, "partner_id": None}


def _offer(fields: dict[str, Any]) -> dict[str, Any]:
    return fields if fields["agent_id"] else _with_partner(fields)


def _routing(fields: dict[str, Any]) -> dict[str, Any]:
    chosen = fields["chosen"]
    rest = tuple(name for name in fields["eligible"] if name != chosen)
    return {**fields, "eligible": rest if chosen is None else (chosen, *rest)}


def _rating(fields: dict[str, Any]) -> dict[str, Any]:
    low, score, high = sorted(fields[name] for name in ("score", "scale_min", "scale_max"))
    return {**fields, "scale_min": low, "score": score, "scale_max": high + 1}


_MENDED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "contact_made": _contact,
    "customer_rated": _rating,
    "lead_offered": _offer,
    "lead_routed": _routing,
}
