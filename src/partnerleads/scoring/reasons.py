"""The reasons of a predictive score: log odds turned into points that add up."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isfinite, sinh, sqrt

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.stats import sigmoid

__all__ = [
    "BASE",
    "CAP",
    "FLOOR",
    "Evidence",
    "is_of_the_scale",
    "main_reason",
    "mean_slope",
    "reasons_of",
]

BASE = "base rate"
"""Name of the reason that is there before anything is seen of a lead."""

CAP = "cap"
"""Name of the reason that takes off what is beyond a limit; of a group, ``cap of`` its name."""

FLOOR = "floor"
"""Name of the reason that gives back what is below a limit; of a group, ``floor of`` its name."""


@frozen
class Evidence:
    """What one thing seen says about a win.

    Attributes:
        name: What was looked at, such as ``industry``.
        value: What was seen there; None where nothing was.
        log_odds: How much it speaks for a win. [log odds]
    """

    name: str
    value: str | None
    log_odds: float


def main_reason(score: LeadScore) -> str:
    """The reason that adds most, the first of equals, with its points; empty where none adds.

    Args:
        score: The score of a lead.
    """
    shown = score.rounded()
    found = [one for one in shown if one[0].points > 0 and not is_of_the_scale(one[0])]
    if not found:
        return ""
    reason, points = max(found, key=lambda one: one[0].points)
    return " ".join(filter(None, (reason.name, reason.value, f"{points:+}")))


def reasons_of(base: float, evidence: Sequence[Evidence]) -> tuple[Reason, ...]:
    """The points of a predictive score by its evidence.

    The score is ``100 * sigmoid(base + sum of log odds)``. The base rate has
    ``100 * sigmoid(base)``. What is left is split in proportion to the log odds, which is what
    each adds on the straight path from nothing seen to all seen, and depends on no order.

    Args:
        base: Log odds of a lead of which nothing is seen. [log odds]
        evidence: What is seen, in the order to be shown.

    Returns:
        A reason for the base rate, then one for each evidence; their points add up to the score.

    Raises:
        OptionError: When log odds are not finite.

    Source:
        Aumann and Shapley, Values of Non-Atomic Games, 1974: the value along the diagonal.

    >>> reasons = reasons_of(0.0, [Evidence("industry", "steel", 1.0), Evidence("role", None, 2.0)])
    >>> [round(one.points, 2) for one in reasons]
    [50.0, 15.09, 30.17]
    """
    weights = [one.log_odds for one in evidence]
    for name, number in (("base", base), *((one.name, one.log_odds) for one in evidence)):
        if not isfinite(number):
            raise OptionError(name, number, "must be finite log odds")
    slope = mean_slope(base, fsum(weights))
    first = Reason(name=BASE, points=100 * sigmoid(base), evidence=base)
    rest = (
        Reason(
            name=one.name,
            value=one.value,
            points=100 * slope * one.log_odds,
            evidence=one.log_odds,
        )
        for one in evidence
    )
    return (first, *rest)


def mean_slope(base: float, way: float) -> float:
    """The mean slope of the sigmoid over a way from a base; at no way its slope there."""
    if abs(way) > 1:
        return (sigmoid(base + way) - sigmoid(base)) / way
    # close ends would cancel out; the same by the sinh of the difference
    steepness = [sigmoid(end) * sigmoid(-end) for end in (base, base + way)]
    half = way / 2
    stretch = sinh(half) / half if half else 1.0
    return sqrt(steepness[0]) * sqrt(steepness[1]) * stretch


def is_of_the_scale(reason: Reason) -> bool:
    """Whether a reason tells of the scale, such as a base rate or a limit, and not of the lead.

    Args:
        reason: The reason; in a hybrid its name follows that of the part.

    >>> is_of_the_scale(Reason(name="fit: floor of firm", points=5))
    True
    """
    name = reason.name.rpartition(": ")[2]
    return name in {BASE, CAP, FLOOR} or name.startswith((f"{CAP} of ", f"{FLOOR} of "))
