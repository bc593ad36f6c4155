"""Laws that every comparison obeys, whatever the history and the KPI."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import fold, kpis
from partnerleads.kpis import Comparison, Condition
from partnerleads.kpis.comparison.strata import Adjusted
from partnerleads.kpis.measuring.landmarks import class_at
from partnerleads.model import Figure, FrozenMap
from partnerleads.stats import Estimate
from partnerleads.testing import strategies
from tests.properties import kpi_cases as cases

settings.register_profile("comparisons", max_examples=max(10, settings.default.max_examples // 5))
few = settings.get_profile("comparisons")

HISTORIES = strategies.histories()
MONTH = timedelta(days=30)
RATES: Mapping[str, Mapping[str, Any]] = {
    "cohort_close_rate": {"within": MONTH},
    "decided_win_rate": {},
    "sourced_rate": {},
    "partner_conversion_rate": {"within": timedelta(days=5)},
}
OTHERS: Mapping[str, Mapping[str, Any]] = {
    "sourced_rate": {"unit": "revenue"},
    "won_velocity": {},
    "hours_to_acceptance": {},
    "action_delay": {},
    "closed_won": {},
    "in_progress": {},
    "final_lead_value": dict(cases.CONVERTED),
}

groups = st.sampled_from(
    (
        "sourced",
        "influenced",
        "direct",
        "involved",
        kpis.Is("region", "DACH"),
        kpis.Has("responded"),
        kpis.Not(kpis.Is("attribution", "direct")),
        kpis.AnyOf((kpis.Is("deal_type", "new"), kpis.Is("attribution", "sourced"))),
        kpis.EVERY,
    )
)
landmarks = st.sampled_from((None, timedelta(0), timedelta(days=3)))
some_keys = st.sampled_from(("region", "deal_type", "attribution", "sourcing_partner", "status"))
EVERY_KPI = pytest.mark.parametrize(
    ("name", "options"), [*RATES.items(), *OTHERS.items()], ids=lambda one: str(one)[:24]
)
EVERY_RATE = pytest.mark.parametrize(("name", "options"), [*RATES.items()], ids=str)


def compared(
    events: Any, name: str, options: Mapping[str, Any], a: Any, b: Any, **more: Any
) -> Comparison:
    kpi: Callable[..., Figure] = getattr(kpis, name)
    return kpis.compare(events, kpi, a, b, **options, **more)


def negated(estimate: Estimate) -> Estimate:
    limits = estimate.interval
    return attrs.evolve(
        estimate,
        value=None if estimate.value is None else -estimate.value,
        interval=None if limits is None else (-limits[1], -limits[0]),
    )


def close(one: Any, other: Any) -> bool:
    """Equal but for rounding, None to None alone."""
    if one is None or other is None:
        return one is other
    return one == pytest.approx(other, rel=1e-9, abs=1e-9)


@EVERY_KPI
@few
@given(events=HISTORIES, as_of=cases.moments, a=groups, b=groups, landmark=landmarks)
def test_swapping_the_groups_mirrors_the_comparison(
    *,
    name: str,
    options: Mapping[str, Any],
    events: tuple[Any, ...],
    as_of: datetime,
    a: Any,
    b: Any,
    landmark: timedelta | None,
) -> None:
    lives = fold(events, as_of=as_of)
    there = compared(lives, name, options, a, b, landmark=landmark)
    back = compared(lives, name, options, b, a, landmark=landmark)
    turned = negated(back.difference)

    assert (there.a, there.b) == (back.b, back.a)
    assert close(there.difference.value, turned.value)
    assert close(there.difference.interval, turned.interval)
    assert (there.n, there.problems, there.left_out) == (back.n, back.problems, back.left_out)
    if there.ratio.value and back.ratio.value:
        assert there.ratio.value * back.ratio.value == pytest.approx(1.0)
    if there.test is not None and back.test is not None:
        assert close(there.test.p_value, back.test.p_value)
    assert sorted(one.code for one in there.warnings) == sorted(one.code for one in back.warnings)


@EVERY_KPI
@few
@given(events=HISTORIES, as_of=cases.moments, a=groups, landmark=landmarks)
def test_a_group_compared_with_itself_finds_nothing(
    *,
    name: str,
    options: Mapping[str, Any],
    events: tuple[Any, ...],
    as_of: datetime,
    a: Any,
    landmark: timedelta | None,
) -> None:
    found = compared(fold(events, as_of=as_of), name, options, a, a, landmark=landmark)

    if found.value is not None:
        assert 0 == found.value
        if found.difference.interval is not None:
            assert found.difference.interval[0] <= 0 <= found.difference.interval[1]
        if found.ratio.interval is not None:
            assert found.ratio.interval[0] <= 1 <= found.ratio.interval[1]
        assert found.test is None or found.test.p_value in (None, pytest.approx(1.0))
    assert ("overlap" in {one.code for one in found.warnings}) == (found.n > 0) or not found.n


@EVERY_KPI
@few
@given(
    events=HISTORIES,
    as_of=cases.moments,
    a=groups,
    b=groups,
    landmark=landmarks,
    by=st.none() | some_keys,
    data=st.data(),
)
def test_input_order_never_matters_and_every_comparison_shows_itself(
    *,
    name: str,
    options: Mapping[str, Any],
    events: tuple[Any, ...],
    as_of: datetime,
    a: Any,
    b: Any,
    landmark: timedelta | None,
    by: str | None,
    data: st.DataObject,
) -> None:
    asked: dict[str, Any] = {"landmark": landmark, "by": by, "as_of": as_of}
    found = compared(events, name, options, a, b, **asked)
    again = compared(data.draw(st.permutations(events)), name, options, a, b, **asked)

    assert found == again
    assert str(found) == str(again)
    assert found == pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    rows = found.to_dicts()
    assert 1 + len(found.segments) == len(rows)
    assert all(list(row) == list(rows[0]) for row in rows)
    assert (found.value is None) == (found.undefined_because is not None)
    assert found._repr_html_().startswith("<table>")


@EVERY_KPI
@few
@given(events=HISTORIES, as_of=cases.moments, a=groups, b=groups, by=some_keys)
def test_a_segment_is_the_comparison_of_its_leads_alone(
    *,
    name: str,
    options: Mapping[str, Any],
    events: tuple[Any, ...],
    as_of: datetime,
    a: Any,
    b: Any,
    by: str,
) -> None:
    lives = fold(events, as_of=as_of)
    segmented = compared(lives, name, options, a, b, by=by)
    whole = compared(lives, name, options, a, b)

    assert whole.difference == segmented.difference
    assert whole.test == segmented.test
    for key, part in segmented.segments.items():
        only = kpis.Is(by, key) if key is not None else kpis.Not(kpis.Has(by))
        alone = compared(kpis.only(lives, only), name, options, a, b)
        if part.a is not None and part.b is not None:
            assert part.difference == alone.difference
            assert part.ratio == alone.ratio
        assert (part.n, part.problems) == (alone.n, alone.problems)


@EVERY_RATE
@few
@given(events=HISTORIES, as_of=cases.moments, a=groups, b=groups, strata=some_keys)
def test_the_parts_of_a_gap_sum_to_it(
    *,
    name: str,
    options: Mapping[str, Any],
    events: tuple[Any, ...],
    as_of: datetime,
    a: Any,
    b: Any,
    strata: str,
) -> None:
    found = compared(fold(events, as_of=as_of), name, options, a, b, adjust_for=strata)
    assert found.adjusted is not None
    split = found.adjusted.split

    assert close(found.value, split.gap)
    if split.mix is not None and split.rate is not None and split.unshared is not None:
        assert split.mix + split.rate + split.unshared == pytest.approx(found.value, abs=1e-12)
    counts = found.adjusted.strata.values()
    assert sum(one.of_a + one.of_b for one in counts) == found.n


@EVERY_RATE
@few
@given(events=HISTORIES, as_of=cases.moments, a=groups, b=groups)
def test_with_one_stratum_the_adjusted_difference_is_the_crude_one(
    *,
    name: str,
    options: Mapping[str, Any],
    events: tuple[Any, ...],
    as_of: datetime,
    a: Any,
    b: Any,
) -> None:
    # nobody has such an attribute, so all are of one stratum
    key = "attributes.nothing"
    found = compared(fold(events, as_of=as_of), name, options, a, b, adjust_for=key)
    adjusted: Adjusted | None = found.adjusted
    assert adjusted is not None

    assert close(found.value, adjusted.standardised.difference.value)
    assert close(found.value, adjusted.pooled.difference.value)
    assert close(found.ratio.value, adjusted.pooled.risk_ratio.value)
    assert close(found.value, adjusted.split.rate)
    assert adjusted.split.mix in (None, 0)
    assert not found.direction_flips


@EVERY_RATE
@few
@given(events=HISTORIES, as_of=cases.moments, a=groups, b=groups)
def test_a_comparison_is_that_of_the_two_figures_asked_for_one_by_one(
    *,
    name: str,
    options: Mapping[str, Any],
    events: tuple[Any, ...],
    as_of: datetime,
    a: Any,
    b: Any,
) -> None:
    words: Mapping[str, Condition] = {
        "involved": kpis.Not(kpis.Is("attribution", "direct")),
        **{one: kpis.Is("attribution", one) for one in ("sourced", "influenced", "direct")},
    }
    lives = fold(events, as_of=as_of)
    found = compared(lives, name, options, a, b)
    kpi: Callable[..., Any] = getattr(kpis, name)
    figures = [
        kpi(kpis.only(lives, words[one] if isinstance(one, str) else one), **options)
        for one in (a, b)
    ]

    assert (found.a, found.b) == tuple(figures)
    if all(figure.of for figure in figures):
        assert figures[0].hits / figures[0].of - figures[1].hits / figures[1].of == found.value


@few
@given(events=HISTORIES, as_of=cases.moments, days=st.integers(0, 20))
def test_the_class_at_a_landmark_is_that_of_a_fold_at_it(
    events: tuple[Any, ...], as_of: datetime, days: int
) -> None:
    span = timedelta(days=days)
    for lead_id, lead in fold(events, as_of=as_of).items():
        found = class_at(lead.events, lead.captured, lead.moment, span)
        captured = lead.captured
        if captured is None or captured.precision not in ("instant", "day"):
            assert found is None
            continue
        then = captured.occurred_at + span
        if then > as_of:
            assert found is None
            continue
        as_it_was = fold(lead.events, as_of=then)[lead_id]
        assert (as_it_was.attribution if as_it_was.closed is None else None) == found


@few
@given(events=HISTORIES, as_of=cases.moments, by=some_keys | st.none(), points=st.booleans())
def test_a_lift_is_the_ratio_less_one(
    *, events: tuple[Any, ...], as_of: datetime, by: str | None, points: bool
) -> None:
    lives = fold(events, as_of=as_of)
    lift = kpis.win_rate_lift(lives, within=MONTH, by=by, percentage_points=points)
    found = kpis.compare(lives, kpis.cohort_close_rate, "sourced", "direct", within=MONTH, by=by)

    assert lift.comparison == attrs.evolve(found, by=(), segments=FrozenMap())
    assert list(found.segments) == list(lift.segments)
    parts = zip(found.segments.values(), lift.segments.values(), strict=True)
    for one, part in [(found, lift), *parts]:
        expected = None if one.ratio.value is None else one.ratio.value - 1
        assert (one.value if points else expected) == part.value
        assert (part.value is None) == (part.undefined_because is not None)
        assert part.value is None or part.value_text().endswith("so far") == one.so_far


@few
@given(events=HISTORIES, as_of=cases.moments, by=some_keys | st.none(), data=st.data())
def test_a_difference_of_periods_mirrors_and_of_one_result_is_nothing(
    events: tuple[Any, ...], as_of: datetime, by: str | None, data: st.DataObject
) -> None:
    lives = fold(events, as_of=as_of)
    name = data.draw(st.sampled_from(sorted({*RATES, *OTHERS} - cases.STOCKS)))
    options = OTHERS.get(name, {}) | RATES.get(name, {})
    first = data.draw(cases.spans)
    asked = {**options, "by": by}
    one, other = (
        getattr(kpis, name)(lives, period=span, **asked) for span in (first, first.shifted(1))
    )
    there, back = kpis.difference(one, other), kpis.difference(other, one)
    same = kpis.difference(one, one)

    assert close(there.difference.value, negated(back.difference).value)
    assert close(there.difference.interval, negated(back.difference).interval)
    assert list(there.segments) == list(back.segments)
    assert same.value in (None, 0)
    assert there == pickle.loads(pickle.dumps(there))  # noqa: S301 - our own bytes
    assert str(there).startswith(f"{name}: ")
