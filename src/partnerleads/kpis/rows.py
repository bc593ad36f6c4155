"""The reference engine: measures read off Python lifecycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time

from attrs import evolve

from partnerleads.attribution import AttributionPolicy
from partnerleads.kpis.elapsed import INVENTED, VAGUE
from partnerleads.kpis.measure import Measure, Unit
from partnerleads.kpis.members import Anchor, Members
from partnerleads.kpis.numbers import numbers_of
from partnerleads.kpis.segments import segments_of
from partnerleads.kpis.tally import Numbers, Placed, Question, Tallies, Tally
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Period, local_date
from partnerleads.model.collector import resting_collector
from partnerleads.model.instant import wall_instant

__all__ = ["RowHistory"]


class RowHistory:
    """Lifecycles as a history that can be measured.

    Args:
        lives: The lifecycles.
    """

    def __init__(self, lives: Lifecycles) -> None:
        self.lives = lives
        self._everyone: dict[Unit, Members] = {}
        self._found: dict[tuple[Unit, Anchor, Period | None], tuple[Members, Members]] = {}

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
        if over not in self._everyone:
            self._everyone[over] = Members(over, self.lives)
        return self._everyone[over]

    def _population(self, measure: Measure, question: Question) -> tuple[Members, dict[str, int]]:
        """The members whose anchor lies in the period, and those left out for having none."""
        dated, invented = self._placed(measure.over, measure.anchor, question.period)
        members = self._belonging(measure, question, dated)
        return members, {INVENTED: len(self._belonging(measure, question, invented))}

    def _belonging(self, measure: Measure, question: Question, members: Members) -> Members:
        members = members.keep(measure.of, question.zone)
        if measure.during is None:
            return members
        name, start, end = measure.during
        return members.where([at is not None and start <= at < end for at in members.column(name)])

    def _placed(self, over: Unit, anchor: Anchor, period: Period | None) -> tuple[Members, Members]:
        """The members whose anchor lies in a period, and those that have an invented one there.

        Many figures share an anchor and a period, so what was found is kept.
        """
        key = (over, anchor, period)
        if key not in self._found:
            self._found[key] = self._place(over, anchor, period)
        return self._found[key]

    def _place(self, over: Unit, anchor: Anchor, period: Period | None) -> tuple[Members, Members]:
        everyone = self.everyone(over)
        nobody = everyone.at(())
        if not anchor:
            return everyone, nobody
        if period is None:
            return everyone.where([e is not None for e in everyone.events(anchor)]), nobody
        ever, _ = self._placed(over, anchor, None)
        start, end = period.start, period.end
        inside = ever.where([start <= moment < end for moment in ever.times(anchor)])
        if inside.exact(anchor):
            return inside, nobody
        dated = [event.precision != "relative" for event in inside.events(anchor)]
        return inside.where(dated), inside.where([not one for one in dated])

    def _tally(
        self, measure: Measure, question: Question, members: Members, left_out: dict[str, int]
    ) -> Tally:
        one = numbers_of(measure, question, members)
        return evolve(
            one,
            left_out={**left_out, **one.left_out},
            problems=self._problems(members, one.numbers),
            seen={**one.seen, **self._imprecision(measure, question, members)},
        )

    def _problems(self, members: Members, numbers: Numbers) -> int:
        """The problems of the leads that a figure rests on; few have any, so these are sought."""
        found = {lead_id for lead_id in members.troubled_ids if lead_id is not None}
        if isinstance(numbers, Placed):
            groups = numbers.leads.values()
            found = {lead_id for lead_id in found if any(lead_id in group for group in groups)}
        return sum(self.lives.troubled[lead_id] for lead_id in found)

    def _imprecision(
        self, measure: Measure, question: Question, members: Members
    ) -> dict[str, int]:
        """Anchors in a period that are not known to the day, or whose day is another zone's."""
        if question.period is None or not measure.anchor or members.exact(measure.anchor):
            return {}
        events = members.events(measure.anchor)
        precisions = Counter(event.precision for event in events)
        days = [event.occurred_at for event in events if event.precision == "day"]
        midnights = (
            wall_instant(local_date(at, question.zone), time.min, question.zone) for at in days
        )
        return {
            "vague_times": sum(precisions[vague] for vague in VAGUE),
            "dates_of_another_zone": sum(
                at != midnight for at, midnight in zip(days, midnights, strict=True)
            ),
        }
