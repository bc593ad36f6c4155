"""Fit and engagement: what a lead is and what it does, in one score and in a grid."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import fsum
from typing import Any, NamedTuple

from attrs import evolve, field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.numbers import check_number, in_range
from partnerleads.scoring.fingerprints import fingerprint_of
from partnerleads.scoring.lead_features import LeadFeatures
from partnerleads.scoring.lead_score import LeadScore, Reason
from partnerleads.scoring.protocol import Calibrator, LeadScorer, checked_scorer
from partnerleads.scoring.scoring_leads import scored

__all__ = ["Cell", "Grid", "Hybrid"]

_LETTERS = "ABCDEFGHIJ"


def _limits(limits: Iterable[float]) -> tuple[float, ...]:
    return tuple(limits)


def _descending(_: object, attribute: Any, value: tuple[float, ...]) -> None:
    for limit in value:
        check_number(attribute.name, limit)
    if not 1 <= len(value) < len(_LETTERS):
        raise OptionError(attribute.name, value, f"takes 1 to {len(_LETTERS) - 1} limits")
    if any(high <= low for high, low in pairwise((101.0, *value, 0.0))):
        reason = "go from the best down, without equals, such as (70, 40)"
        raise OptionError(attribute.name, value, reason)


class Cell(NamedTuple):
    """Where a lead stands in a grid.

    Attributes:
        name: A letter for the fit and a number for the engagement; ``A1`` is the best.
        fit: The score of what it is. [points, 0..100]
        engagement: The score of what it does. [points, 0..100]
    """

    name: str
    fit: float
    engagement: float


@frozen(kw_only=True)
class Grid:
    """Classes by two scores.

    Attributes:
        fit: The least scores of A, B, ...; what is below all has the next letter. [points]
        engagement: The least scores of 1, 2, ...; what is below all has the next number. [points]

    >>> Grid(fit=(70, 40), engagement=(50,)).cell(fit=40, engagement=10).name
    'B2'
    """

    fit: tuple[float, ...] = field(default=(70.0, 40.0), converter=_limits, validator=_descending)
    engagement: tuple[float, ...] = field(
        default=(70.0, 40.0), converter=_limits, validator=_descending
    )

    def cell(self, *, fit: float, engagement: float) -> Cell:
        """Where two scores stand.

        Args:
            fit: The score of what a lead is. [points, 0..100]
            engagement: The score of what it does. [points, 0..100]
        """
        letter = _LETTERS[sum(fit < limit for limit in self.fit)]
        number = 1 + sum(engagement < limit for limit in self.engagement)
        return Cell(f"{letter}{number}", fit, engagement)


def _fit(value: LeadScorer) -> LeadScorer:
    return checked_scorer(value, name="fit")


def _engagement(value: LeadScorer) -> LeadScorer:
    return checked_scorer(value, name="engagement")


def _calibrator(value: Calibrator | None) -> Calibrator | None:
    if value is not None and not callable(getattr(value, "probability", None)):
        reason = "is no calibrator; pass an object with a method `probability`"
        raise OptionError("calibrator", value, reason)
    return value


@frozen(kw_only=True)
class Hybrid:
    """Two scorers as one: their weighted mean, whose reasons are theirs, and their grid.

    Attributes:
        name: What it is called.
        fit: Scores what a lead is; any scorer.
        engagement: Scores what it does; any scorer.
        fit_weight: How much the first counts; the second has the rest. [0..1]
        grid: Classes by both.
        calibrator: What turns the mean into a chance; without one there is none, since a mean of
            two chances is no longer a chance that holds.

    >>> from partnerleads.scoring import DEFAULT_RULES
    >>> fit, engagement = (
    ...     evolve(DEFAULT_RULES, name=one.name, groups=[one]) for one in DEFAULT_RULES.groups
    ... )
    >>> hybrid = Hybrid(fit=fit, engagement=engagement, fit_weight=0.75)
    >>> from partnerleads.testing import at
    >>> lead = LeadFeatures(
    ...     lead_id="L1",
    ...     captured_at=at("2026-01-02"),
    ...     as_of=at("2026-02-01"),
    ...     values={"industry": "steel", "country": "DE", "criteria.need": "met"},
    ...     numbers={"company_size": 250},
    ... )
    >>> print(hybrid.score(lead))
    L1 22.5 (hybrid, as of 2026-02-01 00:00 UTC)
      fit: company_size   250  +7.5
      fit: company_size   250  +7.5
      fit: criteria.need  met  +7.5
    >>> hybrid.cell(lead).name
    'C3'
    """

    name: str = "hybrid"
    fit: LeadScorer = field(converter=_fit)
    engagement: LeadScorer = field(converter=_engagement)
    fit_weight: float = field(default=0.5, validator=in_range(0, 1))
    grid: Grid = field(factory=Grid)
    calibrator: Calibrator | None = field(default=None, converter=_calibrator)

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        """The weighted mean of both scores.

        Args:
            lead: What is known of the lead.

        Raises:
            ScorerError: When a scorer's answer is no score of this lead.
        """
        both = self._both(lead)
        weights = (self.fit_weight, 1 - self.fit_weight)
        reasons = [
            evolve(reason, name=f"{name}: {reason.name}", points=weight * reason.points)
            for (name, one), weight in zip(both.items(), weights, strict=True)
            for reason in one.reasons
            if weight
        ]
        score = _within(reasons)
        chance = None if self.calibrator is None else self.calibrator.probability(score)
        warnings = dict.fromkeys(warning for one in both.values() for warning in one.warnings)
        return LeadScore(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            score=score,
            probability=chance,
            reasons=reasons,
            scorer=self.name,
            fingerprint=self._fingerprint([one.fingerprint for one in both.values()]),
            warnings=tuple(warnings),
        )

    def cell(self, lead: LeadFeatures) -> Cell:
        """Where a lead stands in the grid.

        Args:
            lead: What is known of the lead.

        Raises:
            ScorerError: When a scorer's answer is no score of this lead.
        """
        both = self._both(lead)
        return self.grid.cell(fit=both["fit"].score, engagement=both["engagement"].score)

    def _both(self, lead: LeadFeatures) -> dict[str, LeadScore]:
        scorers = {"fit": self.fit, "engagement": self.engagement}
        return {name: scored(lead, scorer=scorer) for name, scorer in scorers.items()}

    def _fingerprint(self, parts: list[str]) -> str:
        taught = getattr(self.calibrator, "fingerprint", None) or repr(self.calibrator)
        return fingerprint_of(self.name, *parts, self.fit_weight, taught)


def _within(reasons: list[Reason]) -> float:
    """What the reasons add up to, without what rounding puts beyond the ends."""
    return min(max(fsum(one.points for one in reasons), 0.0), 100.0)
