"""A measure, a question and all that is worked out for them, as columns of one frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import evolve

from partnerleads.frames.asked import Asked, Row, total
from partnerleads.frames.conditions import Reader
from partnerleads.frames.engines import Frame
from partnerleads.frames.flags import NO, YES, all_of, one_where
from partnerleads.frames.forms import asked
from partnerleads.frames.population import Population
from partnerleads.frames.sheet import Sheet
from partnerleads.frames.story import Story
from partnerleads.frames.view import View
from partnerleads.frames.zones import Calendar
from partnerleads.kpis.measuring.elapsed import INVENTED
from partnerleads.kpis.measuring.measure import Measure
from partnerleads.kpis.measuring.tally import Counted, Question, Tally

__all__ = ["Ask", "Plan", "reader_of"]

Ask: TypeAlias = tuple[Measure, Question]

_LISTED = "listed"


def reader_of(view: View, question: Question, story: Story) -> Reader:
    """What reads conditions in the zone of a question."""
    span = story.span
    calendar = Calendar(question.zone, span["first"], max(span["last"], story.as_of))
    return Reader(view, calendar)


class Plan:
    """What is worked out for one figure.

    Args:
        ask: The measure and the question.
        view: The columns; figures that share a view are worked out by one query.
        story: The frames of the history.
        sheet: What takes the columns of the figures that share a view.
    """

    def __init__(self, ask: Ask, view: View, story: Story, sheet: Sheet) -> None:
        self.measure, self.question = ask
        self.view, self.sheet = view, sheet
        zone = self.question.zone
        if zone not in sheet.readers:
            sheet.readers[zone] = reader_of(view, self.question, story)
        reader = sheet.readers[zone]
        self.population = Population(self.measure, self.question, reader)
        self._member = sheet.member(self.population.member)
        self.asked: Asked = asked(self.measure, self.question, reader, self._member)
        self.keys = self.population.keys()
        self.listing = self.asked.listing
        self._sums = {name: sheet.named(column) for name, column in self._all_sums().items()}
        self.touched = self._sums["touched"]
        if self.asked.lengths is not None:
            self._length = sheet.named(nw.when(self._member).then(self.asked.lengths))

    def _all_sums(self) -> dict[str, Any]:
        population, member = self.population, self._member
        flags = {name: (member, flag) for name, flag in self.asked.counts.items()}
        flags["member"] = member, YES
        if self.question.period is not None and self.measure.anchor:
            flags["invented"] = YES, population.invented
            flags["vague"] = member, population.vague
        if self.measure.dated_by(self.question.period):
            flags["another_zone"] = member, population.of_another_zone
        sums = {
            name: nw.when(member).then(value).otherwise(nw.lit(0))
            for name, value in self.asked.sums.items()
        }
        sums["touched"] = self.sheet.troubles(member)
        return sums | {
            name: self.sheet.ones(of, flag) for name, (of, flag) in flags.items() if flag is not NO
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it is grouped by besides the segments."""
        return tuple(self.asked.splits)

    def columns(self) -> dict[str, Any]:
        """The columns of each member that are not shared, over a frame that has the flags."""
        columns = self.asked.splits | self.keys
        if self.listing is not None:
            columns[_LISTED] = one_where(all_of(self._member, self.listing))
        return columns

    @property
    def summed(self) -> list[str]:
        """The columns of the sheet that it wants summed."""
        return [*self._sums.values()]

    def quantiles(self) -> list[Any]:
        """What else is worked out over the members."""
        if self.asked.lengths is None:
            return []
        length = nw.col(self._length)
        return [
            length.median().alias(f"{self._length}_median"),
            length.quantile(0.9, interpolation="linear").alias(f"{self._length}_p90"),
            length.mean().alias(f"{self._length}_mean"),
        ]

    def own(self, row: Mapping[str, Any]) -> Row:
        """Its part of a row of sums of several figures."""
        own = {name: row[column] for name, column in self._sums.items()}
        own |= {name: row[name] for name in self.names}
        if self.asked.lengths is not None:
            own |= {name: row[f"{self._length}_{name}"] for name in ("median", "p90", "mean")}
        return own

    def listed(self, members: Frame) -> Frame:
        """The members to be listed by id."""
        return members.filter(nw.col(_LISTED) == 1)

    def tally(
        self, found: Sequence[Row], *, whole: bool, troubles: int, listed: Sequence[str] = ()
    ) -> Tally:
        """The sums as a tally.

        Args:
            found: The sums, of all or of each split.
            whole: Whether it is the whole, which counts those left out for an invented calendar.
            troubles: Problems of the leads of its members.
            listed: Leads to be listed.
        """
        made = self.asked.read(found)
        left_out, seen = dict(made.left_out), dict(made.seen)
        if self.question.period is not None and self.measure.anchor:
            seen["vague_times"] = total(found, "vague")
            if whole:
                left_out = {INVENTED: total(found, "invented")} | left_out
        if self.measure.dated_by(self.question.period):
            seen["dates_of_another_zone"] = total(found, "another_zone")
        if self.listing is not None:
            made = evolve(made, numbers=Counted(made.n, tuple(sorted(listed))))
        return evolve(made, left_out=left_out, seen=seen, problems=troubles)
