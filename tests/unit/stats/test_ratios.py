import pytest
from hypothesis import given

from partnerleads.errors import OptionError
from partnerleads.stats.estimate import Estimate
from partnerleads.stats.ratios import risk_ratio
from partnerleads.stats.stratum import Stratum
from tests.unit.stats.drawn_tables import confidences, full_tables, tables


def counts(table: Stratum) -> tuple[int, int, int, int]:
    return table.hits_a, table.of_a, table.hits_b, table.of_b


@pytest.mark.parametrize(
    ("table", "ratio", "low", "high"),
    [
        # worked out with SciPy 1.17 (relative_risk) and statsmodels 0.15 (log)
        ((56, 70, 48, 80), 4 / 3, 1.0766264228, 1.6512485113),
        ((30, 100, 15, 100), 2, 1.1488778126, 3.4816583245),
    ],
)
def test_the_log_interval_as_other_programs_have_it(
    table: tuple[int, int, int, int], ratio: float, low: float, high: float
) -> None:
    estimate = risk_ratio(*table)

    assert pytest.approx(ratio, rel=1e-15) == estimate.value
    assert (low, high) == pytest.approx(estimate.interval, abs=1e-10)


def test_heart_attacks_with_placebo_and_aspirin() -> None:
    # Agresti 2002, "Categorical Data Analysis", section 3.1.3, of the Physicians' Health Study
    estimate = risk_ratio(189, 11_034, 104, 11_037)

    assert pytest.approx(1.82, abs=0.005) == estimate.value
    assert (1.43, 2.31) == pytest.approx(estimate.interval, abs=0.005)


@pytest.mark.parametrize(
    ("table", "ratio", "reason"),
    [
        ((0, 0, 0, 0), None, "a group is empty"),
        ((0, 0, 3, 10), None, "a group is empty"),
        ((3, 10, 0, 0), None, "a group is empty"),
        ((3, 10, 0, 20), None, "group b has no hit to divide by"),
        ((0, 10, 0, 20), None, "group b has no hit to divide by"),
        ((0, 10, 3, 20), 0, "a ratio of 0 has no log interval"),
        ((1, 1, 1, 1), 1, "no variation, so no interval"),
        ((10, 10, 700, 700), 1, "no variation, so no interval"),
    ],
)
def test_where_the_ratio_or_its_interval_is_undefined(
    table: tuple[int, int, int, int], ratio: float | None, reason: str
) -> None:
    assert Estimate(value=ratio, undefined_because=reason) == risk_ratio(*table)


def test_a_group_of_hits_only_adds_no_variance() -> None:
    # exp(1.959963985 * sqrt(1/5 - 1/10)) = 1.858547
    estimate = risk_ratio(10, 10, 5, 10)

    assert (2 / 1.858547, 2 * 1.858547) == pytest.approx(estimate.interval, rel=1e-6)


@given(tables, confidences)
def test_a_missing_part_has_a_reason_and_nothing_else_has(
    table: Stratum, confidence: float
) -> None:
    estimate = risk_ratio(*counts(table), confidence=confidence)

    assert (estimate.interval is None) == (estimate.undefined_because is not None)


@given(full_tables.filter(lambda table: table.hits_a and table.hits_b and table.misses))
def test_swapping_the_groups_turns_the_ratio_over(table: Stratum) -> None:
    one, other = risk_ratio(*counts(table)), risk_ratio(*counts(table.swapped()))

    assert pytest.approx(1 / one.value) == other.value
    assert (1 / one.interval[1], 1 / one.interval[0]) == pytest.approx(other.interval)


@given(full_tables.filter(lambda table: table.hits_a and table.hits_b and table.misses))
def test_the_ratio_lies_inside_and_more_confidence_is_wider(table: Stratum) -> None:
    (lower, higher), (low, high) = (
        risk_ratio(*counts(table), confidence=confidence).interval for confidence in (0.9999, 0.5)
    )

    assert 0 < lower < low < risk_ratio(*counts(table)).value < high < higher


def test_what_is_no_pair_of_shares_is_refused() -> None:
    with pytest.raises(OptionError, match="hits_b=3: of 2"):
        risk_ratio(1, 2, 3, 2)


def test_a_confidence_is_checked_even_where_nothing_is_defined() -> None:
    with pytest.raises(OptionError, match="confidence"):
        risk_ratio(0, 0, 0, 0, confidence=95)
