"""Laws of every router: safe, repeatable, the same whatever the order, and sound in its reasons."""

from __future__ import annotations

import json
from fractions import Fraction
from math import fsum, isclose

import pytest
from attrs import evolve
from hypothesis import given, settings

from partnerleads.routing import (
    Pool,
    Prospect,
    Recipient,
    RoutingContext,
    Unroutable,
    route,
)
from partnerleads.testing import RouterCase, router_checks
from partnerleads.testing.router_checks import RouterCheck
from tests.properties.routing_cases import (
    RULES,
    STRATEGIES,
    WISHES,
    cases,
    contexts,
    crowds,
    fixed,
    naive,
    prospects,
)

GENERAL = [check for check in router_checks() if check.claim is None]


def pool_of(crowd: list[Recipient]) -> Pool:
    return Pool(crowd, rules=RULES, preferences=WISHES)


@pytest.mark.parametrize("check", GENERAL, ids=lambda check: check.name)
def test_every_router_keeps_the_law(check: RouterCheck) -> None:
    @settings(max_examples=max(settings.default.max_examples // (2 * check.effort), 2))
    @given(cases())
    def holds(case: RouterCase) -> None:
        for name, router in STRATEGIES.items():
            assert check.law(lambda made=router: made, case) is None, name

    holds()


@given(crowds(), prospects(), contexts())
def test_a_pool_answers_like_asking_every_rule_about_everybody(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    pool = pool_of(crowd)

    found = pool.entitled(lead, context)

    assert naive(pool, lead, context) == [one.recipient_id for one in found.candidates]


@given(crowds(), prospects(), contexts())
def test_the_chosen_one_passes_every_rule_or_nobody_does(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    for router in STRATEGIES.values():
        pool = pool_of(crowd)
        allowed = naive(pool, lead, context)

        decision = route(lead, pool=pool, router=router, context=context, depth=9)

        assert allowed == list(decision.eligible)
        assert {place.recipient_id for place in decision.ranked} <= {*allowed}
        assert (
            (decision.chosen is None) == (not allowed) == isinstance(decision.outcome, Unroutable)
        )


@given(crowds(), prospects(), contexts())
def test_removing_somebody_who_may_not_take_the_lead_changes_no_choice(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    for router in STRATEGIES.values():
        whole = route(lead, pool=pool_of(crowd), router=router, context=context)
        fewer = [one for one in crowd if one.recipient_id in whole.eligible]

        rest = route(lead, pool=pool_of(fewer), router=router, context=context)

        assert whole.ranked == rest.ranked
        assert whole.propensities == rest.propensities
        assert whole.charge == rest.charge


@given(crowds(), prospects(), contexts())
def test_a_decided_lead_keeps_its_decision_until_it_is_turned_down(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    for router in STRATEGIES.values():
        pool = pool_of(crowd)
        first = route(lead, pool=pool, router=router, context=context)
        if first.chosen is None:
            continue
        later = context.after(first)

        again = route(lead, pool=pool, router=router, context=later)

        assert first == again
        assert later is later.after(again)
        refused = evolve(later, excluded={lead.lead_id: frozenset({str(first.chosen)})})
        assert first.chosen != route(lead, pool=pool, router=router, context=refused).chosen


@given(crowds(), prospects(), contexts())
def test_the_chances_of_the_eligible_add_up_to_one(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    for router in STRATEGIES.values():
        decision = route(lead, pool=pool_of(crowd), router=router, context=context)

        assert list(decision.eligible) == list(decision.propensities)
        assert not decision.eligible or isclose(1.0, fsum(decision.propensities.values()))


@given(crowds(), prospects(), contexts())
def test_the_recorded_parts_give_the_recorded_score_and_margin(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    for router in STRATEGIES.values():
        record = json.loads(
            route(lead, pool=pool_of(crowd), router=router, context=context).record(),
            parse_float=Fraction,
        )
        totals = [sum(map(Fraction, place["parts"].values())) for place in record["ranked"]]
        if not totals:
            continue

        assert abs(totals[0] - Fraction(record["score"])) < Fraction(1, 10**9)
        if len(totals) > 1:
            assert abs(totals[0] - totals[1] - Fraction(record["margin"])) < Fraction(1, 10**9)


@given(crowds(), prospects(), contexts())
def test_fixing_the_only_rule_that_fails_makes_a_recipient_eligible(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    pool = Pool(crowd, rules=RULES)
    decision = route(lead, pool=pool, router=STRATEGIES["plv"], context=context)
    for case in decision.explain().cases:
        failed = [check.rule for check in case.failed]
        if len(failed) != 1:
            continue
        name = case.recipient_id
        one, mended, then = fixed(failed[0], pool.by_id[name], lead, context)
        others = [other for other in crowd if other.recipient_id != name]
        after = route(
            mended,
            pool=Pool([*others, one], rules=RULES),
            router=STRATEGIES["plv"],
            context=then,
        )

        assert name in after.eligible


@given(crowds(), prospects(), contexts())
def test_a_score_raised_as_the_explanation_says_wins_the_lead(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    pool, router = pool_of(crowd), STRATEGIES["plv"]
    decision = route(lead, pool=pool, router=router, context=context)
    for case in decision.explain().cases:
        if not case.eligible or case.recipient_id == decision.chosen or case.ranked is None:
            continue
        table = dict(context.scores["plv"])
        short = float(decision.ranked[0].score - case.ranked.score)
        table[case.recipient_id] = float(case.ranked.score) + short + 1e-6
        raised = evolve(context, scores={"plv": table})

        assert len(case.changes) == 1
        assert case.recipient_id == route(lead, pool=pool, router=router, context=raised).chosen


@given(crowds(), prospects(), contexts())
def test_an_explanation_has_everybody_once_with_every_rule(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    for router in STRATEGIES.values():
        pool = pool_of(crowd)
        decision = route(lead, pool=pool, router=router, context=context)

        told = decision.explain()
        turned = route(lead, pool=pool_of(crowd[::-1]), router=router, context=context)

        assert str(told) == str(turned.explain())
        assert {one.recipient_id for one in crowd} == {case.recipient_id for case in told.cases}
        assert len(crowd) == len(told.cases)
        for case in told.cases:
            assert [rule.name for rule in RULES] == [check.rule for check in case.rules][
                : len(RULES)
            ]
            assert case.eligible == (case.recipient_id in decision.eligible)
            assert (not case.changes) == (case.recipient_id == decision.chosen)
