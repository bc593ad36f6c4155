"""Counts of transactions while nobody leaves, and how many a dropout lets happen."""

from __future__ import annotations

from itertools import accumulate
from math import exp, lgamma, log, log1p

from partnerleads.errors import OptionError
from partnerleads.plv.lifetime.transactions import check_time

__all__ = ["log_beta", "log_one_plus", "mean_before_dropout", "purchase_chances", "share_of_time"]

_NEGLIGIBLE = 1e-19
_LONGEST = 1e5


def log_beta(a: float, b: float) -> float:
    """Logarithm of the beta function.

    >>> round(log_beta(2, 3), 6) == round(-log(12), 6)
    True
    """
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def log_one_plus(log_value: float) -> float:
    """``log(1 + exp(log_value))``, also where the power is no float.

    >>> log_one_plus(1000.0), round(log_one_plus(0.0), 4)
    (1000.0, 0.6931)
    """
    return log_value if log_value > 40 else log1p(exp(log_value))


def share_of_time(time: float, alpha: float) -> float:
    """``time / (alpha + time)``, by which counts of transactions fall off.

    Args:
        time: How far to look ahead. [time, >= 0]
        alpha: Rate of the gamma distribution, with the time watched so far. [time, > 0]

    Raises:
        OptionError: When the time is no span, or so long that its unit can hardly be alpha's.

    >>> share_of_time(1.0, 3.0)
    0.25
    """
    check_time("time", time)
    if time > _LONGEST * alpha:
        reason = f"is more than {_LONGEST:g} times alpha and the time watched, {alpha:g}; "
        raise OptionError("time", time, reason + "check its unit")
    return time / (alpha + time)


def purchase_chances(r: float, share: float, *, least: int = 0) -> list[float]:
    """The chance of each count 0, 1, 2, ... when rates vary as a gamma distribution does.

    The negative binomial distribution; the list ends where nothing of weight follows.

    Args:
        r: Shape of the gamma distribution. [> 0]
        share: ``t / (alpha + t)`` for a span t. [0..1, exclusive of 1]
        least: How many counts to give at least. [count]

    >>> [round(chance, 4) for chance in purchase_chances(1, 0.5, least=3)[:3]]
    [0.5, 0.25, 0.125]
    """
    if share == 0:
        return [1.0] + [0.0] * least
    start, log_share = r * log1p(-share) - lgamma(r), log(share)
    peak = (r - 1) * share / (1 - share)
    chances: list[float] = []
    count, chance = 0, 1.0
    while count < max(peak, least) or chance * count > _NEGLIGIBLE or count < 2:
        chance = exp(start + lgamma(r + count) - lgamma(count + 1) + count * log_share)
        chances.append(chance)
        count += 1
    return chances


def mean_before_dropout(r: float, share: float, a: float, b: float) -> float:
    """Transactions expected of somebody active, who may leave after each of them.

    The sum over j = 0, 1, ... of P(more than j, if nobody left) B(a, b + j) / B(a, b): one more
    happens when there would be one more and none of the j before it was the last. Every term is
    positive, so nothing cancels, and no value of a or b is special.

    Args:
        r: Shape of the gamma distribution of the rate. [> 0]
        share: ``t / (alpha + t)`` for the span t that is looked ahead. [0..1, exclusive of 1]
        a: Weight on the side of leaving. [> 0]
        b: Weight on the side of staying. [> 0]

    Source:
        Equal to the closed form with the hypergeometric function of Fader, Hardie and Lee 2005,
        (a + b - 1) / (a - 1) (1 - (1 - share)^r 2F1(r, b; a + b - 1; share)), also where that is
        0 / 0.
    """
    chances = purchase_chances(r, share)
    more = list(accumulate(reversed(chances[1:])))
    more.reverse()
    staying, total = 1.0, 0.0
    for j, beyond in enumerate(more):
        total += beyond * staying
        staying *= (b + j) / (a + b + j)
    return total
