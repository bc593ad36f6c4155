"""Slots priced by what they usually bring, and a floor for those of whom little is known."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from partnerleads import Money
from partnerleads.errors import OptionError
from partnerleads.routing import (
    CapacityPriced,
    Outcome,
    Pool,
    Prospect,
    Recipient,
    RoutingContext,
    Thompson,
    route,
)
from partnerleads.routing.strategies.capacity_priced import price_part

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
LEAD = Prospect(lead_id="L1", expected_value=Money("1000", "EUR"))
A, B, C = (Recipient(recipient_id=name, capacity=4) for name in "abc")


def scores(**usual: float) -> dict[str, dict[str, float]]:
    return {"close_rate": {"a": 0.5, "b": 0.4, "c": 0.1}, "usual": usual}


def order(router: CapacityPriced, **context: Any) -> dict[str, float]:
    places = router.rank(LEAD, (A, B, C), RoutingContext(as_of=NOW, **context))
    return {place.recipient_id: float(place.score) for place in places}


def test_a_slot_costs_a_part_of_what_it_usually_brings() -> None:
    found = order(
        CapacityPriced(usual="usual"),
        scores=scores(a=0.6, b=0.2, c=0.1),
        load=dict.fromkeys("abc", 2),
    )
    half = price_part(2, 4)

    assert ["b", "a", "c"] == list(found)
    assert pytest.approx(1000 * (0.5 - 0.6 * half)) == found["a"]
    assert pytest.approx(1000 * (0.4 - 0.2 * half)) == found["b"]


def test_where_hardly_a_slot_is_left_the_better_fit_goes_first() -> None:
    # a is better at everything; b does more with this lead than with most
    known = scores(a=0.6, b=0.2, c=0.4)

    assert ["a", "b", "c"] == list(order(CapacityPriced(usual="usual"), scores=known))
    assert ["b", "a", "c"] == list(
        order(CapacityPriced(usual="usual"), scores=known, load=dict.fromkeys("abc", 3))
    )


def test_who_has_no_usual_score_has_its_slots_priced_by_the_lead() -> None:
    load = dict.fromkeys("abc", 3)
    plain = order(CapacityPriced(), scores=scores(), load=load)

    assert plain == order(CapacityPriced(usual="usual"), scores=scores(), load=load)


def test_a_steep_price_rises_late() -> None:
    load = dict.fromkeys("abc", 2)
    half = price_part(2, 4)

    found = order(CapacityPriced(steepness=4), scores=scores(), load=load)

    assert pytest.approx(500 * (1 - half**4)) == found["a"]
    full = order(CapacityPriced(steepness=4), scores=scores(), load=dict.fromkeys("abc", 4))
    assert {0.0} == {*full.values()}


def test_the_table_of_what_is_usual_must_be_there() -> None:
    with pytest.raises(OptionError, match="mine"):
        order(CapacityPriced(usual="mine"), scores=scores())


@pytest.mark.parametrize("steepness", [0, -1, float("nan"), float("inf")])
def test_steepness_is_above_zero(steepness: float) -> None:
    with pytest.raises(OptionError, match="steepness"):
        CapacityPriced(steepness=steepness)


@pytest.mark.parametrize("floor", [-0.1, 1.1, float("nan")])
def test_a_floor_is_a_part(floor: float) -> None:
    with pytest.raises(OptionError, match="floor"):
        CapacityPriced(floor=floor)


def test_without_a_floor_nothing_is_drawn() -> None:
    context = RoutingContext(as_of=NOW, scores=scores())

    first = next(iter(CapacityPriced().rank(LEAD, (A, B, C), context)))

    assert first.propensities is None


def test_a_floor_is_drawn_as_recorded_and_the_others_keep_their_order() -> None:
    router, pool = CapacityPriced(floor=0.3), Pool((A, B, C))
    made = [
        route(
            LEAD,
            pool=pool,
            router=router,
            context=RoutingContext(as_of=NOW, scores=scores(), seed=seed),
            depth=3,
        )
        for seed in range(2_000)
    ]
    firsts = Counter(decision.chosen for decision in made)
    orders = {"".join(place.recipient_id for place in decision.ranked) for decision in made}

    assert {"a": 0.8, "b": 0.1, "c": 0.1} == pytest.approx(made[0].propensities)
    assert pytest.approx(0.8, abs=0.03) == firsts["a"] / 2_000
    assert pytest.approx(0.1, abs=0.025) == firsts["b"] / 2_000
    assert {"abc", "bac", "cab"} == orders


def test_long_records_of_uneven_ends_do_not_run_out_of_numbers() -> None:
    # the chance to lie in the lowest cells is the smallest float there is
    chances = Thompson(floor=0).chances({"a": Outcome(129, 19), "b": Outcome(128, 19)})

    assert pytest.approx(1.0) == sum(chances.values())
    assert chances["a"] > chances["b"]


def test_a_price_of_nothing_is_told_without_a_sign() -> None:
    free = Recipient(recipient_id="acme", capacity=2)
    context = RoutingContext(as_of=NOW, scores={"close_rate": {"acme": 0.5}})
    place, *_ = CapacityPriced().rank(Prospect(lead_id="L1"), (free,), context)

    assert "0.0" == str(place.parts["price"])
