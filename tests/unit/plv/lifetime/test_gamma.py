from __future__ import annotations

import pytest

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime.gamma import gamma_limits, gamma_probability, gamma_quantile

SHAPES = [0.01, 0.3, 1.0, 2.5, 30.0, 5000.0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("multiple", [0.01, 0.5, 0.999, 1.001, 1.5, 8.0])
def test_probability_as_scipy_has_it(shape: float, multiple: float) -> None:
    special = pytest.importorskip("scipy.special")
    value = shape * multiple

    assert pytest.approx(float(special.gammainc(shape, value)), rel=1e-9, abs=1e-12) == (
        gamma_probability(value, shape)
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("probability", [1e-6, 0.025, 0.5, 0.975, 1 - 1e-6])
def test_quantile_as_scipy_has_it(shape: float, probability: float) -> None:
    special = pytest.importorskip("scipy.special")

    assert pytest.approx(float(special.gammaincinv(shape, probability)), rel=1e-8) == (
        gamma_quantile(probability, shape)
    )


def test_a_shape_of_1_is_the_exponential_distribution() -> None:
    low, high = gamma_limits(1.0)

    assert pytest.approx((0.025318, 3.688879), abs=1e-6) == (low, high)


def test_nothing_lies_below_0() -> None:
    assert 0.0 == gamma_probability(0, 2.0)


@pytest.mark.parametrize(("value", "shape"), [(-1, 1), (float("inf"), 1), (1, 0), (1, -2)])
def test_a_probability_of_nothing_is_refused(value: float, shape: float) -> None:
    with pytest.raises(OptionError):
        gamma_probability(value, shape)


@pytest.mark.parametrize(("probability", "shape"), [(0, 1), (1, 1), (0.5, 0)])
def test_a_quantile_of_nothing_is_refused(probability: float, shape: float) -> None:
    with pytest.raises(OptionError):
        gamma_quantile(probability, shape)


@pytest.mark.parametrize("confidence", [0, 1])
def test_a_confidence_that_is_none_is_refused(confidence: float) -> None:
    with pytest.raises(OptionError, match="confidence"):
        gamma_limits(1.0, confidence=confidence)
