"""The reference engine: measures read off Python lifecycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, tzinfo
from functools import partial
from itertools import chain
from typing import Any, Literal, TypeAlias, TypeVar

from attrs import evolve

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import CostIncurred, LeadFact
from partnerleads.kpis.measuring.conditions import AllOf
from partnerleads.kpis.measuring.elapsed import INVENTED, VAGUE
from partnerleads.kpis.measuring.measure import Measure, TimeBetween, Unit
from partnerleads.kpis.measuring.members import Anchor, Members
from partnerleads.kpis.measuring.numbers import numbers_of
from partnerleads.kpis.measuring.segments import segments_of
from partnerleads.kpis.measuring.tally import Question, Tallies, Tally
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import LeadId, Period
from partnerleads.model.collector import resting_collector
from partnerleads.model.instant import begins_day

__all__ = ["RowHistory"]

T = TypeVar("T")

Place: TypeAlias = Literal["dated", "invented"]
"""Whether an anchor lies in a period, or in one of an invented calendar."""


class RowHistory:
    """Lifecycles as a history that can be measured.

    Args:
        lives: The lifecycles.
    """

    def __init__(self, lives: Lifecycles) -> None:
        self.lives = lives
        self._of_periods: dict[Hashable, Any] = {}

    @property
    def as_of(self) -> datetime:
        """The moment looked from."""
        return self.lives.as_of

    @property
    def known_at(self) -> datetime | None:
        """The moment of knowledge."""
        return self.lives.known_at

    @property
    def policy(self) -> AttributionPolicy:
        """The rules of attribution."""
        return self.lives.policy

    @property
    def costs(self) -> Sequence[CostIncurred]:
        """What the programme spent, in order."""
        return self.lives.costs

    def without(self, lead_ids: AbstractSet[LeadId]) -> Lifecycles:
        """The lifecycles without some leads, with what was read of the others already.

        Args:
            lead_ids: Those that are as if they had never been.
        """
        everyone = self.everyone("leads")
        places = self._once(("places of leads",), None, lambda: _places(everyone))
        kept = [True] * len(everyone)
        for lead_id in lead_ids & places.keys():
            kept[places[lead_id]] = False
        part = self.lives.without(lead_ids)
        part.kept[("leads",)] = everyone.where(kept)
        return part

    def tally(self, measure: Measure, question: Question) -> Tallies:
        """The numbers of one measure, for the whole and for each segment."""
        with resting_collector():  # what is read off leads makes many small objects
            return self._tallied(measure, question)

    def _tallied(self, measure: Measure, question: Question) -> Tallies:
        members, left_out = self._population(measure, question)
        whole = self._tally(measure, question, members, left_out)
        if not question.by:
            return Tallies(whole, {})
        segments = segments_of(
            members,
            question.by,
            holder=measure.holder,
            times=lambda: self._anchored_at(measure, members),
            lives=self.lives,
        )
        return Tallies(
            whole, {key: self._tally(measure, question, one, {}) for key, one in segments.items()}
        )

    def _anchored_at(self, measure: Measure, members: Members) -> Sequence[datetime]:
        return members.times(measure.anchor) if measure.anchor else [self.as_of] * len(members)

    def everyone(self, over: Unit) -> Members:
        """All that a measure can range over.

        Args:
            over: What they are.
        """
        return self._once((over,), None, lambda: Members(over, self.lives))

    def dated(self, over: Unit, anchor: Anchor, period: Period | None) -> Members:
        """The members whose anchor lies in a period; no period holds one of an invented calendar.

        Args:
            over: What they are.
            anchor: Event columns, the first present of which counts.
            period: The period; None is all time.
        """
        return self._placed(over, anchor, period)["dated"]

    def _once(self, key: Hashable, period: Period | None, find: Callable[[], T]) -> T:
        """What many figures want, found once.

        What concerns all time is kept with the lifecycles, so that the next figure finds it too;
        what concerns a period goes with this history, since there are ever new periods.
        """
        store = self.lives.kept if period is None else self._of_periods
        if key not in store:
            store[key] = find()
        found: T = store[key]
        return found

    def _population(self, measure: Measure, question: Question) -> tuple[Members, dict[str, int]]:
        """The members whose anchor lies in the period, and those left out for having none."""
        dated = self._belonging(measure, question, "dated")
        return dated, {INVENTED: len(self._belonging(measure, question, "invented"))}

    def _belonging(self, measure: Measure, question: Question, place: Place) -> Members:
        over, anchor, period, zone = measure.over, measure.anchor, question.period, question.zone
        members = self._placed(over, anchor, period)[place]
        key: tuple[Hashable, ...] = (over, anchor, period, place)
        of = measure.of
        for condition in of.conditions if isinstance(of, AllOf) else (of,):
            key = (*key, condition, zone)
            members = self._once(key, period, partial(members.keep, condition, zone))
        if measure.during is None:
            return members
        name, start, end = measure.during
        return members.where([at is not None and start <= at < end for at in members.column(name)])

    def _placed(self, over: Unit, anchor: Anchor, period: Period | None) -> dict[Place, Members]:
        """The members whose anchor lies in a period, and those that have an invented one there."""
        find = partial(self._place, over, anchor, period)
        return self._once((over, anchor, period), period, find)

    def _place(self, over: Unit, anchor: Anchor, period: Period | None) -> dict[Place, Members]:
        everyone = self.everyone(over)
        inside, invented = everyone, everyone.at(())
        if anchor and period is None:
            inside = everyone.where([event is not None for event in everyone.events(anchor)])
        elif anchor and period is not None:
            ever = self._placed(over, anchor, None)["dated"]
            start, end = period.start, period.end
            inside = ever.where([start <= moment < end for moment in ever.times(anchor)])
            if not inside.exact(anchor):
                dated = [event.precision != "relative" for event in inside.events(anchor)]
                invented = inside.where([not one for one in dated])
                inside = inside.where(dated)
        return {"dated": inside, "invented": invented}

    def _tally(
        self, measure: Measure, question: Question, members: Members, left_out: dict[str, int]
    ) -> Tally:
        one = numbers_of(measure, question, members)
        return evolve(
            one,
            left_out={**left_out, **one.left_out},
            problems=self._problems(members, one.troubled),
            seen={**one.seen, **self._imprecision(measure, question, members)},
        )

    def _problems(self, members: Members, found: frozenset[LeadId | None] | None) -> int:
        """The problems of the leads that a figure rests on; few have any, so these are sought."""
        leads = set(members.troubled_ids) if found is None else found
        return sum(self.lives.troubled[lead_id] for lead_id in leads if lead_id is not None)

    def _imprecision(
        self, measure: Measure, question: Question, members: Members
    ) -> dict[str, int]:
        """Anchors in a period that are not known to the day, and dates of another zone."""
        seen: dict[str, int] = {}
        if question.period is not None and measure.anchor and not members.exact(measure.anchor):
            precisions = Counter(event.precision for event in members.events(measure.anchor))
            seen["vague_times"] = sum(precisions[vague] for vague in VAGUE)
        dated = [
            _of_another_zone(members.events(anchors), question.zone)
            for anchors in measure.dated_by(question.period)
            if not members.exact(anchors)
        ]
        if isinstance(measure.form, TimeBetween) and measure.form.earlier:
            visits = members.column(measure.form.earlier)
            dated.append([any(_of_another_zone([*chain(*one)], question.zone)) for one in visits])
        if dated:
            seen["dates_of_another_zone"] = sum(map(any, zip(*dated, strict=True)))
        return seen


def _of_another_zone(events: Sequence[LeadFact | None], zone: tzinfo) -> list[bool]:
    """Which events are known to a day that does not begin where those of a zone do."""
    # many events have one date, so each is asked about once
    days = {one.occurred_at for one in events if one is not None and one.precision == "day"}
    others = {day for day in days if not begins_day(day, zone)}
    if not others:
        return [False] * len(events)
    return [
        one is not None and one.precision == "day" and one.occurred_at in others for one in events
    ]


def _places(members: Members) -> dict[LeadId, int]:
    """Where each lead stands among members."""
    return {lead_id: place for place, lead_id in enumerate(members.column("lead_id"))}
