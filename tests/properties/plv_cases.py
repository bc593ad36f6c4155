"""Scoring models and shares for the laws of the composite score."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from partnerleads import plv
from partnerleads.plv.criteria import MISSING, Weighed
from partnerleads.testing import at

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")
MOST = 1e6

values = st.floats(-MOST, MOST).map(lambda value: round(value, 3))
weights = st.one_of(st.just(0.0), st.floats(0.01, 100))
positive = st.floats(0.1, 1000)


@st.composite
def _goalposts(draw: DrawFn) -> plv.Goalposts:
    low, length = draw(values), draw(positive)
    return plv.Goalposts(low, low + length)


@st.composite
def _log_goalposts(draw: DrawFn) -> plv.LogGoalposts:
    low, times = draw(positive), draw(st.floats(1.1, 1000))
    return plv.LogGoalposts(low, low * times)


@st.composite
def _tables(draw: DrawFn) -> plv.PointsTable:
    places = sorted(draw(st.sets(values, min_size=1, max_size=5)))
    shares = sorted(draw(st.lists(st.floats(0, 1), min_size=len(places), max_size=len(places))))
    between = draw(st.sampled_from(["linear", "step"]))
    return plv.PointsTable(tuple(zip(places, shares, strict=True)), between=between)


normalisers: SearchStrategy[plv.Normaliser] = st.one_of(
    _goalposts(),
    _log_goalposts(),
    st.builds(plv.CappedTarget, positive),
    st.builds(plv.Saturating, positive),
    _tables(),
    st.builds(plv.Percentile, st.lists(values, min_size=1, max_size=6)),
)

aggregators: SearchStrategy[plv.Aggregator] = st.one_of(
    st.just(plv.WeightedMean()),
    st.builds(plv.FlooredGeometric, floor=st.floats(0, 0.5)),
    st.builds(plv.PowerMean, exponent=st.floats(-5, 5).map(lambda p: round(p, 2))),
)

METRIC = plv.Certifications()


@st.composite
def criteria(draw: DrawFn, *, min_size: int = 1) -> tuple[plv.Criterion, ...]:
    """Criteria, not all of weight 0."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=min_size, max_size=5, unique=True))
    chosen = [
        plv.Criterion(name=name, metric=METRIC, normaliser=draw(normalisers), weight=draw(weights))
        for name in names
    ]
    if not any(one.weight for one in chosen):
        one = chosen[0]
        chosen[0] = plv.Criterion(
            name=one.name, metric=METRIC, normaliser=one.normaliser, weight=1.0
        )
    return tuple(chosen)


@st.composite
def models(
    draw: DrawFn,
    *,
    min_size: int = 1,
    aggregator: SearchStrategy[plv.Aggregator] = aggregators,
    gated: bool = True,
) -> plv.PlvModel:
    """Models of made-up criteria, for laws on numbers."""
    chosen = draw(criteria(min_size=min_size))
    names = [one.name for one in chosen]
    gates = st.builds(
        plv.Gate,
        names=st.lists(st.sampled_from(names), max_size=2, unique=True),
        above=st.floats(0, 1),
        cap=st.floats(0, 100),
    )
    return plv.PlvModel(
        name="drawn",
        criteria=chosen,
        aggregator=draw(aggregator),
        gates=draw(st.lists(gates, max_size=2)) if gated else (),
        missing=draw(st.sampled_from(MISSING)),
        neutral=draw(st.floats(0, 1)),
    )


def metrics_of(
    model: plv.PlvModel, *, missing: bool = True
) -> SearchStrategy[dict[str, float | None]]:
    """Values of the criteria of a model, some of them not known."""
    one = st.one_of(st.none(), values) if missing else values
    return st.fixed_dictionaries({criterion.name: one for criterion in model.criteria})


def weighed(model: plv.PlvModel, metrics: dict[str, float | None]) -> Weighed:
    """What values come to."""
    return model.weigh(model.shares_of(metrics))


def rates(source: str, target: str, day: date) -> Decimal:
    """Prices that change from day to day."""
    return Decimal(50 + day.toordinal() % 100) / 100


def made_score(
    model: plv.PlvModel, partner_id: str, metrics: dict[str, float | None]
) -> plv.PlvScore:
    """The score of a partner with given metrics."""
    shares = model.shares_of(metrics)
    found = model.weigh(shares)
    return plv.PlvScore(
        partner_id=partner_id,
        value=found.value,
        uncapped=found.uncapped,
        coverage=found.coverage,
        provisional=False,
        tier=None,
        readings=tuple(
            plv.Reading(name=name, unit="", value=metrics[name], share=share, weight=0.0)
            for name, share in shares.items()
        ),
        model=model,
        as_of=at("2026-06-01"),
    )


def with_weight(
    scores: dict[str, plv.PlvScore], name: str, weight: float
) -> dict[str, float | None]:
    """What scores would be with another weight of one criterion."""
    found = {}
    for partner_id, score in scores.items():
        changed = [
            attrs.evolve(one, weight=weight) if one.name == name else one
            for one in score.model.criteria
        ]
        found[partner_id] = attrs.evolve(score.model, criteria=changed).weigh(score.shares).value
    return found
