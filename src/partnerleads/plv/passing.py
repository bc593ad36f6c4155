"""What passing time alone does to a score: when it changes next, and what fades meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from attrs import frozen

from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import PartnerId
from partnerleads.model.moments import moment_text
from partnerleads.plv.course import LEAST, Course, spans_of
from partnerleads.plv.model import DEFAULT_MODEL, PlvModel
from partnerleads.plv.scoring import lives_of
from partnerleads.plv.story import story_of

__all__ = ["Course", "NextChange", "next_change_at"]

_FURTHEST = timedelta(days=50 * 365)
"""How long what fades is followed after the last date on which anything else may move."""


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
        when = moment_text(self.at)
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

    A step is a certification that lapses, something that leaves a window, a lead whose sales cycle
    is over, a gate that closes or opens because a metric faded or a rate fell to its level, or a
    share that falls so by a step of its table or percentile. Points with a half-life fade all the
    time, and rates fall while tenure grows within the window; these are no steps, and are named.
    Until the step the score is what it is now, but for them. Metrics of one's own have steps where
    they state a ``window``, and perhaps a ``cycle``, as those of this library do, and only fall
    or stay in between. What fades is followed for 50 years from each date
    on which something else may move.

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
    record = story_of(lives, partner_id, rates=rates).record(as_of=lives.as_of, model=model)
    course = Course(record, model)
    places = _places(course, lives.as_of)
    first = min(places, default=lives.as_of + timedelta(days=1))
    for at, names in _steps(course, lives.as_of, places):
        points = course.step(at) if names else 0.0
        if abs(points) > LEAST:
            return NextChange(
                partner_id=partner_id,
                as_of=lives.as_of,
                at=at,
                points=points,
                criteria=names,
                continuous=course.moving(lives.as_of, min(first, at)),
            )
    return NextChange(
        partner_id=partner_id,
        as_of=lives.as_of,
        at=None,
        continuous=course.moving(lives.as_of, first),
    )


def _places(course: Course, as_of: datetime) -> dict[datetime, list[str]]:
    """The later moments at which something may enter or leave a metric, and of which criteria."""
    places: dict[datetime, list[str]] = defaultdict(list)
    for criterion in course.model.criteria:
        for at in {at for span in spans_of(criterion.metric, course.record) for at in span}:
            if at > as_of:
                places[at].append(criterion.name)
    return places


def _steps(
    course: Course, as_of: datetime, places: dict[datetime, list[str]]
) -> Iterator[tuple[datetime, tuple[str, ...]]]:
    """All moments at which the score may step, in order, and the criteria that do it."""
    last = as_of
    for at in sorted(places):
        for between in course.breaks(last, min(at, _furthest(last))):
            yield between, course.breaking(between)
        yield at, course.stepping(at, places[at])
        last = at
    for beyond in course.breaks(last, _furthest(last)):
        yield beyond, course.breaking(beyond)


def _furthest(at: datetime) -> datetime:
    """Until when what fades is followed from a moment on."""
    return at + min(_FURTHEST, datetime.max.replace(tzinfo=at.tzinfo) - at)
