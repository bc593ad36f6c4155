"""Tests of whether two groups differ in a rate at all."""

from __future__ import annotations

from math import fsum

from partnerleads.stats.chi_square import chi_square_tail
from partnerleads.stats.discrete import relative_chances
from partnerleads.stats.significance import Significance
from partnerleads.stats.stratum import Stratum

__all__ = ["chi_square_test", "fisher_test", "independence_test"]

_AS_LIKELY = 1 + 1e-7  # tables that differ by rounding only are equally likely
_ENOUGH_EXPECTED = 5
_EMPTY = "a group is empty"


def fisher_test(hits_a: int, of_a: int, hits_b: int, of_b: int) -> Significance:
    """Fisher's exact test, two-sided.

    The sum of the chances of all tables with the same margins that are no likelier than the one
    found. Time grows with the square root of the counts.

    Args:
        hits_a: How many of group a have the property. [count, 0..of_a]
        of_a: How many there are in group a. [count, >= 0]
        hits_b: How many of group b have the property. [count, 0..of_b]
        of_b: How many there are in group b. [count, >= 0]

    Returns:
        The p-value, without a statistic; undefined where a group is empty. Without any hit, or any
        miss, only one table is possible, and the p-value is 1.

    Raises:
        OptionError: When the counts make no sense.

    Source:
        Fisher 1935; two-sided as in R's ``fisher.test``, with its tolerance of 1e-7 among ties.

    >>> round(fisher_test(9, 10, 3, 10).p_value, 6)
    0.019767
    """
    name = "Fisher exact"
    table = Stratum(hits_a, of_a, hits_b, of_b)
    if not table.is_shared:
        return Significance(test=name, undefined_because=_EMPTY)

    def step(hits: int) -> tuple[int, int]:
        return (
            (table.of_a - hits) * (table.hits - hits),
            (hits + 1) * (table.of_b - table.hits + hits + 1),
        )

    first, chances = relative_chances(
        (table.of_a + 1) * (table.hits + 1) // (table.of + 2),
        least=max(0, table.hits - table.of_b),
        most=min(table.of_a, table.hits),
        step=step,
    )
    place = table.hits_a - first
    found = chances[place] if 0 <= place < len(chances) else 0.0
    extreme = fsum(chance for chance in chances if chance <= found * _AS_LIKELY)
    return Significance(test=name, p_value=extreme / fsum(chances))


def chi_square_test(
    hits_a: int, of_a: int, hits_b: int, of_b: int, *, corrected: bool = True
) -> Significance:
    """Pearson's chi-square test of a fourfold table.

    Args:
        hits_a: How many of group a have the property. [count, 0..of_a]
        of_a: How many there are in group a. [count, >= 0]
        hits_b: How many of group b have the property. [count, 0..of_b]
        of_b: How many there are in group b. [count, >= 0]
        corrected: Whether Yates' continuity correction is applied, which errs on the side of no
            difference; it takes the statistic to 0 at most.

    Returns:
        Statistic and p-value with 1 degree of freedom; undefined where a group is empty, and where
        nobody or everybody is a hit.

    Raises:
        OptionError: When the counts make no sense.

    Source:
        Pearson 1900; Yates 1934.

    >>> test = chi_square_test(9, 10, 3, 10, corrected=False)
    >>> test.statistic, round(test.p_value, 6)
    (7.5, 0.00617)
    """
    name = "chi-square, Yates corrected" if corrected else "chi-square"
    table = Stratum(hits_a, of_a, hits_b, of_b)
    if not table.is_shared:
        return Significance(test=name, undefined_because=_EMPTY)
    if not table.hits or not table.misses:
        share = "everybody is a hit" if table.hits else "nobody is a hit"
        return Significance(test=name, undefined_because=share)
    doubled = 2 * abs(table.excess)
    if corrected:
        doubled = max(0, doubled - table.of)
    margins = table.of_a * table.of_b * table.hits * table.misses
    statistic = table.of * doubled * doubled / (4 * margins)
    return Significance(
        test=name, p_value=chi_square_tail(statistic), statistic=statistic, degrees=1
    )


def independence_test(hits_a: int, of_a: int, hits_b: int, of_b: int) -> Significance:
    """Whether two groups differ in a rate, by the test that their size allows.

    Args:
        hits_a: How many of group a have the property. [count, 0..of_a]
        of_a: How many there are in group a. [count, >= 0]
        hits_b: How many of group b have the property. [count, 0..of_b]
        of_b: How many there are in group b. [count, >= 0]

    Returns:
        Fisher's exact test where any expected count is below 5, else the chi-square test without
        correction; ``test`` says which. Undefined where a group is empty.

    Raises:
        OptionError: When the counts make no sense.

    Source:
        Cochran 1954 for the expected count of 5.

    >>> independence_test(9, 10, 3, 10).test, independence_test(56, 70, 48, 80).test
    ('Fisher exact', 'chi-square')
    """
    table = Stratum(hits_a, of_a, hits_b, of_b)
    smallest = min(table.of_a, table.of_b) * min(table.hits, table.misses)
    if smallest < _ENOUGH_EXPECTED * table.of or not table.is_shared:
        return fisher_test(hits_a, of_a, hits_b, of_b)
    return chi_square_test(hits_a, of_a, hits_b, of_b, corrected=False)
