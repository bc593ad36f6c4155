import pytest

from partnerleads.errors import OptionError
from partnerleads.stats.estimate import Estimate, difference_estimate, ratio_estimate


def test_a_ratio_has_a_log_interval() -> None:
    # exp(1.959963985 * 0.5) = 2.664408
    estimate = ratio_estimate(6, 3, variance=0.25, confidence=0.95)

    assert 2 == estimate.value
    assert (2 / 2.664408, 2 * 2.664408) == pytest.approx(estimate.interval, rel=1e-6)
    assert estimate.undefined_because is None


def test_a_ratio_of_0_has_no_interval() -> None:
    expected = Estimate(value=0, undefined_because="a ratio of 0 has no log interval")

    assert expected == ratio_estimate(0, 3, variance=0.25, confidence=0.95)


def test_no_variation_is_no_certainty() -> None:
    reason = "no variation, so no interval"

    assert Estimate(value=2, undefined_because=reason) == ratio_estimate(
        6, 3, variance=0, confidence=0.95
    )
    assert Estimate(value=0.2, undefined_because=reason) == difference_estimate(
        0.2, variance=0, confidence=0.95
    )


def test_limits_that_no_float_can_hold_are_no_limits() -> None:
    estimate = ratio_estimate(6, 3, variance=1e6, confidence=0.95)

    assert (
        Estimate(value=2, undefined_because="the interval exceeds what a float holds") == estimate
    )


def test_a_difference_has_a_normal_interval_that_ends_at_1() -> None:
    # 1.959963985 * 0.1 = 0.1959964
    estimate = difference_estimate(0.9, variance=0.01, confidence=0.95)

    assert (0.7040036, 1) == pytest.approx(estimate.interval, abs=1e-7)
    assert (-1, -0.7040036) == pytest.approx(
        difference_estimate(-0.9, variance=0.01, confidence=0.95).interval, abs=1e-7
    )


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_checked_even_where_there_is_no_interval(confidence: float) -> None:
    with pytest.raises(OptionError, match="confidence"):
        ratio_estimate(0, 3, variance=0, confidence=confidence)
    with pytest.raises(OptionError, match="confidence"):
        difference_estimate(0, variance=0, confidence=confidence)
