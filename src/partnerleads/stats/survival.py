"""How long until something happens, where some have only been watched so far."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import inf

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.stats.log_log import log_log_limits
from partnerleads.stats.risk_sets import flags_as_causes, watched

__all__ = ["SurvivalCurve", "kaplan_meier"]

ROUNDING = 1e-12
"""Shares that differ by less are the same share, computed in another order."""


@frozen(kw_only=True)
class SurvivalCurve:
    """The part that had no event yet, by time since the start.

    It falls at the times of events only, and each value holds from its time on.

    Attributes:
        n: Subjects that it rests on. [count]
        left_out: Subjects that were never at risk, as they came when they went. [count]
        follow_up: When the last of them was last seen; None without any. [time]
        times: When events happened, ascending. [time]
        survival: The part left after each time. [0..1]
        at_risk: How many were watched just before each time. [count]
        events: How many had their event at each time. [count]
        variance: Greenwood's variance of each survival; 0 where nobody is left. [>= 0]
    """

    n: int
    left_out: int
    follow_up: float | None
    times: tuple[float, ...]
    survival: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    variance: tuple[float, ...]

    def at(self, time: float) -> float | None:
        """The part that had no event up to and including *time*.

        Args:
            time: Since the start. [time, >= 0]

        Returns:
            None after the last moment that anybody was watched, unless the curve ended at 0: what
            comes later was not seen. [0..1]

        Raises:
            OptionError: When the time is none.
        """
        step = step_before(self.times, time)
        if not known_at(time, follow_up=self.follow_up, left=self.survival):
            return None
        return self.survival[step] if step >= 0 else 1.0

    def interval_at(self, time: float, *, confidence: float = 0.95) -> tuple[float, float] | None:
        """Log-log limits of :meth:`at`, for one time chosen beforehand.

        Args:
            time: Since the start. [time, >= 0]
            confidence: Chance that such an interval holds the true value. [0..1, exclusive]

        Returns:
            None where the curve is not known, and where it is 1 or 0: there Greenwood's variance
            is 0 for want of events, not for certainty. [0..1 each]

        Raises:
            OptionError: When the time or the confidence makes no sense.
        """
        step = step_before(self.times, time)
        limits = self._limits(step, confidence)
        return limits if known_at(time, follow_up=self.follow_up, left=self.survival) else None

    def quantile(self, share: float) -> float | None:
        """When *share* of the subjects had their event: the first time with ``1 - S >= share``.

        Args:
            share: 0.5 for the median. [0..1, exclusive]

        Returns:
            None when the curve never falls so low. [time]

        Raises:
            OptionError: When the share is none.
        """
        left = 1 - checked_share(share)
        return self._first(lambda step: self.survival[step] <= left + ROUNDING)

    @property
    def median(self) -> float | None:
        """When half had their event; None when the curve never falls so low. [time]"""
        return self.quantile(0.5)

    def quantile_interval(
        self, share: float, *, confidence: float = 0.95
    ) -> tuple[float | None, float | None]:
        """Limits of :meth:`quantile`: the times whose own interval holds ``1 - share``.

        Args:
            share: 0.5 for the median. [0..1, exclusive]
            confidence: Chance that such an interval holds the true value. [0..1, exclusive]

        Returns:
            Lower and upper limit; None for an end that is open, as when the upper limits of the
            curve never fall so low. Where nobody is left the curve has no upper limit. [time]

        Raises:
            OptionError: When the share or the confidence makes no sense.

        Source:
            Brookmeyer and Crowley 1982, with log-log limits.
        """
        left = 1 - checked_share(share) + ROUNDING

        def limits(step: int) -> tuple[float, float]:
            return self._limits(step, confidence) or (0.0, inf)  # where nobody is left

        return (
            self._first(lambda step: limits(step)[0] <= left),
            self._first(lambda step: limits(step)[1] <= left),
        )

    def _limits(self, step: int, confidence: float) -> tuple[float, float] | None:
        left, variance = (self.survival[step], self.variance[step]) if step >= 0 else (1.0, 0.0)
        return log_log_limits(left, variance=variance, confidence=confidence)

    def _first(self, reached: Callable[[int], bool]) -> float | None:
        return next((time for step, time in enumerate(self.times) if reached(step)), None)


def kaplan_meier(
    durations: Sequence[float],
    *,
    events: Sequence[bool],
    entries: Sequence[float] | None = None,
) -> SurvivalCurve:
    """The Kaplan-Meier curve of times to an event.

    At a tie the event comes before the censoring: who is censored at a time was still at risk.
    Where another outcome makes the event impossible, use :func:`cumulative_incidence` instead.

    Args:
        durations: When each subject was last seen, since its start. [time, >= 0]
        events: Whether its event happened then; otherwise it was only watched no longer.
        entries: From when each was watched (left truncation); at risk only after that time, and
            from the start where it is 0. The curve then speaks of those who got as far as the
            first entry, and should the few who are at risk early all end, it stays at 0.
            [0..duration]

    Returns:
        The curve; without any subject it is known nowhere.

    Raises:
        OptionError: When a number is none, lengths differ, or an entry lies after its exit.

    Source:
        Kaplan and Meier 1958; the variance is Greenwood's (1926).

    >>> curve = kaplan_meier([6, 6, 9, 10], events=[True, False, True, False])
    >>> curve.times, curve.survival, curve.at(12)
    ((6, 9), (0.75, 0.375), None)
    """
    seen = watched(durations, causes=flags_as_causes(events), entries=entries, named="events")
    counts = seen.counts()
    times = sorted(counts)
    at_risk = seen.at_risk(times)
    survival, variances = [], []
    left, variance = 1.0, 0.0
    for time, watching in zip(times, at_risk, strict=True):
        stay = (watching - counts[time]) / watching
        variance = stay**2 * variance + left**2 * stay * (counts[time] / watching) / watching
        left *= stay
        survival.append(left)
        variances.append(variance)
    return SurvivalCurve(
        n=len(seen.durations),
        left_out=seen.left_out,
        follow_up=seen.follow_up,
        times=tuple(times),
        survival=tuple(survival),
        at_risk=tuple(at_risk),
        events=tuple(counts[time] for time in times),
        variance=tuple(variances),
    )


def step_before(times: Sequence[float], time: float) -> int:
    """Place of the last step up to and including *time*; -1 before the first.

    Raises:
        OptionError: When the time is none.
    """
    if not time >= 0:
        raise OptionError("time", time, "is no time; write a number from 0")
    return bisect_right(times, time) - 1


def known_at(time: float, *, follow_up: float | None, left: tuple[float, ...]) -> bool:
    """Whether a curve is known at *time*: somebody was still watched, or nobody is left."""
    return follow_up is not None and (time <= follow_up or left[-1:] == (0.0,))


def checked_share(share: float) -> float:
    """The share, when it is one.

    Raises:
        OptionError: When it is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise OptionError("share", share, "must lie between 0 and 1, such as 0.5 for half")
    return share
