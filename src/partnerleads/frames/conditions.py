"""Conditions, and how long things took, as expressions over the members of a view."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import narwhals.stable.v2 as nw

from partnerleads.errors import OptionError
from partnerleads.frames.flags import NO, all_of, any_of, no
from partnerleads.frames.table import PRECISIONS
from partnerleads.frames.view import View
from partnerleads.frames.working import Worked
from partnerleads.frames.zones import DAY, Calendar, instant_of, micros_of
from partnerleads.kpis.measuring.conditions import (
    Active,
    AllOf,
    ClassAt,
    Condition,
    Has,
    Is,
    Not,
    NotAfter,
    Older,
    Past,
    Since,
    Within,
)
from partnerleads.kpis.measuring.elapsed import VAGUE
from partnerleads.model import WorkingHours, local_date

__all__ = ["Reader"]

_VAGUE = [PRECISIONS.index(name) for name in VAGUE]
_DAY, _RELATIVE = PRECISIONS.index("day"), PRECISIONS.index("relative")
_EPOCH = date(1970, 1, 1)


class Reader:
    """Reads conditions in the columns of a view.

    Args:
        view: The columns.
        calendar: The zone in which dates are compared.
    """

    def __init__(self, view: View, calendar: Calendar) -> None:
        self.view, self.calendar = view, calendar
        self.as_of = view.story.as_of
        self._held: dict[Condition, Any] = {}
        self.today = local_date(instant_of(self.as_of), calendar.zone)
        span = view.story.span
        self._vague = any(span[f"is_{name}"] for name in VAGUE)
        self._dated, self._relative = bool(span["is_day"]), bool(span["is_relative"])

    def holds(self, condition: Condition) -> Any:
        """Whether a condition holds; never null, and asked again the same expression."""
        if condition not in self._held:
            self._held[condition] = self._told(condition)
        return self._held[condition]

    def _told(self, condition: Condition) -> Any:  # noqa: C901, PLR0911 - one answer for each kind
        match condition:
            case Has():
                return self.view.present(condition.column)
            case Is():
                value = self.view.value(condition.column)
                return (value == condition.value).fill_null(value=False)
            case Within():
                return self._within(condition)
            case Older():
                return self._older(condition)
            case Since():
                at = self.view.at(condition.event) >= micros_of(condition.moment)
                dated = no(self.is_relative(condition.event))
                return all_of(self.view.present(condition.event), dated, at.fill_null(value=False))
            case NotAfter():
                limit = self.view.value(condition.limit)
                in_time = self.view.at(condition.event) <= limit
                return all_of(self.view.present(condition.event), in_time.fill_null(value=False))
            case Past():
                return (self.view.value(condition.limit) <= self.as_of).fill_null(value=False)
            case ClassAt():
                reason = "needs each lead at a moment of its own; read the events and fold them"
                raise OptionError("condition", condition, reason)
            case Active():
                return self.as_of - self.view.own("last_at") <= _micros(condition.span)
            case Not():
                return no(self.holds(condition.condition))
            case AllOf():
                return all_of(*map(self.holds, condition.conditions))
            case _:
                return any_of(*map(self.holds, condition.conditions))

    def _older(self, limit: Older) -> Any:
        unclear = any_of(self.is_vague(limit.event), self.is_relative(limit.event))
        old = self.is_over(limit.event, limit.span, limit.hours)
        return all_of(self.view.present(limit.event), no(unclear), old)

    def _within(self, limit: Within) -> Any:
        imprecise, relative = self.incomparable(limit.start, limit.end)
        both = all_of(self.view.present(limit.start), self.view.present(limit.end))
        took = self.elapsed(limit.start, limit.end)
        if limit.hours is not None:
            started = nw.when(took >= 0).then(self.view.at(limit.start))
            dated = any_of(self.is_dated(limit.start), self.is_dated(limit.end))
            took = self._worked(started, self.view.at(limit.end), dated, limit.hours)
        inside = ((took >= 0) & (took <= _micros(limit.span))).fill_null(value=False)
        return all_of(both, no(imprecise), no(relative), inside)

    def is_vague(self, event: str) -> Any:
        """Whether the time of an event is only known as ``by`` or ``assumed``; never null."""
        if not self._vague:
            return NO
        return self.view.precise(event).is_in(_VAGUE).fill_null(value=False)

    def is_dated(self, event: str) -> Any:
        """Whether an event is known to the day; never null."""
        if not self._dated:
            return NO
        return (self.view.precise(event) == _DAY).fill_null(value=False)

    def is_relative(self, event: str) -> Any:
        """Whether the calendar of an event is invented; never null."""
        if not self._relative:
            return NO
        return (self.view.precise(event) == _RELATIVE).fill_null(value=False)

    def incomparable(self, start: str, end: str) -> tuple[Any, Any]:
        """Whether an end is imprecise, or else just one has an invented calendar; never null."""
        imprecise = any_of(self.is_vague(start), self.is_vague(end))
        if not self._relative:
            return imprecise, NO
        both = all_of(self.view.present(start), self.view.present(end))
        one = self.is_relative(start) != self.is_relative(end)
        return imprecise, all_of(no(imprecise), both, one)

    def elapsed(self, start: str, end: str) -> Any:
        """The time from one event to another; whole days where one is only a date. [microseconds]

        Null where one is not there.
        """
        begun, ended = self.view.at(start), self.view.at(end)
        took = ended - begun
        if not self._dated:
            return took
        days = (self.calendar.day(ended) - self.calendar.day(begun)) * DAY
        dated = any_of(self.is_dated(start), self.is_dated(end))
        return nw.when(dated).then(days).otherwise(took)

    def _worked(self, start: Any, end: Any, dated: Any, hours: WorkingHours) -> Any:
        zone = self.calendar.zone
        return self.view.worked(Worked(start=start, end=end, dated=dated, hours=hours, zone=zone))

    def age(self, event: str, hours: WorkingHours | None = None) -> Any:
        """The time from an event to the moment; whole days where it is a date. [microseconds]

        With *hours* it is working time.
        """
        at = self.view.at(event)
        if hours is not None:
            return self._worked(at, nw.lit(self.as_of), self.is_dated(event), hours)
        passed = self.as_of - at
        if not self._dated:
            return passed
        days = ((self.today - _EPOCH).days - self.calendar.day(at)) * DAY
        return nw.when(self.is_dated(event)).then(days).otherwise(passed)

    def is_over(self, event: str, span: timedelta, hours: WorkingHours | None = None) -> Any:
        """Whether a limit since an event is over; of a date its last day, too; never null."""
        passed, limit = self.age(event, hours), _micros(span)
        over = passed >= limit
        if self._dated:
            over = (passed > limit) | all_of(over, no(self.is_dated(event)))
        return over.fill_null(value=False)

    def immature(self, limit: Within) -> Any:
        """Whether there is still time to reach the end; never null."""
        started = all_of(self.view.present(limit.start), no(self.view.present(limit.end)))
        return all_of(started, no(self.is_over(limit.start, limit.span, limit.hours)))


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
