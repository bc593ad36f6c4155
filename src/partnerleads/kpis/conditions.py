"""Conditions on a lead's lifecycle, as data.

A condition names milestones and columns of a lifecycle, never code, so that every engine can read
it. ``lifecycle`` engines compile it to a Python expression, others to their own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias

from attrs import field, frozen

from partnerleads.model.options import not_negative

__all__ = [
    "EVERY",
    "Active",
    "AllOf",
    "AnyOf",
    "Condition",
    "Has",
    "Is",
    "Not",
    "Within",
]


@frozen
class Has:
    """The milestone, or the column, is there.

    Attributes:
        column: A milestone such as ``won``, or another column of a lifecycle.
    """

    column: str


@frozen
class Is:
    """The column has this value.

    Attributes:
        column: Such as ``status``, ``attribution``, or a fact as captured: ``region``,
            ``attributes.NAME``; ``latest.`` before a fact is what is known of it by now.
        value: The value.
    """

    column: str
    value: str | bool


@frozen
class Within:
    """One milestone came at most so long after another, and not before it.

    Attributes:
        start: The earlier milestone.
        end: The later milestone.
        span: Longest time between them, included.
    """

    start: str
    end: str
    span: timedelta = field(validator=not_negative)


@frozen
class Active:
    """The lead's last event is at most so old as of the moment.

    Attributes:
        span: Highest age, included.
    """

    span: timedelta = field(validator=not_negative)


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


Condition: TypeAlias = Has | Is | Within | Active | Not | AllOf | AnyOf

EVERY = AllOf()
"""Always true."""

IN_PROGRESS = AllOf((Not(Has("closed")), Has("progressed")))
OPEN = Not(Has("closed"))
