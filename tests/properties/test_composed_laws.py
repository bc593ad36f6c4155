"""Laws of the figures that are made of other figures, besides those of all figures."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import fold, kpis
from partnerleads.model import Money
from tests.properties import composed_cases as cases
from tests.properties import kpi_cases

few = settings(max_examples=max(10, settings.default.max_examples // 5))


def test_every_figure_has_its_options() -> None:
    assert set(cases.KPIS) == set(cases.OPTIONS)


@pytest.mark.parametrize("name", sorted(set(cases.KPIS) - {"programme_return"}))
@few
@given(events=cases.histories(), as_of=kpi_cases.moments, data=st.data())
def test_a_segment_is_the_figure_of_its_leads_alone(
    name: str, events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name))
    known = kpis.history_of(events, as_of=as_of)
    segmented = cases.KPIS[name](known, by="region", **options)
    for region, part in segmented.segments.items():
        there = kpis.Is("region", region) if region is not None else kpis.Not(kpis.Has("region"))
        alone = cases.KPIS[name](kpis.only(known, there), **options)

        assert (part.value_text(), part.n) == (alone.value_text(), alone.n)


# --- laws of single figures -----------------------------------------------------------------------


@given(events=cases.histories(), as_of=kpi_cases.moments, data=st.data())
def test_every_lead_of_a_funnel_goes_on_or_stops(
    events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    steps = kpis.funnel(events, as_of=as_of, **data.draw(cases.asked("funnel"))).steps
    for step, further in pairwise(steps):
        assert step.lost is not None
        assert step.reached == further.reached + step.lost.still_open + step.lost.closed
        assert (step.reached, further.reached) == (further.rate.of, further.rate.hits)


@given(events=cases.histories(), as_of=kpi_cases.moments, data=st.data())
def test_more_partners_hold_no_less(
    events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    options = data.draw(cases.asked("concentration"))
    lives = fold(events, as_of=as_of)
    first, second, most = (
        kpis.concentration(lives, **options | {"top": top}) for top in (1, 2, 99)
    )

    assert (first.value is None) == (second.value is None) == (most.value is None)
    if first.value is not None and second.value is not None:
        assert 0 < first.value <= second.value <= most.value == 1


@given(events=cases.histories(), as_of=kpi_cases.moments, data=st.data())
def test_shrunken_rates_lie_between_the_raw_one_and_that_of_all(
    events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    table = cases.KPIS["league_table"](
        events, as_of=as_of, **data.draw(cases.asked("league_table"))
    )
    for row in table:
        ends = sorted((row.rate.value, 0 if table.prior.prior is None else table.prior.prior.mean))

        assert row.shrunken is None or ends[0] - 1e-9 <= row.shrunken <= ends[1] + 1e-9


@given(events=cases.histories(), as_of=kpi_cases.moments, by=kpi_cases.keys, data=st.data())
def test_coverages_of_segments_add_up(
    events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    options = data.draw(cases.asked("pipeline_coverage"))
    whole = cases.KPIS["pipeline_coverage"](events, as_of=as_of, by=by, **options)
    values = [one.value or 0.0 for one in whole.segments.values()]
    cent = 0.01 / float(cases.QUOTA.amount)

    if whole.value is not None:
        assert abs(whole.value - sum(values)) <= cent * len(values) + 1e-9


@given(
    events=cases.histories(),
    as_of=kpi_cases.moments,
    by=st.sampled_from(("sourcing_partner", "closing_partner", "holder")),
    credit=st.sampled_from(("sourced", "involved")),
)
def test_margins_and_costs_of_partners_add_up(
    events: tuple[Any, ...], as_of: datetime, by: str, credit: Any
) -> None:
    whole = kpis.programme_return(events, as_of=as_of, by=by, credit=credit)
    parts = whole.segments.values()
    for currency in ("EUR", "USD"):
        zero = Money(0, currency)
        costs = [one.cost.get(currency, zero).minor for one in parts]
        margins = [one.margin.get(currency, zero).minor for one in parts]

        assert sum(costs) == whole.cost.get(currency, zero).minor
        assert abs(sum(margins) - whole.margin.get(currency, zero).minor) <= len(margins)
    assert whole.n == sum(one.n for one in parts)
    assert whole.costs == sum(one.costs for one in parts)
