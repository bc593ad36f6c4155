"""What a lead scorer is: it reads the features of one lead, and gives a score with its reasons."""

from __future__ import annotations

from typing import Protocol

from partnerleads.errors import OptionError
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore

__all__ = ["Calibrator", "LeadScorer", "checked_scorer"]


class LeadScorer(Protocol):
    """Scores leads.

    Its own fields are parameters, and frozen; whatever varies comes in the features.
    """

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The score of a lead, 0 to 100; pure: same features, same answer."""
        ...


class Calibrator(Protocol):
    """Turns scores into chances of a win, as outcomes taught it."""

    def probability(self, score: float, /) -> float:
        """The chance of a win at a score of 0 to 100; never lower at a higher score. [0..1]"""
        ...


def checked_scorer(value: LeadScorer, *, name: str = "scorer") -> LeadScorer:
    """What was passed as a scorer.

    Args:
        value: What was passed.
        name: What the argument is called.

    Raises:
        OptionError: When it is a class, or has no method ``score``.
    """
    if isinstance(value, type) or not callable(getattr(value, "score", None)):
        reason = "is no scorer; pass an object with a method `score`, such as a RuleModel"
        raise OptionError(name, value, reason)
    return value
