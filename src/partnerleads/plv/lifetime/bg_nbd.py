"""BG/NBD: somebody may leave after each repeat transaction."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from partnerleads.plv.lifetime.fitting import Fit, above_zero
from partnerleads.plv.lifetime.gamma import gamma_limits
from partnerleads.plv.lifetime.leaving import Leaving, fit_leaving
from partnerleads.plv.lifetime.transactions import Transactions

__all__ = ["BgNbd"]


@frozen(kw_only=True)
class BgNbd:
    """Transactions at a rate of one's own, and a chance to leave after each repeat.

    While active, somebody buys at a Poisson rate; rates vary as gamma(r, alpha). After each
    repeat they leave for good with a chance that varies as beta(a, b). Nobody without a repeat
    can have left, so :meth:`alive_probability` is 1 then, however long ago the only transaction
    was: a trap that :class:`MbgNbd` does not have. The chance is not monotone in the count
    either: many early transactions and a long silence speak of somebody gone.

    Attributes:
        r: Shape of the gamma distribution. [> 0]
        alpha: Its rate; the mean rate is r / alpha. [time, > 0]
        a: Weight on the side of leaving. [> 0]
        b: Weight on the side of staying. [> 0]

    Raises:
        OptionError: When a parameter is not above 0.

    Source:
        Fader, Hardie and Lee 2005, "Counting your customers the easy way".

    >>> model = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> seen = Transactions(repeats=2, last=30.43, age=38.86)
    >>> round(model.further_transactions(seen, 39), 3)
    1.226
    """

    r: float = field(validator=above_zero)
    alpha: float = field(validator=above_zero)
    a: float = field(validator=above_zero)
    b: float = field(validator=above_zero)

    @classmethod
    def fit(cls, histories: Iterable[Transactions]) -> Fit[BgNbd]:
        """The parameters under which histories are likeliest.

        Args:
            histories: Of everybody who bought at least once, in one unit of time.

        Raises:
            OptionError: When there are fewer than 300, or nobody bought again.
        """
        return fit_leaving(cls, histories, lambda model: model._process)  # noqa: SLF001 - its own

    @property
    def _process(self) -> Leaving:
        return Leaving(self.r, self.alpha, self.a, self.b, 0)

    def expected_transactions(self, time: float) -> float:
        """Repeats expected of somebody new within a time from the first transaction, E[X(t)].

        Args:
            time: How long. [time, >= 0]

        Returns:
            The mean; finite also at a = 1, where the printed formula is 0 / 0. [count]
        """
        return self._process.expected(time)

    def count_probability(self, repeats: int, time: float) -> float:
        """Chance of exactly so many repeats within a time from the first transaction. [0..1]

        Args:
            repeats: How many. [count, >= 0]
            time: How long. [time, >= 0]
        """
        return self._process.chance(repeats, time)

    def alive_probability(self, seen: Transactions) -> float:
        """Chance that somebody with this history is still active. [0..1]

        Args:
            seen: The history.
        """
        return self._process.alive(seen)

    def further_transactions(self, seen: Transactions, time: float) -> float:
        """Transactions expected of somebody with this history within a time from now.

        Args:
            seen: The history.
            time: How long from now. [time, >= 0]

        Returns:
            The mean, over those who left as well. [count]
        """
        return self._process.further(seen, time)

    def rate_limits(self, seen: Transactions, *, confidence: float = 0.95) -> tuple[float, float]:
        """Limits of the history's own rate, as multiples of its mean.

        Args:
            seen: The history.
            confidence: Chance that the rate lies inside, if the parameters are right. [0..1,
                exclusive]
        """
        return gamma_limits(self.r + seen.repeats, confidence=confidence)
