"""Laws of the ledger of a score, and of what passing time does, on arbitrary dirty histories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from math import fsum

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import plv
from partnerleads.attribution.digits import in_digits
from partnerleads.events import Event
from partnerleads.lifecycle import fold
from partnerleads.testing import at
from partnerleads.testing.strategies import histories

History = tuple[Event, ...]

START = at("2026-01-01")
MOMENTS = st.integers(0, 900).map(lambda n: START + n * timedelta(hours=12))
TICK = timedelta(microseconds=1)

MODELS = st.builds(
    attrs.evolve,
    st.just(plv.DEFAULT_MODEL),
    aggregator=st.sampled_from([plv.WeightedMean(), plv.FlooredGeometric()]),
    gates=st.sampled_from([(), (plv.Gate(names=("training", "certifications"), cap=10),)]),
    missing=st.sampled_from(["renormalise", "neutral", "zero"]),
)
HISTORIES = histories(partner_ids=("acme", "beta"), max_partner_events=8)


def level(score: plv.PlvScore | None) -> float:
    """The score; 0 without one."""
    return 0.0 if score is None else score.value or 0.0


@settings(max_examples=settings.default.max_examples // 2)
@given(events=HISTORIES, moments=st.tuples(MOMENTS, MOMENTS), models=st.tuples(MODELS, MODELS))
def test_the_parts_of_a_change_add_up_to_it_and_its_ends_are_the_scores(
    events: History,
    moments: tuple[datetime, datetime],
    models: tuple[plv.PlvModel, plv.PlvModel],
) -> None:
    since, as_of = sorted(moments)
    before_model, model = models
    lives = fold(events, as_of=as_of)
    before = plv.plv_scores(events, as_of=since, model=before_model)
    for partner_id, after in plv.plv_scores(lives, model=model).items():
        found = plv.score_change(
            lives, partner_id=partner_id, since=since, model=model, before_model=before_model
        )

        assert after == found.after
        assert level(before.get(partner_id)) == level(found.before)
        assert abs(fsum(part.points for part in found.parts) - found.change) < 1e-9
        shown = [in_digits(level(one), 1) for one in (found.after, found.before)]
        if found.parts:
            assert shown[0] - shown[1] == sum((p for _, p in found.rounded()), Decimal(0))


@given(events=HISTORIES, as_of=MOMENTS, model=MODELS)
def test_a_score_does_not_change_within_a_moment(
    events: History, as_of: datetime, model: plv.PlvModel
) -> None:
    for partner_id in plv.plv_scores(events, as_of=as_of, model=model):
        found = plv.score_change(
            events, partner_id=partner_id, since=as_of, as_of=as_of, model=model
        )

        assert () == found.parts
        assert 0.0 == found.change


def stepwise(missing: str) -> plv.PlvModel:
    """The default model without what moves all the time: rates count over whole windows."""
    steady = {"revenue", "deal_size", "margin", "conversion", "certifications", "satisfaction",
              "business_plans"}  # fmt: skip
    criteria = tuple(one for one in plv.DEFAULT_MODEL.criteria if one.name in steady)
    return attrs.evolve(plv.DEFAULT_MODEL, criteria=criteria, missing=missing)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    events=histories(partner_ids=("acme", "beta"), max_partner_events=8, dirt=frozenset()),
    missing=st.sampled_from(["renormalise", "zero"]),
    places=st.lists(st.floats(0, 1), max_size=4),
)
def test_until_the_next_step_the_score_stays_and_there_it_changes(
    events: History, missing: str, places: list[float]
) -> None:
    model = stepwise(missing)
    as_of = max(max(event.occurred_at, event.recorded_at) for event in events)
    for partner_id, score in plv.plv_scores(events, as_of=as_of, model=model).items():
        found = plv.next_change_at(events, partner_id=partner_id, as_of=as_of, model=model)
        assert () == found.continuous
        end = as_of + timedelta(days=5000) if found.at is None else found.at - TICK
        for place in (*places, 1.0):
            later = plv.plv_scores(events, as_of=as_of + place * (end - as_of), model=model)

            assert abs(level(score) - level(later[partner_id])) < 1e-9
        if found.at is not None:
            then = plv.plv_scores(events, as_of=found.at, model=model)[partner_id]
            assert abs(level(then) - level(score) - found.points) < 1e-9
            assert abs(found.points) > 1e-9
            assert found.criteria


def gated(half_life: int, above: float, cap: float) -> plv.PlvModel:
    """A score that only steps: what moves all the time shows in gates and in steps of a table."""
    fading = plv.Training(half_life=timedelta(days=half_life))
    table = plv.PointsTable(((0.2, 0.4), (0.5, 0.7), (1, 1)), between="step")
    steps = plv.Percentile((1, 2, 2, 5, 9))
    criteria = (
        *stepwise("zero").criteria,
        plv.Criterion(metric=fading, normaliser=plv.CappedTarget(2), weight=0),
        plv.Criterion(metric=plv.SourcedLeads(), normaliser=plv.CappedTarget(9), weight=0),
        plv.Criterion(metric=fading, normaliser=table, weight=10, name="table"),
        plv.Criterion(metric=plv.DealFrequency(), normaliser=steps, weight=10, name="rank"),
    )
    gates = (
        plv.Gate(names=("training", "sourced_leads"), above=above, cap=cap),
        plv.Gate(names="certifications", above=0, cap=1.5 * cap),
    )
    return plv.PlvModel(name="gated", criteria=criteria, gates=gates, missing="zero")


DAY = timedelta(days=1)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    events=histories(partner_ids=("acme",), max_partner_events=12, dirt=frozenset()),
    half_life=st.integers(20, 400),
    above=st.floats(0.05, 0.5),
    cap=st.floats(0, 30),
)
def test_the_next_step_is_the_first_that_a_scan_over_all_days_finds(
    events: History, half_life: int, above: float, cap: float
) -> None:
    model = gated(half_life, above, cap)
    as_of = max(max(event.occurred_at, event.recorded_at) for event in events)
    lives = fold(events, as_of=as_of)
    for partner_id, score in plv.plv_scores(lives, model=model).items():
        found = plv.next_change_at(lives, partner_id=partner_id, model=model)
        record = plv.records_of(lives)[partner_id]

        def then(at: datetime, record: plv.PartnerRecord = record) -> float:
            return level(plv.score_of(record, as_of=at, model=model))

        days = (as_of + n * DAY for n in range(1, 900))
        scanned = next((day for day in days if abs(then(day) - level(score)) > 1e-9), None)
        if found.at is None:
            assert scanned is None
        else:
            assert abs(then(found.at - TICK) - level(score)) < 1e-9
            assert abs(then(found.at) - level(score) - found.points) < 1e-9
            assert abs(found.points) > 1e-9
            assert found.criteria
            assert scanned is None or scanned - DAY < found.at
            assert scanned is None or found.at <= scanned
            assert scanned is not None or found.at > as_of + 898 * DAY or as_it_was(then, found)


def as_it_was(then: Callable[[datetime], float], found: plv.NextChange) -> bool:
    """Whether what stepped was stepped back within the day, so that no scan over days sees it."""
    assert found.at is not None
    return abs(then(found.at + DAY) - then(found.at - TICK)) < 1e-9
