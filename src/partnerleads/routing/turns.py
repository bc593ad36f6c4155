"""Turns: what a decision adds to the credits of those who could have been chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from attrs import frozen

from partnerleads.model import FrozenMap, RecipientId
from partnerleads.routing.recipient import Recipient

__all__ = ["NO_TURN", "Credits", "Turn", "turn_of"]


@frozen
class Credits:
    """Turns saved up, exact: whole numbers of one unit, so that comparing them is fast.

    Attributes:
        units: What each has saved up, with its share of this turn. [units]
        shares: Its share of this turn. [units]
        per_turn: How many units a turn is. [count, >= 1]
    """

    units: Mapping[RecipientId, int]
    shares: Mapping[RecipientId, int]
    per_turn: int

    def turns(self, recipient_id: RecipientId) -> Fraction:
        """What one has saved up, with its share of this turn. [turns]"""
        return Fraction(self.units[recipient_id], self.per_turn)

    def share(self, recipient_id: RecipientId) -> Fraction:
        """What one earns of this turn. [turns]"""
        return Fraction(self.shares[recipient_id], self.per_turn)


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
        parts = self._parts()
        total = sum(parts)
        made = {part: Fraction(part, total) for part in {*parts}}
        return FrozenMap(
            {name: made[part] for (name, _), part in zip(self.weights, parts, strict=True)}
        )

    def _parts(self) -> list[int]:
        """What each earns: whole parts of their sum, which is a turn."""
        ratios = [weight.as_integer_ratio() for _, weight in self.weights]
        scale = lcm(*[below for _, below in ratios])
        parts = [above * (scale // below) for above, below in ratios]
        return parts if any(parts) else [1] * len(parts)

    def earned(self, credit: Mapping[RecipientId, Fraction]) -> Credits:
        """What each has with its share of this turn, before anybody pays."""
        parts = self._parts()
        total = sum(parts) or 1
        names = [name for name, _ in self.weights]
        saved = {name: credit[name].as_integer_ratio() for name in names if name in credit}
        per_turn = lcm(total, *[below for _, below in saved.values()])
        scale = per_turn // total
        shares = {name: part * scale for name, part in zip(names, parts, strict=True)}
        units = dict(shares)
        for name, (above, below) in saved.items():
            units[name] += above * (per_turn // below)
        return Credits(units, shares, per_turn)

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
    return Turn(tuple([(one.recipient_id, one.weight) for one in candidates]), chosen)
