"""Turns: what a decision adds to the credits of those who could have been chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from attrs import frozen

from partnerleads.model import FrozenMap, RecipientId
from partnerleads.routing.recipient import Recipient

__all__ = ["NO_TURN", "Turn", "turn_of"]


@frozen
class Turn:
    """One turn: everybody eligible earns a share of it, and the chosen one pays it.

    Attributes:
        weights: The weight of everybody eligible.
        payer: Who pays one turn; None where it costs none.
    """

    weights: tuple[tuple[RecipientId, Fraction], ...] = ()
    payer: RecipientId | None = None

    @property
    def shares(self) -> FrozenMap[RecipientId, Fraction]:
        """What each earns: its weight by the weight of all; together 1. [turns]

        Where all weights are 0 they earn the same.
        """
        scale = lcm(*(weight.denominator for _, weight in self.weights))
        parts = [weight.numerator * (scale // weight.denominator) for _, weight in self.weights]
        if not any(parts):
            parts = [1] * len(parts)
        total = sum(parts)
        made = {part: Fraction(part, total) for part in {*parts}}
        return FrozenMap(
            {name: made[part] for (name, _), part in zip(self.weights, parts, strict=True)}
        )

    def added_to(
        self, credit: Mapping[RecipientId, Fraction], *, times: int = 1
    ) -> FrozenMap[RecipientId, Fraction]:
        """The credits after it; ``times=-1`` refunds it, as if the lead had never come."""
        if self.payer is None:
            return FrozenMap(credit)
        after = dict(credit)
        for name, share in self.shares.items():
            earned = share if times == 1 else times * share
            kept = after.get(name)
            after[name] = earned if kept is None else kept + earned
        after[self.payer] -= times
        return FrozenMap(after)


NO_TURN = Turn()
"""What a lead costs that somebody had a right to: nothing."""


def turn_of(candidates: Sequence[Recipient], chosen: RecipientId | None = None) -> Turn:
    """The turn that a choice among candidates costs.

    >>> five, one = (Recipient(recipient_id=name, weight=w) for name, w in (("a", 5), ("b", 1)))
    >>> {name: str(share) for name, share in turn_of([five, one], "a").shares.items()}
    {'a': '5/6', 'b': '1/6'}
    """
    return Turn(tuple((one.recipient_id, one.weight) for one in candidates), chosen)
