"""The plain numbers an engine gives for a measure, before they become results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from attrs import field, frozen
from attrs.validators import optional

from partnerleads.errors import OptionError
from partnerleads.model import LeadId, Period, SegmentKey

if TYPE_CHECKING:
    from partnerleads.attribution import AttributionPolicy
    from partnerleads.kpis.measuring.measure import Measure

__all__ = [
    "Counted",
    "Ended",
    "History",
    "Numbers",
    "Outcome",
    "Placed",
    "Question",
    "Rates",
    "Shared",
    "Summed",
    "SummedShare",
    "Tallies",
    "Tally",
    "Timed",
]

Outcome: TypeAlias = Literal["hit", "other", "open"]
"""An end that was looked for, any other end, or none yet."""

Rates: TypeAlias = Callable[[str, str, date], Decimal]
"""Price of one unit of the first currency in the second, on a day."""


@frozen
class Counted:
    """A count, and the members that were asked for by id."""

    value: int
    listed: tuple[LeadId, ...] = ()


@frozen
class Shared:
    """A part of a whole, counted."""

    hits: int
    of: int


@frozen
class Timed:
    """Durations in the measure's unit."""

    n: int
    median: float | None
    p90: float | None
    mean: float | None
    censored: int
    closed_without: int
    instead: int = 0


@frozen
class Ended:
    """How long each was followed, and how it ended.

    Attributes:
        spans: How many had each pair of a time since the start, to the end or, without one, to the
            moment, and of an outcome. [counts by (microseconds, outcome)]
        hits: Those that had their hit within the limit.
        matured: Those whose whole time limit was over by the moment; all of them without one.
    """

    spans: Mapping[tuple[int, Outcome], int]
    hits: int
    matured: int


@frozen
class Summed:
    """Sums of money by currency, unrounded, and how many state no amount."""

    sums: Mapping[str, Decimal]
    without: int


@frozen
class SummedShare:
    """A part of sums of money by currency, unrounded, and the classes that the whole falls into."""

    hits: Mapping[str, Decimal]
    of: Mapping[str, Decimal]
    parts: tuple[Mapping[str, Decimal], ...]


@frozen
class Placed:
    """How many leads each place rests on."""

    leads: Mapping[str, int]


Numbers: TypeAlias = Counted | Shared | Timed | Ended | Summed | SummedShare | Placed


@frozen(kw_only=True)
class Tally:
    """What an engine says of one population.

    Attributes:
        n: Members.
        numbers: The measure's numbers.
        left_out: Members left out, by reason.
        problems: Problems that touch the members.
        seen: Counts that call for a caution, by its code.
        troubled: The leads with problems that the numbers rest on, where an engine tells them and
            the numbers do not rest on all members; None among them is no lead.
    """

    n: int
    numbers: Numbers
    left_out: Mapping[str, int] = field(factory=dict)
    problems: int = 0
    seen: Mapping[str, int] = field(factory=dict)
    troubled: frozenset[LeadId | None] | None = None


@frozen
class Tallies:
    """The whole, and each segment."""

    whole: Tally
    segments: Mapping[SegmentKey, Tally]


def _priced(_: object, attribute: Any, value: Any) -> None:
    """Refuse a table of prices, which says nothing of the day."""
    if not callable(value):
        reason = "pass a function (from, to, day) that gives the price as a Decimal"
        raise OptionError(attribute.name, value, reason)


@frozen(kw_only=True)
class Question:
    """What is asked of a measure.

    Attributes:
        period: The period of the anchor; None is all time.
        by: Keys to segment by.
        zone: Zone in which dates are compared.
        rates: Rates to convert money with.
        currency: Currency to convert to.
    """

    period: Period | None
    by: tuple[str, ...]
    zone: tzinfo
    rates: Rates | None = field(default=None, validator=optional(_priced))
    currency: str | None = None


class History(Protocol):
    """A history that can be measured; every engine has one class that matches this."""

    @property
    def as_of(self) -> datetime:
        """The moment looked from."""

    @property
    def known_at(self) -> datetime | None:
        """The moment of knowledge."""

    @property
    def policy(self) -> AttributionPolicy:
        """The rules of attribution."""

    def tally(self, measure: Measure, question: Question) -> Tallies:
        """The numbers of one measure."""
