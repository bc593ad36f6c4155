"""What a policy would have earned, from the choices of another one that left them to chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum, isfinite, sqrt

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.stats.confidence import deviate

__all__ = ["LoggedChoice", "OffPolicy", "PolicyEstimate", "mean_estimate", "off_policy"]


@frozen(kw_only=True)
class LoggedChoice:
    """One choice on record, with what came of it.

    Attributes:
        reward: What came of it.
        logging: Chance of it under the policy that made it. [0..1, above 0]
        target: Chance of it under the policy asked about. [0..1]
        predicted: What a model expects of it; None without a model.
        expected: What the model expects of the policy asked about, over all it could choose; None
            without a model.
    """

    reward: float
    logging: float
    target: float
    predicted: float | None = None
    expected: float | None = None

    def __attrs_post_init__(self) -> None:
        if not 0 < self.logging <= 1:
            reason = "must be above 0 and at most 1: a choice that was made had a chance"
            raise OptionError("logging", self.logging, reason)
        if not 0 <= self.target <= 1:
            raise OptionError("target", self.target, "must lie between 0 and 1")
        for name in ("reward", "predicted", "expected"):
            value = getattr(self, name)
            if value is not None and not isfinite(value):
                raise OptionError(name, value, "must be a finite number")

    @property
    def weight(self) -> float:
        """How many choices of the policy asked about it stands for: target by logging. [>= 0]"""
        return self.target / self.logging


@frozen(kw_only=True)
class PolicyEstimate:
    """One estimate of the mean reward of a policy.

    Attributes:
        value: The mean reward; None where undefined.
        standard_error: Of the value; None where undefined.
        interval: Lower and upper limit, normal; None where undefined.
        undefined_because: Why the value or the interval is missing; None where both are there.
    """

    value: float | None = None
    standard_error: float | None = None
    interval: tuple[float, float] | None = None
    undefined_because: str | None = None


@frozen(kw_only=True)
class OffPolicy:
    """What a policy would have earned a choice.

    Attributes:
        n: Choices on record. [count]
        observed: The mean reward of the policy that made them.
        ips: By inverse propensity: unbiased, and wild where weights are large.
        snips: The same by the sum of the weights: slightly biased, far steadier.
        doubly_robust: By a model, corrected by what came of the choices: right where the chances
            or the model are.
        effective_n: How many choices of the policy itself would tell as much, ``(sum w)^2 / sum
            w^2``. [0..n]
        largest_weight: The weight of the choice that weighs most. [>= 0]
        mean_weight: The mean of the weights; 1 on average where the chances on record are those
            by which was chosen. [>= 0]
    """

    n: int
    observed: PolicyEstimate
    ips: PolicyEstimate
    snips: PolicyEstimate
    doubly_robust: PolicyEstimate
    effective_n: float
    largest_weight: float
    mean_weight: PolicyEstimate


def off_policy(choices: Iterable[LoggedChoice], *, confidence: float = 0.95) -> OffPolicy:
    """What a policy would have earned, estimated from the choices of another.

    Each choice weighs ``w = target / logging``; then

    - ``IPS = sum(w r) / n``,
    - ``SNIPS = sum(w r) / sum(w)``, with the variance ``sum(w^2 (r - SNIPS)^2) / sum(w)^2``,
    - ``DR = sum(expected + w (r - predicted)) / n``.

    The choices are taken to be independent of each other. That the policy asked about chooses
    nobody who had no chance before cannot be seen from here, and has to be checked before.

    Args:
        choices: The choices on record.
        confidence: Chance that such an interval holds the true mean. [0..1, exclusive]

    Returns:
        The estimates. Means have their sample variance, so an interval needs two choices that
        differ. SNIPS is undefined where all weights are 0, DR where a choice has no model.

    Raises:
        OptionError: When the confidence or a choice makes no sense.

    Source:
        Horvitz and Thompson 1952; Swaminathan and Joachims 2015; Dudik, Langford and Li 2011; the
        effective size after Kish 1965.

    >>> even = [LoggedChoice(reward=r, logging=0.5, target=t) for r, t in [(1, 1), (0, 1), (1, 0)]]
    >>> found = off_policy(even)
    >>> round(found.ips.value, 3), found.snips.value, found.effective_n
    (0.667, 0.5, 2.0)
    """
    z = deviate(confidence)
    known = tuple(choices)
    weights = [one.weight for one in known]
    return OffPolicy(
        n=len(known),
        observed=_mean([one.reward for one in known], z),
        ips=_mean([one.weight * one.reward for one in known], z),
        snips=_self_normalised(known, z),
        doubly_robust=_doubly_robust(known, z),
        effective_n=_effective(weights),
        largest_weight=max(weights, default=0.0),
        mean_weight=_mean(weights, z),
    )


def mean_estimate(rewards: Sequence[float], *, confidence: float) -> PolicyEstimate:
    """The mean of what was done, with its sample error.

    Args:
        rewards: What came of each choice.
        confidence: Chance that such an interval holds the true mean. [0..1, exclusive]

    >>> mean_estimate([1.0, 0.0, 0.0, 1.0], confidence=0.95).value
    0.5
    """
    return _mean(rewards, deviate(confidence))


_NOTHING = PolicyEstimate(undefined_because="there is no choice to learn from")


def _effective(weights: Sequence[float]) -> float:
    squares = fsum(weight * weight for weight in weights)
    return fsum(weights) ** 2 / squares if squares else 0.0


def _mean(terms: Sequence[float], z: float) -> PolicyEstimate:
    """The mean of some terms, with its sample error."""
    n = len(terms)
    if not n:
        return _NOTHING
    mean = fsum(terms) / n
    if n == 1:
        return PolicyEstimate(value=mean, undefined_because="one choice shows no variation")
    squares = fsum((term - mean) ** 2 for term in terms)
    return _normal(mean, sqrt(squares / (n - 1) / n), z)


def _normal(value: float, error: float, z: float) -> PolicyEstimate:
    if error == 0:
        return PolicyEstimate(value=value, undefined_because="no variation, so no interval")
    interval = (value - z * error, value + z * error)
    return PolicyEstimate(value=value, standard_error=error, interval=interval)


def _self_normalised(known: Sequence[LoggedChoice], z: float) -> PolicyEstimate:
    if not known:
        return _NOTHING
    whole = fsum(one.weight for one in known)
    if not whole:
        reason = "the policy would have made none of the choices on record"
        return PolicyEstimate(undefined_because=reason)
    value = fsum(one.weight * one.reward for one in known) / whole
    squares = fsum((one.weight * (one.reward - value)) ** 2 for one in known)
    return _normal(value, sqrt(squares) / whole, z)


def _doubly_robust(known: Sequence[LoggedChoice], z: float) -> PolicyEstimate:
    terms = [
        one.expected + one.weight * (one.reward - one.predicted)
        for one in known
        if one.expected is not None and one.predicted is not None
    ]
    if len(terms) < len(known):
        return PolicyEstimate(undefined_because="a choice has no model of its reward")
    return _mean(terms, z)
