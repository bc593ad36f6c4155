"""Gamma-Gamma: how much somebody spends a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import inf, lgamma, log

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime.fitting import Fit, above_zero, check_enough, fitted

__all__ = ["GammaGamma"]

_INSTEAD = "pass parameters you trust, or use CredibleMean, which also takes negative amounts"


@frozen(kw_only=True)
class GammaGamma:
    """Amounts that vary around a mean of one's own, drawn towards the mean of all.

    Each amount of somebody varies as gamma(p, nu), and nu between people as gamma(q, v). Amounts
    are above 0 and do not depend on how often somebody buys.

    Attributes:
        p: Shape of amounts. [> 0]
        q: Shape of the rates of amounts; the mean over people is infinite up to 1. [> 0]
        v: Rate of the rates of amounts. [money, > 0]

    Raises:
        OptionError: When a parameter is not above 0.

    Source:
        Fader and Hardie 2013, "The Gamma-Gamma model of monetary value".

    >>> model = GammaGamma(p=6.25, q=3.74, v=15.44)
    >>> round(model.mean_amount, 2), round(model.expected_amount(2, 22.35), 1)
    (35.22, 24.7)
    """

    p: float = field(validator=above_zero)
    q: float = field(validator=above_zero)
    v: float = field(validator=above_zero)

    @classmethod
    def fit(cls, means: Iterable[tuple[int, float]]) -> Fit[GammaGamma]:
        """The parameters under which people's mean amounts are likeliest.

        Args:
            means: How many amounts, and their mean, of each who had any. [count >= 1, money > 0]

        Raises:
            OptionError: When there are fewer than 300, nobody had two amounts, or a mean is not
                above 0.
        """
        counts = Counter(means)
        n = counts.total()
        check_enough("means", n, instead=_INSTEAD)
        for amounts, mean in counts:
            _check(amounts, mean)
        repeated = sum(count for (amounts, _), count in counts.items() if amounts > 1)
        check_enough("means of two amounts", repeated, instead=_INSTEAD, least=1)
        level = sum(mean * count for (_, mean), count in counts.items()) / n
        data = [(amounts, mean, log(mean), count) for (amounts, mean), count in counts.items()]

        def log_likelihood(model: GammaGamma) -> float:
            p, q, v = model.p, model.q, model.v
            same = q * log(v) - lgamma(q)
            return sum(
                count
                * (
                    same
                    + lgamma(p * x + q)
                    - lgamma(p * x)
                    + (p * x - 1) * log_mean
                    + p * x * log(x)
                    - (p * x + q) * log(x * mean + v)
                )
                for x, mean, log_mean, count in data
            )

        return fitted(cls, {"p": 2.0, "q": 3.0, "v": level}, log_likelihood, n=n)

    @property
    def mean_amount(self) -> float | None:
        """The mean over all people; None for q up to 1, where it is infinite. [money]"""
        return self.p * self.v / (self.q - 1) if self.q > 1 else None

    def expected_amount(self, amounts: int, mean: float) -> float | None:
        """The mean amount of somebody, given the mean of those seen.

        Args:
            amounts: How many were seen. [count, >= 0]
            mean: Their mean; not read without any. [money, > 0]

        Returns:
            A weighted mean of theirs and that of all; None where it is infinite: up to q = 1
            without amounts, and while p times the amounts and q together are up to 1. [money]

        Raises:
            OptionError: When the count is negative or the mean not above 0.
        """
        if amounts == 0:
            return self.mean_amount
        _check(amounts, mean)
        weight = self.p * amounts + self.q - 1
        return self.p * (self.v + amounts * mean) / weight if weight > 0 else None


def _check(amounts: int, mean: float) -> None:
    if amounts < 1:
        raise OptionError("amounts", amounts, "must be a count, 1 or more")
    if not 0 < mean < inf:
        reason = "must be a finite amount above 0; CredibleMean takes others as well"
        raise OptionError("mean", mean, reason)
