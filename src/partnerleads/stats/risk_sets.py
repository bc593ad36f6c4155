"""Who was watched when: the counts that every survival curve rests on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import compress
from math import isfinite, isnan

from attrs import frozen

from partnerleads.errors import OptionError

__all__ = ["Watched", "flags_as_causes", "watched"]


@frozen(kw_only=True)
class Watched:
    """Subjects that were at risk for some time, checked.

    Attributes:
        durations: When each was last seen. [time, >= 0]
        causes: What ended it then; None where it was only watched no longer.
        entries: From when each was watched; empty where all were from the start. [time, >= 0]
        left_out: Subjects that were never at risk, as they came when they went. [count]
    """

    durations: Sequence[float]
    causes: Sequence[Hashable | None]
    entries: Sequence[float] = ()
    left_out: int = 0

    @property
    def follow_up(self) -> float | None:
        """When the last of them was last seen; None without any. [time]"""
        return max(self.durations, default=None)

    def counts(self, cause: Hashable | None = None) -> Counter[float]:
        """How many events, of any cause or of one, happened at each time."""
        wanted = (c is not None if cause is None else c == cause for c in self.causes)
        return Counter(compress(self.durations, wanted))

    def at_risk(self, times: Iterable[float]) -> list[int]:
        """How many were watched just before each time and had not ended.

        Who is censored at a time is still at risk then. Who enters at a time is not yet, except
        at 0, where everybody begins.
        """
        exits = sorted(self.durations)
        entries = sorted(self.entries) if self.entries else [0.0] * len(exits)
        return [
            (bisect_left if time > 0 else bisect_right)(entries, time) - bisect_left(exits, time)
            for time in times
        ]


def watched(
    durations: Sequence[float],
    *,
    causes: Sequence[Hashable | None],
    entries: Sequence[float] | None = None,
    named: str = "causes",
) -> Watched:
    """Check the three columns and leave out whoever was never at risk.

    Args:
        durations: When each subject was last seen. [time, >= 0]
        causes: What ended it then; None for nothing.
        entries: From when each was watched; None for all from the start. [0..duration]
        named: What the caller calls *causes*, for its error.

    Raises:
        OptionError: When a number is none, lengths differ, or an entry lies after its exit.
    """
    _check("durations", durations, len(durations))
    nameless = [cause for cause in causes if _is_nameless(cause)]
    if nameless:
        raise OptionError(named, nameless[0], "is no cause; write None for what has not ended")
    if len(causes) != len(durations):
        raise OptionError(named, len(causes), f"write one for each of {len(durations)} durations")
    if entries is None:
        return Watched(durations=durations, causes=causes)
    _check("entries", entries, len(durations))
    late = next((e for e, d in zip(entries, durations, strict=True) if e > d), None)
    if late is not None:
        raise OptionError("entries", late, "lies after its duration; both count from the start")
    seen = [e < d or e == 0 for e, d in zip(entries, durations, strict=True)]
    return Watched(
        durations=list(compress(durations, seen)),
        causes=list(compress(causes, seen)),
        entries=list(compress(entries, seen)),
        left_out=seen.count(False),
    )


def flags_as_causes(events: Sequence[bool]) -> list[bool | None]:
    """One nameless cause for each event that happened.

    Raises:
        OptionError: When a flag is neither true nor false.
    """
    strange = [flag for flag in events if flag not in (False, True)]
    if strange:
        raise OptionError("events", strange[0], "write True for an event, False for censored")
    return [True if flag else None for flag in events]


def _is_nameless(cause: Hashable | None) -> bool:
    """Whether other programs may mean by it that nothing happened: 0, an empty text, nan."""
    return cause in (0, "") or (isinstance(cause, float) and isnan(cause))


def _check(name: str, values: Sequence[float], wanted: int) -> None:
    """Refuse another length, and what is no time."""
    if len(values) != wanted:
        raise OptionError(name, len(values), f"write one for each of {wanted} durations")
    wrong = [value for value in values if not (isfinite(value) and value >= 0)]
    if wrong:
        raise OptionError(name, wrong[0], "is no time; write a finite number from 0")
