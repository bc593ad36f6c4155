"""What later transactions are worth now."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, inf, log1p
from typing import Literal, TypeAlias

from partnerleads.errors import OptionError
from partnerleads.model.options import check_choice
from partnerleads.plv.lifetime.quadrature import integral

__all__ = ["COMPOUNDINGS", "Compounding", "discounted", "discounted_occasions", "force_of_interest"]

Compounding: TypeAlias = Literal["yearly", "quarterly", "monthly", "daily", "continuous"]
"""How often interest is added to what it is paid on."""

COMPOUNDINGS: dict[str, int] = {
    "yearly": 1,
    "quarterly": 4,
    "monthly": 12,
    "daily": 365,
    "continuous": 0,
}
"""How often a year interest is added, by name; 0 is without end."""

_PANELS = 8


def force_of_interest(annual_rate: float, compounding: Compounding) -> float:
    """The continuous rate that discounts as much as a yearly rate with its compounding.

    Args:
        annual_rate: Stated yearly rate, such as 0.1. [> -1]
        compounding: How often interest is added; a rate of 0.12 added monthly is 0.01 a month.

    Returns:
        ``k log(1 + rate / k)`` for k times a year. [1 / year]

    Raises:
        OptionError: When the rate or the compounding is none.

    >>> round(force_of_interest(0.1, "yearly"), 6), force_of_interest(0.1, "continuous")
    (0.09531, 0.1)
    """
    check_choice("compounding", compounding, COMPOUNDINGS)
    if not -1 < annual_rate < inf:
        raise OptionError("annual_rate", annual_rate, "must be finite and above -1, such as 0.1")
    times = COMPOUNDINGS[compounding]
    return times * log1p(annual_rate / times) if times else annual_rate


def discounted(expected: Callable[[float], float], time: float, force: float) -> float:
    """Expected transactions up to a time, each discounted to now.

    The integral of ``exp(-force t)`` over the growth of the expected count E(t), by parts:
    ``exp(-force H) E(H)`` and ``force`` times the integral of ``exp(-force t) E(t)``. Without
    interest it is E(H) itself.

    Args:
        expected: E(t), 0 at 0.
        time: H. [time, >= 0]
        force: Continuous rate of interest. [1 / time]

    >>> round(discounted(lambda t: 2 * t, 1, 0.1), 9) == round(20 * (1 - exp(-0.1)), 9)
    True
    """
    end = exp(-force * time) * expected(time)
    if force == 0 or time == 0:
        return end

    def later(place: float) -> float:  # closer places early on, where E bends most
        at = time * place * place
        return 2 * time * place * exp(-force * at) * expected(at)

    return end + force * integral(later, 0, 1, panels=_PANELS)


def discounted_occasions(expected: Callable[[float], float], time: float, force: float) -> float:
    """Transactions expected at the occasions up to a time, each discounted from its own end.

    Args:
        expected: Expected transactions up to a time, which grow from occasion to occasion.
        time: How many occasions. [occasions, >= 0]
        force: Continuous rate of interest. [1 / occasion]

    >>> round(discounted_occasions(lambda t: 2 * t, 2, 0.1), 9)
    3.447136342
    """
    ends = [*map(float, range(1, floor(time) + 1)), time]
    total = before = 0.0
    for end in ends:
        reached = expected(end)
        total += exp(-force * end) * (reached - before)
        before = reached
    return total
