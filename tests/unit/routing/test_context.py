"""The context that a history and the decisions so far give."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from partnerleads import fold, testing
from partnerleads.errors import AsOfError, NaiveInstantError, OptionError
from partnerleads.routing import (
    Decision,
    IsActive,
    Outcome,
    Pool,
    Prospect,
    Protection,
    Recipient,
    RoundRobin,
    RoutingContext,
    TerritoryTree,
    prospect_of,
    route,
    routing_context,
)
from partnerleads.testing import at

NOW = at("2026-03-01")
POOL = Pool(
    [Recipient(recipient_id=name) for name in ("acme", "beta", "corp")], rules=(IsActive(),)
)


def derived(text: str, *decisions: Decision, **options: object) -> RoutingContext:
    return routing_context(
        testing.history(text),
        as_of=NOW,
        decisions=decisions,
        **options,  # type: ignore[arg-type]
    )


def decided(lead_id: str, at_: str, context: RoutingContext | None = None) -> Decision:
    context = context or RoutingContext(as_of=at(at_))
    return route(Prospect(lead_id=lead_id), pool=POOL, router=RoundRobin(), context=context)


def test_load_is_what_is_held_or_offered_and_open() -> None:
    context = derived("""
        2026-02-01 L1 captured
        2026-02-02 L1 accepted to acme agent=ann
        2026-02-01 L2 captured
        2026-02-02 L2 offered to acme
        2026-02-02 L2 offered to beta expires_at=2026-03-01
        2026-02-02 L2 offered to corp expires_at=2026-03-02
        2026-02-01 L3 captured
        2026-02-02 L3 accepted to acme
        2026-02-03 L3 won
        2026-02-01 L4 captured
        2026-02-02 L4 offered to acme
        2026-02-03 L4 declined by acme
    """)

    assert {"acme": 2, "ann": 1, "corp": 1} == context.load


def test_a_lead_held_and_offered_to_the_same_one_counts_once() -> None:
    context = derived("""
        2026-02-01 L1 captured
        2026-02-02 L1 accepted to acme
        2026-02-03 L1 offered to acme
    """)

    assert {"acme": 1} == context.load


def test_a_decision_counts_as_load_until_the_history_shows_what_became_of_it() -> None:
    first = decided("L1", "2026-02-02")
    log = """
        2026-02-01 L1 captured
        2026-02-01 L1 contact by acme
    """

    assert {"acme": 1} == derived(log, first).load
    assert {"acme": 1} == derived("2026-02-01 L9 captured", first).load
    assert {"acme": 1} == derived(f"{log}\n2026-02-03 L1 offered to acme", first).load
    refused = f"{log}\n2026-02-03 L1 offered to acme\n2026-02-04 L1 declined by acme"
    assert {} == derived(refused, first).load
    assert {} == derived(f"{log}\n2026-02-03 L1 lost", first).load


def test_credits_are_the_sum_of_the_turns_whatever_their_order() -> None:
    context = RoutingContext(as_of=at("2026-02-02"))
    made = []
    for number in range(5):
        made.append(decided(f"L{number}", "", context))
        context = context.after(made[-1])

    found = derived("2026-02-01 L9 captured", *made[::-1])

    assert context.credits == found.credits
    assert context.last_turns == found.last_turns
    assert {"acme": 2, "beta": 2, "corp": 1} == found.load
    assert (5, {f"L{number}" for number in range(5)}) == (found.turn, {*found.decided})


@pytest.mark.parametrize("end", ["declined by acme", "expired by acme", "offer_withdrawn by acme"])
def test_a_turn_is_refunded_when_the_offer_came_to_nothing(end: str) -> None:
    log = f"""
        2026-02-01 L1 captured
        2026-02-03 L1 offered to acme
        2026-02-04 L1 {end}
    """
    first = decided("L1", "2026-02-02")
    turn = {"acme": Fraction(-2, 3), "beta": Fraction(1, 3), "corp": Fraction(1, 3)}

    assert {} == derived(log, first).credits
    assert turn == derived(log, first, refunded=()).credits
    assert turn == derived("2026-02-01 L1 captured", first).credits


def test_a_turn_refunded_once_charged_is_as_if_it_never_was() -> None:
    turn = decided("L1", "2026-02-02").charge
    before = {"acme": Fraction(1, 7), "beta": Fraction(-1, 7), "corp": Fraction(0)}

    assert before == turn.added_to(turn.added_to(before), times=-1)


def test_a_decision_later_than_the_moment_does_not_exist() -> None:
    assert {} == derived("2026-02-01 L1 captured", decided("L1", "2026-03-02")).decided


def test_nobody_chosen_is_no_turn_but_a_decision() -> None:
    context = RoutingContext(as_of=at("2026-02-02"))
    lost = route(Prospect(lead_id="L1"), pool=Pool([]), router=RoundRobin(), context=context)

    assert evolve(context, turn=1) == context.after(lost)
    found = derived("2026-02-01 L1 captured", lost)
    assert (1, {}, {}) == (found.turn, found.decided, found.credits)


def test_outcomes_count_for_whoever_held_the_lead_and_closed_it() -> None:
    context = derived("""
        2026-02-01 L1 captured
        2026-02-02 L1 accepted to acme agent=ann
        2026-02-03 L1 won by beta
        2026-02-01 L2 captured
        2026-02-02 L2 accepted to acme
        2026-02-03 L2 lost
        2026-02-01 L3 captured
        2026-02-02 L3 accepted to acme
    """)

    assert {"acme": Outcome(1, 1), "ann": Outcome(1), "beta": Outcome(1)} == context.outcomes
    assert 2 == context.outcomes["acme"].decided


def test_registrations_protect_while_in_force_the_first_on_record_first() -> None:
    context = derived("""
        2026-02-01 L1 captured
        2026-02-03 L1 registered by beta id=r2
        2026-02-02 L1 registered by acme id=r1 protected_until=2026-03-02
        2026-02-01 L2 captured
        2026-02-02 L2 registered by acme protected_until=2026-03-01
        2026-02-01 L3 captured
        2026-02-02 L3 registered by acme
        2026-02-03 L3 rejected by acme
        2026-02-01 L4 captured
        2026-02-02 L4 registered by acme
        2026-02-03 L4 lost
    """)

    assert {
        "L1": (Protection("acme", "r1", at("2026-03-02")), Protection("beta", "r2")),
    } == context.protections


def test_the_last_holder_of_an_open_or_won_lead_owns_its_account() -> None:
    context = derived("""
        2026-02-01 L1 captured account=globex
        2026-02-02 L1 accepted to acme
        2026-02-03 L1 won
        2026-02-01 L2 captured account=globex
        2026-02-04 L2 accepted to beta
        2026-02-01 L3 captured account=globex
        2026-02-05 L3 accepted to corp
        2026-02-06 L3 lost
        2026-02-01 L4 captured
        2026-02-05 L4 accepted to corp
        2026-02-01 L5 captured account=hooli
    """)

    assert {"globex": "beta"} == context.owners


def test_who_turned_a_lead_down_is_excluded() -> None:
    context = derived("""
        2026-02-01 L1 captured
        2026-02-02 L1 offered to acme agent=ann
        2026-02-03 L1 declined by acme
        2026-02-03 L1 offered to beta
        2026-02-04 L1 expired by beta
        2026-02-05 L1 offered to corp
        2026-02-06 L1 accepted by corp
        2026-02-07 L1 returned by corp
        2026-02-01 L2 captured
        2026-02-02 L2 offered to acme
    """)

    assert {"L1": {"acme", "ann", "beta", "corp"}} == context.excluded


def test_lifecycles_know_their_moment_and_events_need_one() -> None:
    log = testing.history("2026-02-01 L1 captured region=DACH 9000 EUR")
    lives = fold(log, as_of=NOW)

    assert routing_context(lives) == routing_context(log, as_of=NOW)
    assert routing_context(lives, as_of=NOW).as_of == NOW
    with pytest.raises(AsOfError):
        routing_context(lives, as_of=at("2026-03-02"))
    with pytest.raises(AsOfError, match="required with events"):
        routing_context(log)


def test_scores_and_seed_come_as_data() -> None:
    context = derived("2026-02-01 L1 captured", scores={"plv": {"acme": 0.5}}, seed=7)

    assert (0.5, 0.1, 0.0) == (
        context.score("plv", "acme"),
        context.score("plv", "beta", missing=0.1),
        context.score("plv", "beta"),
    )
    assert {"acme": 0.5} == context.table("plv")
    assert 7 == context.seed
    assert context.chance("L1").random() == context.chance("L1").random()
    assert context.chance("L1").random() != context.chance("L2").random()


def test_a_lifecycle_tells_what_a_router_may_ask() -> None:
    log = testing.history("""
        2026-02-01 L1 captured region=DACH country=DE 9000 EUR
        2026-02-02 L1 lead_updated industry=steel
    """)

    lead = prospect_of(fold(log, as_of=NOW)["L1"])

    assert ("L1", "DACH", "steel") == (lead.lead_id, lead.territory, lead.facts.industry)
    assert testing.money("9000 EUR") == lead.expected_value
    assert lead.score is None
    assert 71.5 == prospect_of(fold(log, as_of=NOW)["L1"], score=71.5).score


@pytest.mark.parametrize("close", ["won", "lost", "disqualified"])
def test_a_closed_lead_wants_no_recipient_until_it_is_reopened(close: str) -> None:
    text = f"""
        2026-02-01 L1 captured
        2026-02-02 L1 {close}
    """
    log = testing.history(text)
    again = testing.history(text + "2026-02-03 L1 reopened")

    with pytest.raises(OptionError, match=f"'L1': is {close}, and a closed lead wants no"):
        prospect_of(fold(log, as_of=NOW)["L1"])
    assert "L1" == prospect_of(fold(again, as_of=NOW)["L1"]).lead_id


def test_nothing_known_is_an_empty_map() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("load", "credits", "owners", "excluded"))

    assert RoutingContext(as_of=NOW) == RoutingContext(as_of=NOW, **nothing)
    assert TerritoryTree() == TerritoryTree(None)  # type: ignore[arg-type]


def test_a_context_without_the_table_names_those_there_are() -> None:
    some = derived("2026-02-01 L1 captured", scores={"plv": {}, "close_rate": {}})

    with pytest.raises(OptionError, match=r"table='mine'.* there are: 'close_rate', 'plv'"):
        some.score("mine", "acme")
    with pytest.raises(OptionError, match="there are: none"):
        derived("2026-02-01 L1 captured").table("plv")


def test_scores_without_the_name_of_their_table_are_refused() -> None:
    with pytest.raises(OptionError, match=r"give each table a name, such as scores=\{'plv'"):
        derived("2026-02-01 L1 captured", scores={"acme": 30.0})


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -float("inf"), 10**400, "30", None])
def test_scores_that_are_no_finite_numbers_are_refused(score: object) -> None:
    with pytest.raises(OptionError, match="finite numbers") as caught:
        RoutingContext(as_of=NOW, scores={"plv": {"acme": 1.0, "beta": score}})  # type: ignore[dict-item]

    assert ("scores", {"plv": {"beta": score}}) == (caught.value.name, caught.value.value)


def test_a_decision_that_is_passed_twice_costs_one_turn() -> None:
    once = route(Prospect(lead_id="L1"), pool=POOL, router=RoundRobin(), context=derived(""))

    assert derived("", once) == derived("", once, once, once.alone())


@pytest.mark.parametrize("load", [-1, 1.5, "2", None, True])
def test_a_load_that_is_no_count_is_refused(load: Any) -> None:
    with pytest.raises(OptionError, match=r"^load=\{'acme': .*\}: must be whole numbers of leads"):
        RoutingContext(as_of=NOW, load={"acme": load, "beta": 1})


@pytest.mark.parametrize("credit", [float("inf"), float("nan"), "1", None])
def test_a_credit_that_is_no_finite_number_is_refused(credit: Any) -> None:
    with pytest.raises(OptionError, match=r"^credits=\{'acme': .*\}: must be finite numbers"):
        RoutingContext(as_of=NOW, credits={"acme": credit, "beta": Fraction(1, 2)})


def test_counts_and_numbers_of_other_kinds_are_taken() -> None:
    class Count(int):
        """A count of another library's, as arrays have them."""

    context = RoutingContext(as_of=NOW, load={"acme": Count(2)}, credits={"acme": 0.5, "beta": 1})

    assert ({"acme": 2}, {"acme": 0.5, "beta": 1}) == (context.load, context.credits)


def test_one_text_in_place_of_those_excluded_is_refused() -> None:
    names: Any = "acme"

    with pytest.raises(OptionError, match=r"^excluded=\{'L1': 'acme'\}: must be sets of names"):
        RoutingContext(as_of=NOW, excluded={"L1": names, "L2": frozenset({"acme"})})


@pytest.mark.parametrize("counts", [(-1, 0), (0, -1), (0.5, 0), (0, float("nan")), (True, 0)])
def test_an_outcome_is_made_of_counts(counts: Any) -> None:
    wins, losses = counts

    with pytest.raises(OptionError, match="must be a whole number of leads, at least 0"):
        Outcome(wins, losses)


def test_counts_in_place_of_an_outcome_are_refused() -> None:
    counts: Any = (3, 1)

    with pytest.raises(OptionError, match=r"^outcomes=\{'acme': \(3, 1\)\}: .*Outcome\(wins=3"):
        RoutingContext(as_of=NOW, outcomes={"acme": counts, "beta": Outcome(3, 1)})


def test_the_end_of_a_protection_is_an_instant() -> None:
    berlin = datetime(2026, 5, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))

    assert datetime(2026, 5, 1, tzinfo=UTC) == Protection("acme", "r1", berlin).until
    with pytest.raises(NaiveInstantError, match="until"):
        Protection("acme", "r1", datetime(2026, 5, 1))  # noqa: DTZ001 - the fault
