"""What the tests of the frames engine share: calls to try, and how two answers differ."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import attrs
from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from partnerleads import Period, frames, kpis
from partnerleads.attribution import AttributionPolicy
from partnerleads.codecs import read_row
from partnerleads.errors import OptionError
from partnerleads.events import Event, to_row
from partnerleads.frames.engines import rows
from partnerleads.frames.view import View
from partnerleads.frames.zones import micros_of
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Money
from partnerleads.model.money import minor_units
from partnerleads.testing import strategies
from tests.properties import composed_cases as composed
from tests.properties import kpi_cases as cases

TOLERANCE = 1e-9
"""Floats may differ by so much, in proportion or, near zero, at all."""


REFUSED = ("time_in_stage",)
"""Figures that no frame answers."""

COMPARED: Mapping[str, cases.Kpi] = {
    "win_rate_lift": partial(kpis.win_rate_lift, within=composed.CYCLE),
    "time_to_close_lift": kpis.time_to_close_lift,
    "compare": partial(kpis.compare, kpi=kpis.partner_conversion_rate, a="sourced", b="direct"),
}
"""Figures that compare groups of leads, with what tests say of them."""

FIGURES: Mapping[str, cases.Kpi] = {
    **{name: kpi for name, kpi in cases.KPIS.items() if name not in REFUSED},
    **composed.KPIS,
    **COMPARED,
}
"""Every figure that frames answer."""


def _can_be_a_row(event: Event) -> bool:
    return not isinstance(read_row(to_row(event)), tuple)


ROWS = st.lists(strategies.events().filter(_can_be_a_row), max_size=8)
"""Events of every kind that a row can hold."""


@frozen
class Call:
    """One question to both engines: a KPI and what is said of it."""

    kpi: str
    said: Mapping[str, Any]

    def answer(self, history: Any) -> Any:
        """The figure, or the refusal of what was asked."""
        try:
            return FIGURES[self.kpi](history, **self.said)
        except OptionError as refusal:
            return refusal


def difference(expected: Any, actual: Any, path: str = "") -> str:
    """The first place where two answers differ; empty where there is none."""
    if type(expected) is not type(actual):
        return f"{path}: {expected!r} is no {actual!r}"
    if isinstance(expected, float):
        same = math.isclose(expected, actual, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        return "" if same else f"{path}: {expected} != {actual}"
    parts, others = _parts(expected), _parts(actual)
    if parts is None or others is None:
        return "" if expected == actual else f"{path}: {expected!r} != {actual!r}"
    if list(parts) != list(others):
        return f"{path}: keys {list(parts)} != {list(others)}"
    found = (difference(parts[key], others[key], f"{path}[{key!r}]") for key in parts)
    return next(filter(None, found), "")


def _parts(value: Any) -> Mapping[Any, Any] | None:
    """What a value is made of, in order; None where it is one."""
    if isinstance(value, OptionError):
        return {"refused": value.name}
    if attrs.has(type(value)):
        return {one.name: getattr(value, one.name) for one in attrs.fields(type(value))}
    if isinstance(value, tuple):
        return dict(enumerate(value))
    return value if isinstance(value, Mapping) else None


def differences(calls: Iterable[Call], expected: Any, actual: Any) -> list[str]:
    """What differs, call by call, between the answers of two histories."""
    found = []
    for call in calls:
        place = difference(call.answer(expected), call.answer(actual))
        if place:
            found.append(f"{call.kpi} {dict(call.said)} {place}")
    return found


# --- what may be asked ----------------------------------------------------------------------------


def variants() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every figure with its defaults, then with each of its options alone."""
    for name, kpi in FIGURES.items():
        yield name, {}
        for option, values in cases.OPTIONS.get(name, {}).items():
            yield from ((name, {option: value}) for value in values)
        for several in composed.OPTIONS.get(name, ()):
            yield from ((name, said) for said in several if said)
        if name in cases.KPIS and "rates" in inspect.signature(kpi).parameters:
            yield name, dict(cases.CONVERTED)


def every_call(**said: Any) -> list[Call]:
    """Every variant, with something more that is said of all that take it."""
    return [
        Call(name, options | {k: v for k, v in said.items() if takes(name, options, k)})
        for name, options in variants()
    ]


def takes(name: str, options: Mapping[str, Any], option: str) -> bool:
    """Whether a figure takes an option beside others."""
    stock = name in cases.STOCKS or name in composed.STOCKS or options.get("unit") == "pipeline"
    if option == "period" and stock:
        return False
    return option in inspect.signature(FIGURES[name]).parameters


KEYS = tuple(key for key in cases.KEYS if not key.startswith("attributes."))
"""Keys that need no column of their own."""

_keys = st.one_of(
    st.just(()),
    st.sampled_from(("tier", "partner_type", "latest.industry")),
    st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=3).map(tuple),
)


def _options(name: str) -> SearchStrategy[dict[str, Any]]:
    if name in composed.KPIS:
        return composed.asked(name)
    return cases.options(name) if name in cases.KPIS else st.builds(dict)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Any figure with any options, period, zone and keys."""
    name = draw(st.sampled_from(sorted(FIGURES)))
    said = draw(_options(name))
    if takes(name, said, "by"):
        said["by"] = draw(_keys)
    period: Period | None = draw(st.none() | cases.spans)
    if period is not None and takes(name, said, "period"):
        said["period"] = period
    if takes(name, said, "tz") and draw(st.booleans()):
        said["tz"] = draw(st.sampled_from(("Asia/Tokyo", "America/New_York")))
    return Call(name, said)


_spans = st.sampled_from((None, timedelta(days=1), timedelta(days=5), timedelta(days=30)))

policies: SearchStrategy[AttributionPolicy] = st.builds(
    AttributionPolicy,
    claims=st.sampled_from(("registration or originator", "registration")),
    contact_required=st.booleans(),
    times=st.sampled_from(("recorded", "occurred")),
    influence_lookback=_spans,
    claim_lock=_spans,
)
"""Rules of attribution."""


# --- lifecycles -----------------------------------------------------------------------------------

EVENTS = (
    "captured",
    "registered",
    "offered",
    "accepted",
    "assigned",
    "last_assigned",
    "responded",
    "progressed",
    "converted",
    "held",
    "expected",
    "won",
    "first_won",
    "first_lost",
    "closed",
    "converting_acceptance",
)
"""Fields of a lifecycle that are events."""

VALUES = (
    "status",
    "stage",
    "in_progress",
    "claimed",
    "gross_wins",
    "holder",
    "reason",
    "agent",
    "closing_partner",
    "probability",
    "attribution",
    "sourcing_partner",
    "first_offer_accepted",
    "first_offer_kept",
    "first_offer_resolved",
)
"""Fields of a lifecycle that are plain values."""

AMOUNTS = ("expected_value", "final_value", "decided_value")


def lead_fields(lives: Lifecycles) -> dict[str, dict[str, Any]]:
    """Every field of every captured lead, read off the fold."""
    return {
        lead_id: {
            **{name: _event_of(getattr(lead, name)) for name in EVENTS},
            "accepted_offer": _event_of(lead.accepted_offer),
            **{name: _value_of(lead, name) for name in VALUES},
            **{name: _units_of(getattr(lead, name)) for name in AMOUNTS},
            "expected_close_at": _micros_of(lead.expected_close_at),
        }
        for lead_id, lead in lives.items()
        if lead.captured is not None
    }


def _event_of(event: Any) -> tuple[Any, ...]:
    if event is None:
        return (None, None, None)
    return (event.source, event.event_id, micros_of(event.occurred_at))


def _value_of(lead: Any, name: str) -> Any:
    if name.startswith("first_offer_"):
        return getattr(lead.first_offer, name.removeprefix("first_offer_"))
    if name in ("attribution", "sourcing_partner"):
        return getattr(lead.verdict, name)
    return getattr(lead, name)


def _units_of(money: Money | None) -> tuple[Any, Any]:
    if money is None:
        return (None, None)
    return (int(money.amount.scaleb(minor_units(money.currency))), money.currency)


def _micros_of(moment: datetime | None) -> int | None:
    return None if moment is None else micros_of(moment)


def frame_fields(history: frames.FrameHistory) -> dict[str, dict[str, Any]]:
    """The same fields, read off the frames of a history."""
    view = View(history.story, "leads")
    events = (*EVENTS, "accepted_offer")
    parts = ("source", "event_id", "occurred_at")
    columns = {f"{e}.{part}": view.value(f"{e}.{part}") for e in events for part in parts}
    columns |= {name: view.value(name) for name in (*VALUES, "expected_close_at")}
    for name in AMOUNTS:
        amount = view.money(name)
        columns |= {f"{name}.units": amount.units, f"{name}.currency": amount.currency}
    found = {row["lead_id"]: row for row in rows(view.frame().select("lead_id", **columns))}
    return {
        lead_id: {
            **{name: tuple(row[f"{name}.{part}"] for part in parts) for name in events},
            **{name: row[name] for name in (*VALUES, "expected_close_at")},
            **{name: _stated(row, name) for name in AMOUNTS},
        }
        for lead_id, row in found.items()
    }


def _stated(row: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    units = row[f"{name}.units"]
    return (None, None) if units is None else (units, row[f"{name}.currency"])
