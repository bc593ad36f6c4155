"""How far the scores of leads have moved from one time to another."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from partnerleads.errors import OptionError
from partnerleads.scoring.lead_score import LeadScore
from partnerleads.scoring.past_scores import checked_scores, the_scorer
from partnerleads.stats import Drift, drift, quantile

__all__ = ["score_drift"]

FEW = 5
"""Fewer later scores than these, where there were none before, are no bin of their own. [count]"""

_Cell: TypeAlias = tuple[int, bool]
"""Between which edges, and whether just on the upper one, which then is a frequent score."""


def score_drift(
    before: Sequence[LeadScore],
    after: Sequence[LeadScore],
    *,
    bins: int = 10,
    smoothing: float = 0.0,
) -> Drift:
    """How far the scores of leads have moved from one time to another.

    The bins hold about as many of the earlier scores each. A score that more than a bin's part of
    the earlier leads have is a bin of its own, so that leads which leave it show. Where fewer than
    half a bin's part of the earlier leads are, there is a bin only if that part of the later leads,
    and at least five, are there; else it joins its neighbour. What moves within a bin does not
    show.

    Args:
        before: Scores of the earlier leads.
        after: Scores of the later leads, of the same scorer.
        bins: Into how many bins as large the earlier scores are put. [count, >= 1]
        smoothing: As in :func:`partnerleads.stats.drift`. [leads, >= 0]

    Raises:
        OptionError: When either is empty or no list of scores, or the scorers differ.
    """
    earlier, later = checked_scores("before", before), checked_scores("after", after)
    if not earlier or not later:
        raise OptionError("before", len(earlier), "scores and those after must not be empty")
    if bins < 1:
        raise OptionError("bins", bins, "must be 1 or more")
    the_scorer([*earlier, *later])
    bars = _bars([one.score for one in earlier], [one.score for one in later], bins)
    return drift([one for one, _ in bars], [other for _, other in bars], smoothing=smoothing)


def _bars(before: Sequence[float], after: Sequence[float], bins: int) -> list[tuple[int, int]]:
    """Earlier and later scores of each bin, from the lowest."""
    ordered = sorted(before)
    frequent = {one for one, times in Counter(before).items() if times * bins > len(before)}
    quantiles = {quantile(ordered, step / bins) for step in range(1, bins)}
    edges = sorted((quantiles - {ordered[-1]}) | frequent)

    def cell(score: float) -> _Cell:
        return bisect_left(edges, score), score in frequent

    cells = [Counter(map(cell, side)) for side in (before, after)]
    bars: list[tuple[int, int]] = []
    waiting = (0, 0)
    for place in sorted(cells[0].keys() | cells[1].keys()):
        waiting = waiting[0] + cells[0][place], waiting[1] + cells[1][place]
        enough = cells[0][place] * 2 * bins >= len(before)
        if enough or cells[1][place] >= max(FEW, len(after) / (2 * bins)):
            bars.append(waiting)
            waiting = (0, 0)
    one, other = bars.pop()
    return [*bars, (one + waiting[0], other + waiting[1])]
