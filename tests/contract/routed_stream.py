"""Routes the same leads by every router and prints the records; for any Python to run.

Needs the library, attrs and dateutil, and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from random import Random

from attrs import evolve

from partnerleads import Money
from partnerleads.routing import (
    ByExpertise,
    ByPerformance,
    ByPlv,
    ByTerritory,
    ByTier,
    CapacityPriced,
    Fallback,
    LeastLoaded,
    RoundRobin,
    Router,
    ScoreThreshold,
    Thompson,
    ValueThreshold,
    route,
)
from partnerleads.testing.router_cases import LADDER, TREE, router_case

ROUTERS: tuple[Router, ...] = (
    RoundRobin(),
    LeastLoaded(relative=True),
    ByTerritory(TREE),
    ByTier(LADDER),
    ByExpertise(),
    ByPerformance(),
    ByPlv(),
    ValueThreshold(threshold=Money("1000", "EUR")),
    ScoreThreshold(threshold=50),
    Fallback((ByPerformance(at_least=3), RoundRobin())),
    Thompson(),
    CapacityPriced(),
)
CASES = 25
LEADS = 3


def records() -> Iterator[str]:
    """One line for each decision: its identity, its record and its reasons."""
    for seed in range(CASES):
        case = router_case(Random(seed))
        for router in ROUTERS:
            pool, context = case.pool, case.context
            for number in range(LEADS):
                lead = evolve(case.lead, lead_id=f"L{number + 1}")
                decision = route(lead, pool=pool, router=router, context=context, depth=6)
                context = context.after(decision)
                yield f"{decision.decision_id} {decision.record()} {decision.explain()!s}"


if __name__ == "__main__":
    print(f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}")
    for line in records():
        print(line.replace("\n", " / "))
