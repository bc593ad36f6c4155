import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats.differences import newcombe
from partnerleads.stats.stratum import Stratum
from tests.unit.stats.drawn_tables import confidences, full_tables, groups


def counts(table: Stratum) -> tuple[int, int, int, int]:
    return table.hits_a, table.of_a, table.hits_b, table.of_b


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        # Newcombe 1998, "Interval estimation for the difference between independent proportions",
        # table II, method 10; more digits worked out with statsmodels 0.15 (newcomb)
        ((56, 70, 48, 80), 0.0524314724, 0.3338726540),
        ((9, 10, 3, 10), 0.1705227239, 0.8090179735),
        ((6, 7, 2, 7), 0.0582279275, 0.8062496375),
        ((5, 56, 0, 29), -0.0381371479, 0.1925600139),
        ((0, 10, 0, 20), -0.1611251581, 0.2775327999),
        ((0, 10, 0, 10), -0.2775327999, 0.2775327999),
        ((10, 10, 0, 20), 0.6790860371, 1),
        ((10, 10, 0, 10), 0.6075093504, 1),
        # worked out with statsmodels 0.15 (newcomb) only
        ((30, 100, 15, 100), 0.0341077035, 0.2614859820),
        ((20, 50, 100, 500), 0.0705949078, 0.3420052987),
        ((5, 5, 0, 50), 0.5596984078, 1),
    ],
)
def test_newcombe_as_published(table: tuple[int, int, int, int], low: float, high: float) -> None:
    assert (low, high) == pytest.approx(newcombe(*table), abs=1e-10)


@given(full_tables, confidences)
def test_the_difference_lies_inside_and_the_limits_are_differences(
    table: Stratum, confidence: float
) -> None:
    low, high = newcombe(*counts(table), confidence=confidence)

    assert -1 <= low <= table.hits_a / table.of_a - table.hits_b / table.of_b <= high <= 1
    assert low < high


@given(full_tables)
def test_swapping_the_groups_mirrors_the_interval(table: Stratum) -> None:
    low, high = newcombe(*counts(table))

    assert (-high, -low) == newcombe(*counts(table.swapped()))


@given(full_tables)
def test_counting_misses_mirrors_the_interval(table: Stratum) -> None:
    low, high = newcombe(*counts(table))
    misses = newcombe(table.misses_a, table.of_a, table.misses_b, table.of_b)

    assert (-high, -low) == pytest.approx(misses, abs=1e-12)


@given(groups(1, 100), st.integers(1, 1000), st.integers(1, 1000), confidences)
def test_equal_shares_may_not_differ_at_all(
    group: tuple[int, int], times: int, others: int, confidence: float
) -> None:
    hits, of = group
    low, high = newcombe(
        hits * times, of * times, hits * others, of * others, confidence=confidence
    )

    assert low <= 0 <= high


@given(full_tables)
def test_more_confidence_is_wider(table: Stratum) -> None:
    low, high = newcombe(*counts(table), confidence=0.5)
    lower, higher = newcombe(*counts(table), confidence=0.9999)

    assert lower < low or low == -1
    assert high < higher or high == 1


@pytest.mark.parametrize("table", [(0, 0, 1, 2), (1, 2, 0, 0), (3, 2, 1, 2), (1, 2, -1, 2)])
def test_what_is_no_pair_of_shares_is_refused(table: tuple[int, int, int, int]) -> None:
    with pytest.raises(OptionError, match="is no share"):
        newcombe(*table)


@pytest.mark.parametrize("confidence", [0, 1, 95, float("nan")])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(OptionError, match="confidence"):
        newcombe(1, 2, 1, 2, confidence=confidence)
