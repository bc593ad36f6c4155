"""Laws that every figure made of other figures obeys."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import events as ev
from partnerleads import fold, kpis
from partnerleads.model import Figure, Money
from partnerleads.testing import at, strategies
from tests.properties import composed_cases as cases
from tests.properties import kpi_cases

few = settings(max_examples=max(10, settings.default.max_examples // 5))

EVERY_KPI = pytest.mark.parametrize("name", sorted(cases.KPIS))
COSTS = strategies.events(kinds=("cost_incurred",))
HISTORIES = strategies.histories(currencies=("EUR", "USD"))
PARTNERS = st.sampled_from((None, "acme", "beta"))
AMOUNTS = st.builds(Money.from_minor, st.integers(0, 10**6), st.sampled_from(("EUR", "USD")))
UNCONFLICTING = strategies.histories(dirt=strategies.DIRT - {"conflicts"})


@st.composite
def histories(draw: st.DrawFn) -> tuple[Any, ...]:
    """A history with costs of the programme and of partners."""
    costs = draw(st.lists(COSTS, max_size=4))
    told = [
        attrs.evolve(
            cost, event_id=f"c{n}", source="books", partner_id=draw(PARTNERS), cost=draw(AMOUNTS)
        )
        for n, cost in enumerate(costs)
    ]
    return (*draw(HISTORIES), *told)


def measured(name: str, events: Iterable[Any], as_of: datetime, **options: Any) -> Figure:
    return cases.KPIS[name](list(events), as_of=as_of, **options)


def test_every_figure_has_its_options() -> None:
    assert set(cases.KPIS) == set(cases.OPTIONS)


@EVERY_KPI
@few
@given(events=histories(), as_of=kpi_cases.moments, by=kpi_cases.keys, data=st.data())
def test_input_order_and_exact_duplicates_never_matter(
    name: str, events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name))
    copies = data.draw(st.lists(st.sampled_from(events)) if events else st.just([]))
    shuffled = data.draw(st.permutations([*events, *copies]))
    figure = measured(name, events, as_of, by=by, **options)
    again = measured(name, shuffled, as_of, by=by, **options)

    assert figure == again
    assert str(figure) == str(again)
    assert figure.to_dicts() == again.to_dicts()


@EVERY_KPI
@few
@given(
    events=histories(),
    later=UNCONFLICTING,
    as_of=kpi_cases.moments,
    by=kpi_cases.keys,
    data=st.data(),
)
def test_events_after_the_moment_do_not_exist(
    *,
    name: str,
    events: tuple[Any, ...],
    later: tuple[Any, ...],
    as_of: datetime,
    by: tuple[str, ...],
    data: st.DataObject,
) -> None:
    options = data.draw(cases.asked(name))
    delay = as_of - at("2026-01-01") + timedelta(hours=1)
    future = [
        attrs.evolve(
            event,
            occurred_at=event.occurred_at + delay,
            source=f"{event.source}-later",
            precision="instant",
        )
        for event in later
        if not isinstance(event, ev.EventRetracted)
    ]

    assert measured(name, events, as_of, by=by, **options) == measured(
        name, [*events, *future], as_of, by=by, **options
    )


@EVERY_KPI
@few
@given(events=histories(), as_of=kpi_cases.moments, by=kpi_cases.keys, data=st.data())
def test_keys_never_change_the_type_or_the_whole(
    name: str, events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name))
    plain = measured(name, events, as_of, **options)
    segmented = measured(name, events, as_of, by=by, **options)

    assert type(plain) is type(segmented)
    assert ((), by) == (plain.by, segmented.by)
    assert plain == attrs.evolve(segmented, by=(), segments=type(plain.segments)())
    assert all(type(plain) is type(part) for part in segmented.segments.values())
    assert {len(by)} >= {len(key) for key in segmented.segments if isinstance(key, tuple)}


@pytest.mark.parametrize("name", sorted(set(cases.KPIS) - {"programme_return"}))
@few
@given(events=histories(), as_of=kpi_cases.moments, data=st.data())
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


@EVERY_KPI
@few
@given(events=histories(), as_of=kpi_cases.moments, by=kpi_cases.keys | st.just(()), data=st.data())
def test_every_result_bears_what_it_rests_on_and_shows_itself(
    name: str, events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name))
    figure = measured(name, events, as_of, by=by, **options)

    assert (name, as_of, None) == (figure.name, figure.as_of, figure.known_at)
    assert options.get("period") == figure.period
    assert figure.n >= 0
    assert {"anchor", "policy"} <= set(figure.definition)
    assert all(warning.code and warning.words for warning in figure.warnings)
    rows = figure.to_dicts()
    assert 1 + len(figure.segments) == len(rows)
    assert all(list(row) == list(rows[0]) for row in rows)
    assert {"figure", "level", *by, "n", "as_of", "warnings"} <= set(rows[0])
    assert str(figure).startswith(f"{name} ")
    assert f"<{figure}>" == repr(figure)
    assert figure._repr_html_().startswith("<table>")
    assert figure == pickle.loads(pickle.dumps(figure))  # noqa: S301 - our own bytes


@EVERY_KPI
@few
@given(events=histories(), as_of=kpi_cases.moments, data=st.data())
def test_events_and_their_lifecycles_give_the_same(
    name: str, events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name))
    lives = pickle.loads(pickle.dumps(fold(events, as_of=as_of)))  # noqa: S301 - our own bytes
    figure = measured(name, events, as_of, **options)

    assert figure == cases.KPIS[name](lives, **options)
    assert figure == cases.KPIS[name](iter(events), as_of=as_of, **options)


@EVERY_KPI
def test_no_events_give_no_value_and_say_so(name: str) -> None:
    figure = measured(name, (), at("2026-01-01"))

    assert 0 == figure.n
    assert (name in cases.WITHOUT_VALUE) == (figure.undefined_because is None)
    assert () == figure.warnings


# --- laws of single figures -----------------------------------------------------------------------


@given(events=histories(), as_of=kpi_cases.moments, data=st.data())
def test_every_lead_of_a_funnel_goes_on_or_stops(
    events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    steps = kpis.funnel(events, as_of=as_of, **data.draw(cases.asked("funnel"))).steps
    for step, further in pairwise(steps):
        assert step.lost is not None
        assert step.reached == further.reached + step.lost.still_open + step.lost.closed
        assert (step.reached, further.reached) == (further.rate.of, further.rate.hits)


@given(events=histories(), as_of=kpi_cases.moments, data=st.data())
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


@given(events=histories(), as_of=kpi_cases.moments, data=st.data())
def test_shrunken_rates_lie_between_the_raw_one_and_that_of_all(
    events: tuple[Any, ...], as_of: datetime, data: st.DataObject
) -> None:
    table = cases.KPIS["league_table"](
        events, as_of=as_of, **data.draw(cases.asked("league_table"))
    )
    for row in table:
        ends = sorted((row.rate.value, 0 if table.prior.prior is None else table.prior.prior.mean))

        assert row.shrunken is None or ends[0] - 1e-9 <= row.shrunken <= ends[1] + 1e-9


@given(events=histories(), as_of=kpi_cases.moments, by=kpi_cases.keys, data=st.data())
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
    events=histories(),
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
