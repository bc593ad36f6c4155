"""Laws of the ledger of a score, and of what passing time does, on arbitrary dirty histories."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from math import fsum

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import plv
from partnerleads.events import Event
from partnerleads.lifecycle import fold
from partnerleads.plv.explaining import in_digits
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
