"""The reference engine: measures read off Python lifecycles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from partnerleads.attribution import AttributionPolicy
from partnerleads.kpis.conditions import EVERY
from partnerleads.kpis.elapsed import VAGUE
from partnerleads.kpis.expressions import anchored, column, event_of, having, keeper
from partnerleads.kpis.keys import key_reader
from partnerleads.kpis.measure import Measure, Unit
from partnerleads.kpis.numbers import INVENTED, numbers_of
from partnerleads.kpis.tally import Placed, Question, Tallies, Tally
from partnerleads.kpis.units import units_of
from partnerleads.lifecycle import Lifecycles
from partnerleads.model import Period, SegmentKey, local_date
from partnerleads.model.instant import wall_instant

__all__ = ["RowHistory"]


class RowHistory:
    """Lifecycles as a history that can be measured.

    Args:
        lives: The lifecycles.
    """

    def __init__(self, lives: Lifecycles) -> None:
        self.lives = lives
        self._found: dict[tuple[object, ...], tuple[Sequence[Any], Sequence[Any]]] = {}

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
        units, left_out = self._population(measure, question)
        whole = self._tally(measure, question, units, left_out)
        if not question.by:
            return Tallies(whole, {})
        read = key_reader(question.by, holder=measure.holder, lives=self.lives)
        groups: dict[SegmentKey, list[Any]] = defaultdict(list)
        for unit in units:
            groups[read(unit, self._anchored_at(measure, unit))].append(unit)
        ordered = sorted(groups, key=_none_last)
        return Tallies(whole, {k: self._tally(measure, question, groups[k], {}) for k in ordered})

    def _anchored_at(self, measure: Measure, unit: Any) -> datetime:
        if not measure.anchor:
            return self.as_of
        moment: datetime = event_of(measure.anchor)(unit).occurred_at
        return moment

    def _population(
        self, measure: Measure, question: Question
    ) -> tuple[Sequence[Any], dict[str, int]]:
        """The members whose anchor lies in the period, and those left out for having none."""
        dated, invented = self._placed(measure.over, measure.anchor, question.period)
        members = self._belonging(measure, question, dated)
        return members, {INVENTED: len(self._belonging(measure, question, invented))}

    def _belonging(
        self, measure: Measure, question: Question, units: Sequence[Any]
    ) -> Sequence[Any]:
        if measure.of != EVERY:
            units = keeper(measure.of)(units, self.as_of, question.zone)
        if measure.during is not None:
            name, start, end = measure.during
            read = column(name)
            units = [u for u in units if (at := read(u)) is not None and start <= at < end]
        return units

    def _placed(
        self, over: Unit, anchor: tuple[str, ...], period: Period | None
    ) -> tuple[Sequence[Any], Sequence[Any]]:
        """The members whose anchor lies in a period, and those that have an invented one there.

        Many figures share an anchor and a period, so what was found is kept.
        """
        key = (over, anchor, period)
        if key not in self._found:
            self._found[key] = self._place(over, anchor, period)
        return self._found[key]

    def _place(
        self, over: Unit, anchor: tuple[str, ...], period: Period | None
    ) -> tuple[Sequence[Any], Sequence[Any]]:
        if not anchor:
            return units_of(over, self.lives.population), ()
        if period is None:
            return having(anchor)(units_of(over, self.lives.population)), ()
        ever, _ = self._placed(over, anchor, None)
        inside = anchored(anchor)(ever, period.start, period.end)
        if "relative" not in self.lives.precisions:
            return inside, ()
        event = event_of(anchor)
        dated = [unit for unit in inside if event(unit).precision != "relative"]
        return dated, [unit for unit in inside if event(unit).precision == "relative"]

    def _tally(
        self, measure: Measure, question: Question, units: Sequence[Any], left_out: dict[str, int]
    ) -> Tally:
        numbers, n, out, seen = numbers_of(measure, question, units, self.as_of)
        leads = {unit.lead_id for unit in units}
        if isinstance(numbers, Placed):
            leads = {lead_id for placed in numbers.leads.values() for lead_id in placed}
        troubled = self.lives.troubled
        return Tally(
            n=n,
            numbers=numbers,
            left_out=left_out | out,
            problems=sum(troubled[lead_id] for lead_id in troubled.keys() & leads),
            seen=seen | self._imprecision(measure, question, units),
        )

    def _imprecision(
        self, measure: Measure, question: Question, units: Sequence[Any]
    ) -> dict[str, int]:
        """Anchors in a period that are not known to the day, or whose day is another zone's."""
        if question.period is None or not measure.anchor:
            return {}
        anchor = event_of(measure.anchor)
        vague = days = 0
        for unit in units:
            event = anchor(unit)
            if event.precision in VAGUE:
                vague += 1
            elif event.precision == "day":
                day = local_date(event.occurred_at, question.zone)
                days += event.occurred_at != wall_instant(day, time.min, question.zone)
        return {"vague_times": vague, "dates_of_another_zone": days}


def _none_last(key: SegmentKey) -> tuple[tuple[bool, str], ...]:
    parts = key if isinstance(key, tuple) else (key,)
    return tuple((part is None, part or "") for part in parts)
