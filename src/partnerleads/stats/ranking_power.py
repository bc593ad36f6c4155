"""How well scores put those first that turn out: the area under the curve, lift and capture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import ceil, isfinite

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.stats.forecasts import check_outcomes

__all__ = ["TopShare", "auc", "top_scored"]

_ROUNDING = 1e-9
"""A tenth of 30 is 3, whatever floats make of it."""


@frozen(kw_only=True)
class TopShare:
    """What the highest scored hold of all hits.

    Attributes:
        share: The part that was asked for. [0..1]
        top: How many are in it, rounded up. [count]
        n: How many there are. [count]
        top_hits: Hits among them; where equal scores lie on both sides of the border, what chance
            would bring in on average. [hits]
        hits: All hits. [count]
    """

    share: float
    top: int
    n: int
    top_hits: float
    hits: int

    @property
    def lift(self) -> float | None:
        """How much more often they hit than all; None without any hit. [ratio, >= 0]"""
        return (self.top_hits / self.top) / (self.hits / self.n) if self.hits else None

    @property
    def capture(self) -> float | None:
        """The part of all hits that they hold; None without any hit. [0..1]"""
        return self.top_hits / self.hits if self.hits else None


def auc(scores: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """The chance that a hit is scored above a miss; equal scores count half.

    Args:
        scores: Of any scale; higher is meant to be likelier. [finite]
        outcomes: Whether each was a hit, in the same order.

    Returns:
        1 where every hit is above every miss, 0.5 where the scores tell nothing; None without hits
        or without misses. [0..1]

    Raises:
        OptionError: When there are not as many of either, or a score is no number.

    Source:
        Mann and Whitney 1947; Hanley and McNeil 1982.

    >>> auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True])
    0.75
    """
    doubled, below = 0, 0
    for hits, of in _by_score(scores, outcomes):
        misses = of - hits
        doubled += hits * (2 * below + misses)
        below += misses
    hits = len(scores) - below
    return doubled / (2 * hits * below) if hits and below else None


def top_scored(
    scores: Sequence[float], outcomes: Sequence[bool], *, share: float = 0.1
) -> TopShare:
    """Hits among the highest scored.

    Args:
        scores: Of any scale; higher is meant to be likelier. [finite]
        outcomes: Whether each was a hit, in the same order.
        share: How large a part to look at, such as 0.1 for the top tenth. [0..1, more than 0]

    Raises:
        OptionError: When there are none or not as many of either, a score is no number, or the
            share makes no sense.

    >>> top = top_scored([90, 80, 70, 60], [True, False, False, True], share=0.25)
    >>> top.lift, top.capture
    (2.0, 0.5)
    """
    if not 0 < share <= 1:
        raise OptionError("share", share, "must lie above 0 and up to 1, such as 0.1")
    groups = _by_score(scores, outcomes)
    if not groups:
        raise OptionError("scores", scores, "must hold at least one")
    top = max(1, ceil(share * len(scores) - _ROUNDING))
    room, top_hits = top, 0.0
    for hits, of in reversed(groups):
        taken = min(room, of)
        top_hits += hits * taken / of
        room -= taken
    hits = sum(outcomes)
    return TopShare(share=share, top=top, n=len(scores), top_hits=top_hits, hits=hits)


def _by_score(scores: Sequence[float], outcomes: Sequence[bool]) -> list[tuple[int, int]]:
    """Hits and how many there are of each score, by rising score."""
    if len(scores) != len(outcomes):
        reason = f"are as many as outcomes, of which there are {len(outcomes)}"
        raise OptionError("scores", len(scores), reason)
    check_outcomes(outcomes)
    for score in scores:
        if not isfinite(score):
            raise OptionError("scores", score, "must be finite")
    pairs = sorted(zip(scores, outcomes, strict=True))
    counts = []
    for _, equals in groupby(pairs, key=lambda pair: pair[0]):
        found = [outcome for _, outcome in equals]
        counts.append((sum(found), len(found)))
    return counts
