"""A channel whose truth is known: who is in it, how good everybody really is, which leads come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import exp, isfinite
from numbers import Real
from random import Random
from typing import Any

from attrs import field, frozen
from attrs.validators import optional

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, Lead, Money, RecipientId, instant
from partnerleads.model.options import a_flag, counted_from
from partnerleads.routing.context import Outcome
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.recipient import Recipient

__all__ = ["Arrival", "Channel", "Participant"]

_WIDEST = 20
"""The widest spread of values that money can be written with."""


def _is_recipient(_: object, __: object, value: Any) -> None:
    if not isinstance(value, Recipient):
        raise OptionError("recipient", value, "pass a `Recipient`")


def _is_number(value: Any, *, most: float = float("inf")) -> bool:
    """Whether something is a finite number of at least 0, and not too large."""
    return isinstance(value, Real) and isfinite(value) and 0 <= float(value) <= most


def _is_rate(_: object, attribute: Any, value: float) -> None:
    if not _is_number(value, most=1):
        raise OptionError(attribute.name, value, "must lie between 0 and 1")


def _is_size(_: object, attribute: Any, value: float) -> None:
    if not _is_number(value):
        raise OptionError(attribute.name, value, "must be a number of at least 0")


def _is_positive(_: object, attribute: Any, value: float) -> None:
    if not (_is_number(value) and value > 0):
        raise OptionError(attribute.name, value, "must be a number above 0")


def _is_spread(_: object, attribute: Any, value: float) -> None:
    if not _is_number(value, most=_WIDEST):
        raise OptionError(attribute.name, value, f"must lie between 0 and {_WIDEST}")


def _factors(value: Any) -> FrozenMap[str, float]:
    if not (isinstance(value, Mapping) and all(map(_is_number, value.values()))):
        reason = "must be numbers of at least 0 by name, such as {'steel': 1.5}"
        raise OptionError("factors", value, reason)
    return FrozenMap(value)


def _odds(value: Any) -> FrozenMap[str, float]:
    if not (
        isinstance(value, Mapping) and all(_is_number(odds) and odds for odds in value.values())
    ):
        raise OptionError("odds", value, "must be numbers above 0 by name, such as {'steel': 2}")
    return FrozenMap(value)


@frozen(kw_only=True)
class Participant:
    """Somebody in a simulated channel, with what nobody in it knows: how good it really is.

    Attributes:
        recipient: Who it is, as rules and routers see it.
        close_rate: Its chance to win a lead. [0..1]
        factors: What the chance is multiplied by for leads of an industry or a region, such as
            ``{"steel": 1.5}``; it never exceeds 1. [>= 0]
        joins_on: From when on it takes leads; above 0 it is a newcomer. [days since the start]
        changes_on: From when on its chance is another, as when its best seller leaves; None never.
            [days since the start]
        change: What the chance is multiplied by from then on. [>= 0]
        record: What became of leads that were decided before; known from the first day on. Those
            stated no facts and were worth the median. [counts]
    """

    recipient: Recipient = field(validator=_is_recipient)
    close_rate: float = field(validator=_is_rate)
    factors: FrozenMap[str, float] = field(factory=FrozenMap, converter=_factors)
    joins_on: float = field(default=0.0, validator=_is_size)
    changes_on: float | None = field(default=None, validator=optional(_is_size))
    change: float = field(default=1.0, validator=_is_size)
    record: Outcome = field(factory=Outcome)

    def true_rate(self, lead: Prospect, *, day: float) -> float:
        """Its chance to win a lead that it is given on a day. [0..1]

        Args:
            lead: The lead; its industry and its region count.
            day: When. [days since the start]
        """
        rate = self.close_rate
        for name in (lead.facts.industry, lead.facts.region):
            rate *= self.factors.get(name or "", 1.0)
        if self.changes_on is not None and day >= self.changes_on:
            rate *= self.change
        return min(rate, 1.0)


@frozen(kw_only=True)
class Arrival:
    """A lead that comes into a simulated channel.

    Attributes:
        lead: The lead, as rules and routers see it.
        day: When it comes. [days since the start]
        delay: How long whoever gets it works on it, until it is won or lost. [days]
    """

    lead: Prospect
    day: float
    delay: float


def _members(value: Iterable[Participant]) -> tuple[Participant, ...]:
    given: tuple[Any, ...] = tuple(value)
    if not all(isinstance(one, Participant) for one in given):
        raise OptionError("participants", given, "pass a list of `Participant` objects")
    found: tuple[Participant, ...] = tuple(
        sorted(given, key=lambda one: one.recipient.recipient_id)
    )
    names = [one.recipient.recipient_id for one in found]
    for name in names:
        if names.count(name) > 1:
            raise OptionError("participants", name, "names two participants")
    if not found:
        raise OptionError("participants", found, "pass at least one participant")
    return found


def _is_range(_: object, attribute: Any, value: Any) -> None:
    pair = isinstance(value, tuple | list) and len(value) == len(("least", "most"))
    if not (pair and all(map(_is_number, value)) and value[0] <= value[1]):
        raise OptionError(attribute.name, value, "must be the least and the most, such as (20, 40)")


def _moment(value: datetime) -> datetime:
    return instant(value, "starts_at")


@frozen(kw_only=True)
class Channel:
    """A channel to try routers on: all of its truth is known, and chance is drawn from a seed.

    What becomes of a lead with somebody is one draw of the seed, the lead and the recipient: the
    same whichever router gave it there, and whoever else is in the channel. So routers are compared
    on the same luck.

    Attributes:
        participants: Everybody, also those who join later, in any order.
        leads: How many leads come. [count, >= 1]
        leads_per_day: How many of them come a day on average. [> 0]
        evenly: Whether they come at equal intervals; else each comes at random, as by Poisson.
        industries: Industries of the leads, each with its odds; none states none. [> 0]
        regions: Regions of the leads, each with its odds; none states none. [> 0]
        median_value: What half of the leads are worth at most. [money, whole units]
        value_spread: Standard deviation of the logarithm of the value; 0 makes all alike. [0..20]
        days_to_close: The least and the most days until a lead is won or lost, all equally likely.
            So long it fills a slot of its recipient, and nobody knows how it ends. [days]
        starts_at: The first moment. [aware datetime]

    Raises:
        OptionError: When one of these makes no sense, or leads may come after the calendar's end.
    """

    participants: tuple[Participant, ...] = field(converter=_members)
    leads: int = field(default=600, validator=counted_from(1))
    leads_per_day: float = field(default=5.0, validator=_is_positive)
    evenly: bool = field(default=False, validator=a_flag)
    industries: FrozenMap[str, float] = field(factory=FrozenMap, converter=_odds)
    regions: FrozenMap[str, float] = field(factory=FrozenMap, converter=_odds)
    median_value: Money = field(factory=lambda: Money("10000", "EUR"))
    value_spread: float = field(default=0.0, validator=_is_spread)
    days_to_close: tuple[float, float] = field(default=(20.0, 40.0), validator=_is_range)
    starts_at: datetime = field(default=datetime(2026, 1, 1, tzinfo=UTC), converter=_moment)

    def __attrs_post_init__(self) -> None:
        # leads come at random, some far later than on average
        days = 4 * self.leads / self.leads_per_day + self.days_to_close[1]
        if days > (datetime.max.replace(tzinfo=UTC) - self.starts_at).days:
            reason = (
                f"{self.leads} leads may come after the end of the calendar; let more come a day"
            )
            raise OptionError("leads_per_day", self.leads_per_day, reason)

    def arrivals(self, seed: int) -> Iterator[Arrival]:
        """The leads as they come; more leads of the same seed begin with the same ones.

        Args:
            seed: What chance is drawn from.
        """
        luck, day = Random(f"{seed}/leads"), 0.0
        median, currency = float(self.median_value.amount), self.median_value.currency
        for number in range(self.leads):
            gap = 1.0 if self.evenly else luck.expovariate(1.0)
            value = round(median * exp(self.value_spread * luck.gauss(0.0, 1.0)))
            facts = Lead(industry=_one(self.industries, luck), region=_one(self.regions, luck))
            lead = Prospect(
                lead_id=f"L{number}",
                facts=facts,
                expected_value=Money(Decimal(value), currency),
            )
            day += gap / self.leads_per_day
            yield Arrival(lead=lead, day=day, delay=luck.uniform(*self.days_to_close))

    def moment(self, day: float) -> datetime:
        """The moment of a day. [aware datetime]

        Args:
            day: Days since the start. [days]
        """
        return self.starts_at + timedelta(days=day)


def luck_of(seed: int, lead_id: str, recipient_id: RecipientId) -> float:
    """How lucky somebody is with a lead: it wins it when this is below its chance. [0..1]"""
    return Random(f"{seed}/{lead_id}/{recipient_id}").random()


def _one(odds: Mapping[str, float], luck: Random) -> str | None:
    """One of some names, by their odds; None of none. The same number of draws either way."""
    reached = luck.random() * sum(odds.values())
    for name in sorted(odds):
        reached -= odds[name]
        if reached < 0:
            return name
    return max(odds, default=None)
