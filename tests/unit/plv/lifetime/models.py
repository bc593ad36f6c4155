"""Models and histories that the tests of this room share."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from partnerleads.plv.lifetime import (
    BgBb,
    BgNbd,
    GammaPoisson,
    MbgNbd,
    ParetoNbd,
    Transactions,
)

PARTNERS = [
    GammaPoisson(r=1.0, alpha=26.0, a=0.5, b=4.5),
    MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614),
    BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669),
    BgBb(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783),
]
"""One of each kind that tells transactions to come."""


def seen(repeats: int, last: float, age: float) -> Transactions:
    return Transactions(repeats=repeats, last=last, age=age)


@st.composite
def histories(draw: DrawFn) -> Transactions:
    """Histories in whole units of time, as every model takes them."""
    age = draw(st.integers(0, 200))
    repeats = draw(st.integers(0, min(age, 30)))
    last = draw(st.integers(repeats, age)) if repeats else 0
    return seen(repeats, last, age)


def simulated(random: Random, count: int, *, weeks: int = 52) -> list[Transactions]:
    """Histories of MBG/NBD with r 1.2, alpha 12, a 0.8 and b 2.5."""
    return [_life(random, weeks) for _ in range(count)]


def _life(random: Random, weeks: int) -> Transactions:
    rate, risk = random.gammavariate(1.2, 1 / 12), random.betavariate(0.8, 2.5)
    now = last = 0.0
    repeats = 0
    while random.random() > risk:
        now += random.expovariate(rate)
        if now > weeks:
            break
        last, repeats = now, repeats + 1
    return seen(repeats, last, weeks)
