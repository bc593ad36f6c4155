"""How far weights can move, by hand."""

from __future__ import annotations

from math import inf, isclose
from typing import Any

import attrs
import pytest

from partnerleads import plv
from partnerleads.errors import OptionError
from tests.properties.plv_cases import METRIC, made_score


def model(weights: tuple[float, float] = (1, 1), **changes: Any) -> plv.PlvModel:
    options = {
        "name": "two",
        "criteria": [
            plv.Criterion(name=name, metric=METRIC, normaliser=plv.Goalposts(0, 1), weight=weight)
            for name, weight in zip("ab", weights, strict=True)
        ],
    }
    return plv.PlvModel(**(options | changes))


def scores(
    one: plv.PlvModel, **shares: tuple[float | None, float | None]
) -> dict[str, plv.PlvScore]:
    return {
        name: made_score(one, name, dict(zip("ab", both, strict=True)))
        for name, both in shares.items()
    }


def limits(found: tuple[plv.WeightInterval, ...]) -> dict[str, tuple[float, float]]:
    return {one.name: (one.low, one.high) for one in found}


def test_the_limits_are_where_two_partners_are_level() -> None:
    found = plv.weight_intervals(scores(model(), acme=(0.9, 0.2), beta=(0.3, 0.6)))

    # 0.9 x + 0.2 = 0.3 x + 0.6 at x = 2 / 3, and 0.9 + 0.2 x = 0.3 + 0.6 x at x = 1.5
    assert isclose(2 / 3, found[0].low)
    assert ("beta", inf, None) == (found[0].below, found[0].high, found[0].above)
    assert isclose(1.5, found[1].high)
    assert (0.0, None, "beta") == (found[1].low, found[1].below, found[1].above)
    assert "a 1 (0.6667 to inf)" == str(found[0])


def test_a_partner_alone_leads_whatever_the_weights() -> None:
    found = plv.weight_intervals(scores(model(), acme=(0.9, 0.2)))

    assert {"a": (0.0, inf), "b": (0.0, inf)} == limits(found)


def test_what_one_partner_does_not_know_makes_its_score_stand_still() -> None:
    found = plv.weight_intervals(scores(model(), acme=(1.0, 0.2), beta=(None, 0.5)))

    # (x + 0.2) / (x + 1) = 0.5 at x = 0.6
    assert isclose(0.6, found[0].low)


THREE = plv.PlvModel(
    name="three",
    criteria=[
        plv.Criterion(name=name, metric=METRIC, normaliser=plv.Goalposts(0, 1), weight=1)
        for name in "abc"
    ],
)


def test_two_scores_may_be_level_at_two_weights() -> None:
    (first, *_) = plv.weight_intervals(
        {
            "acme": made_score(THREE, "acme", {"a": 0.5, "b": 0.9, "c": None}),
            "beta": made_score(THREE, "beta", {"a": 0.55, "b": 0.6, "c": 0.3}),
        }
    )

    # (0.5 x + 0.9) (x + 2) = (0.55 x + 0.9) (x + 1), so 0.05 x^2 - 0.45 x - 0.9 = 0
    assert isclose((0.45 + (0.45**2 + 0.18) ** 0.5) / 0.1, first.high)
    assert (0.0, "beta") == (first.low, first.above)


def test_two_scores_may_be_level_at_no_weight() -> None:
    (first, *_) = plv.weight_intervals(
        {
            "acme": made_score(THREE, "acme", {"a": 0.5, "b": 1.0, "c": None}),
            "beta": made_score(THREE, "beta", {"a": 0.0, "b": 0.5, "c": 0.5}),
        }
    )

    # (0.5 x + 1) (x + 2) = x + 1 has no solution
    assert (0.0, inf) == (first.low, first.high)


def test_a_capped_leader_is_overtaken_at_its_cap() -> None:
    gated = model(gates=[plv.Gate(names=["b"], cap=50)])
    found = plv.weight_intervals(scores(gated, acme=(1.0, 0.0), beta=(0.6, 0.3)))

    # acme stands at its cap of 50 up to b = 1; beta passes 0.5 where 0.6 x + 0.3 = 0.5 (x + 1)
    assert isclose(2.0, found[0].high)
    assert "beta" == found[0].above


def test_a_capped_rival_is_held_at_its_cap() -> None:
    gated = model(gates=[plv.Gate(names=["b"], cap=40)])
    found = plv.weight_intervals(scores(gated, acme=(0.5, 0.5), beta=(1.0, 0.0)))

    assert {"a": (0.0, inf), "b": (0.0, inf)} == limits(found)


def test_other_means_are_solved_in_their_own_scale() -> None:
    one = model(aggregator=plv.PowerMean(exponent=2))
    found = plv.weight_intervals(scores(one, acme=(0.9, 0.2), beta=(0.3, 0.6)))

    # 0.81 x + 0.04 = 0.09 x + 0.36
    assert isclose(0.32 / 0.72, found[0].low)


def test_a_weight_of_0_may_be_the_only_one_with_which_the_leader_leads() -> None:
    found = plv.weight_intervals(scores(model((0, 1)), acme=(None, 0.4), beta=(1.0, None)))

    assert (0.0, 0.0, "beta") == (found[0].low, found[0].high, found[0].above)


def test_equal_partners_stay_equal() -> None:
    found = plv.weight_intervals(scores(model(), acme=(0.5, 0.5), beta=(0.5, 0.5)))

    assert {"a": (0.0, inf), "b": (0.0, inf)} == limits(found)


def test_scores_that_cannot_be_compared_are_refused() -> None:
    one = scores(model(), acme=(0.5, 0.5))
    other = scores(model(name="other"), beta=(0.5, 0.5))
    zeros = scores(model(aggregator=plv.FlooredGeometric(floor=0)), acme=(0.0, 0.5))

    with pytest.raises(OptionError, match="nobody has a score"):
        plv.weight_intervals({})
    with pytest.raises(OptionError, match="nobody has a score"):
        plv.weight_intervals(scores(model(), acme=(None, None)))
    with pytest.raises(OptionError, match="several models"):
        plv.weight_intervals(one | other)
    with pytest.raises(OptionError, match="lay a floor"):
        plv.weight_intervals(zeros)


def test_the_missing_stand_as_the_model_says() -> None:
    neutral = attrs.evolve(model(), missing="neutral", neutral=1.0)
    found = plv.weight_intervals(scores(neutral, acme=(None, 0.2), beta=(0.5, 0.6)))

    # (x + 0.2) / (x + 1) = (0.5 x + 0.6) / (x + 1) at x = 0.8
    assert isclose(0.8, found[0].low)
