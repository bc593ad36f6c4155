"""Whether two groups differ in how long something takes."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from partnerleads.stats.chi_square import chi_square_tail
from partnerleads.stats.risk_sets import flags_as_causes, watched

__all__ = ["LogRank", "log_rank"]

UNDEFINED = "no event tells the groups apart: only one was watched, or all ended at once"


@frozen(kw_only=True)
class LogRank:
    """The log-rank test of two groups.

    Attributes:
        statistic: Chi-squared with one degree of freedom; None where undefined. [>= 0]
        p_value: Chance of as much or more when both groups are alike; None where undefined. [0..1]
        observed: Events of the first and of the other group. [count each]
        expected: The same, if both groups were alike. [count each, >= 0]
        variance: Of observed minus expected, the same for both. [>= 0]
        undefined_because: Why there is no statistic; None where there is one.
    """

    statistic: float | None
    p_value: float | None
    observed: tuple[int, int]
    expected: tuple[float, float]
    variance: float
    undefined_because: str | None = None


def log_rank(
    durations: Sequence[float],
    *,
    events: Sequence[bool],
    other_durations: Sequence[float],
    other_events: Sequence[bool],
    entries: Sequence[float] | None = None,
    other_entries: Sequence[float] | None = None,
) -> LogRank:
    """Test whether events come equally fast in two groups, with no time weighing more.

    It sees differences that keep their direction; curves that cross may cancel out. Take p-values
    below 0.01 from fewer than five events a group with care: the law of chi-squared is a limit.

    Args:
        durations: When each subject of the first group was last seen. [time, >= 0]
        events: Whether its event happened then.
        other_durations: The same of the other group. [time, >= 0]
        other_events: The same of the other group.
        entries: From when each of the first group was watched; None for the start. [0..duration]
        other_entries: The same of the other group. [0..duration]

    Returns:
        The test; undefined when no event happened while both groups were watched, or all of both
        had theirs at once.

    Raises:
        OptionError: When a number is none, lengths differ, or an entry lies after its exit.

    Source:
        Mantel 1966; Peto and Peto 1972. The variance is the hypergeometric one.

    >>> test = log_rank(
    ...     [1, 2, 3], events=[True] * 3, other_durations=[3, 4, 5], other_events=[True] * 3
    ... )
    >>> round(test.statistic, 4), round(test.p_value, 4)
    (3.4595, 0.0629)
    """
    groups = (
        watched(durations, causes=flags_as_causes(events), entries=entries, named="events"),
        watched(
            other_durations,
            causes=flags_as_causes(other_events),
            entries=other_entries,
            named="other_events",
        ),
    )
    counts = [group.counts() for group in groups]
    both = counts[0] + counts[1]
    watching = [group.at_risk(both) for group in groups]
    expected, variance = 0.0, 0.0
    for ended, first, other in zip(both.values(), *watching, strict=True):
        n = first + other
        share = first / n
        expected += ended * share
        if n > 1:
            variance += ended * share * (other / n) * ((n - ended) / (n - 1))
    observed = counts[0].total(), counts[1].total()
    statistic = (observed[0] - expected) ** 2 / variance if variance else None
    return LogRank(
        statistic=statistic,
        p_value=None if statistic is None else chi_square_tail(statistic),
        observed=observed,
        expected=(expected, both.total() - expected),
        variance=variance,
        undefined_because=None if variance else UNDEFINED,
    )
