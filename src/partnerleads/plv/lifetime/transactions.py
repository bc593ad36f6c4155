"""When someone bought, as the lifetime models read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import inf

from attrs import frozen

from partnerleads.errors import OptionError

__all__ = ["Transactions", "check_time", "counted_histories"]


@frozen(kw_only=True)
class Transactions:
    """What a model needs to know of one history: how often again, how late, for how long.

    A transaction is a stretch of time, such as a day, with at least one sale. Time is counted
    from the first one, in whatever unit the model's parameters have. ``last`` is the age at the
    last transaction; it is not the time that has passed since.

    Attributes:
        repeats: Transactions after the first, x. [count]
        last: Time from the first transaction to the last one, t_x; 0 without repeats. [time]
        age: Time from the first transaction to the end of watching, T. [time, >= last]

    Raises:
        OptionError: When the three contradict each other.

    >>> Transactions(repeats=2, last=30.43, age=38.86).repeats
    2
    """

    repeats: int
    last: float
    age: float

    def __attrs_post_init__(self) -> None:
        if self.repeats < 0 or self.repeats != int(self.repeats):
            raise OptionError("repeats", self.repeats, "must be a count, 0 or more")
        if not 0 <= self.age < inf:
            raise OptionError("age", self.age, "must be a finite time, 0 or more")
        if not 0 <= self.last <= self.age:
            raise OptionError("last", self.last, f"must lie between 0 and the age, {self.age}")
        if (self.repeats == 0) != (self.last == 0):
            reason = f"with {self.repeats} repeats; it is 0 when there are none, and only then"
            raise OptionError("last", self.last, reason)


def counted_histories(histories: Iterable[Transactions]) -> Counter[Transactions]:
    """How many histories are alike; equal ones are looked at once. [counts]"""
    return Counter(histories)


def check_time(name: str, value: float) -> None:
    """Refuse what is no span of time to look ahead.

    >>> check_time("time", -1)
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: time=-1: must be a finite time, 0 or more
    """
    if not 0 <= value < inf:
        raise OptionError(name, value, "must be a finite time, 0 or more")
