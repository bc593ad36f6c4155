"""Shares of small groups, drawn towards what groups are like in general."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.stats.beta import beta_quantile
from partnerleads.stats.beta_binomial import BetaBinomial
from partnerleads.stats.confidence import one_tail

__all__ = [
    "BetaPrior",
    "PriorFit",
    "beta_prior_by_likelihood",
    "beta_prior_by_moments",
    "beta_prior_from_mean",
]

LEAST_STRENGTH = 0.1
"""Below it groups are taken as not alike at all: the prior weighs a tenth of a trial."""

GRID = 16
"""Parts of the range of strengths that are searched for a peak each."""

MOST_TIMES_LARGEST = 1000
"""The prior weighs at most so many times the largest group: there each share is the pooled one."""


@frozen(kw_only=True)
class BetaPrior:
    """What is believed of a group's share before its own trials are seen.

    Attributes:
        a: Weight on the side of hits, as if so many had been seen. [trials, > 0]
        b: Weight on the side of misses. [trials, > 0]
        estimator: Where it comes from: ``given``, ``maximum likelihood`` or ``moments``.
        trials: How many trials it was fitted on; None where it is given. [count]

    Raises:
        OptionError: When a or b is not above 0.

    >>> prior = BetaPrior(a=78.661, b=224.875)
    >>> round(prior.posterior_mean(4, 10), 5), round(prior.posterior_mean(300, 1000), 5)
    (0.26364, 0.29049)
    """

    a: float
    b: float
    estimator: str = "given"
    trials: int | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("a", "b"):
            value = getattr(self, name)
            if not 0 < value < float("inf"):
                raise OptionError(name, value, "must be a finite number above 0")

    @property
    def mean(self) -> float:
        """The share of a group that nothing is known of. [0..1]"""
        return self.a / self.strength

    @property
    def strength(self) -> float:
        """As many trials the prior weighs: a group with as many counts half. [trials, > 0]"""
        return self.a + self.b

    def posterior_mean(self, hits: int, of: int) -> float:
        """The group's share, drawn from its raw share towards the prior's mean.

        Args:
            hits: How many of its trials hit. [count, 0..of]
            of: How many it had; without any the prior's mean is the answer. [count, >= 0]

        Raises:
            OptionError: When the counts make no sense.
        """
        _check(hits, of)
        return (self.a + hits) / (self.strength + of)

    def interval(self, hits: int, of: int, *, confidence: float = 0.95) -> tuple[float, float]:
        """Limits with as much chance beyond either, given the prior and the group's trials.

        The doubt about a fitted prior itself is not in it, so it is somewhat narrow for few
        groups. To claim no more than was seen, a fitted prior weighs here no more than all the
        trials that it was fitted on.

        Args:
            hits: How many of its trials hit. [count, 0..of]
            of: How many it had. [count, >= 0]
            confidence: Chance that the share lies inside. [0..1, exclusive]

        Raises:
            OptionError: When the counts or the confidence make no sense, or together with the
                prior leave a weight beyond 1e-12 and 1e12.
        """
        tail = one_tail(confidence)
        mean = self.posterior_mean(hits, of)
        weight = of + (self.strength if self.trials is None else min(self.strength, self.trials))
        a, b = weight * mean, weight * (self.b + of - hits) / (self.strength + of)
        return beta_quantile(tail, a, b), 1 - beta_quantile(tail, b, a)


@frozen(kw_only=True)
class PriorFit:
    """A prior fitted to the counts of groups, or why there is none.

    Attributes:
        prior: The prior; None where refused.
        groups: Groups with at least one trial. [count]
        trials: Their trials. [count]
        held_at: ``most`` when the groups differ no more than chance alone would have them, so
            that each share becomes the pooled one; ``least`` when they have nothing in common;
            None when the strength was found between.
        refused_because: Why there is no prior; None where there is one.
    """

    prior: BetaPrior | None
    groups: int
    trials: int
    held_at: str | None = None
    refused_because: str | None = None


def beta_prior_from_mean(mean: float, *, sd: float) -> BetaPrior:
    """The beta prior with a given mean and standard deviation.

    ``a + b = mean (1 - mean) / sd^2 - 1``, of which a is the mean's part. For a belief, or what
    others report of many groups; from the groups' own counts :func:`beta_prior_by_likelihood` and
    :func:`beta_prior_by_moments` find a prior, which take off the spread that is chance alone.

    Args:
        mean: What groups' shares are on average. [0..1, exclusive]
        sd: How far they lie from it, as a standard deviation. [> 0, < sqrt(mean (1 - mean))]

    Raises:
        OptionError: When the mean is no share between 0 and 1, or the deviation one that shares of
            this mean cannot have.

    Source:
        Gelman, Carlin, Stern, Dunson, Vehtari and Rubin 2013, Bayesian Data Analysis, 5.1.

    >>> prior = beta_prior_from_mean(0.136, sd=0.103)
    >>> round(prior.a, 2), round(prior.b, 2)
    (1.37, 8.71)
    """
    if not 0 < mean < 1:
        raise OptionError("mean", mean, "must lie between 0 and 1, both excluded")
    spread = mean * (1 - mean)
    if not 0 < sd < sqrt(spread):
        raise OptionError("sd", sd, f"must lie between 0 and {sqrt(spread):g} for this mean")
    strength = spread / (sd * sd) - 1
    return BetaPrior(a=strength * mean, b=strength * (1 - mean))


def beta_prior_by_likelihood(counts: Sequence[tuple[int, int]]) -> PriorFit:
    """The beta prior under which the groups' counts are likeliest (beta-binomial).

    The strength ``a + b`` is looked for between a tenth of a trial and 1000 times the largest
    group. Where all shares are equal, or closer than chance has them, it is held at that most:
    complete pooling, but for a thousandth of the way, around the share of all trials. Where no
    trial hit, or every one, that share is taken as (hits + 1/2) / (trials + 1), as a mean of 0 or
    1 would never learn.

    Args:
        counts: Hits and trials of each group; groups without trials tell nothing and are left
            out. [0 <= hits <= of]

    Returns:
        The fit; refused below two groups, without trials, and when no group has two trials, as
        then nothing shows how much groups differ.

    Raises:
        OptionError: When counts make no sense.

    Source:
        Skellam 1948; Griffiths 1973.

    >>> fit = beta_prior_by_likelihood([(5, 5), (0, 50), (20, 60), (3, 10), (1, 2), (40, 200)])
    >>> round(fit.prior.a, 4), round(fit.prior.b, 4)
    (0.5147, 0.8896)
    """
    return _fitted(counts, "maximum likelihood")


def beta_prior_by_moments(counts: Sequence[tuple[int, int]]) -> PriorFit:
    """The beta prior whose mean and spread are those of the groups, weighted by their trials.

    With weights n, ``S = sum n (share - mean)^2`` has the expectation ``mean (1 - mean) ((G - 1)
    (1 - rho) + rho (N - sum n^2 / N))``, which is solved for ``rho = 1 / (a + b + 1)``. It is
    quick and differs a lot from :func:`beta_prior_by_likelihood` for few or unequal groups. The
    limits of the strength and the refusals are the same.

    Args:
        counts: Hits and trials of each group; groups without trials are left out.
            [0 <= hits <= of]

    Returns:
        The fit, or why there is none.

    Raises:
        OptionError: When counts make no sense.

    Source:
        Kleinman 1973, with weights n.

    >>> fit = beta_prior_by_moments([(5, 5), (0, 50), (20, 60), (3, 10), (1, 2), (40, 200)])
    >>> round(fit.prior.a, 4), round(fit.prior.b, 4)
    (0.9072, 3.3921)
    """
    return _fitted(counts, "moments")


def _fitted(counts: Sequence[tuple[int, int]], estimator: str) -> PriorFit:
    for hits, of in counts:
        _check(hits, of)
    seen = [(hits, of) for hits, of in counts if of]
    trials = sum(of for _, of in seen)
    refusal = _refusal(seen)
    if refusal is not None:
        return PriorFit(prior=None, groups=len(seen), trials=trials, refused_because=refusal)
    most = MOST_TIMES_LARGEST * max(of for _, of in seen)
    hits = sum(hits for hits, _ in seen)
    mean, strength = hits / trials, float(most)
    if hits in {0, trials}:
        mean = (hits + 0.5) / (trials + 1)
    elif estimator == "moments":
        strength = _strength_by_moments(seen, most)
    else:
        likelihood = BetaBinomial(seen)
        strength = likelihood.best_strength(LEAST_STRENGTH, most, steps=GRID)
        mean = likelihood.best_mean(strength) if strength < most else mean
    prior = BetaPrior(
        a=strength * mean, b=strength * (1 - mean), estimator=estimator, trials=trials
    )
    held_at = {LEAST_STRENGTH: "least", most: "most"}.get(strength)
    return PriorFit(prior=prior, groups=len(seen), trials=trials, held_at=held_at)


def _strength_by_moments(counts: Sequence[tuple[int, int]], most: float) -> float:
    trials = sum(of for _, of in counts)
    mean = sum(hits for hits, _ in counts) / trials
    spread = sum((hits - mean * of) ** 2 / of for hits, of in counts) / (mean * (1 - mean))
    freedom = len(counts) - 1
    alike = (spread - freedom) / (trials - sum(of * of for _, of in counts) / trials - freedom)
    return min(max(1 / alike - 1, LEAST_STRENGTH), most) if alike > 0 else most


def _refusal(seen: Sequence[tuple[int, int]]) -> str | None:
    if not seen:
        return "no trials"
    if len(seen) < 2:
        return "one group shows nothing of how groups differ"
    if all(of == 1 for _, of in seen):
        return "no group has two trials, so chance and difference cannot be told apart"
    return None


def _check(hits: int, of: int) -> None:
    if not 0 <= hits <= of:
        raise OptionError("hits", hits, f"of {of} is no share; write 0 <= hits <= of")
