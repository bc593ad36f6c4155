"""What a partner was and will be worth, as a result."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from partnerleads.model import Figure, Money, PartnerId
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.plv.lifetime.transactions import Transactions

__all__ = ["LifetimeValue"]


@frozen(kw_only=True, repr=False)
class LifetimeValue(Figure):
    """The money one partner brought and is expected to bring.

    ``value = historic + residual``, ``historic = won - spent`` and ``residual = amount x
    discounted``, each to the smallest unit of the currency.

    Attributes:
        partner_id: The partner.
        value: Historic and residual value together; None where either is undefined. [money]
        interval: Limits of the value that the doubt about the partner's rate leaves, with the
            chance to be active, the amount and the model's parameters taken as they are; None
            where the value is undefined. [money]
        historic: What was won less what was spent; None where undefined. [money]
        won: Margin, or revenue, of the wins less refunds; None where no win states any. [money]
        spent: Costs that name the partner. [money]
        residual: What transactions within the horizon are expected to bring, discounted to the
            moment; 0 after a termination; None where undefined. [money]
        transactions: The history that the model read.
        alive_probability: Chance that the partner is still active. [0..1]
        expected: Transactions expected within the horizon. [count]
        discounted: The same, each discounted to the moment. [count]
        amount: Margin, or revenue, expected of a transaction; None where undefined. [money]
        amounts: How many transactions state an amount. [count]
        horizon_days: How far it looks ahead. [days]
        terminated_at: When the partner left, if it did. [aware datetime]
        without_amount: Wins that state no margin, or no value. [count]
    """

    partner_id: PartnerId
    value: Money | None
    interval: tuple[Money, Money] | None
    historic: Money | None
    won: Money | None
    spent: Money | None
    residual: Money | None
    transactions: Transactions
    alive_probability: float
    expected: float
    discounted: float
    amount: Money | None
    amounts: int
    horizon_days: float
    terminated_at: datetime | None = None
    without_amount: int = 0

    def value_text(self) -> str:
        """The value with its interval."""
        if self.interval is None:
            return f"{self.partner_id}: undefined"
        low, high = self.interval
        return f"{self.partner_id}: {self.value} [{low} to {high}]"

    def basis_text(self) -> str:
        """Historic and residual value, and what they rest on."""
        if self.undefined_because is not None:
            return f"{counted(self.n, 'win')}; {self.undefined_because}"
        text = f"{self.historic} so far, of {counted(self.n, 'win')} and costs of {self.spent}; "
        if self.terminated_at is not None:
            return text + f"nothing to come, as it left on {moment_text(self.terminated_at)}"
        return text + (
            f"{self.residual} to come within {self.horizon_days:.0f} days: "
            f"{self.expected:.1f} transactions of {self.amount}, active with a chance of "
            f"{100 * self.alive_probability:.0f} %"
        )

    def columns(self) -> dict[str, object]:
        """The partner, the parts of the value, and what they rest on."""
        low, high = self.interval or (None, None)
        money = {
            "value": self.value,
            "low": low,
            "high": high,
            "historic": self.historic,
            "won": self.won,
            "spent": self.spent,
            "residual": self.residual,
            "amount": self.amount,
        }
        amounts = [one for one in money.values() if one is not None]
        return {
            "partner_id": self.partner_id,
            **{name: None if one is None else one.amount for name, one in money.items()},
            "currency": amounts[0].currency if amounts else None,
            "alive_probability": self.alive_probability,
            "expected": self.expected,
            "discounted": self.discounted,
            "horizon_days": self.horizon_days,
            "terminated_at": self.terminated_at,
        }
