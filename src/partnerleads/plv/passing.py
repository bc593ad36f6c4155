"""What passing time alone does to a score: when it changes next, and what fades meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import frozen

from partnerleads.events import CertificationEarned
from partnerleads.kpis.figures import AnyHistory
from partnerleads.kpis.tally import Rates
from partnerleads.model import PartnerId
from partnerleads.plv.activity_metrics import Certifications
from partnerleads.plv.metrics import Metric
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.record import PartnerRecord
from partnerleads.plv.scoring import lives_of
from partnerleads.plv.story import story_of

__all__ = ["Course", "NextChange", "next_change_at", "spans_of"]

_TICK = timedelta(microseconds=1)
_LEAST = 1e-9
"""Less than any step, and more than what fades in a tick."""


@frozen(kw_only=True)
class NextChange:
    """The next step of a score that nobody's doing causes.

    Attributes:
        partner_id: The partner.
        as_of: The moment looked from. [aware datetime]
        at: When the score changes by a step; None where it never does. [aware datetime]
        points: What that step adds; below 0 it takes off. [points]
        criteria: What steps then.
        continuous: Criteria that move all the time until then, as points fade and tenure grows.
    """

    partner_id: PartnerId
    as_of: datetime
    at: datetime | None
    points: float = 0.0
    criteria: tuple[str, ...] = ()
    continuous: tuple[str, ...] = ()

    def __str__(self) -> str:
        fades = f"; all the time by {', '.join(self.continuous)}" if self.continuous else ""
        if self.at is None:
            return f"{self.partner_id}: no step by time alone{fades}"
        names = ", ".join(self.criteria)
        when = f"{self.at:%Y-%m-%d %H:%M} UTC"
        return f"{self.partner_id}: {self.points:+.1f} on {when} by {names}{fades}"


def next_change_at(
    history: AnyHistory,
    *,
    partner_id: PartnerId,
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    rates: Rates | None = None,
) -> NextChange:
    """When a score next changes if nothing happens.

    A step is a certification that lapses, something that leaves a window, or a lead whose sales
    cycle is over. Points with a half-life fade all the time, and rates fall while tenure grows
    within the window; these are no steps, and are named. Metrics of one's own have steps where
    they state a ``window``, and perhaps a ``cycle``, as those of this library do. A gate that
    closes, or a share that drops by a step of its table or percentile, because a metric faded or
    a rate fell that far, is not foreseen.

    Args:
        history: Events, or the lifecycles made of them.
        partner_id: The partner.
        as_of: The moment; needed with events. [aware datetime]
        model: How to score.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When no event names the partner, a rate is needed and there is none, or an
            engine keeps no lifecycles.
        MixedCurrencyError: When its deals are in several currencies and the model names none.

    >>> from partnerleads.testing import at, history
    >>> events = history("2026-01-05 acme certified security expires_at=2026-09-01")
    >>> print(next_change_at(events, partner_id="acme", as_of=at("2026-07-01")))
    acme: -3.9 on 2026-09-01 00:00 UTC by certifications; all the time by deal_frequency
    """
    lives = lives_of(history, as_of=as_of)
    story = story_of(lives, partner_id, rates=rates)
    record = story.record(as_of=lives.as_of, model=model)
    places: dict[datetime, list[str]] = defaultdict(list)
    for criterion in model.criteria:
        for at in {at for span in spans_of(criterion.metric, record) for at in span}:
            if at > lives.as_of:
                places[at].append(criterion.name)
    course = Course(record, model)
    for at in sorted(places):
        names = course.stepping(at, places[at])
        points = course.step(at) if names else 0.0
        if abs(points) > _LEAST:
            return NextChange(
                partner_id=partner_id,
                as_of=lives.as_of,
                at=at,
                points=points,
                criteria=names,
                continuous=course.moving(lives.as_of, min(places)),
            )
    until = min(places, default=lives.as_of + timedelta(days=1))
    return NextChange(
        partner_id=partner_id,
        as_of=lives.as_of,
        at=None,
        continuous=course.moving(lives.as_of, until),
    )


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

    def moving(self, start: datetime, until: datetime) -> tuple[str, ...]:
        """The criteria that weigh and move between two moments without a step between them."""
        here, there = self.shares(start), self.shares(start + (until - start) / 2)
        weights = self.model.weights
        return tuple(n for n in here if weights[n] and here[n] != there[n])


def _differ(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > _LEAST
