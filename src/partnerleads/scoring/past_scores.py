"""Scores and outcomes of past leads as arguments; what is none is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from partnerleads.errors import OptionError
from partnerleads.scoring.lead_score import LeadScore

__all__ = ["checked_outcomes", "checked_scores", "the_scorer"]


def checked_scores(name: str, scores: Iterable[LeadScore]) -> list[LeadScore]:
    """Scores in the order given.

    Args:
        name: What the argument is called.
        scores: What was passed.

    Raises:
        OptionError: When it is no list of scores, as a scorer, examples, or scores by lead.
    """
    listed = _listed(scores)
    found = [one for one in listed or () if isinstance(one, LeadScore)]
    if listed is None or len(found) < len(listed):
        reason = "is no list of LeadScore; pass [scorer.score(one.features) for one in examples]"
        raise OptionError(name, type(scores).__name__, reason)
    return found


def checked_outcomes(scores: Sequence[LeadScore], outcomes: Iterable[bool]) -> list[bool]:
    """Outcomes in the order of the scores.

    Args:
        scores: The scores.
        outcomes: What was passed.

    Raises:
        OptionError: When it is no list of outcomes, or not one for each score.
    """
    found = _listed(outcomes)
    if found is None or not all(one in (True, False) for one in found):
        reason = "is no list of outcomes; pass [one.won for one in examples]"
        raise OptionError("outcomes", type(outcomes).__name__, reason)
    if len(found) != len(scores):
        raise OptionError("outcomes", len(found), f"must be {len(scores)}, one for each score")
    return [bool(one) for one in found]


def the_scorer(scores: Sequence[LeadScore]) -> str:
    """The fingerprint of the one scorer of all scores.

    Raises:
        OptionError: When there are several.
    """
    found = sorted({f"{one.scorer} {one.fingerprint}" for one in scores})
    if len(found) > 1:
        raise OptionError("scores", ", ".join(found), "are of several scorers; pass those of one")
    return scores[0].fingerprint


def _listed(values: object) -> list[object] | None:
    """The members of a list; None where it is none."""
    if not isinstance(values, Iterable) or isinstance(values, Mapping):
        return None
    return [*values]
