"""How a budget was split, and what bound each part."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from partnerleads.model import Caution, FrozenMap, Money, PartnerId
from partnerleads.model.by_id import ById
from partnerleads.model.figure import counted
from partnerleads.showing import Shown

__all__ = ["Allocation", "Grant"]


@frozen(kw_only=True)
class Grant:
    """What one partner gets of a budget.

    Attributes:
        partner_id: The partner.
        amount: What it gets. [money]
        weight: What it weighed, exactly. [>= 0]
        floor: The least it had to get. [money]
        cap: The most it could get; None is no limit. [money]
        bound_by: ``floor`` or ``cap`` where that decided, else empty.
    """

    partner_id: PartnerId
    amount: Money
    weight: Fraction
    floor: Money
    cap: Money | None = None

    @property
    def bound_by(self) -> str:
        """What decided beside the weight: ``floor``, ``cap``, or nothing."""
        if self.amount == self.cap:
            return "cap"
        return "floor" if self.amount == self.floor and self.amount.amount else ""


def _grants(grants: Mapping[PartnerId, Grant]) -> FrozenMap[PartnerId, Grant]:
    return FrozenMap(grants)


@frozen(kw_only=True, repr=False)
class Allocation(Shown, ById[PartnerId, Grant]):
    """A budget split over partners, by id; the amounts add up to it exactly.

    Attributes:
        budget: What was split. [money]
        by: What it was split by.
        grants: What each partner gets, by id.
        warnings: What to beware of.
    """

    budget: Money
    by: str
    grants: FrozenMap[PartnerId, Grant] = field(converter=_grants)
    warnings: tuple[Caution, ...] = ()
    _right = frozenset({1, 2})
    _held = "grants"

    @property
    def amounts(self) -> dict[PartnerId, Money]:
        """What each partner gets, by id. [money]"""
        return {name: one.amount for name, one in self.items()}

    def share_of(self, partner_id: PartnerId) -> float | None:
        """A partner's part of the budget; None of a budget of nothing. [0..1]

        Args:
            partner_id: The partner.
        """
        whole = self.budget.minor
        return self[partner_id].amount.minor / whole if whole else None

    def to_dicts(self) -> list[dict[str, object]]:
        """The allocation as flat rows, one a partner."""
        return [
            {
                "partner_id": name,
                "amount": one.amount.amount,
                "currency": self.budget.currency,
                "share": self.share_of(name),
                "by": self.by,
                "weight": float(one.weight),
                "floor": one.floor.amount,
                "cap": None if one.cap is None else one.cap.amount,
                "bound_by": one.bound_by,
            }
            for name, one in self.items()
        ]

    def _head(self) -> str:
        return f"{self.budget} over {counted(len(self), 'partner')} by {self.by}"

    def _titles(self) -> tuple[str, ...]:
        return "", "amount", "share", "basis"

    def _rows(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for name, one in self.items():
            share = self.share_of(name)
            part = "-" if share is None else f"{100 * share:.1f} %"
            basis = f"weight {float(one.weight):.6g}"
            bound = f", held by its {one.bound_by}" if one.bound_by else ""
            rows.append((str(name), str(one.amount), part, basis + bound))
        return rows

    def _notes(self) -> list[str]:
        return [*map(str, self.warnings)]
