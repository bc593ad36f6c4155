"""A scoring model, at the edges."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from partnerleads import plv
from partnerleads.errors import MoneyError, OptionError
from partnerleads.plv.criteria import Weighed


def criterion(name: str, weight: float = 1.0) -> plv.Criterion:
    return plv.Criterion(
        name=name, metric=plv.Training(), normaliser=plv.CappedTarget(1), weight=weight
    )


def model(**changes: Any) -> plv.PlvModel:
    options = {"name": "small", "criteria": [criterion("a", 3), criterion("b", 1)]}
    return plv.PlvModel(**(options | changes))


def test_a_criterion_is_called_as_its_metric_where_nothing_is_said() -> None:
    assert "training" == criterion("").name


def test_what_is_missing_is_left_out_and_lowers_the_coverage() -> None:
    found = model().weigh({"b": 0.5})

    assert (50.0, 50.0, 0.25) == (found.value, found.uncapped, found.coverage)


def test_what_is_missing_may_be_neutral_or_0() -> None:
    assert 75.0 == model(missing="neutral", neutral=1.0).weigh({"b": 0.0}).value
    assert 25.0 == model(missing="zero").weigh({"b": 1.0, "a": None}).value
    assert 0.25 == model(missing="zero").weigh({"b": 1.0, "a": None}).coverage


def test_where_nothing_is_known_there_is_no_score_unless_something_stands_for_it() -> None:
    assert Weighed(value=None, uncapped=None, gates=(), coverage=0.0) == model().weigh({})
    assert 0.0 == model(missing="zero").weigh({}).value
    assert 50.0 == model(missing="neutral").weigh({}).value


def test_what_is_known_but_weighs_nothing_makes_no_score() -> None:
    idle = model(criteria=[criterion("a", 0), criterion("b", 1)])

    assert idle.weigh({"a": 1.0}).value is None


def test_a_closed_gate_caps_the_score_and_the_lowest_cap_counts() -> None:
    gates = [
        plv.Gate(cap=69),
        plv.Gate(names=["a"], above=0.5, cap=40),
        plv.Gate(above=0.9, cap=99),
    ]
    gated = model(gates=gates)
    found = gated.weigh({"a": 0.4, "b": 0.95})

    assert 40.0 == found.value
    assert (gates[1], gates[2]) == found.gates
    assert 69.0 == gated.weigh({"a": 1.0, "b": 0.0}).value
    assert 100.0 == gated.weigh({"a": 1.0, "b": 1.0}).value


def test_a_gate_never_lifts_a_score() -> None:
    gated = model(gates=[plv.Gate(cap=69)])

    assert 0.0 == gated.weigh({"a": 0.0, "b": 0.0}).value


def test_what_is_not_known_closes_no_gate_unless_it_is_taken_for_0() -> None:
    gates = [plv.Gate(cap=30)]

    assert 100.0 == model(gates=gates).weigh({"a": 1.0}).value
    assert 30.0 == model(gates=gates, missing="zero").weigh({"a": 1.0}).value


def test_a_gate_may_look_at_what_weighs_nothing_where_it_is_named() -> None:
    criteria = [criterion("a", 0), criterion("b", 1)]
    named = model(criteria=criteria, gates=[plv.Gate(names=["a"], cap=30)])
    unnamed = model(criteria=criteria, gates=[plv.Gate(cap=30)])

    assert 30.0 == named.weigh({"a": 0.0, "b": 1.0}).value
    assert 100.0 == unnamed.weigh({"a": 0.0, "b": 1.0}).value


def test_huge_weights_are_proportions_all_the_same() -> None:
    huge = model(criteria=[criterion("a", 1e308), criterion("b", 1e308)])

    assert 50.0 == huge.weigh({"a": 1.0, "b": 0.0}).value
    assert {"a": 0.5, "b": 0.5} == huge.weights


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"criteria": []}, "needs a weight above 0"),
        ({"criteria": [criterion("a", 0)]}, "needs a weight above 0"),
        ({"criteria": [criterion("a"), criterion("a")]}, "names two criteria"),
        ({"gates": [plv.Gate(names=["aa"], cap=1)]}, "did you mean 'a'"),
        ({"missing": "nothing"}, "offered are"),
        ({"neutral": 2}, "at most 1"),
        ({"provisional_below": -1}, "at least 0"),
        (
            {"tiers": [plv.Tier(name="gold", at_least=50), plv.Tier(name="top", at_least=50)]},
            "from the least up",
        ),
    ],
)
def test_models_that_make_no_sense_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        model(**changes)


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), True, "1"])
def test_weights_are_finite_and_not_negative(weight: Any) -> None:
    with pytest.raises(OptionError, match="weight"):
        criterion("a", weight)


def test_a_currency_is_one() -> None:
    with pytest.raises(MoneyError, match="no ISO 4217"):
        model(currency="Euro")


def test_the_fingerprint_sees_every_number() -> None:
    fingerprints = {
        one.fingerprint
        for one in (
            model(),
            model(name="other"),
            model(neutral=0.25),
            model(criteria=[criterion("a", 3), criterion("b", 1.5)]),
            attrs.evolve(plv.DEFAULT_MODEL, currency="EUR"),
            plv.DEFAULT_MODEL,
        )
    }

    assert 6 == len(fingerprints)
    assert (
        model().fingerprint == model(criteria=[criterion("a", 3.0), criterion("b", 1)]).fingerprint
    )


def test_a_gate_looks_at_a_weightless_criterion_as_the_missing_policy_fills_it() -> None:
    def value(gated: plv.PlvModel) -> float | None:
        return gated.weigh({"training": 1.0}).value

    model = plv.PlvModel(
        name="gated",
        criteria=(
            plv.Criterion(metric=plv.Training(), normaliser=plv.CappedTarget(1), weight=1),
            plv.Criterion(metric=plv.Satisfaction(), normaliser=plv.CappedTarget(1), weight=0),
        ),
        gates=(plv.Gate(names="satisfaction", cap=20),),
    )

    assert 100.0 == value(model)
    assert 20.0 == value(attrs.evolve(model, missing="zero"))
    assert 100.0 == value(attrs.evolve(model, missing="neutral"))


def test_no_shares_are_no_points() -> None:
    assert 0 == model().combined({})
