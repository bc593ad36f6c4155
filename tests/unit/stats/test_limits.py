from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats.limits import funnel_limits
from tests.unit.stats.drawn_tables import confidences


@pytest.mark.parametrize(
    ("of", "confidence", "low", "high"),
    [
        # binomial quantiles at a share of .2, worked out with SciPy 1.17; the method is that of
        # Spiegelhalter 2005, "Funnel plots for comparing institutional performance"
        (5, 0.95, 0, 0.6),
        (20, 0.95, 0.05, 0.40),
        (50, 0.95, 0.10, 0.32),
        (200, 0.95, 0.145, 0.255),
        (20, 0.998, 0, 0.5),
        (200, 0.998, 0.115, 0.29),
    ],
)
def test_the_quantiles_of_the_binomial_distribution(
    of: int, confidence: float, low: float, high: float
) -> None:
    assert (low, high) == funnel_limits(of, 0.2, confidence=confidence)


def test_the_limits_are_those_of_99_8_per_cent_unless_told_otherwise() -> None:
    assert funnel_limits(200, 0.2, confidence=0.998) == funnel_limits(200, 0.2)


@given(st.integers(1, 80), st.integers(0, 97), st.sampled_from([0.5, 0.9, 0.95, 0.998, 0.9999]))
def test_the_limits_are_the_last_counts_that_are_not_too_rare(
    of: int, per_97: int, confidence: float
) -> None:
    share, tail = Fraction(per_97, 97), (1 - Fraction(confidence)) / 2
    chances = [comb(of, hits) * share**hits * (1 - share) ** (of - hits) for hits in range(of + 1)]
    low = next(hits for hits in range(of + 1) if sum(chances[: hits + 1]) >= tail)
    high = next(hits for hits in range(of + 1) if sum(chances[hits + 1 :]) <= tail)

    assert (low / of, high / of) == funnel_limits(of, float(share), confidence=confidence)


@given(st.integers(1, 100_000), st.floats(0, 1), confidences)
def test_the_limits_are_shares_in_order(of: int, share: float, confidence: float) -> None:
    low, high = funnel_limits(of, share, confidence=confidence)

    assert 0 <= low <= high <= 1


@given(st.integers(1, 100_000), st.floats(0, 1), confidences, confidences)
def test_more_confidence_holds_less(of: int, share: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    low, high = funnel_limits(of, share, confidence=less)
    lower, higher = funnel_limits(of, share, confidence=more)

    assert lower <= low <= high <= higher


@given(st.integers(10, 5_000), st.floats(0.2, 0.8), st.sampled_from([0.8, 0.95, 0.998]))
def test_larger_groups_have_narrower_limits(of: int, share: float, confidence: float) -> None:
    low, high = funnel_limits(of, share, confidence=confidence)
    lower, higher = funnel_limits(16 * of, share, confidence=confidence)

    assert higher - lower < high - low


@given(st.integers(100, 100_000), st.floats(0.2, 0.8), confidences)
def test_the_limits_of_large_groups_enclose_the_share(
    of: int, share: float, confidence: float
) -> None:
    low, high = funnel_limits(of, share, confidence=confidence)

    assert low - 1 / of < share < high + 1 / of


@given(st.integers(1, 1_000), st.integers(1, 499), st.sampled_from([0.951, 0.9983]))
def test_counting_misses_mirrors_the_limits(of: int, per_mille: int, confidence: float) -> None:
    low, high = funnel_limits(of, per_mille / 1000, confidence=confidence)
    misses = funnel_limits(of, 1 - per_mille / 1000, confidence=confidence)

    assert (1 - high, 1 - low) == pytest.approx(misses)


@pytest.mark.parametrize("of", [1, 7, 10_000_000])
def test_where_everybody_or_nobody_hits_anything_else_is_beyond_chance(of: int) -> None:
    assert (0, 0) == funnel_limits(of, 0)
    assert (1, 1) == funnel_limits(of, 1)


def test_a_single_hit_may_already_be_rare() -> None:
    assert (0, 0) == funnel_limits(1, 0.01, confidence=0.95)
    assert (1, 1) == funnel_limits(1, 0.99, confidence=0.95)


def test_shares_next_to_0_and_1_are_shares() -> None:
    assert (0, 0) == funnel_limits(1000, 5e-324)
    assert (1, 1) == funnel_limits(1000, 1 - 2**-53)


def test_a_count_that_is_exactly_as_rare_as_allowed_is_inside() -> None:
    # two fair coins: no head and two heads have a quarter each
    assert (0, 0.5) == funnel_limits(2, 0.5, confidence=0.5)


@pytest.mark.parametrize("of", [0, -1])
def test_an_empty_group_has_no_rate(of: int) -> None:
    with pytest.raises(OptionError, match="has no rate"):
        funnel_limits(of, 0.2)


@pytest.mark.parametrize("share", [-0.1, 1.1, 20, float("nan")])
def test_a_share_lies_between_0_and_1(share: float) -> None:
    with pytest.raises(OptionError, match="share"):
        funnel_limits(10, share)


@pytest.mark.parametrize("confidence", [0, 1, 99.8, float("nan")])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(OptionError, match="confidence"):
        funnel_limits(10, 0.2, confidence=confidence)
