"""Mean amounts drawn towards the mean of all, as far as few amounts can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import field, frozen

from partnerleads.model import Money
from partnerleads.plv.lifetime.fitting import above_zero
from partnerleads.stats.credibility import credible_mean

__all__ = ["CredibleMean"]


@frozen(kw_only=True)
class CredibleMean:
    """``z`` times the own mean and ``1 - z`` times that of all, with ``z = n / (n + strength)``.

    Amounts may be negative.

    Attributes:
        strength: As many own amounts count as much as the mean of all. [count, > 0]
        collective: The mean of all; None takes that of the history's own partners. [money]

    Raises:
        OptionError: When the strength is not above 0.

    Source:
        Buhlmann 1967, with a stated constant in place of an estimated one.

    >>> CredibleMean(strength=2).expected_amount([Fraction(9), Fraction(3)], Fraction(2))
    4.0
    """

    strength: float = field(default=3.0, validator=above_zero)
    collective: Money | None = None

    def expected_amount(
        self, amounts: Sequence[Fraction], collective: Fraction | None
    ) -> float | None:
        """The mean amount to expect.

        Args:
            amounts: The amounts seen. [money]
            collective: The mean of all; None where nothing was ever seen. [money]

        Returns:
            The weighted mean; that of all without own amounts; the own mean where there is none
            of all; None without either. [money]
        """
        if not amounts:
            return None if collective is None else float(collective)
        own = float(sum(amounts, Fraction(0)) / len(amounts))
        if collective is None:
            return own
        total = float(collective)
        return credible_mean(own, len(amounts), collective=total, strength=self.strength)
