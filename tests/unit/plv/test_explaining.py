"""Why a score is what it is."""

from __future__ import annotations

from decimal import Decimal
from math import isclose, prod
from typing import Any

import attrs
import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from tests.properties.plv_cases import METRIC, made_score


def model(**changes: Any) -> plv.PlvModel:
    """Criteria a, b and c of weight 2, 1 and 1, whose values are their shares."""
    options = {
        "name": "abc",
        "criteria": [
            plv.Criterion(name=name, metric=METRIC, normaliser=plv.Goalposts(0, 1), weight=weight)
            for name, weight in (("a", 2), ("b", 1), ("c", 1))
        ],
    }
    return plv.PlvModel(**(options | changes))


def score(one: plv.PlvModel, *shares: float | None, name: str = "acme") -> plv.PlvScore:
    return made_score(one, name, dict(zip("abc", shares, strict=True)))


def told(explanation: plv.Explanation) -> dict[str, float]:
    return {part.name: part.points for part in explanation.parts}


def test_the_parts_of_a_weighted_mean_follow_its_formula() -> None:
    found = plv.explain(score(model(), 0.5, 1.0, 0.0))

    assert {"a": 25.0, "b": 25.0, "c": 0.0} == told(found)
    assert (50.0, 0.0, "0") == (found.value, found.reference_value, found.reference)


def test_the_mean_of_peers_is_taken_criterion_by_criterion() -> None:
    own = score(model(), 0.5, 1.0, None)
    peers = {
        "acme": own,
        "beta": score(model(), 1.0, None, 0.0, name="beta"),
    }
    found = plv.explain(own, reference=peers)

    assert isclose(100 * 2 / 3 * (0.5 - 0.75), told(found)["a"])
    assert {"a", "b"} == {*told(found)}
    assert 0.0 == told(found)["b"]
    assert "the mean of 2" == found.reference
    assert isclose(found.value - found.reference_value, sum(told(found).values()))


def test_where_no_peer_knows_a_criterion_it_tells_nothing() -> None:
    peers = {"beta": score(model(), 1.0, None, None, name="beta")}

    assert 0.0 == told(plv.explain(score(model(), 0.5, 1.0, None), reference=peers))["b"]


def test_a_tier_is_a_partner_that_has_its_least_score_everywhere() -> None:
    gold = plv.Tier(name="gold", at_least=60)
    found = plv.explain(score(model(), 0.5, 1.0, 0.0), reference=gold)

    assert [-5.0, 10.0, -15.0] == [round(points, 9) for points in told(found).values()]
    assert (60, "tier 'gold'") == (found.reference_value, found.reference)


def test_a_partner_of_which_nothing_is_known_is_as_far_below_a_tier_as_that_is_high() -> None:
    gold = plv.Tier(name="gold", at_least=60)
    found = plv.explain(score(model(), None, None, None), reference=gold)

    assert isclose(-60, sum(told(found).values()))
    assert {} == told(plv.explain(score(model(), None, None, None)))


def test_an_earlier_score_with_other_criteria_known_is_explained_over_every_order() -> None:
    before = score(model(), 0.5, None, 0.5)
    found = plv.explain(score(model(), 0.5, 1.0, None), reference=before)

    assert isclose(200 / 3 - 50, sum(told(found).values()))
    # b comes first: 50 to 62.5, c then goes: to 66.7; c goes first: stays 50, b then comes: 66.7
    assert isclose((12.5 + 50 / 3) / 2, told(found)["b"])
    assert isclose((200 / 3 - 62.5) / 2, told(found)["c"])
    assert 0.0 == told(found)["a"]
    assert "acme as of 2026-06-01" == found.reference


def test_shapley_values_of_a_product_by_hand() -> None:
    plain = model(aggregator=plv.FlooredGeometric(floor=0))
    here, there = (0.81, 0.16, 1.0), (0.25, 1.0, 1.0)
    factor = {"a": (0.81 / 0.25) ** 0.5, "b": 0.16**0.25}
    start = 100 * prod(u**w for u, w in zip(there, (0.5, 0.25, 0.25), strict=True))
    by_a = start * (factor["a"] - 1) * (1 + factor["b"]) / 2
    by_b = start * (factor["b"] - 1) * (1 + factor["a"]) / 2
    found = told(plv.explain(score(plain, *here), reference=score(plain, *there)))

    assert isclose(by_a, found["a"])
    assert isclose(by_b, found["b"])
    assert 0.0 == found["c"]


def test_a_cap_is_a_part_and_so_is_a_cap_that_was_lifted() -> None:
    gated = model(gates=[plv.Gate(cap=40)])
    capped, free = score(gated, 1.0, 1.0, 0.0), score(gated, 0.5, 0.5, 0.5)

    assert -35.0 == told(plv.explain(capped))["cap"]
    assert 35.0 == told(plv.explain(free, reference=capped))["cap"]
    assert "cap" not in told(plv.explain(free))
    assert "cap" not in told(plv.explain(capped, reference=capped))


def test_scores_of_other_models_and_no_scores_at_all_are_refused() -> None:
    own = score(model(), 0.5, 1.0, 0.0)

    with pytest.raises(OptionError, match="comes of the model 'other'"):
        plv.explain(own, reference=score(model(name="other"), 0.5, 1.0, 0.0))
    with pytest.raises(OptionError, match="has no score"):
        plv.explain(own, reference={})


def test_more_criteria_than_can_be_tried_are_refused() -> None:
    many = plv.PlvModel(
        name="many",
        criteria=[
            plv.Criterion(name=f"c{n}", metric=METRIC, normaliser=plv.Goalposts(0, 1), weight=1)
            for n in range(17)
        ],
        aggregator=plv.PowerMean(exponent=2),
    )

    with pytest.raises(OptionError, match="up to 16"):
        plv.explain(made_score(many, "acme", {f"c{n}": 0.5 for n in range(17)}))


def test_what_is_left_by_rounding_goes_to_those_that_lost_most() -> None:
    thirds = attrs.evolve(
        plv.explain(score(model(), 0.5, 1.0, 0.0)),
        value=100.0,
        parts=tuple(plv.Part(name=name, points=100 / 3) for name in "abc"),
    )

    assert (
        ("a", Decimal("33.4")),
        ("b", Decimal("33.3")),
        ("c", Decimal("33.3")),
    ) == thirds.rounded()
    assert Decimal(100) == sum(points for _, points in thirds.rounded(digits=0))


def test_an_explanation_reads_as_a_list() -> None:
    gold = plv.Tier(name="gold", at_least=60)

    assert """\
acme 50.0, -10.0 from tier 'gold'
  a   -5.0
  b  +10.0
  c  -15.0\
""" == str(plv.explain(score(model(), 0.5, 1.0, 0.0), reference=gold))
    assert "acme 0.0, +0.0 from 0" == str(plv.explain(score(model(), None, None, None)))
