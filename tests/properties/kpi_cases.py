"""Every KPI of the library with the options that tests try on it.

The KPIs are found, not listed: a new one is tested with its defaults until its options are added
here, and its twin is missed at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from partnerleads import Period, kpis, model
from partnerleads.model import Figure
from partnerleads.testing import at
from tests.oracles.twins import NINE_TO_FIVE

Kpi = Callable[..., Figure]

RESULTS = tuple(
    name
    for name in model.__all__
    if isinstance(getattr(model, name), type) and issubclass(getattr(model, name), Figure)
)


def _is_kpi(value: object) -> bool:
    if not inspect.isfunction(value):
        return False
    signature = inspect.signature(value)
    return signature.return_annotation in RESULTS and "by" in signature.parameters


SAID: Mapping[str, Mapping[str, Any]] = {
    "cohort_close_rate": {"within": timedelta(days=20), "by": None},
    "decided_win_rate": {"by": None},
    "time_in_stage": {"stage": "accepted"},
}
"""What is said of a KPI where a test says nothing else: what it asks for, and no default keys."""


def _said(name: str) -> Kpi:
    kpi: Kpi = getattr(kpis, name)
    return partial(kpi, **SAID[name]) if name in SAID else kpi


KPIS: dict[str, Kpi] = {name: _said(name) for name in kpis.__all__ if _is_kpi(getattr(kpis, name))}
"""Every KPI function by its name."""

STOCKS = {name for name, kpi in KPIS.items() if getattr(kpi, "is_stock", False)}


def rates(source: str, target: str, day: date) -> Decimal:
    """Prices that change from day to day."""
    return Decimal(50 + day.toordinal() % 100) / 100


CONVERTED = {"rates": rates, "currency": "EUR"}

OPTIONS: Mapping[str, Mapping[str, list[Any]]] = {
    "first_offer_acceptances": {"net_of_returns": [True]},
    "first_offer_acceptance_rate": {"net_of_returns": [True]},
    "hours_to_acceptance": {
        "until": ["assigned", "last assigned"],
        "since": ["offered"],
        "working_hours": [NINE_TO_FIVE],
    },
    "action_delay": {"since": ["assigned"], "working_hours": [NINE_TO_FIVE]},
    "in_progress": {
        "active_within": [timedelta(days=20)],
        "stalled_after": [timedelta(0), timedelta(days=5)],
    },
    "closed_won": {"gross": [True]},
    "expected_lead_value": {
        "which": ["open"],
        "weighted": [True],
        "expected_in": [Period.year(2025), Period.year(2026)],
    },
    "final_lead_value": {"gross": [True]},
    "won_velocity": {"win": ["first"], "counting": ["captured"]},
    "time_in_stage": {"stage": [*kpis.STAGES], "visits": ["cumulative"]},
    "partner_conversion_rate": {
        "count": ["current"],
        "within": [timedelta(0), timedelta(days=4)],
        "credit": ["spell"],
    },
    "decided_win_rate": {
        "which": ["broad"],
        "excluding": [("north",), ["south", "duplicate"], ("nothing of the kind",)],
        "unit": ["value"],
    },
    "offer_sla_breach_rate": {
        "within": [timedelta(0), timedelta(hours=4), timedelta(days=3)],
        "working_hours": [NINE_TO_FIVE],
    },
    "registration_conflict_rate": {"of": ["submitted"]},
    "time_to_approval": {"working_hours": [NINE_TO_FIVE]},
    "cohort_close_rate": {"within": [None, timedelta(0), timedelta(days=4)]},
    "active_regions": {"place": ["country"], "same_lead": [True], "won_only": [True]},
    **{
        name: {"unit": ["pipeline", "revenue"], "counting": ["registered"]}
        for name in ("sourced_rate", "influenced_rate", "involved_rate")
    },
}
"""What may be said of a KPI besides its defaults."""

KEYS = (*kpis.KEYS, "attributes.colour", "latest.region")


def _sensible(name: str, chosen: dict[str, Any]) -> dict[str, Any]:
    """A share of money has its own date, so it takes no counting date; hours need a limit."""
    needless = {"counting"} if "unit" in chosen else set()
    if name == "offer_sla_breach_rate" and "within" not in chosen:
        needless = {"working_hours"}
    return {k: v for k, v in chosen.items() if k not in needless}


def options(name: str, *, converted: bool = True) -> SearchStrategy[dict[str, Any]]:
    """Options of one KPI; some of them, all of them, or none."""
    own = {key: st.sampled_from(values) for key, values in OPTIONS.get(name, {}).items()}
    chosen = st.fixed_dictionaries({}, optional=own).map(partial(_sensible, name))
    if not converted or "rates" not in inspect.signature(KPIS[name]).parameters:
        return chosen
    return st.builds(lambda one, money: one | money, chosen, st.sampled_from(({}, CONVERTED)))


moments = st.integers(10, 300).map(lambda halves: at("2026-01-01") + halves * timedelta(hours=12))
"""Moments to look from, among the events of a history or after them."""

_zones = st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"))
spans = st.one_of(
    st.builds(lambda n, tz: Period.month(2026, n, tz=tz), st.integers(1, 5), _zones),
    st.builds(lambda n, tz: Period.quarter(2026, n, tz=tz), st.integers(1, 2), _zones),
)
"""Periods among the events of a history."""


def periods(name: str) -> SearchStrategy[Period | None]:
    """Periods that a KPI takes, or none."""
    takes_none = st.none()
    return takes_none if name in STOCKS else takes_none | spans


keys = st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=2).map(tuple)
"""One key, or two."""


@st.composite
def asked(draw: st.DrawFn, name: str, *, converted: bool = False) -> dict[str, Any]:
    """Options of a KPI with a period, where it takes one."""
    chosen = draw(options(name, converted=converted))
    period = draw(periods(name))
    return (
        chosen
        if period is None or chosen.get("unit") == "pipeline"
        else {**chosen, "period": period}
    )
