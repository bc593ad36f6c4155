"""Names for ranges of scores."""

from __future__ import annotations

import pytest

from partnerleads.errors import OptionError
from partnerleads.scoring import Grade, grade_of


@pytest.mark.parametrize(
    ("score", "name"), [(0, "D"), (24.9, "D"), (25, "C"), (50, "B"), (75, "A"), (100, "A")]
)
def test_a_score_has_the_highest_grade_that_it_reaches(score: float, name: str) -> None:
    assert name == grade_of(score)


def test_below_all_grades_there_is_none() -> None:
    assert grade_of(10, grades=[Grade(name="good", at_least=20)]) is None
    assert grade_of(10, grades=[]) is None


def test_grades_go_from_the_least_up() -> None:
    for levels in ((50, 20), (20, 20)):
        with pytest.raises(OptionError, match="go from the least up"):
            grade_of(10, grades=[Grade(name="x", at_least=level) for level in levels])
    with pytest.raises(OptionError, match="grades='A': is no Grade"):
        grade_of(10, grades=["A"])  # type: ignore[list-item]
    with pytest.raises(OptionError, match="at_least=101"):
        Grade(name="x", at_least=101)
