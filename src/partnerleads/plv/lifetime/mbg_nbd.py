"""MBG/NBD: somebody may leave after each transaction, the first included."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from partnerleads.plv.lifetime.leaving import Leaving

__all__ = ["MbgNbd"]


@frozen(kw_only=True)
class MbgNbd(Leaving):
    """Transactions at a rate of one's own, and a chance to leave after each, also the first.

    As :class:`BgNbd`, but that somebody may leave right after the first transaction; so the
    chance to be active falls also for those who never bought again. It is no more monotone in
    the count than there.

    Attributes:
        r: Shape of the gamma distribution. [> 0]
        alpha: Its rate; the mean rate is r / alpha. [time, > 0]
        a: Weight on the side of leaving. [> 0]
        b: Weight on the side of staying. [> 0]

    Raises:
        OptionError: When a parameter is not above 0.

    Source:
        Batislam, Denizel and Filiztekin 2007; Hoppe and Wagner 2007.

    >>> from partnerleads.plv import Transactions
    >>> model = MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> round(model.alive_probability(Transactions(repeats=0, last=0, age=38.86)), 2)
    0.39
    """

    first: ClassVar[int] = 1
