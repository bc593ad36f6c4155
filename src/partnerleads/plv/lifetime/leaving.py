"""What the two models share in which somebody may leave after a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import exp, inf, lgamma, log
from typing import ClassVar, Self, TypeAlias

from attrs import field, frozen

from partnerleads.plv.lifetime.counting import (
    log_beta,
    log_one_plus,
    mean_before_dropout,
    purchase_chances,
    share_of_time,
)
from partnerleads.plv.lifetime.fitting import Fit, above_zero, check_enough, fitted
from partnerleads.plv.lifetime.gamma import gamma_limits
from partnerleads.plv.lifetime.transactions import Transactions, counted_histories
from partnerleads.stats.beta import share_of_odds

__all__ = ["Alike", "Leaving", "usable"]

Alike: TypeAlias = tuple[int, list[tuple[Transactions, int]]]
"""A count of repeats, and the histories with so many, each with how many are alike."""

INSTEAD = "pass parameters you trust, or value few partners with GammaPoisson, which needs no fit"


@frozen(kw_only=True)
class Leaving:
    """Poisson transactions at gamma rates; after a transaction somebody leaves for good.

    Attributes:
        r: Shape of the gamma distribution. [> 0]
        alpha: Its rate; the mean rate is r / alpha. [time, > 0]
        a: Weight of the beta distribution on the side of leaving. [> 0]
        b: Weight on the side of staying. [> 0]
        first: Chances to leave that the first transaction brings: 1 in MBG/NBD, 0 in BG/NBD.
    """

    r: float = field(validator=above_zero)
    alpha: float = field(validator=above_zero)
    a: float = field(validator=above_zero)
    b: float = field(validator=above_zero)
    first: ClassVar[int]

    @classmethod
    def fit(cls, histories: Iterable[Transactions]) -> Fit[Self]:
        """The parameters under which histories are likeliest.

        Args:
            histories: Of everybody who bought at least once, in one unit of time.

        Raises:
            OptionError: When there are fewer than 300, or nobody bought again.
        """
        groups, n, mean_age = usable(histories)
        start = {"r": 1.0, "alpha": mean_age, "a": 1.0, "b": 2.0}
        return fitted(cls, start, lambda model: model.log_likelihood(groups), n=n)

    def expected_transactions(self, time: float) -> float:
        """Repeats expected of somebody new within a time from the first transaction, E[X(t)].

        Args:
            time: How long. [time, >= 0]

        Returns:
            The mean; finite also at a = 1, where the printed formula is 0 / 0. [count]
        """
        kept = self.b / (self.a + self.b) if self.first else 1.0
        share = share_of_time(time, self.alpha)
        return kept * mean_before_dropout(self.r, share, self.a, self.b + self.first)

    def count_probability(self, repeats: int, time: float) -> float:
        """Chance of exactly so many repeats within a time from the first transaction. [0..1]

        Args:
            repeats: How many. [count, >= 0]
            time: How long. [time, >= 0]
        """
        chances = purchase_chances(self.r, share_of_time(time, self.alpha), least=repeats + 1)
        stayed = exp(log_beta(self.a, self._staying(repeats)) - log_beta(self.a, self.b))
        value = stayed * chances[repeats]
        if repeats + self.first:
            left = log_beta(self.a + 1, self._staying(repeats) - 1) - log_beta(self.a, self.b)
            value += exp(left) * sum(chances[repeats:])
        return value

    def alive_probability(self, seen: Transactions) -> float:
        """Chance that somebody with this history is still active. [0..1]

        Args:
            seen: The history.
        """
        if seen.repeats + self.first == 0:
            return 1.0
        quiet = log(self.alpha + seen.age) - log(self.alpha + seen.last)
        chance = log(self.a) - log(self._staying(seen.repeats) - 1)
        return share_of_odds(-chance - (self.r + seen.repeats) * quiet)[0]

    def further_transactions(self, seen: Transactions, time: float) -> float:
        """Transactions expected of somebody with this history within a time from now.

        Args:
            seen: The history.
            time: How long from now. [time, >= 0]

        Returns:
            The mean, over those who left as well. [count]
        """
        share = share_of_time(time, self.alpha + seen.age)
        shape, weight = self.r + seen.repeats, self._staying(seen.repeats)
        return self.alive_probability(seen) * mean_before_dropout(shape, share, self.a, weight)

    def rate_limits(self, seen: Transactions, *, confidence: float = 0.95) -> tuple[float, float]:
        """Limits of the history's own rate, as multiples of its mean.

        Args:
            seen: The history.
            confidence: Chance that the rate lies inside, if the parameters are right. [0..1,
                exclusive]
        """
        return gamma_limits(self.r + seen.repeats, confidence=confidence)

    def _staying(self, repeats: int) -> float:
        """Weight on the side of staying after so many repeats and their chances to leave."""
        return self.b + repeats + self.first

    def log_likelihood(self, groups: Iterable[Alike]) -> float:
        """Logarithm of the density of histories.

        Args:
            groups: By repeats, the histories with how many are alike.
        """
        total = 0.0
        for repeats, alike in groups:
            shape = self.r + repeats
            same = lgamma(shape) - lgamma(self.r) + self.r * log(self.alpha)
            same += log_beta(self.a, self._staying(repeats)) - log_beta(self.a, self.b)
            may_leave = repeats + self.first > 0
            chance = log(self.a) - log(self._staying(repeats) - 1) if may_leave else -inf
            for seen, count in alike:
                whole, until_last = log(self.alpha + seen.age), log(self.alpha + seen.last)
                left = log_one_plus(chance + shape * (whole - until_last))
                total += count * (same - shape * whole + left)
        return total


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
