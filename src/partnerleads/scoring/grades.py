"""Grades: names for ranges of scores."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.numbers import in_range

__all__ = ["DEFAULT_GRADES", "Grade", "checked_grades", "grade_of"]


@frozen(kw_only=True)
class Grade:
    """A range of scores, up to the next grade.

    Attributes:
        name: What it is called.
        at_least: The least score. [points, 0..100]
    """

    name: str
    at_least: float = field(validator=in_range(0, 100))


DEFAULT_GRADES = (
    Grade(name="D", at_least=0),
    Grade(name="C", at_least=25),
    Grade(name="B", at_least=50),
    Grade(name="A", at_least=75),
)
"""Grades to begin with: quarters of the scale."""


def checked_grades(grades: Iterable[Grade]) -> tuple[Grade, ...]:
    """Grades from the least up.

    Raises:
        OptionError: When one is no grade, they are not in order, or two begin at one score.
    """
    found = tuple(grades)
    for one in found:
        if not isinstance(one, Grade):
            raise OptionError("grades", one, "is no Grade, such as Grade(name='A', at_least=75)")
    levels = [one.at_least for one in found]
    if any(low >= high for low, high in pairwise(levels)):
        raise OptionError("grades", tuple(levels), "go from the least up, without equals")
    return found


def grade_of(score: float, *, grades: Iterable[Grade] = DEFAULT_GRADES) -> str | None:
    """The grade that a score reaches; None below all.

    Args:
        score: The score. [points, 0..100]
        grades: The grades, from the least up.

    Raises:
        OptionError: When the grades are not in order.

    >>> grade_of(75.0), grade_of(74.9)
    ('A', 'B')
    """
    reached = [one.name for one in checked_grades(grades) if score >= one.at_least]
    return reached[-1] if reached else None
