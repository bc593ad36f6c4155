"""Measures as data: what is counted, over what, anchored where.

A measure is read by an engine, which gives plain numbers;
:mod:`~partnerleads.kpis.measuring.figures` makes results of them. Segments, periods, intervals and
warnings know nothing of any single measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from attrs import field, frozen

from partnerleads.kpis.measuring.conditions import EVERY, Condition, timed_by
from partnerleads.model import EMPTY, FrozenMap, Period, WorkingHours
from partnerleads.model.options import check_hours, not_negative, one_of

__all__ = [
    "CountOf",
    "EndsOf",
    "Form",
    "Measure",
    "SetOf",
    "ShareOf",
    "SumOf",
    "SumShareOf",
    "TimeBetween",
    "Unit",
]

Unit: TypeAlias = Literal["leads", "wins", "spells", "offers", "registrations", "stays"]
"""What a measure ranges over: leads, or their wins, everyone's own time with them, the offers made
of them, the claims registered on them, their stays in a stage."""


@frozen
class CountOf:
    """How many there are.

    Attributes:
        listing: Which of them to list by id; None lists none.
        listed_as: Why, in words.
    """

    listing: Condition | None = None
    listed_as: str = ""


@frozen
class ShareOf:
    """How large a part of them meets a condition.

    Attributes:
        hit: The condition.
        judged: Which of them can be judged at all; the others do not enter the denominator.
    """

    hit: Condition
    judged: Condition = EVERY


@frozen
class TimeBetween:
    """How long it took from one event to another.

    Attributes:
        start: Milestone, or other event column, where it starts.
        end: Where it ends.
        unit: ``hours`` or ``days``.
        hours: Count working time only; None counts all time.
        instead: An event whose presence, where ``end`` is never there, hints at a wrong choice.
        never: Event after which the end will not come any more.
        earlier: Column with earlier times to add, as pairs of events; empty adds none.
    """

    start: str
    end: str
    unit: Literal["hours", "days"] = field(validator=one_of("hours", "days"))
    hours: WorkingHours | None = field(default=None, validator=check_hours)
    instead: str = ""
    never: str = "closed"
    earlier: str = ""


@frozen
class EndsOf:
    """When and how they ended, for all that started, whether they ended yet or not.

    Attributes:
        start: Event that each starts with.
        hit: Event that is the end looked for.
        end: Event that is any end; without it, one goes on.
        within: Longest time from the start to a hit, included; None sets no limit.
    """

    start: str
    hit: str
    end: str
    within: timedelta | None = field(default=None, validator=not_negative)


@frozen
class SumOf:
    """Their money, added up.

    Attributes:
        amount: Column with the money.
        weight: Column with a factor from 0 to 1; empty weighs nothing.
        stated: Column that tells whether an amount was stated at all, where it can be stated and
            still not be worked out; empty where the amount itself tells.
    """

    amount: str
    weight: str = ""
    stated: str = ""


@frozen
class SumShareOf:
    """How large a part of their money belongs to those that meet a condition.

    Attributes:
        amount: Column with the money.
        hit: The condition.
        parts: Classes that the whole falls into; there is no share where one of them is negative.
        stated: Column that tells whether an amount was stated at all, as in :class:`SumOf`.
    """

    amount: str
    hit: Condition
    parts: tuple[Condition, ...] = ()
    stated: str = ""


@frozen
class SetOf:
    """The places with a follow-up and a close inside the period.

    Attributes:
        place: Column with the place.
        same_lead: Whether one lead must have both.
        won_only: Whether only wins count as closes.
    """

    place: str
    same_lead: bool = False
    won_only: bool = False


FINAL_VALUE = SumOf("final_value", stated="won.value")
"""The money of a win that is left after its refunds."""

Form: TypeAlias = CountOf | ShareOf | TimeBetween | EndsOf | SumOf | SumShareOf | SetOf


@frozen(kw_only=True)
class Measure:
    """One measure.

    Attributes:
        name: Its name.
        form: What is done with the population.
        counted: The population in words, such as ``leads captured``.
        anchor: Event columns, the first present of which places a member in time; empty for a
            stock as of the moment, and for a set, whose two ends place it.
        of: Who belongs to the population; never-captured leads never do.
        over: What the members are.
        holder: Event column that names who holds a lead, for the keys that ask for it.
        during: Another instant column that must fall into a span, such as the expected close.
        options: Its options, name by name, as results show them.
    """

    name: str
    form: Form
    counted: str
    anchor: tuple[str, ...] = ()
    of: Condition = EVERY
    over: Unit = "leads"
    holder: str = "held"
    during: tuple[str, datetime, datetime] | None = None
    options: FrozenMap[str, str] = field(default=EMPTY)

    @property
    def is_stock(self) -> bool:
        """Whether it counts what is there as of the moment, not what happens in a period."""
        return not self.anchor and not isinstance(self.form, SetOf)

    def dated_by(self, period: Period | None) -> tuple[tuple[str, ...], ...]:
        """The event columns whose dates are read in the zone of a question.

        They are the anchor where there is a period, and the ends of a time, whether it is told or
        held against a limit. Of those in one tuple the first present counts.

        Args:
            period: The period of the question, if any.
        """
        placed = (self.anchor,) if period is not None and self.anchor else ()
        return tuple(dict.fromkeys((*placed, *((name,) for name in self._timed_by()))))

    def _timed_by(self) -> Iterator[str]:
        match self.form:
            case TimeBetween(start=start, end=end):
                yield from (start, end)
            case EndsOf(start=start, hit=hit, end=end):
                yield from (start, hit, end)
            case ShareOf(hit=condition, judged=judged):
                yield from (*timed_by(condition), *timed_by(judged))
            case _:
                pass
