"""Strategies on small pools, worked out by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from partnerleads import Lead, Money
from partnerleads.errors import OptionError, RouterError
from partnerleads.routing import (
    ByExpertise,
    ByPerformance,
    ByPlv,
    ByTerritory,
    ByTier,
    CapacityPriced,
    Fallback,
    HasTier,
    LeastLoaded,
    Outcome,
    Pool,
    Prospect,
    Recipient,
    RoundRobin,
    Router,
    RoutingContext,
    ScoreThreshold,
    TerritoryTree,
    Thompson,
    ValueThreshold,
    route,
)
from partnerleads.routing.strategies.capacity_priced import price_part

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
LEAD = Prospect(lead_id="L1", facts=Lead(region="DE-BY", industry="steel", deal_type="new"))
BARE = Prospect(lead_id="L1")
A = Recipient(recipient_id="a", territories=["DE"], expertise=["steel"], tier="silver", capacity=4)
B = Recipient(recipient_id="b", territories=["DE-BY"], expertise=["steel", "new"], capacity=0)
C = Recipient(recipient_id="c", tier="gold", weight=3)
TREE = TerritoryTree({"DE-BY": "DE"})


def order(router: Router, lead: Prospect = LEAD, **context: Any) -> list[tuple[str, Any]]:
    places = router.rank(lead, (A, B, C), RoutingContext(as_of=NOW, **context))
    return [(place.recipient_id, place.score) for place in places]


def names(router: Router, lead: Prospect = LEAD, **context: Any) -> str:
    return "".join(name for name, _ in order(router, lead, **context))


def test_round_robin_goes_by_credit_and_share() -> None:
    fifth = Fraction(1, 5)
    assert [("c", 3 * fifth), ("a", fifth), ("b", fifth)] == order(RoundRobin())
    assert "bca" == names(RoundRobin(), credits={"a": Fraction(-1), "b": Fraction(1)})


def test_without_any_weight_all_share_alike() -> None:
    idle = [Recipient(recipient_id=name, weight=0) for name in "ab"]
    places = RoundRobin().rank(LEAD, idle, RoutingContext(as_of=NOW))

    assert [Fraction(1, 2)] * 2 == [place.score for place in places]


def test_least_loaded_counts_or_compares_parts_of_the_capacity() -> None:
    load = {"a": 2, "c": 3}
    assert [("b", 0), ("a", -2), ("c", -3)] == order(LeastLoaded(), load=load)
    assert [("c", 0), ("a", Fraction(-1, 2)), ("b", -1)] == order(
        LeastLoaded(relative=True), load=load
    )


def test_the_nearest_territory_is_first() -> None:
    assert [("b", 2), ("a", 1), ("c", 0)] == order(ByTerritory(TREE))
    assert [("c", 0), ("a", 0), ("b", 0)] == order(ByTerritory(TREE), BARE)


def test_the_highest_tier_is_first_and_no_tier_last() -> None:
    assert [("c", 2), ("a", 1), ("b", 0)] == order(ByTier(("gold", "silver")))


def test_who_knows_most_of_what_the_lead_states_is_first_then_credit() -> None:
    both = ByExpertise(facts=("industry", "deal_type"))
    assert [("b", 1), ("a", Fraction(1, 2)), ("c", 0)] == order(both)
    assert [("a", 1), ("b", 1), ("c", 0)] == order(ByExpertise())
    assert "bac" == names(ByExpertise(), credits={"a": Fraction(-1), "b": Fraction(1)})
    assert "cab" == names(both, BARE)


def test_who_closes_most_is_first_drawn_towards_a_prior() -> None:
    outcomes = {"a": Outcome(1, 0), "b": Outcome(30, 40), "c": Outcome(0, 2)}
    assert [
        ("b", Fraction(31, 74)),
        ("a", Fraction(2, 5)),
        ("c", Fraction(1, 6)),
    ] == order(ByPerformance(), outcomes=outcomes)
    assert "bc" == names(ByPerformance(at_least=2), outcomes=outcomes)


@pytest.mark.parametrize("router", [ByPerformance, Thompson])
@pytest.mark.parametrize("prior", [Outcome(0, 3), Outcome(1, 0)])
def test_a_prior_holds_a_win_and_a_loss(router: Any, prior: Outcome) -> None:
    with pytest.raises(OptionError, match="at least one win and one loss"):
        router(prior=prior)


def test_the_highest_score_is_first_and_no_score_is_missing() -> None:
    scores = {"plv": {"a": 0.2, "b": 0.4}, "mine": {"c": 1.0}}
    assert [("b", 0.4), ("a", 0.2), ("c", 0.0)] == order(ByPlv(), scores=scores)
    assert "cba" == names(ByPlv(missing=0.5), scores=scores)
    assert "cab" == names(ByPlv(table="mine"), scores=scores)


@pytest.mark.parametrize(
    ("value", "first"),
    [("1000 EUR", "b"), ("999 EUR", "c"), ("9999 USD", "c"), (None, "c")],
)
def test_large_leads_go_by_score_and_the_rest_by_turns(value: str | None, first: str) -> None:
    lead = Prospect(lead_id="L1", expected_value=None if value is None else Money.parse(value))
    router = ValueThreshold(threshold=Money("1000", "EUR"))

    assert first == names(router, lead, scores={"plv": {"b": 1.0}})[0]


@pytest.mark.parametrize(
    ("score", "first"), [(100, "b"), (50.0, "b"), (49.9, "c"), (0.0, "c"), (None, "c")]
)
def test_promising_leads_go_by_plv_and_the_rest_by_turns(score: float | None, first: str) -> None:
    lead = Prospect(lead_id="L1", score=score)

    assert first == names(ScoreThreshold(threshold=50), lead, scores={"plv": {"b": 1.0}})[0]


@pytest.mark.parametrize("score", [-0.1, 100.1, float("nan"), float("inf"), "50", True])
def test_a_score_beyond_the_scale_is_refused(score: Any) -> None:
    with pytest.raises(OptionError, match="between 0 and 100"):
        Prospect(lead_id="L1", score=score)
    with pytest.raises(OptionError, match="between 0 and 100"):
        ScoreThreshold(threshold=score)


def test_a_chain_needs_a_router_and_goes_on_with_those_left_out() -> None:
    with pytest.raises(OptionError, match="at least one router"):
        Fallback(())
    chain = Fallback((ByPerformance(at_least=1), RoundRobin()))
    assert "bca" == names(chain, outcomes={"b": Outcome(0, 9)})


def test_the_price_of_a_slot_rises_with_what_is_used() -> None:
    parts = [price_part(load, 4) for load in range(6)]

    assert sorted(parts) == parts
    assert (0.0, 1.0, 1.0) == (parts[0], parts[4], parts[5])
    assert (0.0, 1.0) == (price_part(9, None), price_part(0, 0))


def test_a_nearly_full_partner_keeps_its_slot_for_a_better_match() -> None:
    scores = {"close_rate": {"a": 0.5, "c": 0.4}}
    assert "acb" == names(CapacityPriced(), scores=scores)
    assert "cab" == names(CapacityPriced(), scores=scores, load={"a": 3})
    lead = Prospect(lead_id="L1", expected_value=Money("2000", "EUR"))
    best = next(iter(order(CapacityPriced(), lead, scores=scores)))
    assert ("a", 1000.0) == best


def test_chances_to_be_best_agree_with_drawing_from_the_beta_distributions() -> None:
    known = {"a": Outcome(30, 70), "b": Outcome(2, 2), "c": Outcome()}
    luck, best = Random(1), Counter[str]()
    for _ in range(20_000):
        rates = {
            name: luck.betavariate(one.wins + 1, one.losses + 3) for name, one in known.items()
        }
        best[max(rates, key=lambda name: rates[name])] += 1

    drawn = {name: count / 20_000 for name, count in best.items()}

    assert drawn == pytest.approx(Thompson(floor=0).chances(known), abs=0.015)


def test_a_floor_is_shared_over_all() -> None:
    known = {"a": Outcome(1000, 1), "b": Outcome(1, 1000)}

    assert {"a": 0.95, "b": 0.05} == pytest.approx(Thompson(floor=0.1).chances(known))
    assert {"a": 0.5, "b": 0.5} == Thompson(floor=1).chances(known)


@pytest.mark.parametrize("floor", [-0.1, 1.1, float("nan")])
def test_a_floor_is_a_part(floor: float) -> None:
    with pytest.raises(OptionError, match="between 0 and 1"):
        Thompson(floor=floor)


def test_long_records_and_large_pools_do_not_run_out_of_numbers() -> None:
    crowd = {f"r{number}": Outcome(1000, 0) for number in range(2000)}

    chances = Thompson(floor=0).chances({**crowd, "z": Outcome(0, 100_000)})

    assert (pytest.approx(1 / 2000), 0.0) == (chances["r1"], chances["z"])


def test_draws_follow_the_chances() -> None:
    known = {"outcomes": {"a": Outcome(3, 3), "b": Outcome(2, 5), "c": Outcome(0, 4)}}
    router = Thompson()
    chances = router.chances(known["outcomes"])
    drawn = [names(router, seed=seed, **known) for seed in range(2000)]

    firsts = {name: sum(one[0] == name for one in drawn) / 2000 for name in "abc"}

    assert firsts == pytest.approx(chances, abs=0.035)
    assert {3} == {len(set(one)) for one in drawn}


def test_who_has_no_chance_left_comes_last_in_order() -> None:
    outcomes = {"a": Outcome(0, 100_000), "b": Outcome(0, 100_000), "c": Outcome(100_000, 0)}

    assert "cab" == names(Thompson(floor=0), outcomes=outcomes)


@pytest.mark.parametrize(
    ("router", "table", "told"),
    [
        (ByPlv(missing=0.5), "plv", "no plv score, taken as"),
        (CapacityPriced(missing=0.5), "close_rate", "no close_rate score, value taken as"),
    ],
)
def test_a_score_that_is_unknown_is_told_as_unknown(router: Router, table: str, told: str) -> None:
    context = RoutingContext(as_of=NOW, scores={table: {"a": 0.0}})

    parts = {one.recipient_id: next(iter(one.parts)) for one in router.rank(LEAD, (A, C), context)}

    assert {"a": "plv" if table == "plv" else "value", "c": told} == parts


@pytest.mark.parametrize("router", [ByPlv(), CapacityPriced(table="plv")])
def test_a_router_refuses_a_context_without_its_table(router: Router) -> None:
    with pytest.raises(OptionError, match=r"table='plv'.*there are: 'mine'"):
        names(router, scores={"mine": {"a": 1.0}})


@pytest.mark.parametrize(
    "ladder", ["gold", {"gold", "silver"}, frozenset({"gold"}), iter(["gold"])]
)
def test_a_text_is_no_ladder_and_a_set_has_no_order(ladder: Any) -> None:
    for make in (ByTier, lambda ladder: HasTier(ladder=ladder, at_least="gold")):
        with pytest.raises(OptionError, match=r"ladder=.*list the tiers, the highest first"):
            make(ladder)


@pytest.mark.parametrize("routers", [RoundRobin(), "RoundRobin"])
def test_a_chain_is_made_of_a_list(routers: Any) -> None:
    with pytest.raises(OptionError, match="pass a list of routers"):
        Fallback(routers)


def test_a_chain_is_made_of_routers() -> None:
    with pytest.raises(OptionError, match=r"such as RoundRobin\(\)"):
        Fallback([RoundRobin])  # type: ignore[list-item]


@pytest.mark.parametrize("kind", [ByPlv, CapacityPriced])
@pytest.mark.parametrize("missing", [float("nan"), float("inf")])
def test_what_a_missing_score_is_taken_as_must_be_a_finite_number(
    kind: Any, missing: float
) -> None:
    with pytest.raises(OptionError, match="missing"):
        kind(missing=missing)


def test_a_score_that_is_no_number_comes_first_where_it_is_refused() -> None:
    """A price without end less a value without end is no number, and compares with none."""
    rich = Prospect(lead_id="L1", expected_value=Money("1000", "EUR"))
    pool = Pool([Recipient(recipient_id=name, capacity=2) for name in "abcd"])
    scores = {"close_rate": {"a": 1.0, "b": 1e308, "c": 3.0, "d": 4.0}}

    with pytest.raises(RouterError, match="'b' has no finite score"):
        route(
            rich,
            pool=pool,
            router=CapacityPriced(),
            context=RoutingContext(as_of=NOW, scores=scores),
        )
