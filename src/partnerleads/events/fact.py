"""What every event has: identity, two times, an order, and how exactly its time is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import Factory, field, frozen

from partnerleads.errors import Fault, InvalidEventError
from partnerleads.model.ids import EventId, LeadId, PartnerId
from partnerleads.model.instant import instant

__all__ = ["Fact", "LeadFact", "PartnerFact", "Precision"]

Precision: TypeAlias = Literal["instant", "day", "by", "assumed", "relative"]
"""How exactly ``occurred_at`` is known.

``instant``: to the second. ``day``: only the date. ``by``: it happened at or before. ``assumed``:
invented to have one. ``relative``: the calendar is invented, the distances between the events of
one lead are true.
"""


def _occurred_at(value: datetime) -> datetime:
    return instant(value, "occurred_at")


def _recorded_at(value: datetime) -> datetime:
    return instant(value, "recorded_at")


def later_instant(value: datetime | None) -> datetime | None:
    """An optional instant in UTC, for attrs converters."""
    return None if value is None else instant(value)


def as_number(value: float) -> float:
    """A number as the float that rows read it as, zero without a sign, for attrs converters."""
    return value + 0.0 if type(value) in (int, float) else value


def as_number_or_none(value: float | None) -> float | None:
    """An optional number, likewise."""
    return None if value is None else as_number(value)


def _same_moment(self: Any) -> datetime:
    moment: datetime = self.occurred_at
    return moment


@frozen(kw_only=True)
class Fact:
    """Something that happened, and when the records learned of it.

    Attributes:
        event_id: Identity within its source; copies with the same one are revisions.
        occurred_at: When it happened. [aware datetime, kept in UTC]
        recorded_at: When the records learned of it; by default when it happened. [aware datetime]
        source: System of record.
        sequence: The source's own order among equal times; 0 where it has none.
        precision: How exactly ``occurred_at`` is known.
    """

    type: ClassVar[str]
    rank: ClassVar[int]

    event_id: EventId
    occurred_at: datetime = field(converter=_occurred_at)
    recorded_at: datetime = field(
        default=Factory(_same_moment, takes_self=True), converter=_recorded_at
    )
    source: str = ""
    sequence: int = 0
    precision: Precision = "instant"

    def faults(self) -> Iterable[Fault]:
        """What no type can say about the fields; kinds with such rules check them when made."""
        return ()


@frozen(kw_only=True)
class LeadFact(Fact):
    """Something that happened to one lead.

    Attributes:
        lead_id: The lead.
    """

    lead_id: LeadId


@frozen(kw_only=True)
class PartnerFact(Fact):
    """Something that happened with one partner.

    Attributes:
        partner_id: The partner.
    """

    partner_id: PartnerId


def refuse_faults(self: Fact) -> None:
    """Raise all faults of a freshly made event at once; kinds with rules run it when made."""
    faults = tuple(self.faults())
    if faults:
        raise InvalidEventError(self.type, faults)


def outside(name: str, value: float | None, low: float, high: float) -> Iterator[Fault]:
    """A fault when a number is stated and leaves its range."""
    if value is not None and not low <= value <= high:
        yield Fault(f"$.{name}", repr(value), f"must lie between {low} and {high}")


def nobody(partner_id: str | None, agent_id: str | None) -> Iterator[Fault]:
    """A fault when an event that needs a recipient names none."""
    if partner_id is None and agent_id is None:
        yield Fault("$", "", "names neither partner_id nor agent_id; one of them is needed")
