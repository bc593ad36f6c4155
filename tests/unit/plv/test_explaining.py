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
    assert "acme as of 2026-06-01 00:00 UTC" == found.reference


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


def many(n: int, *, weight: float = 1, uneven: bool = False, **changes: Any) -> plv.PlvModel:
    """Criteria c0, c1 and so on, whose values are their shares."""
    criteria = [
        plv.Criterion(
            name=f"c{place}",
            metric=METRIC,
            normaliser=plv.Goalposts(0, 1),
            weight=weight + 2**place if uneven else weight,
        )
        for place in range(n)
    ]
    return plv.PlvModel(**({"name": "many", "criteria": criteria} | changes))


def shares(n: int, share: float | None) -> dict[str, float | None]:
    return {f"c{place}": share for place in range(n)}


@pytest.mark.parametrize(
    "aggregator",
    [plv.WeightedMean(), plv.FlooredGeometric(), plv.FlooredGeometric(floor=0),
     plv.PowerMean(exponent=0)],
)  # fmt: skip
def test_alike_criteria_share_the_distance_alike_however_many_they_are(
    aggregator: plv.Aggregator,
) -> None:
    plain = many(60, aggregator=aggregator)
    here, there = (made_score(plain, "acme", shares(60, share)) for share in (0.9, 0.1))
    found = told(plv.explain(here, reference=there))

    assert [pytest.approx(80 / 60, rel=1e-9)] * 60 == [*found.values()]
    assert [pytest.approx(90 / 60, rel=1e-9)] * 60 == [*told(plv.explain(here)).values()]


def test_sixty_criteria_that_become_known_together_share_the_score() -> None:
    plain = many(60, weight=0.1)
    found = plv.explain(
        made_score(plain, "acme", shares(60, 0.5)),
        reference=made_score(plain, "acme", shares(60, None)),
    )

    assert [pytest.approx(50 / 60)] * 60 == [*told(found).values()]


def test_weights_of_too_many_sums_are_refused_with_what_to_do() -> None:
    odd = many(17, uneven=True)
    here, there = (made_score(odd, "acme", shares(17, share)) for share in (0.5, None))

    with pytest.raises(OptionError, match=r"criteria=17: .* state weights in fewer digits"):
        plv.explain(here, reference=there)
    assert isclose(50, sum(told(plv.explain(here)).values()))


def test_more_criteria_than_can_be_tried_are_refused_with_what_to_do() -> None:
    power = made_score(many(17, aggregator=plv.PowerMean(exponent=2)), "acme", shares(17, 0.5))
    geometric = many(17, aggregator=plv.FlooredGeometric())
    known, unknown = (made_score(geometric, "acme", shares(17, one)) for one in (0.5, None))

    with pytest.raises(OptionError, match=r"up to 16; take WeightedMean, or Floored.*power_mean"):
        plv.explain(power)
    with pytest.raises(OptionError, match=r"up to 16; say missing='neutral' or 'zero'"):
        plv.explain(known, reference=unknown)


def test_a_floor_near_1_loses_no_digits_of_the_sum() -> None:
    steep = model(aggregator=plv.FlooredGeometric(floor=1 - 1e-9))
    own = score(steep, 0.3, 0.9, 0.1)

    assert own.value is not None
    assert abs(sum(told(plv.explain(own)).values()) - own.value) < 1e-9


def test_a_score_whose_parts_are_refused_still_prints_and_says_why() -> None:
    power = made_score(many(17, aggregator=plv.PowerMean(exponent=2)), "acme", shares(17, 0.5))

    assert "acme 50.0" in str(power)
    assert "points  not told" in str(power)
    assert "criteria=17: differ" in str(power)
    assert [None] * 17 == [row["points"] for row in power.to_dicts()]


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


def test_an_explanation_shows_in_a_notebook_and_gives_its_parts_as_rows() -> None:
    found = plv.explain(score(model(), 0.5, 1.0, 0.0))
    rows = found.to_dicts()

    assert f"<{found}>" == repr(found)
    assert "<tr><th></th><th>points</th></tr>" in found._repr_html_()
    assert [(part.name, part.points) for part in found.parts] == [
        (row["part"], row["points"]) for row in rows
    ]
    assert {("acme", found.value, "0", 0.0)} == {
        (row["partner_id"], row["score"], row["reference"], row["reference_score"]) for row in rows
    }
