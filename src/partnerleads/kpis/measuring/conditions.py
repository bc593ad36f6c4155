"""Conditions on a lead's lifecycle, as data.

A condition names milestones and columns of a lifecycle, never code, so that every engine can read
it. ``lifecycle`` engines compile it to a Python expression, others to their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeAlias, get_args

from attrs import field, frozen

from partnerleads.attribution.crediting import AttributionClass
from partnerleads.kpis.measuring.elapsed import VAGUE
from partnerleads.lifecycle.lead_lifecycle import STATUSES
from partnerleads.model import WorkingHours, instant
from partnerleads.model.options import check_choice, check_hours, not_negative, one_of

__all__ = [
    "EVERY",
    "Active",
    "AllOf",
    "AnyOf",
    "ClassAt",
    "Condition",
    "Has",
    "Is",
    "Not",
    "NotAfter",
    "Older",
    "Past",
    "Since",
    "Within",
    "sometime",
    "timed_by",
]


def _told_apart(hours: WorkingHours | None) -> object:
    """Calendars of other packages cannot be hashed, nor their equality be relied on."""
    if hours is None or isinstance(hours.holidays, frozenset):
        return hours
    return hours, id(hours.holidays)


@frozen
class Has:
    """The milestone, or the column, is there.

    Attributes:
        column: A milestone such as ``won``, or another column of a lifecycle.
    """

    column: str


_CLOSED = {"status": ("open", *STATUSES.values()), "attribution": get_args(AttributionClass)}
"""The columns that have a few values alone."""


@frozen
class Is:
    """The column has this value.

    Attributes:
        column: Such as ``status``, ``attribution``, or a fact as captured: ``region``,
            ``attributes.NAME``; ``latest.`` before a fact is what is known of it by now.
        value: The value.

    Raises:
        OptionError: When a ``status`` or an ``attribution`` is none.
    """

    column: str
    value: str | bool

    def __attrs_post_init__(self) -> None:
        """Refuse a value that such a column never has, as no lead would meet it."""
        if self.column in _CLOSED:
            check_choice(self.column, self.value, _CLOSED[self.column])


@frozen
class Within:
    """One milestone came at most so long after another, and not before it.

    Attributes:
        start: The earlier milestone.
        end: The later milestone.
        span: Longest time between them, included.
        hours: Count working time only; None counts all time.
    """

    start: str
    end: str
    span: timedelta = field(validator=not_negative)
    hours: WorkingHours | None = field(default=None, validator=check_hours, eq=_told_apart)


@frozen
class Older:
    """The event is there, and at least so much time went by since, as of the moment.

    Where it is known only to the day, the last day must be over, too; where its time is vague or
    its calendar invented, the condition does not hold.

    Attributes:
        event: A milestone.
        span: Lowest age, included.
        hours: Count working time only; None counts all time.
    """

    event: str
    span: timedelta = field(validator=not_negative)
    hours: WorkingHours | None = field(default=None, validator=check_hours, eq=_told_apart)


@frozen
class Since:
    """The event happened at a moment or later; not where its calendar is invented.

    Attributes:
        event: A milestone.
        moment: The moment, included. [aware datetime]
    """

    event: str
    moment: datetime = field(converter=instant)


@frozen
class NotAfter:
    """The event is there, and came no later than an instant that was stated.

    Attributes:
        event: A milestone.
        limit: Column with the instant, such as ``offered.expires_at``.
    """

    event: str
    limit: str


@frozen
class Past:
    """The instant that was stated is over as of the moment.

    Attributes:
        limit: Column with the instant, such as ``offered.expires_at``.
    """

    limit: str


@frozen
class Active:
    """The lead's last event is at most so old as of the moment.

    Attributes:
        span: Highest age, included.
    """

    span: timedelta = field(validator=not_negative)


@frozen
class ClassAt:
    """The lead was open so long after its capture, and had this class of attribution then.

    Nothing that happened later is looked at, nor a claim, contact or influence recorded later
    (unless the policy counts from occurrence), so that a lead does not owe its class to having
    lasted. It does not hold for leads that were closed by then, or are not that old.

    Attributes:
        span: Time from the capture to the look.
        attribution: ``sourced``, ``influenced`` or ``direct``.
    """

    span: timedelta = field(validator=not_negative)
    attribution: str = field(validator=one_of("sourced", "influenced", "direct"))


@frozen
class Not:
    """The condition does not hold."""

    condition: Condition


@frozen
class AllOf:
    """Every condition holds; true where there is none."""

    conditions: tuple[Condition, ...] = ()


@frozen
class AnyOf:
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = (
    Has | Is | Within | Older | Since | NotAfter | Past | Active | ClassAt | Not | AllOf | AnyOf
)

EVERY = AllOf()
"""Always true."""


def sometime(event: str) -> Condition:
    """The event is there, and its time is vague or its calendar invented.

    Args:
        event: A milestone.
    """
    return AnyOf(tuple(Is(f"{event}.precision", one) for one in (*VAGUE, "relative")))


def timed_by(condition: Condition) -> Iterator[str]:
    """The event columns from or to which a condition counts time.

    >>> [*timed_by(Not(Within("captured", "won", timedelta(days=30))))]
    ['captured', 'won']

    Args:
        condition: The condition.
    """
    match condition:
        case Within():
            yield from (condition.start, condition.end)
        case Older():
            yield condition.event
        case Not():
            yield from timed_by(condition.condition)
        case AllOf() | AnyOf():
            yield from chain.from_iterable(map(timed_by, condition.conditions))
        case _:
            pass


IN_PROGRESS = AllOf((Not(Has("closed")), Has("progressed")))
OPEN = Not(Has("closed"))
