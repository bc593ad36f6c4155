"""The shares of one partner at later moments, if nothing happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from attrs import frozen

from partnerleads.events import CertificationEarned
from partnerleads.plv.activity_metrics import Certifications
from partnerleads.plv.aggregators import Gate
from partnerleads.plv.metrics import Metric
from partnerleads.plv.model import PlvModel
from partnerleads.plv.normalisers import Percentile, PointsTable
from partnerleads.plv.record import PartnerRecord

__all__ = ["LEAST", "Course", "spans_of"]

LEAST = 1e-9
"""Less than any step, and more than what fades in a tick."""

_TICK = timedelta(microseconds=1)

_Standing: TypeAlias = tuple[tuple[Gate, ...], tuple[float | None, ...]]
"""Which gates are closed, and the shares that move in steps."""


def spans_of(metric: Metric, record: PartnerRecord) -> Iterator[tuple[datetime, datetime]]:
    """From when and until when a metric may count each dated thing of a record.

    Args:
        metric: The metric; only one with a window lets go of anything.
        record: The partner's record.
    """
    window: timedelta | None = getattr(metric, "window", None)
    cycle: timedelta = getattr(metric, "cycle", timedelta(0))
    dates = {event.occurred_at for event in record.events}
    for lead in record.leads:
        dates.update(filter(None, (lead.captured_at, lead.accepted_at, lead.closed_at)))
    if window is not None:
        for at in sorted(dates):
            yield at + cycle, at + cycle + window
    if isinstance(metric, Certifications):
        for earned in record.of(CertificationEarned):
            if earned.expires_at is not None:
                yield earned.occurred_at, earned.expires_at


@frozen
class Course:
    """The shares of a record at later moments.

    Attributes:
        record: The record.
        model: The model.
    """

    record: PartnerRecord
    model: PlvModel

    def shares(self, at: datetime) -> dict[str, float | None]:
        """The shares at a moment."""
        return self.model.shares_of(self.model.values_of(self.record, at))

    def stepping(self, at: datetime, names: list[str]) -> tuple[str, ...]:
        """Those of some criteria whose share steps at a moment."""
        found = []
        for one in self.model.criteria:
            if one.name in names:
                values = [one.metric.value(self.record, when) for when in (at - _TICK, at)]
                shares = [None if v is None else one.normaliser.share(v) for v in values]
                if _differ(*shares):
                    found.append(one.name)
        return tuple(found)

    def step(self, at: datetime) -> float:
        """What the score does at a moment. [points]"""
        before, after = (self.model.weigh(self.shares(when)).value for when in (at - _TICK, at))
        return (after or 0.0) - (before or 0.0)

    def breaks(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """When a gate closes or opens, or a share falls by a step, between two moments.

        Between two dates on which something enters or leaves a window, every metric of this
        library only falls, or only stays; so what differs between two moments can be halved down
        to the tick in which it changes.

        Args:
            start: From when on, excluded. [aware datetime]
            end: Until when, excluded. [aware datetime]
        """
        if not (self.model.gates or self._in_steps):
            return
        last = end - _TICK
        while start < last and self._standing(start) != self._standing(last):
            before, low, high = self._standing(start), start, last
            while high - low > _TICK:
                middle = low + (high - low) / 2
                if self._standing(middle) == before:
                    low = middle
                else:
                    high = middle
            yield high
            start = high

    def breaking(self, at: datetime) -> tuple[str, ...]:
        """The criteria that a break comes of: those that reach a gate's level or take a step."""
        before, after = self.shares(at - _TICK), self.shares(at)
        (gates, _), (then, _) = self._standing(at - _TICK), self._standing(at)
        changed = [gate for gate in self.model.gates if (gate in gates) != (gate in then)]

        def crosses(name: str) -> bool:
            sides = [self.model.filling(shares[name]) for shares in (before, after)]
            return any(
                name in (gate.names or self.model.filled(after))
                and len({side is not None and side <= gate.above for side in sides}) > 1
                for gate in changed
            )

        stepped = (name for name in self._in_steps if before[name] != after[name])
        found = {*stepped, *filter(crosses, after)}
        return tuple(one.name for one in self.model.criteria if one.name in found)

    @property
    def _in_steps(self) -> tuple[str, ...]:
        """The criteria whose share moves in steps while the metric moves evenly."""
        return tuple(
            one.name
            for one in self.model.criteria
            if isinstance(one.normaliser, Percentile)
            or (isinstance(one.normaliser, PointsTable) and one.normaliser.between == "step")
        )

    def _standing(self, at: datetime) -> _Standing:
        shares = self.shares(at)
        return self.model.weigh(shares).gates, tuple(shares[name] for name in self._in_steps)

    def moving(self, start: datetime, until: datetime) -> tuple[str, ...]:
        """The criteria that weigh and move between two moments without a step between them."""
        here, there = self.shares(start), self.shares(start + (until - start) / 2)
        weights = self.model.weights
        return tuple(n for n in here if weights[n] and here[n] != there[n])


def _differ(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > LEAST
