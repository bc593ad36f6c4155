"""Laws of routers that go by a score."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.routing import (
    ByPerformance,
    Outcome,
    Pool,
    Prospect,
    Recipient,
    Router,
    RoutingContext,
    Thompson,
    route,
)
from partnerleads.testing import RouterCase, router_checks
from partnerleads.testing.router_checks import RouterCheck
from tests.properties.routing_cases import (
    NAMES,
    SCORING,
    cases,
    contexts,
    crowds,
    few,
    prospects,
)

SCORED = [check for check in router_checks() if check.claim == "score"]


def order(
    router: Router, crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> list[str]:
    decision = route(lead, pool=Pool(crowd), router=router, context=context, depth=len(NAMES))
    return [place.recipient_id for place in decision.ranked]


@pytest.mark.parametrize("check", SCORED, ids=lambda check: check.name)
@pytest.mark.parametrize(("table", "router"), SCORING.values(), ids=SCORING.keys())
@given(case=cases())
def test_a_router_by_score_keeps_the_law(
    check: RouterCheck, table: str, router: Router, case: RouterCase
) -> None:
    assert check.law(lambda: router, evolve(case, better=(table,))) is None


@given(crowds(), prospects(), contexts(), few)
def test_who_is_fuller_pays_more_and_never_ranks_higher_for_it(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext, more: int
) -> None:
    _, router = SCORING["capacity priced"]
    name = crowd[0].recipient_id
    fuller = evolve(context, load={**context.load, name: context.load.get(name, 0) + more})

    before = order(router, crowd, lead, context).index(name)

    assert order(router, crowd, lead, fuller).index(name) >= before


@given(crowds(), contexts(), few)
def test_one_more_win_never_lowers_a_rank_by_performance(
    crowd: list[Recipient], context: RoutingContext, more: int
) -> None:
    name, lead = crowd[0].recipient_id, Prospect(lead_id="L1")
    known = context.outcomes.get(name, Outcome())
    better = {**context.outcomes, name: Outcome(known.wins + more, known.losses)}
    raised = evolve(context, outcomes=better)

    before = order(ByPerformance(), crowd, lead, context).index(name)

    assert order(ByPerformance(), crowd, lead, raised).index(name) <= before


@given(crowds(), contexts(), st.integers(1, 9))
def test_one_who_is_best_in_everything_has_the_highest_chance(
    crowd: list[Recipient], context: RoutingContext, more: int
) -> None:
    best = crowd[0].recipient_id
    outcomes = {**dict.fromkeys(NAMES, Outcome(2, 2)), best: Outcome(2 + more, 1)}
    ruled = evolve(context, outcomes=outcomes)

    decision = route(Prospect(lead_id="L1"), pool=Pool(crowd), router=Thompson(), context=ruled)

    assert max(decision.propensities.values()) == decision.propensities[best]


@given(crowds(), contexts(), st.sampled_from([0.0, 0.01, 0.5, 1.0]))
def test_nobody_falls_below_its_part_of_the_floor(
    crowd: list[Recipient], context: RoutingContext, floor: float
) -> None:
    router = Thompson(floor=floor)

    decision = route(Prospect(lead_id="L1"), pool=Pool(crowd), router=router, context=context)

    assert min(decision.propensities.values()) >= floor / len(crowd)
