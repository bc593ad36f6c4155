"""Laws of a scoring model on numbers: whatever the metrics are, and whatever they come to."""

from __future__ import annotations

import json
import pickle
from itertools import permutations
from math import fsum, isclose
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerleads import plv
from partnerleads.attribution.digits import in_digits
from partnerleads.errors import BadInputError
from partnerleads.plv.explaining import parts_between
from tests.properties import plv_cases as cases

TINY = 1e-9


def close(a: float | None, b: float | None) -> bool:
    """Whether two scores differ by rounding alone."""
    if a is None or b is None:
        return a is b
    return isclose(a, b, rel_tol=TINY, abs_tol=TINY)


@given(model=cases.models(), data=st.data())
def test_bounded(model: plv.PlvModel, data: st.DataObject) -> None:
    found = cases.weighed(model, data.draw(cases.metrics_of(model)))

    assert found.value is None or 0 <= found.value <= 100
    assert -TINY <= found.coverage <= 1 + TINY


@given(model=cases.models(gated=False))
def test_all_at_their_best_is_100_and_all_at_their_worst_is_0(model: plv.PlvModel) -> None:
    best = model.weigh({one.name: 1.0 for one in model.criteria})
    worst = model.weigh({one.name: 0.0 for one in model.criteria})

    assert close(100, best.value)
    assert close(0, worst.value)


@given(normaliser=cases.normalisers, a=cases.values, b=cases.values)
def test_a_normaliser_stays_between_0_and_1_and_never_falls(
    normaliser: plv.Normaliser, a: float, b: float
) -> None:
    low, high = sorted((a, b))

    assert 0 <= normaliser.share(low) <= normaliser.share(high) <= 1


@given(model=cases.models(), data=st.data())
def test_monotone_per_metric(model: plv.PlvModel, data: st.DataObject) -> None:
    metrics = data.draw(cases.metrics_of(model))
    name = data.draw(st.sampled_from([one.name for one in model.criteria]))
    low, high = sorted((data.draw(cases.values), data.draw(cases.values)))
    worse = cases.weighed(model, {**metrics, name: low}).value
    better = cases.weighed(model, {**metrics, name: high}).value

    assert (worse is None) == (better is None)
    assert worse is None or better is None or worse <= better + TINY


@given(model=cases.models(), factor=st.floats(1e-6, 1e6), data=st.data())
def test_weight_scale_invariant(model: plv.PlvModel, factor: float, data: st.DataObject) -> None:
    metrics = data.draw(cases.metrics_of(model))
    scaled = attrs.evolve(
        model,
        criteria=[attrs.evolve(one, weight=one.weight * factor) for one in model.criteria],
    )

    assert close(cases.weighed(model, metrics).value, cases.weighed(scaled, metrics).value)


@given(model=cases.models(), data=st.data())
def test_order_of_criteria_invariant(model: plv.PlvModel, data: st.DataObject) -> None:
    metrics = data.draw(cases.metrics_of(model))
    turned = attrs.evolve(model, criteria=data.draw(st.permutations(model.criteria)))

    assert close(cases.weighed(model, metrics).value, cases.weighed(turned, metrics).value)


@given(model=cases.models(), share=st.one_of(st.none(), st.floats(0, 1)), data=st.data())
def test_zero_weight_metric_irrelevant(
    model: plv.PlvModel, share: float | None, data: st.DataObject
) -> None:
    shares = model.shares_of(data.draw(cases.metrics_of(model)))
    idle = plv.Criterion(name="idle", metric=cases.METRIC, normaliser=plv.CappedTarget(1), weight=0)
    wider = attrs.evolve(model, criteria=(*model.criteria, idle))

    assert model.weigh(shares) == wider.weigh({**shares, "idle": share})


@given(model=cases.models(), data=st.data())
def test_splitting_a_metric_in_halves_neutral(model: plv.PlvModel, data: st.DataObject) -> None:
    shares = model.shares_of(data.draw(cases.metrics_of(model)))
    place = data.draw(st.integers(0, len(model.criteria) - 1))
    whole = model.criteria[place]
    halves = [
        attrs.evolve(whole, name=name, weight=whole.weight / 2) for name in (whole.name, "other")
    ]
    split = attrs.evolve(
        model, criteria=(*model.criteria[:place], *halves, *model.criteria[place + 1 :])
    )
    found, again = model.weigh(shares), split.weigh({**shares, "other": shares[whole.name]})

    assert close(found.value, again.value)
    assert close(found.coverage, again.coverage)


@given(
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=5),
    floor=st.floats(0, 0.9),
    data=st.data(),
)
def test_least_geometric_arithmetic_most(
    shares: list[float], floor: float, data: st.DataObject
) -> None:
    raw = data.draw(st.lists(st.floats(0.01, 1), min_size=len(shares), max_size=len(shares)))
    weights = [weight / fsum(raw) for weight in raw]
    geometric = plv.FlooredGeometric(floor=floor).combined(shares, weights)
    arithmetic = plv.WeightedMean().combined(shares, weights)

    assert min(shares) <= geometric <= max(shares)
    assert geometric <= arithmetic + TINY
    assert arithmetic <= max(shares)


@given(
    shares=st.lists(st.floats(0.001, 1), min_size=1, max_size=5),
    exponents=st.tuples(st.floats(-20, 20), st.floats(-20, 20)),
)
def test_a_power_mean_rises_with_its_exponent(
    shares: list[float], exponents: tuple[float, float]
) -> None:
    weights = [1 / len(shares)] * len(shares)
    low, high = (
        plv.PowerMean(exponent=round(one, 2)).combined(shares, weights) for one in sorted(exponents)
    )

    assert min(shares) <= low <= high + 1e-7
    assert high <= max(shares)


@given(model=cases.models(), data=st.data())
def test_parts_sum_to_the_distance_from_the_reference(
    model: plv.PlvModel, data: st.DataObject
) -> None:
    here, there = (
        model.filled(model.shares_of(data.draw(cases.metrics_of(model)))) for _ in range(2)
    )
    parts = parts_between(model, here, there)

    assert close(model.combined(here) - model.combined(there), fsum(one.points for one in parts))


@given(model=cases.models(), data=st.data())
def test_parts_are_what_trying_every_order_gives(model: plv.PlvModel, data: st.DataObject) -> None:
    here, there = (
        model.filled(model.shares_of(data.draw(cases.metrics_of(model)))) for _ in range(2)
    )
    names = [one.name for one in model.criteria if one.name in here or one.name in there]
    orders = [*permutations(names)]
    slow = dict.fromkeys(names, 0.0)
    for order in orders:
        now, last = dict(there), model.combined(there)
        for name in order:
            now.pop(name, None)
            now |= {name: here[name]} if name in here else {}
            value = model.combined(now)
            slow[name] += (value - last) / len(orders)
            last = value
    fast = {one.name: one.points for one in parts_between(model, here, there)}

    assert slow.keys() == fast.keys()
    assert all(close(slow[name], fast[name]) for name in names)


@given(
    points=st.lists(st.floats(-100, 100), max_size=8),
    reference=st.floats(0, 100),
    digits=st.integers(0, 4),
)
def test_shown_parts_sum_exactly_to_what_is_shown(
    points: list[float], reference: float, digits: int
) -> None:
    parts = tuple(plv.Part(name=str(place), points=one) for place, one in enumerate(points))
    told = plv.Explanation(
        partner_id="acme",
        value=reference + fsum(points),
        reference="something",
        reference_value=reference,
        parts=parts,
    )
    shown = told.rounded(digits=digits)
    total = in_digits(told.value, digits) - in_digits(reference, digits)

    assert len(parts) == len(shown)
    assert not parts or total == sum(one for _, one in shown)
    for part, (_, one) in zip(parts, shown, strict=True):
        assert abs(float(one) - part.points) <= 2 * 10.0**-digits


@given(model=cases.models())
def test_a_model_survives_saving_pickling_and_hashing(model: plv.PlvModel) -> None:
    again = plv.PlvModel.from_json(model.to_json())

    assert model == again
    assert model.fingerprint == again.fingerprint
    assert model == pickle.loads(pickle.dumps(model))  # noqa: S301 - made right here
    assert hash(model) == hash(again)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.sampled_from(
            ["", "goalposts", "training", "3 days", "0.5 hours", "zero", "EUR", "alpha"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["kind", "name", "points", "low", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def places(table: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The path of every value inside a table."""
    items: list[tuple[object, object]] = []
    if isinstance(table, dict):
        items = [*table.items()]
    elif isinstance(table, list):
        items = [*enumerate(table)]
    inside = [place for key, one in items for place in places(one, (*path, key))]
    return [path, *inside]


@given(model=st.one_of(cases.models(), st.just(plv.DEFAULT_MODEL)), data=st.data())
def test_a_text_changed_anywhere_is_a_model_or_tells_its_faults(
    model: plv.PlvModel, data: st.DataObject
) -> None:
    table: Any = {"whole": json.loads(model.to_json())}
    *path, last = data.draw(st.sampled_from(places(table["whole"], ("whole",))))
    inside = table
    for step in path:
        inside = inside[step]
    inside[last] = data.draw(JSON)
    changed, faults = None, ()
    try:
        changed = plv.PlvModel.from_json(json.dumps(table["whole"]))
    except BadInputError as error:
        faults = error.faults

    assert (changed is None) == bool(faults)
    assert all(fault.path.startswith("$") and fault.reason for fault in faults)
    assert changed is None or changed == plv.PlvModel.from_json(changed.to_json())


@given(first=cases.models(), second=cases.models())
def test_fingerprints_differ_between_different_models(
    first: plv.PlvModel, second: plv.PlvModel
) -> None:
    assert (first == second) == (first.fingerprint == second.fingerprint)


COMPARABLE = st.one_of(
    st.just(plv.WeightedMean()),
    st.builds(plv.FlooredGeometric, floor=st.floats(0.05, 0.5)),
    st.builds(plv.PowerMean, exponent=st.sampled_from([0.5, 1.0, 2.0])),
)


@given(model=cases.models(min_size=2, aggregator=COMPARABLE), data=st.data())
def test_the_leader_leads_within_every_weight_interval_and_not_beyond(
    model: plv.PlvModel, data: st.DataObject
) -> None:
    scores = {
        name: cases.made_score(model, name, data.draw(cases.metrics_of(model)))
        for name in ("acme", "beta", "cyan")
    }
    values = {name: one.value for name, one in scores.items() if one.value is not None}
    assume(values)
    leader = max(sorted(values), key=values.__getitem__)
    for one in plv.weight_intervals(scores):
        assert 0 <= one.low <= one.weight <= one.high
        top = min(one.high, 2 * one.weight + 1)
        inside = one.low + data.draw(st.floats(0.001, 0.999)) * (top - one.low)
        if others(one, model):
            assert ahead(scores, one.name, inside, leader) <= 1e-6
            if one.below is not None:
                assert ahead(scores, one.name, one.low * (1 - 1e-6), leader, one.below) >= -1e-6
            if one.above is not None:
                assert (
                    ahead(scores, one.name, one.high * (1 + 1e-6) + 1e-9, leader, one.above)
                    >= -1e-6
                )


def others(interval: plv.WeightInterval, model: plv.PlvModel) -> bool:
    """Whether another criterion than that of the interval weighs."""
    return any(one.weight for one in model.criteria if one.name != interval.name)


def ahead(
    scores: dict[str, plv.PlvScore], name: str, weight: float, leader: str, rival: str = ""
) -> float:
    """How far the rival, or the best, is ahead of the leader with another weight."""
    values = cases.with_weight(scores, name, weight)
    best = max(-1.0 if one is None else one for one in values.values())
    own = values[leader]
    return (best if not rival else values[rival] or -1.0) - (-1.0 if own is None else own)
