"""Log odds as points."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.scoring.lead_score import Reason
from partnerleads.scoring.reasons import BASE, Evidence, is_of_the_scale, reasons_of
from partnerleads.stats import sigmoid

log_odds = st.floats(-40, 40)
TINY = 1e-9


def points(base: float, *weights: float) -> list[float]:
    evidence = [Evidence(f"e{place}", "x", weight) for place, weight in enumerate(weights)]
    return [one.points for one in reasons_of(base, evidence)]


@given(base=log_odds, weights=st.lists(log_odds, max_size=6))
@example(base=0.0, weights=[1e-300, 1e-300])
@example(base=3.0, weights=[2.0, -2.0])
@example(base=3.0, weights=[2.0, -2.0 + 1e-12])
@example(base=-700.0, weights=[1500.0])
@example(base=800.0, weights=[-1e-9])
def test_the_points_add_up_to_the_chance(base: float, weights: list[float]) -> None:
    found = points(base, *weights)

    assert abs(100 * sigmoid(base + fsum(weights)) - fsum(found)) <= TINY


@given(base=log_odds, weights=st.lists(log_odds, min_size=1, max_size=6))
def test_the_sign_follows_the_evidence(base: float, weights: list[float]) -> None:
    for weight, found in zip(weights, points(base, *weights)[1:], strict=True):
        assert weight * found >= 0


@given(base=log_odds, weights=st.lists(log_odds, min_size=2, max_size=5))
def test_the_order_of_the_evidence_does_not_matter(base: float, weights: list[float]) -> None:
    one, other = points(base, *weights), points(base, *reversed(weights))

    assert one[1:] == pytest.approx([*reversed(other[1:])], abs=TINY)


@given(base=log_odds, a=log_odds, b=log_odds)
def test_twice_the_evidence_has_twice_the_points(base: float, a: float, b: float) -> None:
    _, one, twice, _ = points(base, a, 2 * a, b)

    assert twice == pytest.approx(2 * one, abs=TINY)


def slow_points(base: float, *weights: float, steps: int = 20_000) -> list[float]:
    """The integral of the slope along the straight path, by small steps."""
    way = fsum(weights)
    places = (base + way * (step + 0.5) / steps for step in range(steps))
    slope = fsum(sigmoid(place) * sigmoid(-place) for place in places) / steps
    return [100 * sigmoid(base), *(100 * weight * slope for weight in weights)]


@pytest.mark.parametrize(
    ("base", "weights"),
    [
        (0.0, (1.0, 2.0)),
        (-2.0, (3.0, -1.0, 0.5)),
        (1.5, (0.25, -0.5)),
        (-1.0, (0.4, 0.6)),
        (-1.0, (0.4, 0.6000001)),
        (2.0, (3.0, -3.0)),
        (0.3, (1e-7, -2e-7)),
    ],
)
def test_points_are_the_integral_along_the_path(base: float, weights: tuple[float, ...]) -> None:
    assert slow_points(base, *weights) == pytest.approx(points(base, *weights), abs=1e-6)


def test_evidence_that_cancels_out_has_the_points_of_the_slope() -> None:
    # at log odds 0 the slope is 1/4
    assert [50.0, 50.0, -50.0] == points(0.0, 2.0, -2.0)


def test_reasons_carry_what_was_seen() -> None:
    base, one = reasons_of(-1.0, [Evidence("industry", "steel", 0.5)])

    assert (BASE, None, -1.0) == (base.name, base.value, base.evidence)
    assert ("industry", "steel", 0.5) == (one.name, one.value, one.evidence)


def test_without_evidence_there_is_the_base_rate() -> None:
    assert [50.0] == points(0.0)


@pytest.mark.parametrize("wrong", [float("inf"), float("nan")])
def test_log_odds_are_finite(wrong: float) -> None:
    with pytest.raises(OptionError, match="base="):
        points(wrong, 1.0)
    with pytest.raises(OptionError, match="e0="):
        points(0.0, wrong)


@pytest.mark.parametrize("value", [-1e308, -800.0, -745.2, -30.0, 0.0, 30.0, 800.0, 1e308])
def test_sigmoid_never_overflows(value: float) -> None:
    assert 0 <= sigmoid(value) <= 1
    assert sigmoid(value) + sigmoid(-value) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("base rate", True),
        ("engagement: base rate", True),
        ("cap", True),
        ("cap of fit", True),
        ("floor of fit", True),
        ("capital", False),
        ("industry", False),
    ],
)
def test_limits_and_base_rates_are_of_the_scale(name: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert expected == is_of_the_scale(Reason(name=name, points=1))
