"""Random pools, leads and contexts, every strategy, and the slow twin of a pool."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from partnerleads import Lead, Money
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    ByExpertise,
    ByPerformance,
    ByPlv,
    ByTerritory,
    ByTier,
    CapacityPriced,
    Fallback,
    LeastLoaded,
    Outcome,
    Pool,
    Prospect,
    Protection,
    Recipient,
    RoundRobin,
    Router,
    RoutingContext,
    ScoreThreshold,
    Thompson,
    ValueThreshold,
)
from partnerleads.testing.router_cases import LADDER, NAMES, RULES, TREE, WISHES, RouterCase

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
HOURS = (
    WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Europe/Berlin"),
    WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Asia/Tokyo"),
    WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays={NOW.date()}),
)

SERVED = (("EMEA",), ("DE",), ("DE", "FR"), ("DE-BY",), ("DE-BY", "DE-HH"), ("FR",), ())
KNOWN = (("steel",), ("steel", "timber"), ("steel", "new"), ("timber",), ())

STRATEGIES: dict[str, Router] = {
    "round robin": RoundRobin(),
    "least loaded": LeastLoaded(),
    "least loaded, relative": LeastLoaded(relative=True),
    "territory": ByTerritory(TREE),
    "tier": ByTier(LADDER),
    "expertise": ByExpertise(facts=("industry", "deal_type")),
    "performance": ByPerformance(),
    "plv": ByPlv(),
    "value threshold": ValueThreshold(threshold=Money("1000", "EUR")),
    "score threshold": ScoreThreshold(threshold=50),
    "fallback": Fallback((ByPerformance(at_least=3), RoundRobin())),
    "thompson": Thompson(),
    "capacity priced": CapacityPriced(),
    "slots priced, with a floor": CapacityPriced(usual="plv", steepness=4, floor=0.2),
}
SCORING: dict[str, tuple[str, Router]] = {
    "plv": ("plv", ByPlv()),
    "capacity priced": ("close_rate", CapacityPriced()),
}

few = st.integers(0, 4)
scores = st.floats(0, 1, allow_nan=False).map(lambda value: round(value, 3))


def some(values: Any) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=3)


@st.composite
def recipients(draw: st.DrawFn, name: str = "acme") -> Recipient:
    """A recipient; most pass most rules."""
    return Recipient(
        recipient_id=name,
        territories=draw(some(["EMEA", "DE", "DE-BY", "FR"]))
        | draw(st.sampled_from([frozenset(), frozenset({"DE"})])),
        expertise=draw(st.sampled_from(KNOWN)),
        tier=draw(st.sampled_from([None, *LADDER, "gold"])),
        capacity=draw(st.none() | few),
        weight=draw(st.sampled_from([0, 0.5, 1, 1, 2, 3, 7])),
        hours=draw(st.none() | st.sampled_from(HOURS)),
        parent=draw(st.none() | st.sampled_from(NAMES)),
        active=draw(st.sampled_from([True, True, True, False])),
    )


@st.composite
def crowds(draw: st.DrawFn) -> list[Recipient]:
    """Up to six recipients in any order."""
    names = draw(st.permutations(NAMES[: draw(st.integers(1, len(NAMES)))]))
    return [draw(recipients(name)) for name in names]


@st.composite
def prospects(draw: st.DrawFn, lead_id: str = "L1") -> Prospect:
    """A lead that states some of what rules ask about."""
    facts = Lead(
        region=draw(st.sampled_from([None, "DE-BY", "DE-HH", "DE", "FR", "XX"])),
        industry=draw(st.sampled_from([None, "steel", "steel", "timber"])),
        deal_type=draw(st.sampled_from([None, "new"])),
        account=draw(st.sampled_from([None, "umbrella", "globex"])),
    )
    value = draw(st.none() | st.sampled_from(["500 EUR", "1000 EUR", "9000 EUR", "9000 USD"]))
    return Prospect(
        lead_id=lead_id,
        facts=facts,
        expected_value=None if value is None else Money.parse(value),
    )


@st.composite
def cases(draw: st.DrawFn) -> RouterCase:
    """A question to a router, under some rules or all of them."""
    context = draw(contexts())
    return RouterCase(
        recipients=draw(crowds()),
        lead=draw(prospects()),
        context=evolve(context, turn=draw(st.integers(5, 30))),
        rules=draw(st.sampled_from([(), RULES[:1], RULES])),
        preferences=draw(st.sampled_from([(), WISHES])),
    )


def maps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(values, max_size=len(NAMES)).map(
        lambda found: dict(zip(NAMES, found, strict=False))
    )


@st.composite
def contexts(draw: st.DrawFn) -> RoutingContext:
    """What varies; registrations, owners and refusals are rare."""
    rare = draw(st.sampled_from([False, False, True]))
    names = st.sampled_from(NAMES)
    claims = st.lists(names, max_size=2).map(
        lambda partners: tuple(Protection(one, f"r-{one}") for one in partners)
    )
    return RoutingContext(
        as_of=NOW,
        scores={"plv": draw(maps(scores)), "close_rate": draw(maps(scores))},
        load=draw(maps(few)),
        last_turns=draw(maps(few)),
        outcomes=draw(maps(st.builds(Outcome, few, few))),
        protections={"L1": draw(claims)} if rare else {},
        owners={"globex": draw(names)} if rare else {},
        excluded={"L1": draw(some(NAMES))} if rare else {},
        turn=5,
        seed=draw(st.integers(0, 3)),
    )


def naive(pool: Pool, lead: Prospect, context: RoutingContext) -> list[str]:
    """Who may take a lead, by asking every rule about everybody."""
    left = [
        one
        for one in sorted(pool.recipients, key=lambda one: one.recipient_id)
        if all(rule.passes(one, lead, context) for rule in pool.rules)
    ]
    for wish in pool.preferences if left else ():
        best = max(wish.level(one, lead, context) for one in left)
        left = [one for one in left if wish.level(one, lead, context) == best]
    return [one.recipient_id for one in left]


def fixed(
    rule: str, one: Recipient, lead: Prospect, context: RoutingContext
) -> tuple[Recipient, Prospect, RoutingContext]:
    """The same case with one rule's observed value made what it requires."""
    name, facts = one.recipient_id, lead.facts
    changed = {
        "active": {"active": True},
        "territory": {"territories": one.territories | {str(lead.territory)}},
        "expertise": {"expertise": one.expertise | {str(facts.industry)}},
        "tier": {"tier": "gold"},
        "capacity": {"capacity": context.load.get(name, 0) + 1},
        "working hours": {"hours": None},
    }
    claims = {
        "exclusion": {"excluded": {}},
        "registration": {"protections": {"L1": (Protection(name, "r"),)}},
        "account owner": {"owners": {str(facts.account): name}},
    }
    if rule == "exclusion" and facts.account == "umbrella":
        lead = evolve(lead, facts=evolve(facts, account="hooli"))
    return (
        evolve(one, **changed.get(rule, {})),  # type: ignore[arg-type]
        lead,
        evolve(context, **claims.get(rule, {})),  # type: ignore[arg-type]
    )
