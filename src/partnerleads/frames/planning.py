"""A measure, a question and all that is worked out for them, as columns of one frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import evolve

from partnerleads.frames.asked import Asked, Row, total
from partnerleads.frames.conditions import Reader
from partnerleads.frames.engines import Frame
from partnerleads.frames.flags import NO, all_of, one_where
from partnerleads.frames.forms import asked
from partnerleads.frames.population import Population
from partnerleads.frames.story import Story
from partnerleads.frames.view import View
from partnerleads.frames.zones import Calendar
from partnerleads.kpis.elapsed import INVENTED
from partnerleads.kpis.measure import Measure
from partnerleads.kpis.tally import Counted, Question, Tally

__all__ = ["Ask", "Plan", "reader_of"]

Ask: TypeAlias = tuple[Measure, Question]


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
        prefix: What its columns begin with, so that figures in one frame keep out of each other's
            way.

    Attributes:
        flags: Whether a unit belongs to the population, by the name of the column that says it.
    """

    def __init__(self, ask: Ask, view: View, story: Story, prefix: str = "") -> None:
        self.measure, self.question = ask
        self.view, self.prefix = view, prefix
        reader = reader_of(view, self.question, story)
        self.population = Population(self.measure, self.question, reader)
        self.flags = {f"{prefix}is_member": self.population.member}
        self._member = nw.col(*self.flags)
        self.asked: Asked = asked(self.measure, self.question, reader, self._member)
        self.keys = self.population.keys()
        self.listing = self.asked.listing
        self._sums = self._all_sums()

    def _all_sums(self) -> dict[str, Any]:
        population, member = self.population, self._member
        flags = {name: all_of(member, flag) for name, flag in self.asked.counts.items()}
        flags["member"] = member
        if self.question.period is not None and self.measure.anchor:
            flags["invented"] = population.invented
            flags["vague"] = all_of(member, population.vague)
            flags["another_zone"] = all_of(member, population.of_another_zone)
        sums = {
            name: nw.when(member).then(value).otherwise(nw.lit(0))
            for name, value in self.asked.sums.items()
        }
        return sums | {name: one_where(flag) for name, flag in flags.items() if flag is not NO}

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it is grouped by besides the segments."""
        return tuple(self.asked.splits)

    def columns(self) -> dict[str, Any]:
        """The columns of each member, over a frame that has the flags."""
        member = self._member
        columns = {f"{self.prefix}{name}": value for name, value in self._sums.items()}
        columns |= self.asked.splits | self.keys
        troubles = nw.when(member).then(nw.col("troubles")).otherwise(nw.lit(0))
        columns[f"{self.prefix}touched"] = troubles
        if self.asked.lengths is not None:
            columns[f"{self.prefix}length"] = nw.when(member).then(self.asked.lengths)
        if self.listing is not None:
            columns[f"{self.prefix}listed"] = one_where(all_of(member, self.listing))
        return columns

    def sums(self) -> list[Any]:
        """What is worked out over the members."""
        names = [*self._sums, "touched"]
        sums = [nw.col(f"{self.prefix}{name}").sum() for name in names]
        if self.asked.lengths is not None:
            length = nw.col(f"{self.prefix}length")
            sums += [
                length.median().alias(f"{self.prefix}median"),
                length.quantile(0.9, interpolation="linear").alias(f"{self.prefix}p90"),
                length.mean().alias(f"{self.prefix}mean"),
            ]
        return sums

    def own(self, row: Mapping[str, Any]) -> Row:
        """Its part of a row of sums of several figures."""
        start = len(self.prefix)
        return {name[start:]: value for name, value in row.items() if name.startswith(self.prefix)}

    def listed(self, members: Frame) -> Frame:
        """The members to be listed by id."""
        return members.filter(nw.col(f"{self.prefix}listed") == 1)

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
            cautions = {"vague_times": "vague", "dates_of_another_zone": "another_zone"}
            seen |= {code: total(found, name) for code, name in cautions.items()}
            if whole:
                left_out = {INVENTED: total(found, "invented")} | left_out
        if self.listing is not None:
            made = evolve(made, numbers=Counted(made.n, tuple(sorted(listed))))
        return evolve(made, left_out=left_out, seen=seen, problems=troubles)
