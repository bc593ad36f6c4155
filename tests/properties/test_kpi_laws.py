"""Laws of all that measures leads, besides those of all figures; a new KPI joins by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partnerleads import events as ev
from partnerleads import fold, kpis
from partnerleads.model import Count, Durations, Figure, Money, Regions, Share, Totals
from partnerleads.testing import strategies
from tests.properties import kpi_cases as cases

# every law runs once a KPI, so each run may be shorter than others
settings.register_profile("laws", max_examples=max(10, settings.default.max_examples // 5))
few = settings.get_profile("laws")

EVERY_KPI = pytest.mark.parametrize("name", sorted(cases.KPIS))
FLOWS = pytest.mark.parametrize("name", sorted(set(cases.KPIS) - cases.STOCKS))
HISTORIES = strategies.histories()
UNCONFLICTING = strategies.histories(dirt=strategies.DIRT - {"conflicts"})

ANCHORS: Mapping[str, tuple[type, ...]] = {
    "captured": (ev.LeadCaptured,),
    "registered, else captured": (ev.DealRegistered, ev.LeadCaptured),
    "offered": (ev.LeadOffered,),
    "accepted": (ev.LeadAccepted,),
    "assigned": (ev.LeadAssigned,),
    "registered": (ev.DealRegistered,),
    "closed": (ev.LeadWon, ev.LeadLost, ev.LeadDisqualified),
    "won": (ev.LeadWon,),
    "first_won": (ev.LeadWon,),
    "follow-up and close": (
        ev.LeadProgressed,
        ev.LeadResponded,
        ev.LeadWon,
        ev.LeadLost,
        ev.LeadDisqualified,
    ),
}
"""The kinds of event that can place a lead in time, by what a figure calls its anchor."""


def test_every_kpi_promised_so_far_is_found() -> None:
    promised = {
        "first_offer_acceptances",
        "first_offer_acceptance_rate",
        "hours_to_acceptance",
        "action_delay",
        "in_progress",
        "closed_won",
        "expected_lead_value",
        "final_lead_value",
        "won_velocity",
        "partner_conversion_rate",
        "active_regions",
        "sourced_rate",
        "influenced_rate",
        "involved_rate",
        "sourced_revenue",
        "influenced_revenue",
        "sourced_pipeline",
        "influenced_pipeline",
    }

    assert promised <= set(cases.KPIS)
    assert promised <= set(kpis.__all__)


def test_every_option_that_is_tried_belongs_to_a_kpi() -> None:
    assert set(cases.OPTIONS) <= set(cases.KPIS)


def measured(name: str, events: Iterable[Any], as_of: datetime, **options: Any) -> Figure:
    return cases.KPIS[name](list(events), as_of=as_of, **options)


@EVERY_KPI
@few
@given(events=HISTORIES, as_of=cases.moments, by=cases.keys, data=st.data())
def test_events_of_other_partners_that_touch_no_lead_never_matter(
    name: str, events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name))
    kinds = ("partner_onboarded", "partner_terminated", "training_completed", "customer_rated")
    drawn = data.draw(st.lists(strategies.events(kinds=kinds), max_size=4))
    others = [
        attrs.evolve(event, partner_id="zeta", event_id=f"z{number}", source="elsewhere")
        for number, event in enumerate(drawn)
    ]

    assert measured(name, events, as_of, by=by, **options) == measured(
        name, [*events, *others], as_of, by=by, **options
    )


def unproblematic(figure: Figure) -> Figure:
    """The figure without what comes and goes with the other leads: problems, a want of losses."""
    segments = {key: unproblematic(one) for key, one in figure.segments.items()}
    return attrs.evolve(
        figure,
        problems=0,
        warnings=tuple(one for one in figure.warnings if one.code != "no_losses"),
        segments=type(figure.segments)(segments),
    )


@FLOWS
@few
@given(events=HISTORIES, as_of=cases.moments, by=cases.keys, period=cases.spans, data=st.data())
def test_leads_whose_anchor_is_outside_the_period_never_matter(
    *,
    name: str,
    events: tuple[Any, ...],
    as_of: datetime,
    by: tuple[str, ...],
    period: Any,
    data: st.DataObject,
) -> None:
    options = data.draw(cases.asked(name)) | {"period": period}
    assume(options.get("unit") != "pipeline")
    lives = fold(events, as_of=as_of)
    if name == "active_regions":
        by = ()  # segments without any region are shown, whoever is in them
    figure = cases.KPIS[name](lives, by=by, **options)
    kinds = ANCHORS[figure.definition["anchor"]]
    outside = {
        lead_id
        for lead_id, lead in lives.items()
        if not any(isinstance(e, kinds) and e.occurred_at in period for e in lead.events)
    }
    inside = [event for event in events if getattr(event, "lead_id", None) not in outside]

    assert unproblematic(figure) == unproblematic(measured(name, inside, as_of, by=by, **options))


def scaled(event: Any, factor: int) -> Any:
    changes = {
        field.name: value * factor
        for field in attrs.fields(type(event))
        if isinstance(value := getattr(event, field.name), Money)
    }
    return attrs.evolve(event, **changes)


@EVERY_KPI
@few
@given(
    events=strategies.histories(currencies=("EUR", "USD"), dirt=strategies.DIRT - {"conflicts"}),
    as_of=cases.moments,
    by=cases.keys,
    factor=st.integers(2, 1000),
    data=st.data(),
)
def test_money_times_a_factor_scales_sums_and_leaves_the_rest(
    *,
    name: str,
    events: tuple[Any, ...],
    as_of: datetime,
    by: tuple[str, ...],
    factor: int,
    data: st.DataObject,
) -> None:
    options = data.draw(cases.asked(name, converted=True))
    figure = measured(name, events, as_of, by=by, **options)
    bigger = measured(name, [scaled(e, factor) for e in events], as_of, by=by, **options)
    slack = factor if options.keys() & {"weighted", "rates"} else 0

    pairs = [(figure, bigger), *((figure.segments[k], bigger.segments[k]) for k in figure.segments)]
    assert set(figure.segments) == set(bigger.segments)
    for one, other in pairs:
        if isinstance(one, Totals):
            assert isinstance(other, Totals)
            assert set(one.by_currency) == set(other.by_currency)
            for currency, money in one.by_currency.items():
                assert abs(other.by_currency[currency].minor - factor * money.minor) <= slack
        elif isinstance(one, Share) and isinstance(one.of, Decimal):
            assert isinstance(other, Share)
            assert pytest.approx(one.value) == other.value
            for small, large in ((one.hits, other.hits), (one.of, other.of)):
                assert abs(factor * small - large) * 100 <= slack
        else:
            assert attrs.evolve(one, segments={}) == attrs.evolve(other, segments={})


def renamed(event: Any) -> Any:
    """The same event of another lead, from another source."""
    changes = {"source": f"{event.source}-2"}
    if isinstance(event, ev.LeadFact):
        changes["lead_id"] = f"{event.lead_id}-2"
    return attrs.evolve(event, **changes)


def between(low: float | None, value: float | None, high: float | None) -> bool:
    """Whether a value lies between two others; one that is undefined sets no limit."""
    ends = [end for end in (low, high) if end is not None]
    if not ends or value is None:
        return not ends and value is None
    return min(ends) - 1e-9 <= value <= max(ends) + 1e-9


def check_union(one: Figure, other: Figure, both: Figure, *, exact: bool) -> None:
    """Check that the figure of two disjoint sets of leads follows from the figures of each."""
    assert one.left_out + other.left_out == both.left_out
    if isinstance(both, Regions):
        assert isinstance(one, Regions)
        assert isinstance(other, Regions)
        united = set(one.value) | set(other.value)
        assert united == set(both.value) if exact else united <= set(both.value)
        return
    assert one.n + other.n == both.n
    if isinstance(both, Count):
        assert one.value + other.value == both.value  # type: ignore[attr-defined]
        assert sorted((*one.listed, *other.listed)) == list(both.listed)  # type: ignore[attr-defined]
    elif isinstance(both, Share):
        assert isinstance(one, Share)
        assert isinstance(other, Share)
        assert (one.hits + other.hits, one.of + other.of) == (both.hits, both.of)
        assert between(one.value, both.value, other.value) or isinstance(both.of, Decimal)
    elif isinstance(both, Durations):
        assert isinstance(one, Durations)
        assert isinstance(other, Durations)
        assert one.censored + other.censored == both.censored
        assert one.closed_without + other.closed_without == both.closed_without
        for name in ("median", "mean"):
            assert between(*(getattr(figure, name) for figure in (one, both, other)))
    else:
        assert isinstance(both, Totals)
        assert isinstance(one, Totals)
        assert isinstance(other, Totals)
        assert one.without_value + other.without_value == both.without_value
        added = dict(one.by_currency)
        for currency, money in other.by_currency.items():
            added[currency] = added[currency] + money if currency in added else money
        assert set(added) == set(both.by_currency)
        for currency, money in added.items():
            assert abs(money.minor - both.by_currency[currency].minor) <= (0 if exact else 2)


@EVERY_KPI
@few
@given(events=HISTORIES, others=HISTORIES, as_of=cases.moments, data=st.data())
def test_disjoint_leads_add_up(
    *,
    name: str,
    events: tuple[Any, ...],
    others: tuple[Any, ...],
    as_of: datetime,
    data: st.DataObject,
) -> None:
    options = data.draw(cases.asked(name))
    second = [renamed(event) for event in others]
    figures = [
        measured(name, some, as_of, **options) for some in (events, second, [*events, *second])
    ]

    exact = "same_lead" in options if name == "active_regions" else "weighted" not in options
    check_union(*figures, exact=exact)


@EVERY_KPI
@few
@given(
    events=HISTORIES,
    as_of=cases.moments,
    by=cases.keys,
    data=st.data(),
)
def test_segments_add_up_to_the_whole(
    name: str, events: tuple[Any, ...], as_of: datetime, by: tuple[str, ...], data: st.DataObject
) -> None:
    options = data.draw(cases.asked(name))
    whole = measured(name, events, as_of, by=by, **options)
    parts = list(whole.segments.values())

    own = attrs.evolve(whole, left_out_because=type(whole.left_out_because)())
    if isinstance(whole, Regions):
        assert {place for part in parts for place in part.value} <= set(whole.value)
        return
    assert own.n == sum(part.n for part in parts)
    if isinstance(whole, Count):
        assert whole.value == sum(part.value for part in parts)
        assert list(whole.listed) == sorted(lead for part in parts for lead in part.listed)
    elif isinstance(whole, Share):
        assert whole.hits == sum(part.hits for part in parts)
        assert whole.of == sum(part.of for part in parts)
    elif isinstance(whole, Durations):
        assert whole.censored == sum(part.censored for part in parts)
        assert whole.closed_without == sum(part.closed_without for part in parts)
    else:
        assert isinstance(whole, Totals)
        assert whole.without_value == sum(part.without_value for part in parts)
        cents = sum(money.minor for part in parts for money in part.by_currency.values())
        slack = len(parts) if "weighted" in options else 0
        assert abs(sum(money.minor for money in whole.by_currency.values()) - cents) <= slack
