"""A router is checked against every law: sound ones pass, and each broken one is found out."""

from __future__ import annotations

import gc
import pickle
import sys
from collections.abc import Callable
from random import Random
from time import perf_counter
from typing import Any

import pytest
from attrs import evolve

from partnerleads import testing
from partnerleads.errors import OptionError, RouterCheckError
from partnerleads.routing import ByPlv, RoundRobin, Router
from partnerleads.testing.router_cases import router_case
from tests.unit.testing.broken_answers import HidingReasons, Raising, Repeating, by_score
from tests.unit.testing.broken_habits import Deaf, Relative
from tests.unit.testing.broken_routers import BROKEN

FEW = 30


def refusal(factory: Callable[[], Router], **options: Any) -> RouterCheckError:
    with pytest.raises(RouterCheckError) as caught:
        testing.check_router(factory, examples=FEW, **options)
    return caught.value


@pytest.mark.parametrize(
    ("factory", "claim", "checks"), BROKEN, ids=[f"{row[0].__name__} {row[1]}" for row in BROKEN]
)
def test_a_broken_router_is_found_by_exactly_the_checks_of_what_it_breaks(
    factory: Callable[[], Router], claim: str, checks: set[str]
) -> None:
    error = refusal(factory, claims=[claim] if claim else [])

    assert checks == {law.check for law in error.broken}


def test_every_check_finds_a_broken_router() -> None:
    found = set().union(*(checks for _, _, checks in BROKEN))

    assert [] == [check.name for check in testing.router_checks() if check.name not in found]


def test_the_error_says_what_is_broken_with_a_small_question() -> None:
    error = refusal(Repeating)

    assert "Repeating breaks 1 law" in str(error)
    assert "named_once: It names nobody twice." in str(error)
    assert 1 == str(error).count("Recipient(recipient_id=")
    assert "rules" not in str(error)


def test_the_question_keeps_what_the_law_needs() -> None:
    text = str(refusal(HidingReasons))

    assert 2 == text.count("Recipient(recipient_id=")
    assert "load={" in text
    assert "outcomes" not in text


def test_the_error_is_pickled_with_its_facts_and_fails_a_test_of_any_runner() -> None:
    error = refusal(Raising)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here

    assert isinstance(again, AssertionError)
    assert (error.router, error.broken) == (again.router, again.broken)
    assert "raises KeyError: 'industry'" in str(again)


def test_a_law_that_is_expected_to_fail_is_no_error() -> None:
    reason = "scores within what the table spans"

    testing.check_router(
        Relative, examples=FEW, expected_failures={"ineligible_irrelevant": reason}
    )


def test_a_law_that_is_expected_to_fail_and_holds_is_an_error() -> None:
    error = refusal(RoundRobin, expected_failures={"no_clock": "it logs"})

    assert ["no_clock"] == [law.check for law in error.broken]
    assert "it holds, and is expected to fail: it logs" in str(error)


def test_a_router_that_only_raises_where_it_is_asked_lead_after_lead_is_still_broken() -> None:
    class Tiring(RoundRobin):
        def rank(self, lead: Any, candidates: Any, context: Any, /) -> Any:
            if lead.lead_id == "S7":
                raise RuntimeError("tired")
            return super().rank(lead, candidates, context)

    error = refusal(Tiring)

    assert ["within_capacity"] == [law.check for law in error.broken]
    assert "raises RuntimeError: tired" in str(error)


def test_own_questions_are_asked_first() -> None:
    class Particular(RoundRobin):
        def rank(self, lead: Any, candidates: Any, context: Any, /) -> Any:
            places = list(super().rank(lead, candidates, context))
            return [*places, places[-1]] if lead.facts.region == "MARS" else places

    case = router_case(Random(0))
    lead = evolve(case.lead, facts=evolve(case.lead.facts, region="MARS"))

    testing.check_router(Particular, examples=1)
    error = refusal(Particular, cases=[evolve(case, lead=lead, rules=(), preferences=())])

    assert ["named_once"] == [law.check for law in error.broken]


def test_the_tables_that_a_router_reads_are_named() -> None:
    def factory() -> Router:
        return ByPlv(table="fit")

    testing.check_router(factory, claims=["score"], tables=["fit"], examples=FEW)
    error = refusal(factory)

    assert "OptionError: table='fit'" in str(error)


def test_a_table_in_which_more_is_not_better_is_named_too() -> None:
    class NetOfCosts:
        def rank(self, lead: Any, candidates: Any, context: Any, /) -> Any:  # noqa: ARG002 - a lead costs what it costs
            def score(one: Any) -> float:
                return context.score("gain", one.recipient_id) - context.score(
                    "cost", one.recipient_id
                )

            return by_score(candidates, score)

    testing.check_router(
        NetOfCosts, claims=["score"], tables=["gain"], other_tables=["cost"], examples=FEW
    )
    error = refusal(NetOfCosts, claims=["score"], tables=["gain", "cost"])

    assert "raised_score" in {law.check for law in error.broken}


def test_the_same_seed_asks_the_same() -> None:
    assert str(refusal(Deaf, claims=["score"])) == str(refusal(Deaf, claims="score"))
    assert str(refusal(Deaf, claims=["score"], seed=1)) != str(refusal(Deaf, claims=["score"]))


def test_a_profiler_that_runs_goes_on() -> None:
    def profiler(*_: object) -> None:
        pass

    sys.setprofile(profiler)
    try:
        testing.check_router(RoundRobin, examples=1)
        after = sys.getprofile()
    finally:
        sys.setprofile(None)

    assert profiler is after


def test_what_others_hang_on_to_the_collector_is_no_clock_of_the_router() -> None:
    def collected(*_: object) -> None:
        perf_counter()

    limits = gc.get_threshold()
    gc.callbacks.append(collected)
    gc.set_threshold(1)
    try:
        testing.check_router(RoundRobin, examples=1)
    finally:
        gc.set_threshold(*limits)
        gc.callbacks.remove(collected)

    assert gc.isenabled()


@pytest.mark.parametrize(
    ("factory", "options", "words"),
    [
        (RoundRobin(), {}, "makes no router; pass the class"),
        (dict, {}, "is no router"),
        (RoundRobin, {"claims": ["fairness"]}, "is no claim; there are rotation, score"),
        (RoundRobin, {"examples": 0}, "must be at least 1"),
        (RoundRobin, {"expected_failures": {"no_cloc": "slow"}}, "is no check of this router"),
        (RoundRobin, {"expected_failures": {"dominance": "slow"}}, "is no check of this router"),
        (RoundRobin, {"expected_failures": {"no_clock": " "}}, "needs a reason"),
    ],
)
def test_a_slip_is_answered_with_what_to_pass(
    factory: Any, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(OptionError, match=words):
        testing.check_router(factory, **options)
