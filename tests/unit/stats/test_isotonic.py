import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import isotonic

samples = st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 5)), min_size=1, max_size=12)


def slowly(values: list[int], weights: list[int]) -> list[float]:
    """By the min-max formula: the largest mean from the left of the smallest to the right."""
    n = len(values)

    def mean(start: int, end: int) -> float:
        pairs = list(zip(values, weights, strict=True))[start : end + 1]
        return sum(v * w for v, w in pairs) / sum(w for _, w in pairs)

    return [
        max(min(mean(start, end) for end in range(at, n)) for start in range(at + 1))
        for at in range(n)
    ]


@given(samples)
def test_it_is_the_min_max_of_means(sample: list[tuple[int, int]]) -> None:
    values, weights = [v for v, _ in sample], [w for _, w in sample]
    found = isotonic(values, weights=weights)

    assert pytest.approx(slowly(values, weights)) == found
    assert sorted(found) == found


@given(samples)
def test_it_keeps_the_mean_and_doing_it_again_changes_nothing(
    sample: list[tuple[int, int]],
) -> None:
    values, weights = [v for v, _ in sample], [w for _, w in sample]
    found = isotonic(values, weights=weights)
    total = sum(v * w for v, w in sample)

    assert pytest.approx(total, abs=1e-9) == sum(v * w for v, w in zip(found, weights, strict=True))
    assert pytest.approx(found) == isotonic(found, weights=weights)


def test_of_nothing_is_nothing() -> None:
    assert [] == isotonic([])


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(OptionError, match="one for each value"):
        isotonic([1, 2], weights=[1])
    for values, weights in (([float("nan")], [1]), ([1], [0]), ([1], [float("inf")])):
        with pytest.raises(OptionError, match="finite"):
            isotonic(values, weights=weights)
