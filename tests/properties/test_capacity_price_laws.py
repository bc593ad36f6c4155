"""Laws of prices for slots that are what a slot usually brings, and of their floor."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from partnerleads.routing import CapacityPriced, Pool, Prospect, Recipient, RoutingContext, route
from tests.properties.routing_cases import contexts, crowds, few, prospects, scores

PRICED = CapacityPriced(usual="plv", steepness=4)


def order(crowd: list[Recipient], lead: Prospect, context: RoutingContext) -> list[str]:
    decision = route(lead, pool=Pool(crowd), router=PRICED, context=context, depth=9)
    return [place.recipient_id for place in decision.ranked]


@given(crowds(), prospects(), contexts(), scores)
def test_raising_a_score_never_lowers_a_rank(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext, more: float
) -> None:
    name, table = crowd[0].recipient_id, context.scores["close_rate"]
    higher = {**table, name: table.get(name, 0.0) + more}
    raised = evolve(context, scores={**context.scores, "close_rate": higher})

    before, after = order(crowd, lead, context), order(crowd, lead, raised)

    assert after.index(name) <= before.index(name)


@given(crowds(), prospects(), contexts(), few)
def test_who_is_fuller_never_ranks_higher_for_it(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext, more: int
) -> None:
    name = crowd[0].recipient_id
    fuller = evolve(context, load={**context.load, name: context.load.get(name, 0) + more})

    before, after = order(crowd, lead, context), order(crowd, lead, fuller)

    assert before.index(name) <= after.index(name)


@given(crowds(), prospects(), contexts(), st.sampled_from([0.01, 0.3, 1.0]))
def test_the_first_by_value_has_what_the_floor_leaves(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext, floor: float
) -> None:
    router = evolve(PRICED, floor=floor)

    made = route(lead, pool=Pool(crowd), router=router, context=context, depth=9)
    chances, best = made.propensities, order(crowd, lead, context)[0]

    assert chances[best] == pytest.approx(1 - floor + floor / len(crowd))
    assert all(
        chance == pytest.approx(floor / len(crowd))
        for name, chance in chances.items()
        if name != best
    )
