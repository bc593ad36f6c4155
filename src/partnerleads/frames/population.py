"""Who belongs to the population of a measure, and the keys that its members fall under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.frames.conditions import Reader
from partnerleads.frames.engines import Frame
from partnerleads.frames.flags import NO, YES, all_of, any_of, no
from partnerleads.frames.zones import micros_of
from partnerleads.kpis.measuring.measure import Measure
from partnerleads.kpis.measuring.tally import Question

__all__ = ["Population"]

_OF_PARTNERS = ("tier", "partner_type")


class Population:
    """The members of a measure in a period, as expressions.

    Args:
        measure: The measure.
        question: Period, zone and keys.
        reader: Reads conditions.
    """

    def __init__(self, measure: Measure, question: Question, reader: Reader) -> None:
        self.measure, self.question, self.reader = measure, question, reader
        self.view = reader.view

    def _first(self, of: Any) -> Any:
        """Something of the first present of the anchors."""
        return nw.coalesce(*(of(name) for name in self.measure.anchor))

    @property
    def at(self) -> Any:
        """When the anchor happened; the moment itself for a stock. [microseconds since 1970]"""
        if not self.measure.anchor:
            return nw.lit(self.view.story.as_of)
        return self._first(self.view.at)

    def _is(self, test: Any, anchor: tuple[str, ...]) -> Any:
        """Whether the first present of some events passes a test; never null."""
        first: Any = NO
        for name in reversed(anchor):
            present, passes = self.view.present(name), test(name)
            if first is NO:
                first = all_of(present, passes)
            else:
                first = nw.when(present).then(passes).otherwise(first)
        return first

    @property
    def _belongs(self) -> Any:
        """Whether a unit belongs to it by everything but a calendar that is invented."""
        belongs = self.reader.holds(self.measure.of)
        if self.measure.anchor:
            belongs = all_of(belongs, self._is(lambda _: YES, self.measure.anchor))
        if self.measure.anchor and self.question.period is not None:
            start, end = (
                micros_of(moment)
                for moment in (self.question.period.start, self.question.period.end)
            )
            inside = (self.at >= start) & (self.at < end)
            belongs = all_of(belongs, inside.fill_null(value=False))
        if self.measure.during is not None:
            name, first, until = self.measure.during
            value = self.view.value(name)
            inside = (value >= micros_of(first)) & (value < micros_of(until))
            belongs = all_of(belongs, inside.fill_null(value=False))
        return belongs

    @property
    def _invented(self) -> Any:
        if self.question.period is None:
            return NO
        return self._is(self.reader.is_relative, self.measure.anchor)

    @property
    def member(self) -> Any:
        """Whether a unit belongs to it; never null."""
        return all_of(self._belongs, no(self._invented))

    @property
    def invented(self) -> Any:
        """Whether it would, had its anchor no invented calendar; never null."""
        return all_of(self._belongs, self._invented)

    @property
    def vague(self) -> Any:
        """Whether the anchor places a member only vaguely; never null."""
        return self._is(self.reader.is_vague, self.measure.anchor)

    @property
    def of_another_zone(self) -> Any:
        """Whether a date that is read in the zone is no midnight of it; never null."""
        anchors = dict.fromkeys(self.measure.dated_by(self.question.period))
        return any_of(*(self._is(self._begins_no_day, anchor) for anchor in anchors))

    def _begins_no_day(self, name: str) -> Any:
        """Whether an event is a date that is no midnight of the zone; never null."""
        midnight = self.reader.calendar.is_midnight(self.view.at(name))
        return all_of(self.reader.is_dated(name), ~midnight.fill_null(value=True))

    def keys(self) -> dict[str, Any]:
        """The keys to segment by; those of partners by what :meth:`with_partners` joins."""
        return {f"key{number}": self._key(name) for number, name in enumerate(self.question.by)}

    def _key(self, name: str) -> Any:
        if name == "holder":
            return self.view.holder(self.measure.holder)
        if name in _OF_PARTNERS:
            self._partner()  # what it rests on is asked for before the columns are brought
            return nw.col(f"partner__{name}")
        return self.view.value(name)

    def _partner(self) -> dict[str, Any]:
        """Whose tier and type count, and when."""
        holder = self.view.value(f"{self.measure.holder}.partner_id")
        partner = nw.coalesce(holder, self.view.value("sourcing_partner"))
        return {"partner_id": partner, "anchor_at": self.at}

    def with_partners(self, frame: Frame) -> Frame:
        """The members with what was known of their partners when the anchor happened."""
        for name in _OF_PARTNERS:
            if name in self.question.by:
                frame = self._with_partner(frame, name)
        return frame

    def _with_partner(self, frame: Frame, name: str) -> Frame:
        unit = self.view.unit
        members = frame.select(*unit, **self._partner())
        facts = self.view.story.partner_facts.filter(~nw.col(name).is_null())
        stated = facts.select("partner_id", "key", "at", nw.col(name).alias(f"partner__{name}"))
        known = members.join(stated, on="partner_id", how="inner")
        known = known.filter(nw.col("at") <= nw.col("anchor_at"))
        last = known.group_by(*unit).agg(key=nw.col("key").max())
        found = known.join(last, on=[*unit, "key"], how="semi")
        return frame.join(found.select(*unit, f"partner__{name}"), on=unit, how="left")


def segment_key(row: dict[str, Any], by: Sequence[str]) -> Any:
    """The key of a row of sums; of several keys their tuple."""
    keys = tuple(row[f"key{number}"] for number in range(len(by)))
    return keys[0] if len(keys) == 1 else keys
