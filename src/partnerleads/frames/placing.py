"""The places where a population has both a follow-up and a close, on a frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from partnerleads.events import LeadProgressed, LeadResponded
from partnerleads.frames.asked import one_where
from partnerleads.frames.conditions import Reader
from partnerleads.frames.engines import Frame, rows
from partnerleads.frames.planning import reader_of
from partnerleads.frames.population import Population, segment_key
from partnerleads.frames.story import Story
from partnerleads.frames.table import PRECISIONS, has
from partnerleads.frames.view import View
from partnerleads.frames.zones import micros_of
from partnerleads.kpis.elapsed import INVENTED, VAGUE
from partnerleads.kpis.measure import Measure, SetOf
from partnerleads.kpis.segments import none_last
from partnerleads.kpis.tally import Placed, Question, Tallies, Tally
from partnerleads.model import Period, SegmentKey

__all__ = ["placed"]

Row: TypeAlias = Mapping[str, Any]

_VAGUE = [PRECISIONS.index(name) for name in VAGUE]
_RELATIVE = PRECISIONS.index("relative")
_FLAGS = ("followed", "closing", "placed", "unplaced", "invented", "vague")


def placed(measure: Measure, form: SetOf, question: Question, story: Story) -> Tallies:
    """The leads of each place with both a follow-up and a close, for the whole and each segment.

    Args:
        measure: The measure.
        form: Which places and closes.
        question: The period and the keys.
        story: The frames of the history.
    """
    troubled = story.troubled
    view = View(story, measure.over)
    reader = reader_of(view, question, story)
    population = Population(measure, question, reader)
    columns = _Columns(form, question.period, reader)
    keys, member = population.keys(), one_where(population.member)
    frame = population.with_partners(view.frame())
    frame = frame.with_columns(member=member).filter(nw.col("member") == 1)
    members = columns.joined(frame.join(troubled, on="lead_id", how="left"))
    troubles = nw.when(nw.col("placed") == 1).then(nw.col("troubles").fill_null(0))
    members = members.select("place", *_FLAGS, touched=troubles.otherwise(nw.lit(0)), **keys)
    names = (*_FLAGS, "touched")
    found = rows(members.group_by(*keys, "place").agg(*(nw.col(name).sum() for name in names)))
    whole = _tally(form, question, found)
    if not question.by:
        return Tallies(whole, {})
    groups: dict[SegmentKey, list[Row]] = defaultdict(list)
    for row in found:
        groups[segment_key(row, question.by)].append(row)
    ordered = sorted(groups, key=none_last)
    return Tallies(whole, {key: _tally(form, question, groups[key]) for key in ordered})


class _Columns:
    """Follow-ups and closes of each lead inside a period."""

    def __init__(self, form: SetOf, period: Period | None, reader: Reader) -> None:
        self.form, self.period, self.table = form, period, reader.view.story.table
        close = "won" if form.won_only else "closed"
        no = nw.lit(value=False)
        self.place = reader.view.value(form.place)
        there = reader.view.present(close)
        if period is not None:
            there = there & self._inside(reader.view.at(close))
        self.invented = there & reader.is_relative(close) if period is not None else no
        self.closing = there & ~self.invented
        self.vague_close = self.closing & reader.is_vague(close)

    def _inside(self, moment: Any) -> Any:
        assert self.period is not None  # noqa: S101 - for the type checker: only asked with one
        start, end = micros_of(self.period.start), micros_of(self.period.end)
        return ((moment >= start) & (moment < end)).fill_null(value=False)

    def _follow_ups(self) -> Frame:
        """Which leads have a follow-up in the period: any, an exact one, an invented one."""
        answered = has(LeadResponded) & nw.col("qualified") & ~nw.col("automatic")
        steps = self.table.filter(answered | has(LeadProgressed))
        invented = nw.lit(value=False)
        if self.period is not None:
            steps = steps.filter(self._inside(nw.col("at")))
            invented = nw.col("precise") == _RELATIVE
        steps = steps.with_columns(
            any_step=one_where(~invented),
            exact_step=one_where(~invented & ~nw.col("precise").is_in(_VAGUE)),
            invented_step=one_where(invented),
        )
        names = ("any_step", "exact_step", "invented_step")
        return steps.group_by("lead_id").agg(*(nw.col(name).max() for name in names))

    def joined(self, frame: Frame) -> Frame:
        """The leads with their place, and how they count there, each 1 or 0."""
        frame = frame.join(self._follow_ups(), on="lead_id", how="left")
        any_step, exact_step, invented_step = (
            nw.col(name).fill_null(0) == 1 for name in ("any_step", "exact_step", "invented_step")
        )
        both = any_step & self.closing
        held = both if self.form.same_lead else any_step | self.closing
        counts = held & ~nw.col("place").is_null()
        vague = (any_step & ~exact_step) | self.vague_close
        return frame.with_columns(place=self.place).with_columns(
            followed=one_where(counts & any_step),
            closing=one_where(counts & self.closing),
            placed=one_where(counts),
            unplaced=one_where(held & nw.col("place").is_null()),
            invented=one_where(~held & (self.invented | invented_step)),
            vague=one_where(counts & vague),
        )


def _tally(form: SetOf, question: Question, found: Iterable[Row]) -> Tally:
    sums: defaultdict[str | None, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found:
        for name in (*_FLAGS, "touched"):
            sums[row["place"]][name] += int(row[name] or 0)
    active = {
        place: one
        for place, one in sums.items()
        if place is not None and one["followed"] and one["closing"]
    }
    counts = {place: one["placed"] for place, one in active.items()}
    left_out = {
        f"it states no {form.place.rpartition('.')[2]}": sum(
            one["unplaced"] for one in sums.values()
        )
    }
    seen = {}
    if question.period is not None:
        left_out[INVENTED] = sum(one["invented"] for one in sums.values())
        seen["vague_times"] = sum(one["vague"] for one in sums.values())
    return Tally(
        n=sum(counts.values()),
        numbers=Placed(counts),
        left_out=left_out,
        problems=sum(one["touched"] for one in active.values()),
        seen=seen,
    )
