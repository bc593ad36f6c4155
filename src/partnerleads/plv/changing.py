"""Why a score changed: a ledger whose entries add up to the change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from partnerleads.errors import OptionError
from partnerleads.events import DealRefunded, Event
from partnerleads.kpis.measuring.figures import AnyHistory
from partnerleads.kpis.measuring.tally import Rates
from partnerleads.model import PartnerId, instant
from partnerleads.plv.activity_metrics import Certifications
from partnerleads.plv.change_result import ChangePart, ScoreChange
from partnerleads.plv.course import Course, spans_of
from partnerleads.plv.explaining import CAP, parts_between
from partnerleads.plv.model import DEFAULT_MODEL, Criterion, PlvModel
from partnerleads.plv.record import PartnerRecord
from partnerleads.plv.score import PlvScore
from partnerleads.plv.scoring import lives_of
from partnerleads.plv.story import PartnerStory, story_of

__all__ = ["score_change"]


def score_change(
    history: AnyHistory,
    *,
    partner_id: PartnerId,
    since: datetime,
    as_of: datetime | None = None,
    model: PlvModel = DEFAULT_MODEL,
    before_model: PlvModel | None = None,
    rates: Rates | None = None,
) -> ScoreChange:
    """What moved a partner's score between two moments, in parts that add up to the change.

    The parts are taken one after the other, each on top of the ones before: first the model is
    changed, at the earlier moment; then time passes with the events of then, criterion by
    criterion; then the events since are added, kind by kind in their natural order, refunds last.
    Both scores are read with what is known now: what was recorded late counts in both.

    Args:
        history: Events, or the lifecycles made of them.
        partner_id: The partner.
        since: The earlier moment. [aware datetime]
        as_of: The later moment; needed with events. [aware datetime]
        model: How to score.
        before_model: How the earlier score was made; None is the same model.
        rates: Rates to convert money with, of the day of the win; a function of (from, to, day).

    Raises:
        AsOfError: When *as_of* is missing with events, or differs from the history's own.
        OptionError: When *since* lies after *as_of*, no event names the partner, a rate is needed
            and there is none, or an engine keeps no lifecycles.
        MixedCurrencyError: When its deals are in several currencies and a model names none.

    >>> from partnerleads.testing import at, history
    >>> events = history('''
    ...     2026-01-02 acme onboarded
    ...     2026-01-05 acme training basics
    ...     2026-07-04 acme certified security
    ... ''')
    >>> change = score_change(
    ...     events, partner_id="acme", since=at("2026-01-05"), as_of=at("2026-07-04")
    ... )
    >>> {cause: round(points, 1) for cause, points in change.by_cause.items()}
    {'time': -1.3, 'decay': -1.7, 'events': 3.9}
    """
    lives = lives_of(history, as_of=as_of)
    since, now = instant(since, "since"), lives.as_of
    if since > now:
        raise OptionError("since", since.isoformat(), f"lies after {now.isoformat()}")
    story = story_of(lives, partner_id, rates=rates)
    ledger = _Ledger(story, since, now, model)
    before = story.score(as_of=since, model=before_model or model)
    return ScoreChange(
        before=before,
        after=story.score(as_of=now, model=model),
        parts=tuple(part for part in ledger.parts(before) if part.points),
    )


class _Ledger:
    """Walks from the earlier score to the later one, and notes every step."""

    def __init__(
        self, story: PartnerStory, since: datetime, now: datetime, model: PlvModel
    ) -> None:
        self._story, self._model = story, model
        self._since, self._now = since, now
        self._old = [event for event in story.events if event.occurred_at <= since]

    def parts(self, before: PlvScore) -> Iterator[ChangePart]:
        """All parts; some may be 0."""
        start = self._story.score(as_of=self._since, model=self._model)
        yield ChangePart(cause="model", name="", points=_value(start) - _value(before))
        record = self._story.record(as_of=self._now, model=self._model, events=self._old)
        aged = self._story.score_of(record, as_of=self._now, model=self._model)
        yield from self._time(record, start, aged)
        yield from self._events(record, aged)

    def _time(self, record: PartnerRecord, start: PlvScore, aged: PlvScore) -> Iterator[ChangePart]:
        """What time alone did, criterion by criterion."""
        model = self._model
        here, there = (
            {} if one.value is None else model.filled(one.shares) for one in (aged, start)
        )
        criteria = {one.name: one for one in model.criteria}
        for part in parts_between(model, here, there):
            cause = self._cause(criteria[part.name], record) if part.points else "time"
            yield ChangePart(cause=cause, name=part.name, points=part.points)
        caps = [_value(one) - (one.uncapped or 0.0) for one in (aged, start)]
        yield ChangePart(cause="time", name=CAP, points=caps[0] - caps[1])

    def _cause(self, criterion: Criterion, record: PartnerRecord) -> str:
        """What time does to a criterion: decay, a lapse, a window left, or just time."""
        if hasattr(criterion.metric, "half_life"):
            return "decay"
        if isinstance(criterion.metric, Certifications):
            return "lapsed"
        ends = {end for _, end in spans_of(criterion.metric, record)}
        course = Course(record, self._model)
        left = any(
            course.stepping(end, [criterion.name])
            for end in sorted(ends)
            if self._since < end <= self._now
        )
        return "left_window" if left else "time"

    def _events(self, record: PartnerRecord, aged: PlvScore) -> Iterator[ChangePart]:
        """What the events since did, kind by kind."""
        new = [event for event in self._story.events if self._since < event.occurred_at]
        known, last = list(self._old), _value(aged)
        for (_, kind), together in groupby(sorted(new, key=_kind), key=_kind):
            events: list[Event] = list(together)
            record = self._story.extended(record, events, model=self._model, known=known)
            score = self._story.score_of(record, as_of=self._now, model=self._model)
            known += events
            cause = "refunds" if isinstance(events[0], DealRefunded) else "events"
            points, last = _value(score) - last, _value(score)
            yield ChangePart(cause=cause, name=kind, points=points, count=len(events))


def _kind(event: Event) -> tuple[int, str]:
    return event.rank, event.type


def _value(score: PlvScore) -> float:
    return score.value or 0.0
