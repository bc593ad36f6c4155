import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats.confidence import deviate, one_tail


@pytest.mark.parametrize(
    ("confidence", "z"),
    # the table of the normal distribution in any textbook
    [(0.5, 0.674490), (0.9, 1.644854), (0.95, 1.959964), (0.99, 2.575829), (0.9999, 3.890592)],
)
def test_the_deviates_of_the_textbooks(confidence: float, z: float) -> None:
    assert pytest.approx(z, abs=5e-7) == deviate(confidence)


@pytest.mark.parametrize("confidence", [1 - 2**-53, 1e-300, 5e-324])
def test_the_last_confidences_before_0_and_1_have_a_deviate(confidence: float) -> None:
    assert 0 <= deviate(confidence) < 9


@given(st.floats(0.001, 0.999))
def test_both_tails_and_the_inside_are_everything(confidence: float) -> None:
    assert pytest.approx(1) == confidence + 2 * one_tail(confidence)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan")])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(OptionError, match="confidence"):
        deviate(confidence)
