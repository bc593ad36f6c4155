"""Scores of learned scorers, built fast: their parts are right by construction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum
from typing import TypeAlias

from partnerleads.attribution.digits import in_digits
from partnerleads.model import Caution
from partnerleads.model.trusted import trusted
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.reasons import BASE, mean_slope
from partnerleads.stats import sigmoid

__all__ = ["LogOdds", "Seen", "base_reason", "learned_rows", "predicted"]

Seen: TypeAlias = tuple[str, str, float]
"""A name, the value seen there, and how much it speaks for a win. [finite log odds]"""

LogOdds: TypeAlias = tuple[str, str, float, str]
"""A name, a value of it, how much that speaks for a win, and what this rests on. [log odds]"""

_reason = trusted(Reason)
_lead_score = trusted(LeadScore)


def base_reason(base: float) -> Reason:
    """What is there before anything is seen of a lead.

    Args:
        base: Log odds of a lead of which nothing is seen. [finite log odds]
    """
    return Reason(name=BASE, points=100 * sigmoid(base), evidence=base)


def learned_rows(learned: Iterable[LogOdds]) -> list[tuple[str, ...]]:
    """What a scorer learned, as it is shown: what speaks most for a win or against it comes first.

    Args:
        learned: What each value speaks for.
    """
    strongest = sorted(learned, key=lambda one: (-abs(one[2]), one[0], one[1]))
    return [
        (name, value, f"{in_digits(odds, 2):+}", basis) for name, value, odds, basis in strongest
    ]


def predicted(
    lead: LeadFeatures,
    first: Reason,
    seen: Sequence[Seen],
    *,
    scorer: str,
    fingerprint: str,
    warnings: tuple[Caution, ...],
) -> LeadScore:
    """The score of a lead by what speaks for a win, with the reasons of :func:`reasons_of`.

    Args:
        lead: The lead.
        first: The reason of the base rate, which all leads share.
        seen: What is seen, in the order to be shown.
        scorer: Name of the scorer.
        fingerprint: Its fingerprint.
        warnings: What to beware of.
    """
    base = first.evidence
    way = fsum([odds for _, _, odds in seen])
    chance = sigmoid(base + way)
    slope = 100 * mean_slope(base, way)
    reasons = (first, *[_reason(name, value, slope * odds, odds) for name, value, odds in seen])
    return _lead_score(
        lead.lead_id, lead.as_of, 100 * chance, chance, reasons, scorer, fingerprint, warnings
    )
