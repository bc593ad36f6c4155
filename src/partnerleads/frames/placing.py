"""The places where a population has both a follow-up and a close, on a frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw

from partnerleads.events import LeadProgressed, LeadResponded
from partnerleads.frames.conditions import Reader
from partnerleads.frames.engines import Frame, rows
from partnerleads.frames.flags import NO, YES, all_of, any_of, no, one_where
from partnerleads.frames.planning import reader_of
from partnerleads.frames.population import Population, segment_key
from partnerleads.frames.story import Story
from partnerleads.frames.table import PRECISIONS, has
from partnerleads.frames.view import View
from partnerleads.frames.zones import micros_of
from partnerleads.kpis.measuring.elapsed import INVENTED, VAGUE
from partnerleads.kpis.measuring.measure import Measure, SetOf
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.kpis.measuring.tally import Placed, Question, Tallies, Tally
from partnerleads.model import Period, SegmentKey

__all__ = ["placed"]

Row: TypeAlias = Mapping[str, Any]

_VAGUE = [PRECISIONS.index(name) for name in VAGUE]
_RELATIVE = PRECISIONS.index("relative")
_FLAGS = ("followed", "closing", "placed", "unplaced")
_IN_A_PERIOD = (*_FLAGS, "invented", "vague")


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
    flags = _FLAGS if question.period is None else _IN_A_PERIOD
    members = members.select("place", *flags, touched=troubles.otherwise(nw.lit(0)), **keys)
    names = (*flags, "touched")
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
        self.place = reader.view.value(form.place)
        there = reader.view.present(close)
        if period is not None:
            there = all_of(there, self._inside(reader.view.at(close)))
        self.invented = all_of(there, reader.is_relative(close)) if period is not None else NO
        self.closing = all_of(there, no(self.invented))
        self.vague_close = all_of(self.closing, reader.is_vague(close))

    def _inside(self, moment: Any) -> Any:
        assert self.period is not None  # noqa: S101 - for the type checker: only asked with one
        start, end = micros_of(self.period.start), micros_of(self.period.end)
        return ((moment >= start) & (moment < end)).fill_null(value=False)

    def _follow_ups(self) -> Frame:
        """Which leads have a follow-up in the period: any, an exact one, an invented one."""
        answered = has(LeadResponded) & nw.col("qualified") & ~nw.col("automatic")
        steps = self.table.filter(answered | has(LeadProgressed))
        flags = {"any_step": YES}
        if self.period is not None:
            steps = steps.filter(self._inside(nw.col("at")))
            invented = nw.col("precise") == _RELATIVE
            exact = ~invented & ~nw.col("precise").is_in(_VAGUE)
            flags = {"any_step": ~invented, "exact_step": exact, "invented_step": invented}
        steps = steps.select("lead_id", **{name: one_where(flag) for name, flag in flags.items()})
        return steps.group_by("lead_id").agg(*(nw.col(name).max() for name in flags))

    def joined(self, frame: Frame) -> Frame:
        """The leads with their place, and how they count there, each 1 or 0."""
        frame = frame.join(self._follow_ups(), on="lead_id", how="left")
        any_step, exact_step, invented_step = (
            nw.col(name).fill_null(0) == 1 for name in ("any_step", "exact_step", "invented_step")
        )
        held = (all_of if self.form.same_lead else any_of)(any_step, self.closing)
        unplaced = nw.col("place").is_null()
        counts = all_of(held, ~unplaced)
        flags = {
            "followed": all_of(counts, any_step),
            "closing": all_of(counts, self.closing),
            "placed": counts,
            "unplaced": all_of(held, unplaced),
        }
        if self.period is not None:
            vague = any_of(any_step & ~exact_step, self.vague_close)
            flags["invented"] = all_of(~held, any_of(self.invented, invented_step))
            flags["vague"] = all_of(counts, vague)
        return frame.with_columns(place=self.place).with_columns(
            **{name: one_where(flag) for name, flag in flags.items()}
        )


def _tally(form: SetOf, question: Question, found: Iterable[Row]) -> Tally:
    sums: defaultdict[str | None, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found:
        for name in (*_IN_A_PERIOD, "touched"):
            sums[row["place"]][name] += int(row.get(name) or 0)
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
