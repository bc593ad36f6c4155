"""Why an action gains nothing, and whether doing it again could."""

from __future__ import annotations

from partnerleads.attribution.digits import in_digits
from partnerleads.plv.score import PlvScore

__all__ = ["is_exhausted", "why_no_gain"]


def is_exhausted(before: PlvScore, after: PlvScore) -> bool:
    """Whether doing once more what led from one score to the other moves nothing either.

    Args:
        before: The score without it.
        after: The score with it.
    """
    moved = _moved(before, after)
    return moved == _full(before, after, moved)


def why_no_gain(before: PlvScore, after: PlvScore) -> str:
    """Why an action leaves a score as it is.

    Args:
        before: The score without it.
        after: The score with it, of the same value.
    """
    moved = _moved(before, after)
    if not moved:
        return "nothing that the model measures changes"
    weights = after.model.weights
    weighing = [name for name in moved if weights[name]]
    if not weighing:
        return f"the model gives no weight to {', '.join(moved)}"
    if before.value is None:
        return f"{', '.join(weighing)} known, and still at 0"
    if after.uncapped != before.uncapped:
        return f"a gate holds the score at {in_digits(before.value, 1)}"
    return _why_level(before, after, weighing)


def _why_level(before: PlvScore, after: PlvScore, moved: list[str]) -> str:
    """Why criteria that weigh and have another value leave the score level."""
    full = _full(before, after, moved)
    if full:
        return f"capped: {', '.join(full)} already at the most"
    if all(after.shares[name] == before.shares[name] for name in moved):
        return f"too little to move the share of {', '.join(moved)}"
    nothing = [name for name, share in after.model.filled(after.shares).items() if not share]
    if after.uncapped == 0 and nothing:
        return f"the score stays at 0 while nothing comes of {', '.join(nothing)}"
    return f"too little to move the score by {', '.join(moved)}"


def _moved(before: PlvScore, after: PlvScore) -> list[str]:
    """The criteria that have another value."""
    return [one.name for one in after.readings if one.value != before.values[one.name]]


def _full(before: PlvScore, after: PlvScore, names: list[str]) -> list[str]:
    """Those of some criteria that were at the most, and are."""
    return [name for name in names if before.shares[name] == after.shares[name] == 1.0]
