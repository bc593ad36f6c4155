"""Gamma-Poisson: a steady rate with a stated prior, and the chance to be active."""

from __future__ import annotations

from attrs import field, frozen

from partnerleads.plv.lifetime.fitting import above_zero
from partnerleads.plv.lifetime.gamma import gamma_limits
from partnerleads.plv.lifetime.mbg_nbd import MbgNbd
from partnerleads.plv.lifetime.transactions import Transactions, check_time
from partnerleads.stats.credibility import gamma_poisson_rate

__all__ = ["GammaPoisson"]


@frozen(kw_only=True)
class GammaPoisson:
    """For few histories: the rate that prior and history give, times the chance to be active.

    ``(r + x) / (alpha + T)`` is the mean rate of somebody with x repeats in the time T, when
    before anything is seen rates are thought to vary as gamma(r, alpha): as if r repeats had been
    seen in the time alpha. Expected transactions within t are that rate, times t, times the
    chance to be active of :class:`MbgNbd` with the same parameters. Nothing is fitted. Nobody is
    taken to leave within t, so t should be short, such as a year or two.

    Attributes:
        r: Repeats that the prior is worth. [> 0]
        alpha: Time in which it has them. [time, > 0]
        a: Weight on the side of leaving after a transaction. [> 0]
        b: Weight on the side of staying. [> 0]

    Raises:
        OptionError: When a parameter is not above 0.

    >>> model = GammaPoisson(r=1, alpha=180, a=0.5, b=4.5)
    >>> round(model.further_transactions(Transactions(repeats=3, last=300, age=360), 365), 2)
    2.44
    """

    r: float = field(validator=above_zero)
    alpha: float = field(validator=above_zero)
    a: float = field(validator=above_zero)
    b: float = field(validator=above_zero)

    def alive_probability(self, seen: Transactions) -> float:
        """Chance that somebody with this history is still active, that of MBG/NBD. [0..1]

        Args:
            seen: The history.
        """
        model = MbgNbd(r=self.r, alpha=self.alpha, a=self.a, b=self.b)
        return model.alive_probability(seen)

    def further_transactions(self, seen: Transactions, time: float) -> float:
        """Transactions expected of somebody with this history within a time from now.

        Args:
            seen: The history.
            time: How long from now. [time, >= 0]

        Returns:
            The mean, over those who left as well. [count]
        """
        check_time("time", time)
        rate = gamma_poisson_rate(seen.repeats, seen.age, k=self.r, theta=self.alpha)
        return self.alive_probability(seen) * (rate or 0.0) * time

    def rate_limits(self, seen: Transactions, *, confidence: float = 0.95) -> tuple[float, float]:
        """Limits of the history's own rate, as multiples of its mean.

        Args:
            seen: The history.
            confidence: Chance that the rate lies inside, if the prior is right. [0..1, exclusive]
        """
        return gamma_limits(self.r + seen.repeats, confidence=confidence)
