"""The context that a history gives does not depend on the order in which its events came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from partnerleads.events import Event
from partnerleads.lifecycle import fold
from partnerleads.routing import (
    IsActive,
    LeastLoaded,
    NotExcluded,
    Pool,
    Prospect,
    Recipient,
    RoundRobin,
    RoutingContext,
    recipients_of,
    route,
    routing_context,
)
from partnerleads.testing import at, strategies
from tests.properties.routing_cases import RULES, WISHES, naive

NOW = at("2030-01-01")


@given(strategies.histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_events_never_matters(log: list[Event], random: object) -> None:
    shuffled = [*log]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert routing_context(log, as_of=NOW) == routing_context(shuffled, as_of=NOW)


@given(strategies.histories())
def test_any_history_can_be_routed(log: list[Event]) -> None:
    lives = fold(log, as_of=NOW)
    crowd = recipients_of(lives.partners.values())
    pool = Pool(crowd, rules=(IsActive(), NotExcluded()))
    context = routing_context(lives)

    decision = route(Prospect(lead_id="new"), pool=pool, router=LeastLoaded(), context=context)

    assert [one.recipient_id for one in crowd if one.active] == list(decision.eligible)
    assert all(count > 0 for count in context.load.values())


@given(st.lists(strategies.recipients(), unique_by=lambda one: one.recipient_id), st.data())
def test_any_lead_can_be_held_against_any_recipients(
    crowd: list[Recipient], data: st.DataObject
) -> None:
    lead = data.draw(strategies.prospects())
    pool = Pool(crowd, rules=RULES, preferences=WISHES)
    context = RoutingContext(as_of=data.draw(strategies.instants()))

    decision = route(lead, pool=pool, router=RoundRobin(), context=context)

    assert naive(pool, lead, context) == list(decision.eligible)
    assert {one.recipient_id for one in crowd} == {
        case.recipient_id for case in decision.explain().cases
    }
