"""What is known of one lead at a moment, in the form that every scorer reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen

from partnerleads.errors import OptionError
from partnerleads.model import EMPTY, FrozenMap, LeadId, instant
from partnerleads.model.figure import counted
from partnerleads.model.moments import moment_text
from partnerleads.model.numbers import check_number
from partnerleads.showing import Shown

__all__ = ["Behaviour", "LeadFeatures", "check_lead", "how_often"]

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
class LeadFeatures(Shown):
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

    def to_dicts(self) -> list[dict[str, object]]:
        """What is known as flat rows: the texts, the numbers, and what happened in order."""
        empty: dict[str, object] = {
            "text": None,
            "number": None,
            "occurred_at": None,
            "count": None,
        }
        known = [
            *({"feature": name, **empty, "text": text} for name, text in self.values.items()),
            *({"feature": name, **empty, "number": one} for name, one in self.numbers.items()),
            *(
                {"feature": one.kind, **empty, "occurred_at": one.occurred_at, "count": one.count}
                for one in self.behaviours
            ),
        ]
        whole = {"lead_id": self.lead_id, "segment": self.segment, "as_of": self.as_of}
        return [{**whole, **row} for row in known]

    def _head(self) -> str:
        moments = f"captured {moment_text(self.captured_at)}, as of {moment_text(self.as_of)}"
        part = "" if self.segment is None else f", segment {self.segment}"
        return f"features of {self.lead_id} ({moments}{part})"

    def _titles(self) -> tuple[str, ...]:
        return "feature", "known"

    def _rows(self) -> list[tuple[str, ...]]:
        times: Counter[str] = Counter()
        for one in self.behaviours:
            times[one.kind] += one.count
        last = {one.kind: one.occurred_at for one in self.behaviours}
        return [
            *self.values.items(),
            *((name, f"{number:g}") for name, number in self.numbers.items()),
            *((kind, how_often(count, last[kind])) for kind, count in times.items()),
        ]


def how_often(count: int, last: datetime) -> str:
    """How often something happened, and when last: ``3 times, last 2026-01-02 09:30 UTC``."""
    often = "once" if count == 1 else counted(count, "time")
    return f"{often}, last {moment_text(last)}"


def check_lead(name: str, lead: object) -> None:
    """Refuse what does not tell what is known of a lead, as its id alone.

    Args:
        name: What the argument is called.
        lead: What was passed.

    Raises:
        OptionError: When it is no features.
    """
    if not isinstance(lead, LeadFeatures):
        shown = lead if isinstance(lead, str) else type(lead).__name__
        reason = "is no LeadFeatures; lead_features reads them from a history, by lead id"
        raise OptionError(name, shown, reason)
