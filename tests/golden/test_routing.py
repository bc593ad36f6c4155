"""Routing figures by hand, and decisions as a person reads them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from attrs import evolve

from partnerleads import Lead, Money, testing
from partnerleads.routing import (
    ByPlv,
    HasCapacity,
    HasExpertise,
    InTerritory,
    IsActive,
    KeepsRegistration,
    MostSpecific,
    Pool,
    Prospect,
    Recipient,
    RoundRobin,
    RoutingContext,
    TerritoryTree,
    route,
    routing_context,
)
from partnerleads.testing import at

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)


def turns(pools: list[dict[str, float]]) -> str:
    """Who is chosen of each day's pool, by round robin."""
    context, chosen = RoutingContext(as_of=NOW), []
    for number, present in enumerate(pools):
        pool = Pool([Recipient(recipient_id=name, weight=w) for name, w in present.items()])
        lead = Prospect(lead_id=f"L{number}")
        decision = route(lead, pool=pool, router=RoundRobin(), context=context)
        context = context.after(decision)
        chosen.append(str(decision.chosen))
    return " ".join(chosen)


def test_weights_five_one_one() -> None:
    assert "a a b a c a a" == turns([{"a": 5, "b": 1, "c": 1}] * 7)


def test_equal_weights_differ_by_one_lead_at_most_at_every_step() -> None:
    order = turns([{"a": 1, "b": 1, "c": 1}] * 30).split()

    spreads = [
        max(counts.values()) - min(counts[name] for name in "abc")
        for counts in (Counter(order[: n + 1]) for n in range(30))
    ]

    assert {0, 1} == {*spreads}


def test_a_newcomer_gets_every_third_lead_and_never_a_run() -> None:
    old, new = {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 1.0, "n": 1.0}

    # level in credit, n was never chosen
    assert "n a b n a b n a b" == turns([old] * 20 + [new] * 9)[40:]


def test_a_newcomer_of_a_quarter_gets_four_ninths_of_nine_leads_by_now() -> None:
    old, new = {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 1.0, "n": 0.25}

    # 36 leads at 1/9 each are 4; starved it would have none
    assert 4 == turns([old] * 20 + [new] * 36)[40:].count("n")


def test_a_newcomer_of_twice_the_weight_gets_half_and_never_a_run_of_three() -> None:
    old, new = {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 1.0, "n": 2.0}
    after = turns([old] * 20 + [new] * 20)[40:]

    assert 10 == after.count("n")
    assert "n n n" not in after


def test_the_turns_of_one_who_is_away_go_to_all_others_alike() -> None:
    # redirecting them to one backup gives 75 and 225 of 300 instead of 150 each
    order = turns([{"a": 1.0, "b": 1.0, "c": 1.0}] * 30 + [{"a": 1.0, "b": 1.0}] * 300)[60:]

    assert {"a": 150, "b": 150} == Counter(order.split())


def test_one_who_comes_back_is_owed_nothing() -> None:
    both, one = {"a": 1.0, "b": 1.0}, {"a": 1.0}

    # level in credit, b was chosen less recently
    assert "b a b a" == turns([both] * 10 + [one] * 50 + [both] * 4)[-7:]


def test_who_else_is_in_the_pool_changes_nothing_between_two() -> None:
    # scaled over the pool, A loses to B among peers and wins once another is added
    scores = {"A": 0.244, "B": 0.311, "other": 0.9}
    context = RoutingContext(as_of=NOW, scores={"plv": scores})
    crowd = [Recipient(recipient_id=name) for name in scores]
    order = [
        [one.recipient_id for one in ByPlv().rank(Prospect(lead_id="L1"), some, context)]
        for some in (crowd[:2], crowd)
    ]

    assert [["B", "A"], ["other", "B", "A"]] == order


def test_a_decision_as_a_person_reads_it() -> None:
    tree = TerritoryTree({"DE-BY": "DE", "DE-HH": "DE"})
    pool = Pool(
        [
            Recipient(recipient_id="acme", territories=["DE"], expertise=["steel"], capacity=1),
            Recipient(recipient_id="beta", territories=["DE-BY"], expertise=["steel"]),
            Recipient(recipient_id="corp", territories=["DE-BY"], expertise=["timber"]),
            Recipient(recipient_id="dorn", territories=["DE"], expertise=["steel"], active=False),
            Recipient(recipient_id="eden", territories=["DE-BY"], expertise=["steel"]),
            Recipient(recipient_id="fuji", territories=["DE"], expertise=["steel"]),
        ],
        rules=(IsActive(), InTerritory(tree), HasExpertise(), HasCapacity(), KeepsRegistration()),
        preferences=(MostSpecific(tree),),
    )
    log = testing.history("""
        2026-03-01  L1  captured region=DE-HH
        2026-03-02  L1  accepted to acme
    """)
    scores = {"plv": {"acme": 0.9, "beta": 0.5, "eden": 0.75}}
    context = routing_context(log, as_of=at("2026-03-04"), scores=scores)
    lead = Prospect(
        lead_id="L2",
        facts=Lead(region="DE-BY", industry="steel"),
        expected_value=Money("9000", "EUR"),
    )

    told = str(route(lead, pool=pool, router=ByPlv(), context=context).explain())

    assert [
        "L2 goes to eden by ByPlv, 0.25 before beta.",
        "  eden: place 1, score 0.75 (plv 0.75)",
        "  beta: place 2, score 0.5 (plv 0.5)",
        "    its score would have to rise by more than 0.25",
        "  acme: not eligible",
        "    capacity: 1 open of 1; needed is room for one more",
        "    most specific territory: DE; needed is DE-BY",
        "  corp: not eligible",
        "    expertise: knows timber; needed is steel",
        "  dorn: not eligible",
        "    active: not active; needed is active",
        "    most specific territory: DE; needed is DE-BY",
        "  fuji: not eligible",
        "    most specific territory: DE; needed is DE-BY",
    ] == told.splitlines()


def test_a_record_as_it_is_stored() -> None:
    pool = Pool([Recipient(recipient_id="a"), Recipient(recipient_id="b", weight=2)])
    context = RoutingContext(as_of=NOW, load={"b": 1}, seed=7)
    lead = Prospect(lead_id="L1", expected_value=Money("10", "EUR"))

    decision = route(lead, pool=pool, router=RoundRobin(), context=context)

    assert (
        '{"as_of":"2026-03-04T14:00:00+00:00","charged":{"a":"1/3","b":"2/3"},"chosen":"b",'
        '"conflicts":[],"eligible":["a","b"],"lead":{"":"Prospect","expected_value":{"":"Money",'
        '"amount":"10.00","currency":"EUR"},"facts":{"":"Lead","account":null,"attributes":{},'
        '"company_size":null,"country":null,"deal_type":null,"industry":null,"region":null},'
        '"lead_id":"L1","score":null},"levels":[],"margin":"1/3",'
        '"policy":"'
        + decision.policy
        + '","propensities":{"a":0.0,"b":1.0},"ranked":[{"":"Ranked","parts":{"saved":"0",'
        '"share":"2/3"},"propensities":null,"recipient_id":"b","ties":[["least recently chosen",'
        '-1],["id","b"]]},{"":"Ranked","parts":{"saved":"0","share":"1/3"},"propensities":null,'
        '"recipient_id":"a","ties":[["least recently chosen",-1],["id","a"]]}],"reasons":[],'
        '"recipients":"' + decision.recipients + '","relaxations":[],"router":"RoundRobin",'
        '"runner_up":"a","score":"2/3","seed":7,"situations":{"a":{"":"Situation","credit":"0",'
        '"last_turn":null,"load":0,"losses":0,"scores":{},"wins":0},"b":{"":"Situation",'
        '"credit":"0","last_turn":null,"load":1,"losses":0,"scores":{},"wins":0}},"steered":[],'
        '"tie_break":null,"turn":0}'
    ) == decision.record()
    assert decision.record() == evolve(decision, inputs=None).record()
