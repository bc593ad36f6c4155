"""What is known of one lead at a moment, in the form that every scorer reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import EMPTY, FrozenMap, LeadId, instant
from partnerleads.model.numbers import check_number

__all__ = ["Behaviour", "LeadFeatures"]

MOST_AT_ONCE = 10**9
"""How often one behaviour may have happened at once, as with the event behind it. [count]"""


def _as_of(value: datetime) -> datetime:
    return instant(value, "as_of")


def _captured_at(value: datetime) -> datetime:
    return instant(value, "captured_at")


def _occurred_at(value: datetime) -> datetime:
    return instant(value, "occurred_at")


def _count(_: object, attribute: Any, value: Any) -> None:
    if type(value) is not int or not 1 <= value <= MOST_AT_ONCE:
        raise OptionError(attribute.name, value, "must be a whole number, at least 1")


@frozen(kw_only=True)
class Behaviour:
    """Something that happened to a lead before its outcome.

    Attributes:
        kind: What: the kind of the event, such as ``lead_progressed``; of what the customer did
            ``activity.`` and its name, such as ``activity.page_visit``.
        occurred_at: When. [aware datetime]
        count: How often. [count, >= 1]
    """

    kind: str
    occurred_at: datetime = field(converter=_occurred_at)
    count: int = field(default=1, validator=_count)


def _values(values: Mapping[str, str]) -> FrozenMap[str, str]:
    for name, value in values.items():
        if not isinstance(value, str):
            raise OptionError(f"values.{name}", value, "must be a text; numbers have their own map")
    return FrozenMap(dict(sorted(values.items())))


def _numbers(numbers: Mapping[str, float]) -> FrozenMap[str, float]:
    for name, number in numbers.items():
        check_number(f"numbers.{name}", number)
    return FrozenMap({name: float(number) + 0.0 for name, number in sorted(numbers.items())})


def _no_numbers() -> FrozenMap[str, float]:
    return FrozenMap()


def _in_order(behaviours: Iterable[Behaviour]) -> tuple[Behaviour, ...]:
    behaviours = tuple(behaviours)
    for one in behaviours:
        if not isinstance(one, Behaviour):
            raise OptionError("behaviours", one, "is no Behaviour")
    return tuple(sorted(behaviours, key=lambda one: (one.occurred_at, one.kind, one.count)))


@frozen(kw_only=True)
class LeadFeatures:
    """What is known of a lead at a moment, and nothing of what comes later.

    Attributes:
        lead_id: The lead.
        as_of: The moment. [aware datetime]
        values: Texts by name, such as ``industry`` or ``attributes.role``, in alphabetical order;
            what is not known is absent.
        numbers: Numbers by name, such as ``company_size``, likewise.
        behaviours: What happened up to the moment, in order.
        segment: The part of the business it is compared within; None where there is one only.
        captured_at: When the lead was captured. [aware datetime]

    Raises:
        OptionError: When a value is no text or a number not finite, or the moment lies before the
            capture or before a behaviour.

    >>> from partnerleads.testing import at
    >>> LeadFeatures(
    ...     lead_id="L1",
    ...     as_of=at("2026-02-01"),
    ...     captured_at=at("2026-01-02"),
    ...     values={"industry": "steel"},
    ...     numbers={"company_size": 120},
    ... ).numbers["company_size"]
    120.0
    """

    lead_id: LeadId
    as_of: datetime = field(converter=_as_of)
    values: FrozenMap[str, str] = field(default=EMPTY, converter=_values)
    numbers: FrozenMap[str, float] = field(factory=_no_numbers, converter=_numbers)
    behaviours: tuple[Behaviour, ...] = field(default=(), converter=_in_order)
    segment: str | None = None
    captured_at: datetime = field(converter=_captured_at)

    def __attrs_post_init__(self) -> None:
        if self.captured_at > self.as_of:
            reason = f"is later than the moment, {self.as_of.isoformat()}"
            raise OptionError("captured_at", self.captured_at.isoformat(), reason)
        if self.behaviours and self.behaviours[-1].occurred_at > self.as_of:
            last = self.behaviours[-1]
            reason = f"has {last.kind} at {last.occurred_at.isoformat()}, later than the moment"
            raise OptionError("behaviours", self.lead_id, reason)
