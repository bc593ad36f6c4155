"""BG/BB: somebody buys or not at each of equally spaced occasions, such as quarters."""

from __future__ import annotations

from collections.abc import Iterable
from math import comb, exp, floor, fsum, log

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime.counting import log_beta
from partnerleads.plv.lifetime.fitting import Fit, above_zero, fitted
from partnerleads.plv.lifetime.leaving import usable
from partnerleads.plv.lifetime.transactions import Transactions, check_time
from partnerleads.stats.beta import beta_quantile
from partnerleads.stats.confidence import one_tail

__all__ = ["BgBb"]


@frozen(kw_only=True)
class BgBb:
    """A chance of one's own to buy at each occasion, and one to leave before each.

    Time is counted in occasions after the first transaction, so ``last`` and ``age`` of a history
    are whole numbers. While active, somebody buys at an occasion with a chance that varies as
    beta(alpha, beta); before each occasion they leave with a chance that varies as beta(gamma,
    delta). It suits programmes in which partners are active in a quarter or not.

    Attributes:
        alpha: Weight on the side of buying. [> 0]
        beta: Weight on the side of not buying. [> 0]
        gamma: Weight on the side of leaving. [> 0]
        delta: Weight on the side of staying. [> 0]

    Raises:
        OptionError: When a parameter is not above 0.

    Source:
        Fader, Hardie and Shang 2010, "Customer-base analysis in a discrete-time noncontractual
        setting".

    >>> model = BgBb(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
    >>> round(model.alive_probability(Transactions(repeats=2, last=4, age=6)), 2)
    0.59
    """

    alpha: float = field(validator=above_zero)
    beta: float = field(validator=above_zero)
    gamma: float = field(validator=above_zero)
    delta: float = field(validator=above_zero)

    @classmethod
    def fit(cls, histories: Iterable[Transactions]) -> Fit[BgBb]:
        """The parameters under which histories are likeliest.

        Args:
            histories: Of everybody who bought at least once, in occasions.

        Raises:
            OptionError: When there are fewer than 300, nobody bought again, or a history is not
                counted in whole occasions.
        """
        groups, n, _ = usable(histories)
        every = [one for _, alike in groups for one in alike]
        for seen, _ in every:
            _check(seen)

        def log_likelihood(model: BgBb) -> float:
            return sum(count * log(model._chance_of(seen)) for seen, count in every)

        start = {"alpha": 1.0, "beta": 1.0, "gamma": 1.0, "delta": 3.0}
        return fitted(cls, start, log_likelihood, n=n)

    def _stayed(self, occasions: float) -> float:
        """Chance to stay through so many occasions."""
        return exp(log_beta(self.gamma, self.delta + occasions) - log_beta(self.gamma, self.delta))

    def _left_after(self, occasions: int) -> float:
        """Chance to leave right after so many occasions."""
        weights = log_beta(self.gamma + 1, self.delta + occasions)
        return exp(weights - log_beta(self.gamma, self.delta))

    def _bought(self, repeats: int, occasions: float) -> float:
        """Chance of one order of so many purchases and pauses, while active."""
        weights = log_beta(self.alpha + repeats, self.beta + occasions - repeats)
        return exp(weights - log_beta(self.alpha, self.beta))

    def _active(self, seen: Transactions) -> float:
        """Chance of the history and of being active through all of it."""
        return self._bought(seen.repeats, seen.age) * self._stayed(seen.age)

    def _chance_of(self, seen: Transactions) -> float:
        silent = range(int(seen.last), int(seen.age))
        gone = fsum(self._bought(seen.repeats, n) * self._left_after(n) for n in silent)
        return self._active(seen) + gone

    def expected_transactions(self, time: float) -> float:
        """Repeats expected of somebody new at so many occasions, E[X(n)].

        Args:
            time: How many occasions; a part of one counts in proportion. [occasions, >= 0]

        Returns:
            The mean. [count]
        """
        check_time("time", time)
        chance = self.alpha / (self.alpha + self.beta)
        return chance * self._occasions_active(0, time)

    def count_probability(self, repeats: int, time: int) -> float:
        """Chance of exactly so many repeats of somebody new at so many occasions. [0..1]

        Args:
            repeats: How many. [count, >= 0]
            time: How many occasions. [occasions, >= 0]
        """
        check_time("time", time)
        stayed = comb(time, repeats) * self._bought(repeats, time) * self._stayed(time)
        return stayed + fsum(
            comb(n, repeats) * self._bought(repeats, n) * self._left_after(n)
            for n in range(repeats, time)
        )

    def alive_probability(self, seen: Transactions) -> float:
        """Chance that somebody with this history is active at the next occasion. [0..1]

        Args:
            seen: The history, in occasions.

        Raises:
            OptionError: When the history is not counted in whole occasions.
        """
        _check(seen)
        weight = self.delta + seen.age
        return self._active(seen) / self._chance_of(seen) * weight / (self.gamma + weight)

    def further_transactions(self, seen: Transactions, time: float) -> float:
        """Transactions expected of somebody with this history at the next occasions.

        Args:
            seen: The history, in occasions.
            time: How many occasions; a part of one counts in proportion. [occasions, >= 0]

        Returns:
            The mean, over those who left as well. [count]

        Raises:
            OptionError: When the history is not counted in whole occasions.
        """
        check_time("time", time)
        _check(seen)
        alive = self._active(seen) / self._chance_of(seen)
        chance = (self.alpha + seen.repeats) / (self.alpha + self.beta + seen.age)
        return alive * chance * self._occasions_active(seen.age, time)

    def rate_limits(self, seen: Transactions, *, confidence: float = 0.95) -> tuple[float, float]:
        """Limits of the history's own chance to buy, as multiples of its mean.

        Args:
            seen: The history, in occasions.
            confidence: Chance that it lies inside, if somebody is active and the parameters are
                right. [0..1, exclusive]
        """
        a, b = self.alpha + seen.repeats, self.beta + seen.age - seen.repeats
        tail, mean = one_tail(confidence), a / (a + b)
        return beta_quantile(tail, a, b) / mean, (1 - beta_quantile(tail, b, a)) / mean

    def _occasions_active(self, age: float, time: float) -> float:
        """At how many of the next occasions somebody active now is active, in the mean."""
        whole = floor(time)
        staying, total = 1.0, 0.0
        for occasion in range(whole + 1):
            weight = self.delta + age + occasion
            staying *= weight / (self.gamma + weight)
            total += staying * (1 if occasion < whole else time - whole)
        return total


def _check(seen: Transactions) -> None:
    if int(seen.last) != seen.last or int(seen.age) != seen.age or seen.repeats > seen.last:
        reason = "is no history of occasions; last and age are whole, and no occasion counts twice"
        raise OptionError("seen", seen, reason)
