"""A frame of events as a history that can be measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import evolve

from partnerleads.attribution import AttributionPolicy
from partnerleads.codecs.flat_columns import FLAT_COLUMNS
from partnerleads.events import CostIncurred
from partnerleads.frames.engines import (
    Frame,
    distinct,
    first_row,
    in_utc,
    opened,
    renamed,
    rows,
    spills,
    texts,
)
from partnerleads.frames.flat.types import opened_frame
from partnerleads.frames.placing import placed
from partnerleads.frames.planning import Ask, Plan
from partnerleads.frames.population import segment_key
from partnerleads.frames.schema import stated_columns
from partnerleads.frames.sheet import Sheet
from partnerleads.frames.story import Story
from partnerleads.frames.table import extras_of
from partnerleads.frames.view import View
from partnerleads.kpis.measuring.keys import FACTS
from partnerleads.kpis.measuring.measure import EndsOf, Measure, SetOf
from partnerleads.kpis.measuring.segments import none_last
from partnerleads.kpis.measuring.tally import Question, Tallies, Tally
from partnerleads.lifecycle.problem_rules import HISTORY_RULES, LEAD_RULES
from partnerleads.model import Problem, SegmentKey, instant

__all__ = ["FrameHistory", "history"]

DEFAULT_POLICY = AttributionPolicy()

MOST_AT_ONCE = 20_000_000
"""Of more events of leads each figure is a query of its own. [count]"""

Row: TypeAlias = Mapping[str, Any]


def history(
    frame: Any,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    policy: AttributionPolicy = DEFAULT_POLICY,
) -> FrameHistory:
    """A frame of events as a history, for any KPI.

    Args:
        frame: One row for each event, in the flat columns of event rows, in any order, with all
            copies; other columns are attributes of leads, read off the capture. Of pandas,
            Polars, PyArrow, DuckDB or PySpark. Of a frame with a column ``region`` and none named
            ``lead_region``, figures by region are refused; so it is with other facts.
        as_of: Events that occurred later do not exist; included. [aware datetime]
        known_at: Versions recorded later do not exist; None knows everything. [aware datetime]
        policy: The rules of attribution.

    Raises:
        FrameSchemaError: When it is no flat frame of events; it lists all that is wrong.
        MissingExtraError: When narwhals is not installed, or a frame of pandas or PyArrow finds
            neither Polars nor DuckDB to be lent to.
        NaiveInstantError: When an instant has no offset.

    >>> from partnerleads import frames, kpis
    >>> from partnerleads.testing import at, history
    >>> frame = frames.events_frame(history("2026-01-02 L1 captured by acme"))
    >>> kpis.sourced_rate(frames.history(frame, as_of=at("2026-02-01"))).value
    1.0
    """
    as_of = instant(as_of, "as_of")
    known_at = None if known_at is None else instant(known_at, "known_at")
    seen = opened_frame(frame)
    stated = stated_columns(seen)
    events = opened(seen.frame)
    is_lent = events.implementation is not seen.frame.implementation
    schema = events.collect_schema() if is_lent else seen.schema
    extras = extras_of(schema, FLAT_COLUMNS)
    events = renamed(events, extras)
    events = in_utc(events.select(*stated, *extras.values(), *_unstated(stated, schema)))
    bare = {fact for fact in FACTS if fact in extras and f"lead_{fact}" not in schema}
    story = Story(events, as_of=as_of, known_at=known_at, policy=policy, extras=extras, bare=bare)
    return FrameHistory(story, as_of=as_of, known_at=known_at)


def _unstated(stated: Sequence[str], schema: Mapping[str, Any]) -> list[Any]:
    """The columns that every frame has, where it has no rows to tell their types."""
    kinds = {"type": nw.String, "event_id": nw.String, "lead_id": nw.String}
    columns = [nw.col(name).cast(kind) for name, kind in kinds.items() if name not in stated]
    if "occurred_at" not in stated:
        moment = nw.col("occurred_at")
        typed = isinstance(schema["occurred_at"], nw.Datetime)
        columns.append(moment if typed else moment.cast(nw.Datetime("us", "UTC")))
    return columns


class FrameHistory:
    """The frames of a history, measured by their own engine.

    Args:
        story: The frames.
        as_of: The moment looked from. [aware datetime]
        known_at: The moment of knowledge. [aware datetime]
    """

    def __init__(self, story: Story, *, as_of: datetime, known_at: datetime | None) -> None:
        self.story = story
        self.as_of, self.known_at = as_of, known_at
        self._known: dict[Ask, Tallies] = {}

    def __repr__(self) -> str:
        engine = self.story.table.implementation.value
        return f"<FrameHistory on {engine} as of {self.as_of.isoformat()}>"

    @property
    def policy(self) -> AttributionPolicy:
        """The rules of attribution."""
        return self.story.policy

    @property
    def costs(self) -> Sequence[CostIncurred]:
        """What the programme spent, in order."""
        return self.story.costs

    @cached_property
    def statuses(self) -> Mapping[str, int]:
        """Captured leads by status: open, won, lost or disqualified. [counts]"""
        view = View(self.story, "leads")
        status = view.value("status")
        leads = view.frame().select(status=status)
        found = rows(leads.group_by("status").agg(n=nw.len()))
        return {row["status"]: int(row["n"]) for row in found}

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Where the histories contradict themselves: one for each rule, with its leads counted."""
        broken = self.story.rules_broken.group_by("rule")
        found = rows(broken.agg(nw.col("n").sum(), leads=nw.len()))
        counts = {row["rule"]: (int(row["n"]), int(row["leads"])) for row in found}
        conflicts = self.story.conflicts
        if conflicts:
            counts["conflicting_versions"] = (sum(conflicts.values()), len(conflicts))
        if negative := sum(cost.cost.amount < 0 for cost in self.costs):
            counts["negative_cost"] = (negative, 0)
        meanings = {rule.name: rule.meaning for rule in LEAD_RULES} | HISTORY_RULES
        return tuple(
            Problem(rule=name, words=f"{counts[name][0]} in all. {meaning}", leads=counts[name][1])
            for name, meaning in meanings.items()
            if name in counts
        )

    @property
    def findings(self) -> None:
        """Findings are looked for in events alone; fold them to have any."""
        return None

    def tally(self, measure: Measure, question: Question) -> Tallies:
        """The numbers of one measure, for the whole and for each segment."""
        known = self._known.get((measure, question))
        return known or self._worked_out((measure, question))

    def work_out(self, asks: Iterable[Ask]) -> None:
        """Work out many figures at once; asked for afterwards, they are there.

        Those without segments that range over the same members are one query, which joins all that
        any of them reads. Of more than 20 million events each figure is a query of its own where an
        engine moves to disk what exceeds its memory: joins are what it keeps there longest.

        Args:
            asks: Measures and questions.
        """
        together: dict[str, list[Ask]] = defaultdict(list)
        for ask in asks:
            together["" if _goes_alone(*ask) else ask[0].over].append(ask)
        for ask in together.pop("", ()):
            self._known[ask] = self._worked_out(ask)
        for group in together.values():
            most = 1 if self._is_large else len(group)
            for start in range(0, len(group), most):
                self._known |= self._in_one_query(group[start : start + most])

    @property
    def _is_large(self) -> bool:
        return spills(self.story.table) and self.story.span["events"] > MOST_AT_ONCE

    def _worked_out(self, ask: Ask) -> Tallies:
        measure, question = ask
        if isinstance(measure.form, SetOf):
            return placed(measure, measure.form, question, self.story)
        if not question.by:
            return self._in_one_query([ask])[ask]
        return self._segmented(ask)

    def _members(self, view: View, plans: Sequence[Plan]) -> Frame:
        troubled, sheet = self.story.troubled, plans[0].sheet
        frame = view.frame()
        for plan in plans:
            frame = plan.population.with_partners(frame)
        frame = frame.join(troubled, on="lead_id", how="left")
        frame = frame.with_columns(troubles=nw.col("troubles").fill_null(0), **sheet.flags)
        columns = {name: column for plan in plans for name, column in plan.columns().items()}
        own = [*view.unit, "troubles"] if len(plans) == 1 else ["lead_id"]
        return frame.select(*dict.fromkeys(own), **sheet.columns, **columns)

    def _in_one_query(self, asks: Sequence[Ask]) -> dict[Ask, Tallies]:
        view, sheet = View(self.story, asks[0][0].over), Sheet()
        plans = [Plan(ask, view, self.story, sheet) for ask in asks]
        members = self._members(view, plans)
        sums = _sums(plans)
        splits = plans[0].names
        summed = members.group_by(*splits).agg(*sums) if splits else members.select(*sums)
        found = rows(summed, small=True)
        return {
            ask: Tallies(self._whole(plan, found, members, shared=len(plans) > 1), {})
            for ask, plan in zip(asks, plans, strict=True)
        }

    def _whole(self, plan: Plan, found: Sequence[Row], members: Frame, *, shared: bool) -> Tally:
        own = [plan.own(row) for row in found]
        troubles = sum(int(row["touched"] or 0) for row in own)
        if plan.view.over != "leads":
            touched = plan.touched
            once = distinct(members.filter(nw.col(touched) > 0).select("lead_id", touched))
            troubles = int(first_row(once.select(nw.col(touched).sum()), small=True)[touched] or 0)
        listed = []
        if plan.listing is not None:
            if shared:  # looked for by a query of its own, which reads no more than it must
                view = View(self.story, plan.view.over)
                plan = Plan((plan.measure, plan.question), view, self.story, Sheet())
                members = self._members(view, [plan])
            listed = texts(plan.listed(members), "lead_id")
        return plan.tally(own, whole=True, troubles=troubles, listed=listed)

    def _segmented(self, ask: Ask) -> Tallies:
        measure, question = ask
        view = View(self.story, measure.over)
        plan = Plan(ask, view, self.story, Sheet())
        members = self._members(view, [plan])
        keys = [*plan.keys]
        grouped: dict[SegmentKey, list[Row]] = defaultdict(list)
        for row in rows(members.group_by(*keys, *plan.names).agg(*_sums([plan])), small=True):
            grouped[segment_key(row, question.by)].append(plan.own(row))
        troubles = self._troubles_by(plan, members, keys)
        listed: dict[SegmentKey, list[str]] = defaultdict(list)
        if plan.listing is not None:
            for row in rows(plan.listed(members).select(*keys, "lead_id"), small=True):
                listed[segment_key(row, question.by)].append(row["lead_id"])
        segments = {
            key: plan.tally(
                grouped[key], whole=False, troubles=troubles.get(key, 0), listed=listed[key]
            )
            for key in sorted(grouped, key=none_last)
            if any(row["member"] for row in grouped[key])
        }
        whole = self._worked_out((measure, _unsegmented(question)))
        return Tallies(whole.whole, segments)

    def _troubles_by(
        self, plan: Plan, members: Frame, keys: Sequence[str]
    ) -> Mapping[SegmentKey, int]:
        """Problems by segment; a lead with several wins there is one lead."""
        name, by = plan.touched, plan.question.by
        touched = members.filter(nw.col(name) > 0).select(*keys, "lead_id", name)
        summed = distinct(touched).group_by(*keys).agg(nw.col(name).sum())
        return {segment_key(row, by): int(row[name]) for row in rows(summed, small=True)}


def _sums(plans: Sequence[Plan]) -> list[Any]:
    """What is worked out over the members of some figures."""
    names = dict.fromkeys(name for plan in plans for name in plan.summed)
    return [nw.col(*names).sum(), *(one for plan in plans for one in plan.quantiles())]


def _goes_alone(measure: Measure, question: Question) -> bool:
    """Whether a figure is grouped by anything, so that no other one fits into its query."""
    form = measure.form
    if isinstance(form, SetOf | EndsOf) or question.by or question.currency is not None:
        return True
    return bool(getattr(form, "weight", "") or getattr(form, "hours", None))


def _unsegmented(question: Question) -> Question:
    return evolve(question, by=())
