"""What is known of leads as columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, sqrt

from attrs import frozen

from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.stats.logistic_regression import Line

__all__ = ["Columns", "NumberScale", "columns_of"]


_FARTHEST = 1e4
"""Farther out the reasons would no more add up in floats. [standard deviations]"""


@frozen(kw_only=True)
class NumberScale:
    """How a number counts: by its distance from the mean.

    Attributes:
        mean: Of the leads that it was learned from; it adds nothing there.
        deviation: Their standard deviation. [> 0]
        weight: What each standard deviation above the mean adds. [log odds]
    """

    mean: float
    deviation: float
    weight: float = 0.0

    def standard(self, number: float) -> float:
        """The number as standard deviations from the mean, at most 10 000 of them.

        No number of less than a hundred million leads is that far from their mean.
        """
        return min(max((number - self.mean) / self.deviation, -_FARTHEST), _FARTHEST)

    def log_odds(self, number: float) -> float:
        """What the number adds. [log odds]"""
        return self.weight * self.standard(number)


@frozen
class Columns:
    """A column for each value of each name, and one for each number that varies.

    Attributes:
        values: The column of each value, by name.
        numbers: Column and scale of each number.
    """

    values: Mapping[str, Mapping[str, int]]
    numbers: Mapping[str, tuple[int, NumberScale]]

    @property
    def count(self) -> int:
        """How many columns there are. [count]"""
        return sum(map(len, self.values.values())) + len(self.numbers)

    def line(self, lead: LeadFeatures) -> Line:
        """The columns of a lead that it was learned from."""
        values, numbers = lead.values, lead.numbers
        found = [
            (known[values[name]], 1.0) for name, known in self.values.items() if name in values
        ]
        found += [
            (column, scale.standard(numbers[name]))
            for name, (column, scale) in self.numbers.items()
            if name in numbers
        ]
        return found

    def weights(
        self, weights: Sequence[float]
    ) -> tuple[dict[str, dict[str, float]], dict[str, NumberScale]]:
        """The weights of the columns by names and values."""
        values = {
            name: {value: weights[column] for value, column in known.items()}
            for name, known in self.values.items()
        }
        numbers = {
            name: NumberScale(mean=scale.mean, deviation=scale.deviation, weight=weights[column])
            for name, (column, scale) in self.numbers.items()
        }
        return values, numbers


def columns_of(leads: Sequence[LeadFeatures], names: Sequence[str] | None) -> Columns:
    """The columns that leads need; a number that is the same for all tells nothing.

    Args:
        leads: The leads to learn from.
        names: Names to look at; None for all.
    """
    seen: dict[str, set[str]] = {}
    numbers: dict[str, list[float]] = {}
    for lead in leads:
        for name, value in lead.values.items():
            seen.setdefault(name, set()).add(value)
        for name, number in lead.numbers.items():
            numbers.setdefault(name, []).append(number)
    wanted = {*seen, *numbers} if names is None else set(names)
    values: dict[str, dict[str, int]] = {}
    place = 0
    for name in sorted(wanted & set(seen)):
        values[name] = {value: place + n for n, value in enumerate(sorted(seen[name]))}
        place += len(seen[name])
    scales = {name: _scale(numbers[name]) for name in sorted(wanted & set(numbers))}
    varying = ((name, scale) for name, scale in scales.items() if scale is not None)
    return Columns(values, {name: (place + n, scale) for n, (name, scale) in enumerate(varying)})


def _scale(numbers: Sequence[float]) -> NumberScale | None:
    """Mean and standard deviation; None where all are the same."""
    if min(numbers) == max(numbers):
        return None
    largest = max(map(abs, numbers))  # squares of huge numbers are beyond floats
    parts = [number / largest for number in numbers]
    mean = fsum(parts) / len(parts)
    spread = sqrt(fsum((part - mean) ** 2 for part in parts) / len(parts))
    return NumberScale(mean=largest * mean, deviation=largest * spread) if spread else None
