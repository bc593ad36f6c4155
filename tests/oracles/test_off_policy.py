"""Off-policy estimates against a slow twin, and over every draw that could have been."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from math import sqrt
from statistics import mean, stdev
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.routing import PastChoice, PolicyValue, policy_value
from partnerleads.stats import LoggedChoice, off_policy

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Z = 1.959963984540054
HALF, QUARTER = 0.5, 0.25
LOGGING = {
    "L1": {"acme": HALF, "beta": QUARTER, "corp": QUARTER},
    "L2": {"acme": QUARTER, "beta": HALF, "corp": QUARTER},
    "L3": {"acme": HALF, "beta": HALF},
    "L4": {"corp": 1.0},
}
TARGET = {
    "L1": {"acme": QUARTER, "beta": HALF, "corp": QUARTER},
    "L2": {"acme": HALF, "beta": 0.0, "corp": HALF},
    "L3": {"acme": 0.0, "beta": 1.0},
    "L4": {"corp": 1.0},
}
REWARDS = {
    "L1": {"acme": 1, "beta": 0, "corp": 3},
    "L2": {"acme": 2, "beta": 5, "corp": 0},
    "L3": {"acme": 4, "beta": 1},
    "L4": {"corp": 2},
}
Model: TypeAlias = Mapping[str, Mapping[str, float]]
MODEL: Model = {
    lead_id: {name: 3 * reward / 8 for name, reward in of.items()}
    for lead_id, of in REWARDS.items()
}

chances = st.integers(1, 16).map(lambda part: part / 16)


@st.composite
def choices(draw: st.DrawFn) -> LoggedChoice:
    return LoggedChoice(
        reward=draw(st.integers(-8, 8)) / 4,
        logging=draw(chances),
        target=draw(st.integers(0, 16)) / 16,
        predicted=draw(st.integers(-8, 8)) / 4,
        expected=draw(st.integers(-8, 8)) / 4,
    )


@given(st.lists(choices(), min_size=2, max_size=12))
def test_every_estimate_agrees_with_a_slow_twin(known: list[LoggedChoice]) -> None:
    weights = [Fraction(one.target) / Fraction(one.logging) for one in known]
    rewards = [Fraction(one.reward) for one in known]
    found = off_policy(known)
    terms = {
        "observed": rewards,
        "ips": [w * r for w, r in zip(weights, rewards, strict=True)],
        "doubly_robust": [
            Fraction(one.expected or 0) + w * (r - Fraction(one.predicted or 0))
            for one, w, r in zip(known, weights, rewards, strict=True)
        ],
    }

    for name, values in terms.items():
        estimate, error = getattr(found, name), stdev(values) / sqrt(len(values))
        assert estimate.value == pytest.approx(float(mean(values)), abs=1e-12)
        if error:
            assert estimate.standard_error == pytest.approx(error)
            middle, reach = float(mean(values)), Z * error
            assert estimate.interval == pytest.approx((middle - reach, middle + reach), abs=1e-9)
    if any(weights):
        whole = sum(weights, Fraction(0))
        value = sum(terms["ips"], Fraction(0)) / whole
        spread = sum((w * (r - value)) ** 2 for w, r in zip(weights, rewards, strict=True))
        size = whole**2 / sum(w * w for w in weights)
        assert found.snips.value == pytest.approx(float(value), abs=1e-12)
        assert found.effective_n == pytest.approx(float(size))
        assert found.largest_weight == pytest.approx(float(max(weights)))
        assert found.mean_weight.value == pytest.approx(float(whole / len(known)))
        if spread:
            assert found.snips.standard_error == pytest.approx(sqrt(spread) / float(whole))
    else:
        assert found.snips.value is None


def drawn(names: tuple[str, ...], model: Model) -> PolicyValue:
    """What is told from one draw of the logging policy."""
    chosen = dict(zip(LOGGING, names, strict=True))
    records = [
        PastChoice(
            lead_id=lead_id,
            at=NOW + timedelta(minutes=place),
            chosen=chosen[lead_id],
            eligible=of,
            propensities=of,
        )
        for place, (lead_id, of) in enumerate(LOGGING.items())
    ]
    return policy_value(
        records,
        target=TARGET,
        rewards={lead_id: REWARDS[lead_id][name] for lead_id, name in chosen.items()},
        expected=model,
        minimum_effective_n=0,
    )


def every_draw(model: Model = MODEL) -> list[tuple[Fraction, PolicyValue]]:
    """Every draw of the logging policy that could have been, with its chance."""
    found = []
    for names in product(*(of for of in LOGGING.values())):
        chance = Fraction(1)
        for of, name in zip(LOGGING.values(), names, strict=True):
            chance *= Fraction(of[name])
        found.append((chance, drawn(names, model)))
    return found


def true_value() -> Fraction:
    """What the policy earns a lead, known because every reward is."""
    total = Fraction(0)
    for lead_id, of in TARGET.items():
        total += sum(Fraction(chance) * REWARDS[lead_id][name] for name, chance in of.items())
    return total / len(TARGET)


def test_over_every_draw_ips_and_doubly_robust_are_exactly_right_on_average() -> None:
    draws = every_draw()

    assert Fraction(1) == sum(chance for chance, _ in draws)
    for name in ("ips", "doubly_robust"):
        assert true_value() == sum(
            chance * Fraction(getattr(value, name).value) for chance, value in draws
        )


def test_over_every_draw_the_observed_mean_is_right_for_the_policy_that_drew() -> None:
    drew = sum(
        Fraction(chance) * REWARDS[lead_id][name]
        for lead_id, of in LOGGING.items()
        for name, chance in of.items()
    )

    assert drew / len(LOGGING) == sum(
        chance * Fraction(value.observed.value or 0) for chance, value in every_draw()
    )


def test_a_model_that_is_right_leaves_the_doubly_robust_estimate_nothing_to_chance() -> None:
    found = {value.doubly_robust.value for _, value in every_draw(REWARDS)}

    assert {float(true_value())} == found


def test_a_model_that_is_wrong_stays_wrong_where_it_is_asked_alone() -> None:
    told = sum(
        Fraction(chance) * Fraction(MODEL[lead_id][name])
        for lead_id, of in TARGET.items()
        for name, chance in of.items()
    ) / len(TARGET)

    assert told != true_value()
    assert {float(told)} == {value.modelled for _, value in every_draw()}
