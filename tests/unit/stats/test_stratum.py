import pytest
from hypothesis import given

from partnerleads.errors import OptionError
from partnerleads.stats.stratum import Stratum, crude_difference
from tests.unit.stats.drawn_tables import BERKELEY, full_tables, tables


@given(tables)
def test_the_margins_add_up(table: Stratum) -> None:
    assert table.of == table.hits + table.misses
    assert table.of_a == table.hits_a + table.misses_a
    assert table.of_b == table.hits_b + table.misses_b


@given(tables)
def test_swapping_the_groups_twice_changes_nothing(table: Stratum) -> None:
    assert table == table.swapped().swapped()
    assert -table.excess == table.swapped().excess


@given(full_tables)
def test_the_crude_difference_of_one_stratum_is_that_of_its_shares(table: Stratum) -> None:
    expected = table.hits_a / table.of_a - table.hits_b / table.of_b

    assert pytest.approx(expected, abs=1e-15) == crude_difference([table])


def test_the_crude_rates_of_berkeley() -> None:
    # 1198 of 2691 men and 557 of 1835 women: Bickel, Hammel and O'Connell 1975
    assert 1198 == sum(department.hits_a for department in BERKELEY)
    assert 2691 == sum(department.of_a for department in BERKELEY)
    assert 557 == sum(department.hits_b for department in BERKELEY)
    assert 1835 == sum(department.of_b for department in BERKELEY)
    assert 0.4451877 - 0.3035422 == pytest.approx(crude_difference(BERKELEY), abs=1e-7)


@pytest.mark.parametrize(
    "strata", [[], [Stratum(0, 0, 0, 0)], [Stratum(1, 2, 0, 0), Stratum(2, 2, 0, 0)]]
)
def test_without_a_group_there_is_no_difference(strata: list[Stratum]) -> None:
    assert crude_difference(strata) is None


@pytest.mark.parametrize(
    ("counts", "name"),
    [((2, 1, 0, 0), "hits_a=2: of 1"), ((-1, 1, 0, 0), "hits_a=-1"), ((0, 1, 1, -1), "hits_b=1")],
)
def test_hits_are_part_of_their_group(counts: tuple[int, int, int, int], name: str) -> None:
    with pytest.raises(OptionError, match=name):
        Stratum(*counts)


@pytest.mark.parametrize("count", [1.5, 2.0, float("nan"), "1", None])
def test_a_count_is_a_whole_number(count: object) -> None:
    with pytest.raises(TypeError):
        Stratum(1, 2, count, 4)  # type: ignore[arg-type]
