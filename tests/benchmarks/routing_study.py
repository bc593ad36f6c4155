"""Routers side by side in a simulated channel, at tight, normal and loose capacity."""

from __future__ import annotations

from random import Random

from partnerleads import Money
from partnerleads.routing import (
    ByExpertise,
    ByPlv,
    ByTerritory,
    ByTier,
    CapacityPriced,
    LeastLoaded,
    Recipient,
    RoundRobin,
    TerritoryTree,
    Thompson,
    ValueThreshold,
)
from partnerleads.routing.channel import Channel, Participant

REGIONS = ("north", "south", "east", "west")
INDUSTRIES = ("steel", "timber", "glass", "paper")
TREE = TerritoryTree(dict.fromkeys(REGIONS, "country"))
LADDER = ("gold", "silver", "bronze")
SLOTS = {"tight": 0.9, "normal": 1.3, "loose": 3.0}
"""Slots by leads open at a time, were every lead taken."""

SIZE = 12
ROUTERS = {
    "round robin": RoundRobin(),
    "territory": ByTerritory(TREE),
    "tier": ByTier(LADDER),
    "least loaded": LeastLoaded(),
    "expertise, then credit": ByExpertise(),
    "PLV": ByPlv(),
    "PLV for large leads": ValueThreshold(threshold=Money("20000", "EUR")),
    "Thompson, 5 % floor": Thompson(floor=0.05),
    "capacity priced": CapacityPriced(),
}


def channel_of(kind: str, *, seed: int = 0, leads: int = 600) -> Channel:
    """A channel of ten partners and two newcomers; some are good all round, some in what they know.

    Tiers follow how good a partner is with one exception, regions do not.
    """
    luck = Random(f"study/{seed}")
    open_at_a_time = 5 * 30
    slots = round(SLOTS[kind] * open_at_a_time / SIZE)
    people = []
    for number in range(SIZE):
        rate = luck.uniform(0.10, 0.30)
        seen = rate + luck.gauss(0.0, 0.05)
        known = luck.sample(INDUSTRIES, luck.choice((1, 2)))
        people.append(
            Participant(
                recipient=Recipient(
                    recipient_id=f"p{number:02}",
                    territories=luck.sample(REGIONS, 2),
                    expertise=known,
                    tier="gold" if seen > 0.23 else "silver" if seen > 0.17 else "bronze",
                    capacity=slots,
                ),
                close_rate=rate * 0.85,
                factors=dict.fromkeys(known, 1.4),
                joins_on=30.0 if number >= SIZE - 2 else 0.0,
            )
        )
    return Channel(
        participants=people,
        leads=leads,
        leads_per_day=5,
        industries=dict.fromkeys(INDUSTRIES, 1),
        regions=dict.fromkeys(REGIONS, 1),
        value_spread=0.8,
    )
