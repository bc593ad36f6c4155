"""Shifted beta-geometric: how many renew, and how many renew again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime.counting import log_beta
from partnerleads.plv.lifetime.fitting import Fit, above_zero, check_enough, fitted

__all__ = ["Sbg"]

_INSTEAD = "pass parameters you trust, or read the cohort's own retention"


@frozen(kw_only=True)
class Sbg:
    """A chance of one's own to leave at each renewal, such as that of a partner agreement.

    The chance varies between people as beta(a, b), so a cohort's retention rises with time though
    nobody's own chance ever changes: those likely to leave go first.

    Attributes:
        a: Weight on the side of leaving. [> 0]
        b: Weight on the side of renewing. [> 0]

    Raises:
        OptionError: When a parameter is not above 0.

    Source:
        Fader and Hardie 2007, "How to project customer retention".

    >>> model = Sbg(a=0.704, b=1.182)
    >>> [round(1000 * model.survival_probability(renewals)) for renewals in range(4)]
    [1000, 627, 474, 388]
    """

    a: float = field(validator=above_zero)
    b: float = field(validator=above_zero)

    @classmethod
    def fit(cls, remaining: Sequence[int]) -> Fit[Sbg]:
        """The parameters under which a cohort's renewals are likeliest.

        Args:
            remaining: How many were there at the start, after the first renewal, after the
                second, and so on. [counts, never rising]

        Raises:
            OptionError: When there are fewer than two renewals or 300 at the start, when nobody
                left, or when the counts rise or are negative.
        """
        check_enough("renewals", len(remaining) - 1, instead=_INSTEAD, least=2)
        check_enough("remaining", remaining[0], instead=_INSTEAD)
        lost = [before - after for before, after in pairwise(remaining)]
        if min(lost) < 0 or remaining[-1] < 0:
            raise OptionError("remaining", remaining, "must be counts that never rise")
        check_enough("lost", sum(lost), instead=_INSTEAD, least=1)

        def log_likelihood(model: Sbg) -> float:
            ends = [count * log(model.leaving_probability(n)) for n, count in enumerate(lost, 1)]
            return sum(ends) + remaining[-1] * log(model.survival_probability(len(lost)))

        return fitted(cls, {"a": 1.0, "b": 1.0}, log_likelihood, n=remaining[0])

    def survival_probability(self, renewals: int) -> float:
        """Chance to be there still after so many renewals. [0..1]

        Args:
            renewals: How many. [count, >= 0]
        """
        return exp(log_beta(self.a, self.b + renewals) - log_beta(self.a, self.b))

    def leaving_probability(self, renewal: int) -> float:
        """Chance to leave at just this renewal. [0..1]

        Args:
            renewal: Which, counted from 1. [count, >= 1]
        """
        return exp(log_beta(self.a + 1, self.b + renewal - 1) - log_beta(self.a, self.b))

    def retention_rate(self, renewal: int) -> float:
        """Share of those there before a renewal that renew. [0..1]

        Args:
            renewal: Which, counted from 1. [count, >= 1]
        """
        return (self.b + renewal - 1) / (self.a + self.b + renewal - 1)
