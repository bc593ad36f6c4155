from fractions import Fraction
from math import ceil, floor
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import quantile

samples = st.lists(st.floats(-1e6, 1e6), min_size=1).map(sorted)


def exact(ordered: list[float], share: Fraction) -> Fraction:
    """The definition, in exact fractions."""
    place = share * (len(ordered) - 1)
    low, high = Fraction(ordered[floor(place)]), Fraction(ordered[ceil(place)])
    return low + (high - low) * (place - floor(place))


@given(samples, st.integers(0, 100))
def test_it_agrees_with_the_definition_in_fractions(ordered: list[float], per_cent: int) -> None:
    expected = float(exact(ordered, Fraction(per_cent, 100)))

    assert pytest.approx(expected, rel=1e-9, abs=1e-6) == quantile(ordered, per_cent / 100)


@given(samples.filter(lambda ordered: len(ordered) > 1))
def test_it_agrees_with_the_standard_library(ordered: list[float]) -> None:
    assert pytest.approx(median(ordered)) == quantile(ordered, 0.5)
    deciles = quantiles(ordered, n=10, method="inclusive")
    assert pytest.approx(deciles[8], abs=1e-6) == quantile(ordered, 0.9)


@given(samples, st.floats(0, 1), st.floats(0, 1))
def test_it_never_falls_and_stays_among_the_values(
    ordered: list[float], one: float, other: float
) -> None:
    low, high = sorted((one, other))

    assert ordered[0] <= quantile(ordered, low)
    assert quantile(ordered, low) <= quantile(ordered, high) + 1e-9
    assert quantile(ordered, high) <= ordered[-1]
    assert (ordered[0], ordered[-1]) == (quantile(ordered, 0), quantile(ordered, 1))


def test_an_empty_sample_has_none() -> None:
    with pytest.raises(OptionError, match="has no value"):
        quantile([], 0.5)


@pytest.mark.parametrize("share", [-0.1, 1.1, 50, float("nan")])
def test_a_share_lies_between_0_and_1(share: float) -> None:
    with pytest.raises(OptionError, match="share"):
        quantile([1.0], share)
