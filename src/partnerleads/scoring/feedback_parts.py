"""What the feedback to a partner is made of: scores, criteria and outcomes, against others'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import fsum
from typing import Literal, TypeAlias

from attrs import frozen

from partnerleads.lifecycle import LeadLifecycle
from partnerleads.model import FrozenMap
from partnerleads.model.figure import frozen_counts
from partnerleads.scoring.mean_difference import mean_difference
from partnerleads.stats import Estimate, newcombe, quantile, wilson

__all__ = [
    "Answered",
    "CriterionFeedback",
    "Outcomes",
    "ScoreFeedback",
    "ScoreSummary",
    "Submitted",
]

Submitted: TypeAlias = Literal["originator", "sourcing_partner"]
"""Whose lead it is: of the partner that its capture names, or of the one credited with it."""

STATUSES = ("won", "lost", "disqualified", "open")

_WITHHELD = "nothing to compare with"


@frozen(kw_only=True)
class ScoreSummary:
    """The scores of several leads.

    Attributes:
        n: How many leads. [count]
        mean: Their mean score; None without a lead. [points, 0..100]
        median: Half of them score no more; None without a lead. [points, 0..100]
    """

    n: int
    mean: float | None
    median: float | None

    @classmethod
    def of(cls, points: Sequence[float]) -> ScoreSummary:
        """The summary of scores.

        Args:
            points: The scores. [points, 0..100]
        """
        if not points:
            return cls(n=0, mean=None, median=None)
        mean = min(max(fsum(points) / len(points), min(points)), max(points))
        return cls(n=len(points), mean=mean, median=quantile(sorted(points), 0.5))


@frozen(kw_only=True)
class ScoreFeedback:
    """A partner's scores against the programme's others.

    Attributes:
        own: Of the partner's leads.
        others: Of the leads of other partners; None where nothing is compared.
        difference: Mean of the partner's less that of the others, with its interval. [points]
    """

    own: ScoreSummary
    others: ScoreSummary | None
    difference: Estimate

    @classmethod
    def of(
        cls, own: Sequence[float], others: Sequence[float] | None, *, confidence: float
    ) -> ScoreFeedback:
        """Both summaries and how far they are apart.

        Args:
            own: Scores of the partner's leads. [points, 0..100]
            others: Scores of others' leads; None where nothing is compared. [points, 0..100]
            confidence: Of the interval. [0..1, exclusive]
        """
        apart = mean_difference(own, others or (), confidence=confidence)
        return cls(
            own=ScoreSummary.of(own),
            others=None if others is None else ScoreSummary.of(others),
            difference=Estimate(undefined_because=_WITHHELD) if others is None else apart,
        )


@frozen(kw_only=True)
class Answered:
    """How many leads meet something.

    Attributes:
        met: Leads that do. [count]
        not_met: Leads that are known not to. [count]
        not_known: Leads of which it is not known. [count]
    """

    met: int
    not_met: int
    not_known: int

    @classmethod
    def of(cls, answers: Iterable[bool | None]) -> Answered:
        """The counts of answers.

        Args:
            answers: Of each lead; None is not known.
        """
        counts = Counter(answers)
        return cls(met=counts[True], not_met=counts[False], not_known=counts[None])

    @property
    def n(self) -> int:
        """How many leads there are. [count]"""
        return self.met + self.not_met + self.not_known

    @property
    def share(self) -> float | None:
        """Part of all leads that meet it; None without a lead. [0..1]"""
        return self.met / self.n if self.n else None

    @property
    def missing(self) -> float | None:
        """Part of all leads of which it is not known; None without a lead. [0..1]"""
        return self.not_known / self.n if self.n else None


@frozen(kw_only=True)
class CriterionFeedback:
    """How often a partner's leads meet a criterion, against the programme's others.

    Attributes:
        name: The criterion; ``qualified`` is the verdict on all.
        own: Of the partner's leads.
        interval: Of the share that meets it, Wilson's; None without a lead. [0..1 each]
        others: Of the leads of other partners; None where nothing is compared.
        difference: Share of the partner's less that of the others, with Newcombe's interval.
            [-1..1]
    """

    name: str
    own: Answered
    interval: tuple[float, float] | None
    others: Answered | None
    difference: Estimate

    @classmethod
    def of(
        cls, name: str, own: Answered, others: Answered | None, *, confidence: float
    ) -> CriterionFeedback:
        """A criterion of both.

        Args:
            name: What it is called.
            own: Of the partner's leads.
            others: Of others' leads; None where nothing is compared.
            confidence: Of the intervals. [0..1, exclusive]
        """
        interval = wilson(own.met, own.n, confidence=confidence) if own.n else None
        return cls(
            name=name,
            own=own,
            interval=interval,
            others=others,
            difference=_apart(own, others, confidence),
        )


def _apart(own: Answered, others: Answered | None, confidence: float) -> Estimate:
    share, other = own.share, None if others is None else others.share
    if others is None or other is None:
        return Estimate(undefined_because=_WITHHELD)
    if share is None:
        return Estimate(undefined_because="no lead of the partner")
    limits = newcombe(own.met, own.n, others.met, others.n, confidence=confidence)
    return Estimate(value=share - other, interval=limits)


@frozen(kw_only=True)
class Outcomes:
    """What leads became so far.

    Attributes:
        counts: Leads won, lost, disqualified and open. [counts]
        reasons: Leads lost or disqualified, by the reason that was given; empty where none was.
            [counts]
    """

    counts: FrozenMap[str, int]
    reasons: FrozenMap[str, int]

    @classmethod
    def of(cls, leads: Iterable[LeadLifecycle]) -> Outcomes:
        """The outcomes of leads as of their moment.

        Args:
            leads: The leads.
        """
        known = list(leads)
        found = Counter[str](one.status for one in known)
        unwon = [one for one in known if one.status in {"lost", "disqualified"}]
        return cls(
            counts=FrozenMap({name: found[name] for name in STATUSES}),
            reasons=frozen_counts(Counter(one.reason or "" for one in unwon)),
        )

    @property
    def n(self) -> int:
        """How many leads there are. [count]"""
        return sum(self.counts.values())
