"""Scores of learned scorers, built fast: their parts are right by construction."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import TypeAlias

from partnerleads.model import Caution
from partnerleads.model.trusted import trusted
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.reasons import BASE, mean_slope
from partnerleads.stats import sigmoid

__all__ = ["Seen", "base_reason", "predicted"]

Seen: TypeAlias = tuple[str, str, float]
"""A name, the value seen there, and how much it speaks for a win. [finite log odds]"""

_reason = trusted(Reason)
_lead_score = trusted(LeadScore)


def base_reason(base: float) -> Reason:
    """What is there before anything is seen of a lead.

    Args:
        base: Log odds of a lead of which nothing is seen. [finite log odds]
    """
    return Reason(name=BASE, points=100 * sigmoid(base), evidence=base)


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
