"""Pareto/NBD: somebody may leave at any moment, whether buying or not."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, expm1, inf, lgamma, log, log1p

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime.counting import log_one_plus
from partnerleads.plv.lifetime.fitting import Fit, above_zero, fitted
from partnerleads.plv.lifetime.gamma import gamma_limits
from partnerleads.plv.lifetime.leaving import usable
from partnerleads.plv.lifetime.quadrature import integral, nodes
from partnerleads.plv.lifetime.transactions import Transactions, check_time
from partnerleads.stats.beta import share_of_odds

__all__ = ["ParetoNbd"]

_EASY = 6.0
"""How many powers of e an integrand may fall within one panel."""
_PLACES = nodes(8)


@frozen(kw_only=True)
class ParetoNbd:
    """Transactions at a rate of one's own, and a risk of one's own to leave at any moment.

    While active, somebody buys at a Poisson rate that varies as gamma(r, alpha); the risk to
    leave varies as gamma(s, beta).

    Attributes:
        r: Shape of the gamma distribution of rates. [> 0]
        alpha: Its rate. [time, > 0]
        s: Shape of the gamma distribution of risks. [> 0]
        beta: Its rate. [time, > 0]

    Raises:
        OptionError: When a parameter is not above 0.

    Source:
        Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005, "A note on deriving the
        Pareto/NBD model". The likelihood is integrated over the moment of leaving, so that no
        difference of hypergeometric functions is taken.

    >>> model = ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> round(model.alive_probability(Transactions(repeats=26, last=30.86, age=31)), 4)
    0.9979
    """

    r: float = field(validator=above_zero)
    alpha: float = field(validator=above_zero)
    s: float = field(validator=above_zero)
    beta: float = field(validator=above_zero)

    @classmethod
    def fit(cls, histories: Iterable[Transactions]) -> Fit[ParetoNbd]:
        """The parameters under which histories are likeliest.

        Args:
            histories: Of everybody who bought at least once, in one unit of time.

        Raises:
            OptionError: When there are fewer than 300, or nobody bought again.
        """
        groups, n, mean_age = usable(histories)

        def log_likelihood(model: ParetoNbd) -> float:
            return sum(
                count * model._log_density(seen) for _, alike in groups for seen, count in alike
            )

        start = {"r": 1.0, "alpha": mean_age, "s": 1.0, "beta": mean_age}
        return fitted(cls, start, log_likelihood, n=n)

    def _log_odds_left(self, seen: Transactions) -> float:
        """Log-odds that somebody left between the last transaction and the end of watching.

        The integral over the moment of leaving, on a logarithmic scale of time.
        """
        if seen.last == seen.age:
            return -inf
        r, risk = self.r + seen.repeats, self.s + 1
        bought, stayed = self.alpha + seen.last, self.beta + seen.last
        start = min(bought, stayed)
        length = log1p((seen.age - seen.last) / start)
        panels = 1 + int((r + risk) * length / _EASY)
        reach, start_bought, start_stayed = length / panels, start / bought, start / stayed
        left = 0.0
        for panel in range(panels):
            for place, weight in _PLACES:
                more = expm1((panel + place) * reach)
                fewer = (1 + more * start_bought) ** -r * (1 + more * start_stayed) ** -risk
                left += weight * (1 + more) * fewer
        left *= reach * start_stayed
        return (
            log(self.s * left)
            + r * log((self.alpha + seen.age) / bought)
            + self.s * log((self.beta + seen.age) / stayed)
        )

    def _log_density(self, seen: Transactions) -> float:
        shape = self.r + seen.repeats
        odds = self._log_odds_left(seen)
        return (
            lgamma(shape)
            - lgamma(self.r)
            + self.r * log(self.alpha)
            - shape * log(self.alpha + seen.age)
            - self.s * log1p(seen.age / self.beta)
            + log_one_plus(odds)
        )

    def expected_transactions(self, time: float) -> float:
        """Repeats expected of somebody new within a time from the first transaction, E[X(t)].

        Args:
            time: How long. [time, >= 0]

        Returns:
            The mean; finite also at s = 1, where the printed formula is 0 / 0. [count]
        """
        check_time("time", time)
        return self.r / self.alpha * _mean_stay(self.s, self.beta, time)

    def alive_probability(self, seen: Transactions) -> float:
        """Chance that somebody with this history is still active. [0..1]

        Args:
            seen: The history.
        """
        odds = self._log_odds_left(seen)
        return 1.0 if odds == -inf else share_of_odds(-odds)[0]

    def further_transactions(self, seen: Transactions, time: float) -> float:
        """Transactions expected of somebody with this history within a time from now.

        Args:
            seen: The history.
            time: How long from now. [time, >= 0]

        Returns:
            The mean, over those who left as well. [count]
        """
        check_time("time", time)
        stay = _mean_stay(self.s, self.beta + seen.age, time)
        return self.alive_probability(seen) * self._rate(seen) * stay

    def discounted_transactions(self, seen: Transactions, discount: float) -> float:
        """All transactions expected from now on, each discounted to now (DERT).

        It is no more monotone in the count of transactions than the chance to be active is.

        Args:
            seen: The history.
            discount: Force of interest, ``log(1 + rate)`` for a rate a unit of time, compounded
                continuously. [1 / time, > 0]

        Returns:
            The discounted mean. [count]

        Raises:
            OptionError: When the discount is not above 0, as the sum need not be finite then.

        Source:
            Fader, Hardie and Lee 2005, "RFM and CLV"; their Tricomi function as an integral.
        """
        if not 0 < discount < inf:
            raise OptionError("discount", discount, "must be a finite number above 0")
        age = self.beta + seen.age
        scale = min(age, 1 / discount)
        low, high = log(1e-18), log(45 / (discount * scale))

        def worth(place: float) -> float:
            time = scale * exp(place)
            return time * exp(-self.s * log1p(time / age) - discount * time)

        stay = integral(worth, low, high, panels=1 + int(high - low))
        return self.alive_probability(seen) * self._rate(seen) * stay

    def rate_limits(self, seen: Transactions, *, confidence: float = 0.95) -> tuple[float, float]:
        """Limits of the history's own rate, as multiples of its mean.

        Args:
            seen: The history.
            confidence: Chance that the rate lies inside, if the parameters are right. [0..1,
                exclusive]
        """
        return gamma_limits(self.r + seen.repeats, confidence=confidence)

    def _rate(self, seen: Transactions) -> float:
        return (self.r + seen.repeats) / (self.alpha + seen.age)


def _mean_stay(s: float, beta: float, time: float) -> float:
    """How long somebody active stays within a time: the mean over gamma(s, beta) risks."""
    grown, extra = log1p(time / beta), s - 1
    return beta * (-expm1(-extra * grown) / extra if extra else grown)
