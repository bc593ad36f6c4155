"""What the two models share in which somebody may leave after a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from math import exp, inf, lgamma, log
from typing import TypeAlias, TypeVar

from attrs import frozen

from partnerleads.plv.lifetime.counting import (
    log_beta,
    log_one_plus,
    mean_before_dropout,
    purchase_chances,
    share_of_time,
)
from partnerleads.plv.lifetime.fitting import Fit, check_enough, fitted
from partnerleads.plv.lifetime.transactions import Transactions, counted_histories
from partnerleads.stats.beta import share_of_odds

__all__ = ["Alike", "Leaving", "fit_leaving", "usable"]

M = TypeVar("M")

Alike: TypeAlias = tuple[int, list[tuple[Transactions, int]]]
"""A count of repeats, and the histories with so many, each with how many are alike."""

INSTEAD = "pass parameters you trust, or value few partners with GammaPoisson, which needs no fit"


@frozen
class Leaving:
    """Poisson transactions at gamma rates; after a transaction somebody leaves for good.

    Attributes:
        r: Shape of the gamma distribution of rates. [> 0]
        alpha: Its rate. [time, > 0]
        a: Weight of the beta distribution on the side of leaving. [> 0]
        b: Weight on the side of staying. [> 0]
        first: Chances to leave that the first transaction brings: 1 in MBG/NBD, 0 in BG/NBD.
    """

    r: float
    alpha: float
    a: float
    b: float
    first: int

    def staying(self, repeats: int) -> float:
        """Weight on the side of staying after so many repeats and their chances to leave."""
        return self.b + repeats + self.first

    def log_odds_left(self, seen: Transactions) -> float:
        """Log-odds that the last transaction was the last for good.

        Args:
            seen: The history; with a chance to leave.
        """
        quiet = log(self.alpha + seen.age) - log(self.alpha + seen.last)
        chance = log(self.a) - log(self.staying(seen.repeats) - 1)
        return chance + (self.r + seen.repeats) * quiet

    def alive(self, seen: Transactions) -> float:
        """Chance that somebody with this history is still active. [0..1]"""
        if seen.repeats + self.first == 0:
            return 1.0
        return share_of_odds(-self.log_odds_left(seen))[0]

    def expected(self, time: float) -> float:
        """Repeats expected of somebody new within a time. [count]"""
        kept = self.b / (self.a + self.b) if self.first else 1.0
        share = share_of_time(time, self.alpha)
        return kept * mean_before_dropout(self.r, share, self.a, self.b + self.first)

    def further(self, seen: Transactions, time: float) -> float:
        """Transactions expected of somebody with this history within a time from now. [count]"""
        share = share_of_time(time, self.alpha + seen.age)
        weight = self.staying(seen.repeats)
        return self.alive(seen) * mean_before_dropout(self.r + seen.repeats, share, self.a, weight)

    def chance(self, repeats: int, time: float) -> float:
        """Chance of exactly so many repeats of somebody new within a time. [0..1]"""
        chances = purchase_chances(self.r, share_of_time(time, self.alpha), least=repeats + 1)
        stayed = exp(log_beta(self.a, self.staying(repeats)) - log_beta(self.a, self.b))
        value = stayed * chances[repeats]
        if repeats + self.first:
            left = log_beta(self.a + 1, self.staying(repeats) - 1) - log_beta(self.a, self.b)
            value += exp(left) * sum(chances[repeats:])
        return value

    def log_likelihood(self, groups: Iterable[Alike]) -> float:
        """Logarithm of the density of histories.

        Args:
            groups: By repeats, the histories with how many are alike.
        """
        total = 0.0
        for repeats, alike in groups:
            shape = self.r + repeats
            same = lgamma(shape) - lgamma(self.r) + self.r * log(self.alpha)
            same += log_beta(self.a, self.staying(repeats)) - log_beta(self.a, self.b)
            may_leave = repeats + self.first > 0
            chance = log(self.a) - log(self.staying(repeats) - 1) if may_leave else -inf
            for seen, count in alike:
                whole, until_last = log(self.alpha + seen.age), log(self.alpha + seen.last)
                left = log_one_plus(chance + shape * (whole - until_last))
                total += count * (same - shape * whole + left)
        return total


def fit_leaving(
    make: Callable[..., M], histories: Iterable[Transactions], process: Callable[[M], Leaving]
) -> Fit[M]:
    """The parameters under which histories are likeliest, of either model.

    Args:
        make: The model of its parameters.
        histories: The data.
        process: What a model does.

    Raises:
        OptionError: When there are too few, or nobody bought again.
    """
    groups, n, mean_age = usable(histories)
    start = {"r": 1.0, "alpha": mean_age, "a": 1.0, "b": 2.0}
    return fitted(make, start, lambda model: process(model).log_likelihood(groups), n=n)


def usable(histories: Iterable[Transactions]) -> tuple[list[Alike], int, float]:
    """Histories in groups of equal repeats, how many they are, and their mean age.

    Raises:
        OptionError: When there are too few, or nobody bought again.
    """
    counts = counted_histories(histories)
    n = counts.total()
    check_enough("histories", n, instead=INSTEAD)
    groups: dict[int, list[tuple[Transactions, int]]] = defaultdict(list)
    for seen, count in counts.items():
        groups[seen.repeats].append((seen, count))
    repeats = sum(seen.repeats * count for seen, count in counts.items())
    check_enough("repeats", repeats, instead=INSTEAD, least=1)
    mean_age = sum(seen.age * count for seen, count in counts.items()) / n
    return sorted(groups.items()), n, mean_age
