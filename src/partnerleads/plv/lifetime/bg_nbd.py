"""BG/NBD: somebody may leave after each repeat transaction."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from partnerleads.plv.lifetime.leaving import Leaving

__all__ = ["BgNbd"]


@frozen(kw_only=True)
class BgNbd(Leaving):
    """Transactions at a rate of one's own, and a chance to leave after each repeat.

    While active, somebody buys at a Poisson rate; rates vary as gamma(r, alpha). After each
    repeat they leave for good with a chance that varies as beta(a, b). Nobody without a repeat
    can have left, so :meth:`alive_probability` is 1 then, however long ago the only transaction
    was: a trap that :class:`MbgNbd` does not have. The chance is not monotone in the count
    either: many early transactions and a long silence speak of somebody gone.

    Attributes:
        r: Shape of the gamma distribution. [> 0]
        alpha: Its rate; the mean rate is r / alpha. [time, > 0]
        a: Weight on the side of leaving. [> 0]
        b: Weight on the side of staying. [> 0]

    Raises:
        OptionError: When a parameter is not above 0.

    Source:
        Fader, Hardie and Lee 2005, "Counting your customers the easy way".

    >>> from partnerleads.plv import Transactions
    >>> model = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> seen = Transactions(repeats=2, last=30.43, age=38.86)
    >>> round(model.further_transactions(seen, 39), 3)
    1.226
    """

    first: ClassVar[int] = 0
