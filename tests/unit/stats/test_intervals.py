import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats import wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # worked out with statsmodels 0.15 (wilson) and SciPy 1.17 (proportion_ci, wilson)
        (60, 400, 0.1183449953, 0.1883136107),
        (12, 40, 0.1807484523, 0.4543001882),
        (12, 60, 0.1182850532, 0.3178180581),
        (3, 10, 0.1077912674, 0.6032218525),
        (3, 100, 0.0102545240, 0.0845193643),
        (7, 50, 0.0695083343, 0.2618619371),
        (5, 5, 0.5655175352, 1),
        (0, 50, 0, 0.0713475991),
        (0, 10, 0, 0.2775327999),
        (10, 10, 0.7224672001, 1),
        (1, 3, 0.0614919447, 0.7923403992),
    ],
)
def test_wilson_as_other_programs_have_it(hits: int, of: int, low: float, high: float) -> None:
    assert (low, high) == pytest.approx(wilson(hits, of), abs=1e-10)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # the calculator of the VassarStats site, which prints four digits
        (23, 60, 0.2709, 0.5098),
    ],
)
def test_wilson_as_published(hits: int, of: int, low: float, high: float) -> None:
    assert (low, high) == pytest.approx(wilson(hits, of), abs=5e-5)


counts = st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(counts, st.floats(0.01, 0.999))
def test_the_share_lies_inside_and_the_limits_are_shares(
    count: tuple[int, int], confidence: float
) -> None:
    hits, of = count
    low, high = wilson(hits, of, confidence=confidence)

    assert 0 <= low <= hits / of <= high <= 1
    assert low < high


@given(counts)
def test_the_complement_has_the_mirrored_interval(count: tuple[int, int]) -> None:
    hits, of = count
    low, high = wilson(hits, of)

    assert (1 - high, 1 - low) == pytest.approx(wilson(of - hits, of))


@given(counts)
def test_more_confidence_is_wider(count: tuple[int, int]) -> None:
    low, high = wilson(*count, confidence=0.8)
    lower, higher = wilson(*count, confidence=0.99)

    assert lower <= low
    assert high <= higher


@pytest.mark.parametrize(("hits", "of"), [(-1, 10), (11, 10), (0, 0), (0, -1)])
def test_what_is_no_share_is_refused(hits: int, of: int) -> None:
    with pytest.raises(OptionError, match=f"hits={hits}: of {of} is no share"):
        wilson(hits, of)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan")])
def test_a_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(OptionError, match="confidence"):
        wilson(1, 2, confidence=confidence)
