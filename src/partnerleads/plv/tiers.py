"""Where a score stands: its tier, its percentile among peers, and ranks by one thing at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

from partnerleads.model import FrozenMap, PartnerId
from partnerleads.model.options import check_choice
from partnerleads.plv.criteria import Tier
from partnerleads.plv.model import PlvModel

if TYPE_CHECKING:
    from partnerleads.plv.score import PlvScore

__all__ = ["lexicographic_ranks", "next_tier", "peer_percentile", "reaches", "tier_of"]


_ROUNDING = 1e-9
"""How far below a limit a score may stand by the rounding of floats. [points]"""


def tier_of(model: PlvModel, value: float | None) -> Tier | None:
    """The tier that a score reaches; None below all, and without a score.

    What rounding of floats takes off (1e-9 points) keeps nobody out.

    Args:
        model: The model.
        value: The score. [points, 0..100]

    >>> from partnerleads.plv import DEFAULT_MODEL
    >>> tier_of(DEFAULT_MODEL, 60.0).name
    'gold'
    """
    if value is None:
        return None
    reached = [tier for tier in model.tiers if reaches(tier, value)]
    return reached[-1] if reached else None


def reaches(tier: Tier, value: float | None) -> bool:
    """Whether a score is enough for a tier; the rounding of floats keeps nobody out.

    Args:
        tier: The tier.
        value: The score; None reaches none. [points, 0..100]
    """
    return value is not None and value >= tier.at_least - _ROUNDING


def next_tier(model: PlvModel, value: float | None) -> Tier | None:
    """The tier above a score; None at the top.

    Args:
        model: The model.
        value: The score; without one the first tier is the next. [points, 0..100]
    """
    return next((tier for tier in model.tiers if not reaches(tier, value)), None)


def peer_percentile(scores: Mapping[PartnerId, PlvScore], *, partner_id: PartnerId) -> float | None:
    """The part of all scored partners that a partner is ahead of, with half of its equals.

    It is among its own equals: the only partner stands at 0.5.

    Args:
        scores: The scores by partner.
        partner_id: The partner.

    Returns:
        The part; None where the partner has no score. [0..1]

    Raises:
        OptionError: When it is not among them.
    """
    check_choice("partner_id", partner_id, scores)
    own = scores[partner_id].value
    if own is None:
        return None
    values = sorted(one.value for one in scores.values() if one.value is not None)
    return (bisect_left(values, own) + bisect_right(values, own)) / (2 * len(values))


def lexicographic_ranks(
    scores: Mapping[PartnerId, PlvScore], *, by: Sequence[str]
) -> FrozenMap[PartnerId, int]:
    """Ranks by one criterion, then the next: a later one never makes up for an earlier one.

    This is a ranking and no score. No name breaks a tie: equals in all share a rank.

    Args:
        scores: The scores by partner.
        by: Criteria, the first first; ``score`` is the score itself. More is better, and what is
            not known comes last.

    Returns:
        The rank of every partner, 1 the best, best first. [count, >= 1]

    Raises:
        OptionError: When a criterion is none of the model's.
    """
    values = {partner_id: {"score": one.value, **one.values} for partner_id, one in scores.items()}
    for known in values.values():
        for name in by:
            check_choice("by", name, known)
    keys = {
        partner_id: tuple(_lowest_last(known[name]) for name in by)
        for partner_id, known in values.items()
    }
    ordered = sorted(keys, key=lambda name: (tuple(-one for one in keys[name]), name))
    return FrozenMap({name: 1 + sum(key > keys[name] for key in keys.values()) for name in ordered})


def _lowest_last(value: float | None) -> float:
    return -inf if value is None else value
