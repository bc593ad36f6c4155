"""The figures that are made of other figures, with the options that tests try on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from partnerleads import Period, kpis
from partnerleads.model import Money
from partnerleads.testing import money, strategies
from tests.properties.kpi_cases import CONVERTED, Kpi, spans

QUOTA = money("5000 EUR")
CYCLE = timedelta(days=20)

KPIS: Mapping[str, Kpi] = {
    "funnel": kpis.funnel,
    "sales_velocity": kpis.sales_velocity,
    "pipeline_coverage": partial(kpis.pipeline_coverage, quota=QUOTA),
    "concentration": kpis.concentration,
    "programme_return": kpis.programme_return,
    "league_table": partial(kpis.league_table, within=CYCLE),
    "suggested_cycle": kpis.suggested_cycle,
}

STOCKS = {"sales_velocity", "pipeline_coverage"}
WITHOUT_VALUE = {"pipeline_coverage"}
"""Figures that are 0 where there is nothing, as nothing covers nothing of a quota."""

WIN_RATE = [
    {},
    {"trailing": timedelta(days=30)},
    {"win_rate": "cohort", "within": timedelta(days=9)},
    {"win_rate": "cohort", "within": timedelta(hours=30), "trailing": timedelta(days=60)},
]

OPTIONS: Mapping[str, list[list[dict[str, Any]]]] = {
    "funnel": [[{}, {"steps": ("accepted", "won")}, {"steps": ["captured", "converted"]}]],
    "sales_velocity": [
        WIN_RATE,
        [{}, {"which": "in progress"}],
        [{}, {"cycle": "mean"}],
        [{}, CONVERTED],
    ],
    "pipeline_coverage": [
        WIN_RATE,
        [{}, {"which": "in progress"}],
        [{}, {"weighted": True}],
        [{}, {"expected_in": Period.year(2026)}],
        [{}, {"rates": CONVERTED["rates"]}],
    ],
    "concentration": [
        [{}, {"top": 1}],
        [{}, {"partner": "closing_partner"}],
        [{}, {"unit": "revenue"}, {"unit": "revenue", **CONVERTED}],
    ],
    "programme_return": [[{}, {"credit": "involved"}], [{}, CONVERTED]],
    "league_table": [
        [{}, {"within": None}, {"within": timedelta(0)}],
        [{}, {"estimator": "moments"}],
        [{}, {"small": 2, "limits": 0.5}],
    ],
    "suggested_cycle": [[{}, {"share": 0.5}]],
}
"""What may be said of a figure besides its defaults: one of each list."""


def asked(name: str) -> SearchStrategy[dict[str, Any]]:
    """Options of a figure, with a period where it takes one."""
    chosen = [st.sampled_from(one) for one in OPTIONS[name]]
    if name not in STOCKS:
        chosen.append(st.builds(lambda period: {"period": period}, spans) | st.just({}))
    return st.tuples(*chosen).map(lambda parts: {k: v for part in parts for k, v in part.items()})


_COSTS = strategies.events(kinds=("cost_incurred",))
_HISTORIES = strategies.histories(currencies=("EUR", "USD"))
_PARTNERS = st.sampled_from((None, "acme", "beta"))
_AMOUNTS = st.builds(Money.from_minor, st.integers(0, 10**6), st.sampled_from(("EUR", "USD")))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Any, ...]:
    """A history with costs of the programme and of partners."""
    costs = draw(st.lists(_COSTS, max_size=4))
    told = [
        attrs.evolve(
            cost, event_id=f"c{n}", source="books", partner_id=draw(_PARTNERS), cost=draw(_AMOUNTS)
        )
        for n, cost in enumerate(costs)
    ]
    return (*draw(_HISTORIES), *told)
