"""The invented market of the synthetic programme: places, customers, its calendar, its diary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from attrs import frozen

from partnerleads.events import Event
from partnerleads.model import UTC, FrozenMap, Money

__all__ = [
    "FIRST_DAY",
    "PLACES",
    "SAMPLE_AS_OF",
    "SAMPLE_PRICES",
    "SOURCE",
    "Diary",
    "Place",
    "later",
    "pick",
]

K = TypeVar("K")

SOURCE = "synthetic-crm"
"""Source of every event, so that no row can be taken for real."""
FIRST_DAY = datetime(2024, 10, 1, tzinfo=UTC)
"""Leads are captured from here on."""
SAMPLE_AS_OF = datetime(2026, 10, 1, tzinfo=UTC)
"""Moment up to which the programme is told; nothing was recorded later."""

SAMPLE_PRICES: Mapping[str, Decimal] = FrozenMap(
    {"GBP": Decimal("1.15"), "JPY": Decimal("0.006"), "USD": Decimal("0.90")}
)
"""What one unit of each other currency costs in euros, made up and the same on every day."""

INDUSTRIES = {"manufacturing": 30, "retail": 22, "finance": 18, "health": 16, "public": 14}
DEAL_TYPES = {"new business": 60, "expansion": 25, "renewal": 15}
COMPANY_SIZES = {25: 30, 120: 35, 600: 22, 3000: 10, 20000: 3}
CAMPAIGNS = {"webinar": 4, "trade fair": 3, "web form": 6}
OWN_AGENTS = ("ana", "ben", "cem", "dea", "eli", "fay")

_MONTH_SHARE = (8, 8, 10, 8, 8, 10, 6, 5, 10, 9, 10, 8)


@frozen
class Place:
    """A country of the market.

    Attributes:
        country: ISO 3166 code.
        region: Sales region.
        currency: ISO 4217 code of its deals.
        share: Its part of the leads, relative to the others.
        scale: Its amounts relative to euros.
    """

    country: str
    region: str
    currency: str
    share: int
    scale: int = 1

    def money(self, euros: float) -> Money:
        """About that many euros in whole hundreds of the place's own currency."""
        return Money(Decimal(round(euros / 100) * 100 * self.scale), self.currency)


PLACES = (
    Place("DE", "DACH", "EUR", 24),
    Place("AT", "DACH", "EUR", 6),
    Place("CH", "DACH", "EUR", 5),
    Place("FR", "France", "EUR", 14),
    Place("ES", "Iberia", "EUR", 8),
    Place("PT", "Iberia", "EUR", 3),
    Place("FI", "Nordics", "EUR", 5),
    Place("SE", "Nordics", "EUR", 5),
    Place("DK", "Nordics", "EUR", 3),
    Place("IE", "UK&I", "EUR", 3),
    Place("GB", "UK&I", "GBP", 11),
    Place("US", "North America", "USD", 10),
    Place("JP", "Japan", "JPY", 3, 160),
)


def pick(chance: Random, shares: Mapping[K, float]) -> K:
    """One of the keys, as often as its share says."""
    return chance.choices(list(shares), list(shares.values()))[0]


def capture_moment(chance: Random) -> datetime:
    """A working moment of the two years; the ends of quarters are busy, summers quiet."""
    shares = {m: _MONTH_SHARE[(m + 9) % 12] for m in range(24)}
    month = pick(chance, shares)
    year, of_year = divmod(month + 9, 12)
    first = datetime(FIRST_DAY.year + year, of_year + 1, 1, tzinfo=UTC)
    return later(chance, first, chance.uniform(0, 27))


def later(chance: Random, moment: datetime, days: float) -> datetime:
    """That many days later, moved on to working hours, to the minute."""
    found = (moment + timedelta(days=days, minutes=1)).replace(second=0, microsecond=0)
    if not 7 <= found.hour < 19:
        found += timedelta(hours=12)
    if found.weekday() > 4:
        found += timedelta(days=2, minutes=chance.randrange(50))
    return found


class Diary:
    """The events of one lead or partner as they are told, with ids of their own.

    Attributes:
        name: What the event ids start with.
        events: What was told so far.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.events: list[Event] = []
        self._told = 0

    def note(
        self, kind: Callable[..., Any], moment: datetime, /, *, lag: float = 0, **fields: Any
    ) -> bool:
        """Write an event down, recorded *lag* days later; False when that is after the end."""
        recorded_at = moment + timedelta(days=lag)
        if recorded_at >= SAMPLE_AS_OF:
            return False
        self._told += 1
        self.events.append(
            kind(
                event_id=f"{self.name}-{self._told}",
                occurred_at=moment,
                recorded_at=recorded_at,
                source=SOURCE,
                **fields,
            )
        )
        return True
