"""Rules on what happened to a lead: points that fade, and that frequency limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import fsum
from typing import Any, ClassVar

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model.numbers import span
from partnerleads.scoring.lead_features import LeadFeatures, how_often
from partnerleads.scoring.lead_score import Reason
from partnerleads.scoring.reading import ACTIVITY, check_behaviour
from partnerleads.scoring.rules import points_field

__all__ = ["Happened"]

MOST_COUNTED = 100
"""The most behaviours that a rule may count."""


def _behaviour(_: object, attribute: Any, value: Any) -> None:
    check_behaviour(attribute.name, value)


def _span_or_none(_: object, attribute: Any, value: Any) -> None:
    if value is not None:
        span(_, attribute, value)


def _most(_: object, attribute: Any, value: Any) -> None:
    if type(value) is not int or not 1 <= value <= MOST_COUNTED:
        reason = f"must be a whole number from 1 to {MOST_COUNTED}"
        raise OptionError(attribute.name, value, reason)


@frozen(kw_only=True)
class Happened:
    """Points for each time that something happened.

    The latest count first, until the limit is reached; so one more never lowers what a rule of
    positive points gives.

    Attributes:
        behaviour: What: a kind of event such as ``lead_progressed``, ``activity.NAME``, or
            ``activity`` for anything that the customer did.
        points: How much each gives when it is fresh. [points, -1000..1000]
        half_life: The age at which it gives half; None never fades. [span of time]
        most: How many count at most. [count, 1..100]
        per: The time in which at most so many count; None is all time. [span of time]
        within: The highest age that counts, included; None counts any. [span of time]

    >>> from partnerleads.testing import at
    >>> rule = Happened(behaviour="activity.demo", points=8, half_life=timedelta(days=30))
    >>> from partnerleads.scoring import Behaviour
    >>> lead = LeadFeatures(
    ...     lead_id="L1",
    ...     captured_at=at("2026-01-01"),
    ...     as_of=at("2026-01-31"),
    ...     behaviours=[Behaviour(kind="activity.demo", occurred_at=at("2026-01-01"))],
    ... )
    >>> rule.reason(lead)
    Reason(name='activity.demo', value='once, last 2026-01-01 00:00 UTC', points=4.0, evidence=0.0)
    """

    kind: ClassVar[str] = "happened"
    behaviour: str = field(validator=_behaviour)
    points: float = points_field()
    half_life: timedelta | None = field(default=None, validator=_span_or_none)
    most: int = field(default=MOST_COUNTED, validator=_most)
    per: timedelta | None = field(default=None, validator=_span_or_none)
    within: timedelta | None = field(default=None, validator=_span_or_none)

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        """What all that count give together, with how many they are."""
        counting = list(self._counting(lead))
        if not counting:
            return None
        points = fsum(
            times * self.points * self._left(lead.as_of - moment) for moment, times in counting
        )
        total = sum(times for _, times in counting)
        value = how_often(total, counting[0][0])
        return Reason(name=self.behaviour, value=value, points=points)

    def _left(self, age: timedelta) -> float:
        """What is left of the points at an age. [0..1]"""
        return 1.0 if self.half_life is None else 2.0 ** -(age / self.half_life)

    def _counting(self, lead: LeadFeatures) -> Iterator[tuple[datetime, int]]:
        """When those that count happened and how often, the latest first."""
        recent: deque[tuple[datetime, int]] = deque()
        taken = 0
        for moment, times in self._matching(lead):
            while recent and self.per is not None and recent[0][0] - moment >= self.per:
                taken -= recent.popleft()[1]
            counting = min(times, self.most - taken)
            if counting:
                recent.append((moment, counting))
                taken += counting
                yield moment, counting

    def _matching(self, lead: LeadFeatures) -> Iterator[tuple[datetime, int]]:
        """When behaviours of the kind happened and how often, the latest first."""
        anything = f"{ACTIVITY}." if self.behaviour == ACTIVITY else None
        for one in reversed(lead.behaviours):
            if self.within is not None and lead.as_of - one.occurred_at > self.within:
                return
            if one.kind == self.behaviour or (anything and one.kind.startswith(anything)):
                yield one.occurred_at, one.count
