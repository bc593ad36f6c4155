"""How many will get there, where another outcome can come first and ends the matter."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from attrs import frozen

from partnerleads.errors import OptionError
from partnerleads.stats.log_log import log_log_limits
from partnerleads.stats.risk_sets import watched
from partnerleads.stats.survival import ROUNDING, known_at, step_before

__all__ = ["IncidenceCurve", "cumulative_incidence"]


@frozen(kw_only=True)
class IncidenceCurve:
    """The part that ended by one cause, by time since the start; other causes compete.

    It rises at the times of events only, and each value holds from its time on.

    Attributes:
        n: Subjects that it rests on. [count]
        left_out: Subjects that were never at risk, as they came when they went. [count]
        follow_up: When the last of them was last seen; None without any. [time]
        times: When events of any cause happened, ascending. [time]
        incidence: The part that had ended by the cause after each time. [0..1]
        survival: The part that had not ended by any cause after each time. [0..1]
        at_risk: How many were watched just before each time. [count]
        events: How many ended by the cause at each time. [count]
        variance: Of each incidence: the delta method on multinomial steps, which is Greenwood's
            variance where nothing competes. [>= 0]
        ignoring_competition: ``1 - S`` of Kaplan and Meier with the other causes taken for
            censoring. It overstates; show it only beside the incidence. [0..1]
    """

    n: int
    left_out: int
    follow_up: float | None
    times: tuple[float, ...]
    incidence: tuple[float, ...]
    survival: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    variance: tuple[float, ...]
    ignoring_competition: tuple[float, ...]

    def at(self, time: float) -> float | None:
        """The part that had ended by the cause up to and including *time*.

        Args:
            time: Since the start. [time, >= 0]

        Returns:
            None after the last moment that anybody was watched, unless all had ended: what comes
            later was not seen. [0..1]

        Raises:
            OptionError: When the time is none.
        """
        return self._value(self.incidence, time)

    def ignoring_competition_at(self, time: float) -> float | None:
        """The overstated figure beside :meth:`at`, under the same conditions. [0..1]"""
        return self._value(self.ignoring_competition, time)

    def interval_at(self, time: float, *, confidence: float = 0.95) -> tuple[float, float] | None:
        """Log-log limits of :meth:`at`, for one time chosen beforehand.

        The log-log is taken of the incidence itself, as is usual for competing causes, so that
        without any competing cause they differ a little from those of Kaplan and Meier's curve.

        Args:
            time: Since the start. [time, >= 0]
            confidence: Chance that such an interval holds the true value. [0..1, exclusive]

        Returns:
            None where the curve is not known, and where it is 0 or 1: there the variance is 0 for
            want of events, not for certainty. [0..1 each]

        Raises:
            OptionError: When the time or the confidence makes no sense.
        """
        step = step_before(self.times, time)
        share, variance = (self.incidence[step], self.variance[step]) if step >= 0 else (0.0, 0.0)
        limits = log_log_limits(share, variance=variance, confidence=confidence)
        return None if self.at(time) is None else limits

    def time_of_share(self, share: float) -> float | None:
        """When *share* of those who ended by the cause within the follow-up had done so.

        Half of the eventual events are ``time_of_share(0.5)``: the first time whose incidence is
        at least half of the last one. What comes after the follow-up is unknown and not in it.

        Args:
            share: Of the last incidence. [0..1, more than 0]

        Returns:
            None when the cause never happened. [time]

        Raises:
            OptionError: When the share is none.
        """
        if not 0 < share <= 1:
            raise OptionError("share", share, "must lie above 0 and up to 1, such as 0.5 for half")
        if not any(self.events):
            return None
        enough = share * self.incidence[-1] * (1 - ROUNDING)
        return next(
            time for time, value in zip(self.times, self.incidence, strict=True) if value >= enough
        )

    def _value(self, values: tuple[float, ...], time: float) -> float | None:
        step = step_before(self.times, time)
        if not known_at(time, follow_up=self.follow_up, left=self.survival):
            return None
        return values[step] if step >= 0 else 0.0


def cumulative_incidence(
    durations: Sequence[float],
    *,
    causes: Sequence[Hashable | None],
    cause: Hashable,
    entries: Sequence[float] | None = None,
) -> IncidenceCurve:
    """The Aalen-Johansen estimate of how many end by one cause, while others compete.

    Args:
        durations: When each subject was last seen, since its start. [time, >= 0]
        causes: What ended it then; None where it was only watched no longer. Anything else that
            is empty, such as 0, is refused.
        cause: The cause asked for; it may be one that never happened.
        entries: From when each was watched (left truncation); at risk only after that time, and
            from the start where it is 0. The curve then speaks of those who got as far as the
            first entry, and should the few who are at risk early all end, it rises no more.
            [0..duration]

    Returns:
        The curve; without any subject it is known nowhere.

    Raises:
        OptionError: When a number is none, lengths differ, an entry lies after its exit, or a
            cause is empty.

    Source:
        Aalen and Johansen 1978; variance after Marubini and Valsecchi 1995 and Allignol,
        Schumacher and Beyersmann 2010.

    >>> curve = cumulative_incidence(
    ...     [10, 20, 30, 40], causes=["won", "lost", "won", None], cause="won"
    ... )
    >>> curve.at(30), curve.time_of_share(0.5)
    (0.5, 10)
    """
    if cause is None:
        raise OptionError("cause", cause, "stands for no event; name one of the causes")
    seen = watched(durations, causes=causes, entries=entries)
    ended, ended_so = seen.counts(), seen.counts(cause)
    times = sorted(ended)
    at_risk = seen.at_risk(times)
    steps = [_State()]
    for time, watching in zip(times, at_risk, strict=True):
        steps.append(steps[-1].after(watching, ended[time], ended_so[time]))
    del steps[0]
    return IncidenceCurve(
        n=len(seen.durations),
        left_out=seen.left_out,
        follow_up=seen.follow_up,
        times=tuple(times),
        incidence=tuple(min(1.0, step.incidence) for step in steps),
        survival=tuple(step.survival for step in steps),
        at_risk=tuple(at_risk),
        events=tuple(ended_so[time] for time in times),
        variance=tuple(step.variance for step in steps),
        ignoring_competition=tuple(1 - step.alone for step in steps),
    )


@frozen
class _State:
    """Where the curve stands: incidence and survival with their variances and covariance."""

    incidence: float = 0.0
    survival: float = 1.0
    alone: float = 1.0
    variance: float = 0.0
    of_survival: float = 0.0
    covariance: float = 0.0

    def after(self, watching: int, ended: int, ended_so: int) -> _State:
        """The state after one time: both shares are multinomial, given who was watched."""
        stay, so = (watching - ended) / watching, ended_so / watching
        spread = self.survival**2 / watching
        return _State(
            incidence=self.incidence + self.survival * so,
            survival=self.survival * stay,
            alone=self.alone * ((watching - ended_so) / watching),
            variance=self.variance
            + so * (2 * self.covariance + so * self.of_survival + spread * (1 - so)),
            of_survival=stay**2 * self.of_survival + spread * stay * (1 - stay),
            covariance=stay * (self.covariance + so * (self.of_survival - spread)),
        )
