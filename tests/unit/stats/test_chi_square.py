import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.errors import OptionError
from partnerleads.stats.chi_square import chi_square_tail


@pytest.mark.parametrize(
    ("statistic", "degrees", "p_value"),
    [
        # Abramowitz and Stegun 1964, table 26.8
        (3.84146, 1, 0.05),
        (6.63490, 1, 0.01),
        (5.99147, 2, 0.05),
        (7.81473, 3, 0.05),
        (11.0705, 5, 0.05),
        (15.0863, 5, 0.01),
        (18.3070, 10, 0.05),
        (40.2560, 30, 0.10),
        (124.342, 100, 0.05),
    ],
)
def test_the_percentage_points_of_the_tables(
    statistic: float, degrees: int, p_value: float
) -> None:
    assert pytest.approx(p_value, rel=2e-5) == chi_square_tail(statistic, degrees=degrees)


def test_the_log_rank_of_freireich() -> None:
    # worked out with lifelines 0.30 and SciPy 1.17: Freireich's trial of 6-MP
    assert pytest.approx(4.1688e-05, rel=1e-4) == chi_square_tail(16.792941)


@pytest.mark.parametrize("degrees", [1, 2, 3, 10, 11, 1000])
def test_nothing_found_is_no_surprise(degrees: int) -> None:
    assert 1 == chi_square_tail(0, degrees=degrees)
    assert 1 == chi_square_tail(5e-324, degrees=degrees)


@pytest.mark.parametrize("degrees", [1, 2, 3, 1000])
def test_what_is_smaller_than_a_float_is_0(degrees: int) -> None:
    assert 0 == chi_square_tail(1e300, degrees=degrees)


@given(st.floats(0, 3000), st.floats(0, 3000), st.integers(1, 400))
def test_a_larger_statistic_is_no_likelier(one: float, other: float, degrees: int) -> None:
    low, high = sorted((one, other))
    likely = chi_square_tail(low, degrees=degrees)

    assert 0 <= chi_square_tail(high, degrees=degrees) <= likely * (1 + 1e-10) <= 1 + 1e-10


@given(st.floats(0, 3000), st.integers(1, 400))
def test_two_more_degrees_make_it_likelier(statistic: float, degrees: int) -> None:
    more = chi_square_tail(statistic, degrees=degrees + 2)

    assert chi_square_tail(statistic, degrees=degrees) <= more * (1 + 1e-10) <= 1 + 1e-10


@pytest.mark.parametrize("statistic", [-1, float("inf"), float("nan")])
def test_a_statistic_is_finite_and_not_negative(statistic: float) -> None:
    with pytest.raises(OptionError, match="statistic"):
        chi_square_tail(statistic)


@pytest.mark.parametrize("degrees", [0, -1])
def test_there_is_at_least_one_degree_of_freedom(degrees: int) -> None:
    with pytest.raises(OptionError, match="degrees"):
        chi_square_tail(1, degrees=degrees)
