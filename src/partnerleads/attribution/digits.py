"""Numbers in the digits shown, and parts that still add up there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from partnerleads.attribution.splitting import shared_out

__all__ = ["in_digits", "shared_digits"]


def in_digits(number: float, digits: int) -> Decimal:
    """A number as it is shown, in so many digits after the point, rounded half-even.

    >>> in_digits(2.675, 2)
    Decimal('2.68')
    """
    return Decimal(repr(number)).quantize(_unit(digits), ROUND_HALF_EVEN)


def shared_digits(parts: Sequence[float], *, total: Decimal, digits: int) -> list[Decimal]:
    """Parts in so many digits after the point, adding up to the shown total.

    Every part is rounded down, and the units that are left go to the parts that lost most
    (largest remainder).

    >>> [str(part) for part in shared_digits([1 / 3] * 3, total=Decimal("1.0"), digits=1)]
    ['0.4', '0.3', '0.3']
    """
    unit = _unit(digits)
    exact = [Fraction(Decimal(repr(part))) / Fraction(unit) for part in parts]
    return [unit * units for units in shared_out(exact, total=int(total / unit))]


def _unit(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)
