"""One decision: what is verified, what is recorded, and what is told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen

from partnerleads import Lead
from partnerleads.errors import OptionError, RouterError
from partnerleads.events import LeadRouted
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    ByPlv,
    Fallback,
    HasCapacity,
    HasExpertise,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    LeastLoaded,
    Pool,
    Preference,
    Prospect,
    Protection,
    Ranked,
    Recipient,
    RoundRobin,
    RoutingContext,
    Thompson,
    Unroutable,
    route,
)
from partnerleads.routing.canonical import canonical_json, fingerprint

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
CONTEXT = RoutingContext(as_of=NOW, scores={"plv": {"acme": 0.5, "beta": 0.25}})
LEAD = Prospect(lead_id="L1", facts=Lead(industry="steel", account="globex"))
CROWD = [Recipient(recipient_id=name) for name in ("beta", "acme")]
RULES = (IsActive(), HasExpertise(), HasCapacity(), KeepsRegistration(), KeepsAccountOwner())


@frozen
class Says:
    """A router that says what it is told to say."""

    places: Any

    def rank(self, *_: object) -> Iterator[Any]:
        return iter(self.places)


def decide(router: Any, pool: Pool | None = None, context: RoutingContext = CONTEXT) -> Any:
    return route(LEAD, pool=pool or Pool(CROWD), router=router, context=context)


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (["acme"], "'acme'\" is no place; yield `Ranked`"),
        ([Ranked("corp", {"luck": 1})], "'corp' may not take the lead"),
        ([Ranked("acme", {"luck": 1})] * 2, "'acme' stands in the order twice"),
        ([Ranked("acme", {})], "'acme' has no finite score: {}"),
        ([Ranked("acme", {"luck": float("nan")})], "has no finite score: {'luck': nan}"),
        ([Ranked("acme", {"luck": 1}), Ranked("beta", {"luck": float("inf")})], "finite score"),
        ([Ranked("acme", {"luck": 10**400})], "has no finite score"),
        ([Ranked("acme", {"luck": 1e308, "more": 1e308})], "has no finite score"),
        ([Ranked("acme", {"luck": "1"})], "has no finite score"),  # type: ignore[dict-item]
        (
            [Ranked("acme", {"luck": 1}), Ranked("beta", {"luck": 2.5})],
            "'beta' with 2.5 stands after 'acme' with 1; yield the best first",
        ),
        (
            [Ranked("acme", {"luck": 0}), Ranked("beta", {"luck": 10**20, "fee": 1 - 10**20})],
            "'beta' with 1 stands after 'acme' with 0; yield the best first",
        ),
        ([Ranked("acme", {"luck": 1}, (), {"acme": 0.5})], "chances"),
        ([Ranked("acme", {"luck": 1}, (), {"acme": 1.5, "beta": -0.5})], "chances"),
        ([Ranked("acme", {"luck": 1}, (), {"acme": 1.0, "corp": 0.0})], "chances"),
        ([Ranked("acme", {"luck": 1}, (), {"beta": 1.0})], "chances"),
    ],
)
def test_an_answer_that_cannot_be_followed_is_refused(places: Any, words: str) -> None:
    with pytest.raises(RouterError) as caught:
        decide(Says(places))

    assert words in str(caught.value)
    assert ("Says", "L1") == (caught.value.router, caught.value.lead_id)


def test_an_answer_that_is_no_order_is_refused() -> None:
    class Forgets:
        def rank(self, *_: object) -> Any:
            """Sorts, and does not say what came of it."""

    with pytest.raises(RouterError, match="Forgets on lead 'L1': 'None' is no order; yield"):
        decide(Forgets())


def test_a_recipient_in_the_place_of_its_id_is_refused() -> None:
    with pytest.raises(RouterError, match="is no id; give `Ranked` the recipient_id"):
        decide(Says([Ranked(CROWD[0], {"luck": 1})]))  # type: ignore[arg-type]


def test_only_the_places_that_are_read_are_worked_out() -> None:
    def endless() -> Iterator[Ranked]:
        yield Ranked("acme", {"luck": 2})
        yield Ranked("beta", {"luck": 1})
        raise AssertionError("a third place was asked for")

    decision = decide(Says(endless()))

    assert ("acme", "beta", 1) == (decision.chosen, decision.runner_up, decision.margin)


def test_one_place_is_too_few_to_tell_a_margin() -> None:
    with pytest.raises(OptionError, match="at least 2"):
        route(LEAD, pool=Pool(CROWD), router=ByPlv(), context=CONTEXT, depth=1)


def test_one_candidate_is_told_as_one() -> None:
    alone = route(LEAD, pool=Pool(CROWD[:1]), router=Says([]), context=CONTEXT)

    assert Unroutable(("the router ranked none of 1 candidate",)) == alone.outcome


def test_a_router_that_names_nobody_leaves_the_lead_unroutable() -> None:
    decision = decide(Says([]))

    assert Unroutable(("the router ranked none of 2 candidates",)) == decision.outcome
    assert (None, None, None, None) == (
        decision.chosen,
        decision.score,
        decision.margin,
        decision.tie_break,
    )
    told = decision.explain()
    assert "L1 goes to nobody." == told.headline
    assert [("the router would have to name it",)] * 2 == [case.changes for case in told.cases]
    assert "  acme: place none\n" in str(told)


def test_an_empty_pool_says_so() -> None:
    decision = decide(RoundRobin(), Pool([]))

    assert Unroutable(("the pool has no recipient",)) == decision.outcome
    assert {} == decision.propensities


def test_the_reasons_are_whom_the_rules_leave_over() -> None:
    crowd = [
        Recipient(recipient_id="acme", expertise=["steel"], capacity=0),
        Recipient(recipient_id="beta", expertise=["steel"], active=False),
        Recipient(recipient_id="corp", expertise=["steel"], capacity=0),
        Recipient(recipient_id="dorn"),
    ]
    held = evolve(CONTEXT, protections={"L1": (Protection("acme", "r1"),)})

    decision = decide(RoundRobin(), Pool(crowd, rules=RULES), held)

    assert (
        "active leaves 3 of 4; needed is active",
        "expertise leaves 2 of 3; needed is steel",
        "capacity leaves 0 of 2; needed is room for one more",
    ) == decision.outcome.reasons
    told = decision.explain()
    assert decision.outcome.reasons == told.notes
    assert ["capacity"] == [check.rule for check in told.case("acme").failed]
    assert ["active", "registration"] == [check.rule for check in told.case("beta").failed]


def test_a_registered_lead_goes_to_its_holder_and_conflicts_are_told() -> None:
    crowd = [Recipient(recipient_id=name, expertise=["steel"]) for name in ("acme", "beta")]
    claims = (Protection("beta", "r1"), Protection("acme", "r2"))
    context = evolve(CONTEXT, protections={"L1": claims}, owners={"globex": "acme"})

    decision = decide(ByPlv(), Pool(crowd, rules=RULES), context)

    assert ("beta", ("registration",)) == (decision.chosen, decision.steered)
    assert (
        "registration r2 of acme is in force too",
        "acme owns globex, which beta has registered",
    ) == decision.conflicts
    assert decision.charge.payer is None
    told = str(decision.explain())
    assert "L1 goes to beta by ByPlv, as registration asks; no other was in its order." in told
    assert "  conflict: registration r2 of acme is in force too\n" in told


def test_an_owned_account_goes_to_its_owner_and_takes_a_turn_only_when_told() -> None:
    crowd = [Recipient(recipient_id=name, expertise=["steel"]) for name in ("acme", "beta")]
    context = evolve(CONTEXT, owners={"globex": "beta"})

    free, charged = (
        decide(ByPlv(), Pool(crowd, rules=RULES, charge_steered=told), context)
        for told in (False, True)
    )

    assert ("beta", ("account owner",)) == (free.chosen, free.steered)
    assert {} == context.after(free).credits
    assert {"beta": Fraction(0)} == context.after(charged).credits


def test_a_tie_is_told_by_what_decided_it() -> None:
    context = evolve(CONTEXT, last_turns={"acme": 3, "beta": 2})

    by_turn, by_id = decide(LeastLoaded(), context=context), decide(LeastLoaded())

    assert ("beta", "least recently chosen") == (by_turn.chosen, by_turn.tie_break)
    assert ("acme", "id") == (by_id.chosen, by_id.tie_break)
    assert "level with beta and before it by id." in by_id.explain().headline
    assert ("its score would have to rise, or it must come before acme in the ties",) == (
        by_id.explain().case("beta").changes
    )
    assert None is decide(ByPlv()).tie_break
    level = decide(Says([Ranked("acme", {"luck": 1}), Ranked("beta", {"luck": 1})]))
    assert None is level.tie_break
    assert (
        "L1 goes to acme by Says, level with beta and named before it." == level.explain().headline
    )


def test_a_wish_that_gives_way_is_recorded() -> None:
    pool = Pool(CROWD, preferences=(Preference(HasExpertise()),))

    decision = decide(ByPlv(), pool)

    assert ("preferred expertise",) == decision.relaxations
    assert str(decision) == (
        "L1 goes to acme by ByPlv, 0.25 before beta.\n"
        "  relaxed, as nobody meets it: preferred expertise"
    )
    assert "relaxed, as nobody meets it: preferred expertise" in decision.explain().notes
    expert = [*CROWD, Recipient(recipient_id="corp", expertise=["steel"])]
    met = decide(ByPlv(), Pool(expert, preferences=pool.preferences))
    assert ("corp", (), ("corp",)) == (met.chosen, met.relaxations, met.eligible)
    assert ("preferred expertise: knows nothing; needed is steel",) == (
        met.explain().case("acme").changes
    )


def test_a_draw_is_told_with_its_chance() -> None:
    decision = decide(Thompson())

    told = decision.explain()

    assert f"L1 goes to {decision.chosen} by Thompson, drawn with a chance of 0.5." == told.headline
    assert ("the draw would have to fall on it; its chance was 0.5",) == (
        told.case(str(decision.runner_up)).changes
    )


def test_the_decision_becomes_an_event() -> None:
    decision = decide(ByPlv())

    assert (
        LeadRouted(
            event_id=f"routed-{decision.decision_id}",
            occurred_at=NOW,
            lead_id="L1",
            decision_id=decision.decision_id,
            eligible=["acme", "beta"],
            chosen="acme",
            propensities={"acme": 1.0, "beta": 0.0},
            policy=decision.policy,
        )
        == decision.event()
    )


def test_a_decision_kept_alone_cannot_be_laid_out() -> None:
    decision = decide(ByPlv())

    assert decision == decision.alone()
    assert decision.record() == decision.alone().record()
    assert ["acme", "beta"] == [*decision.alone().situations]
    assert {} == evolve(decision, inputs=None, situations=None).situations
    with pytest.raises(OptionError, match="explain the decision that `route` returned"):
        decision.alone().explain()
    with pytest.raises(OptionError, match="is not in the pool"):
        decision.explain().case("corp")


def test_the_policy_is_told_by_its_fingerprint() -> None:
    pool, router = Pool(CROWD), ByPlv()
    one = decide(router, pool).policy

    assert one == decide(router, pool).policy
    assert one == decide(ByPlv(), Pool(CROWD[:1])).policy
    assert one != decide(ByPlv(missing=1), pool).policy
    assert one != decide(ByPlv(), Pool(CROWD, rules=(IsActive(),))).policy
    assert decide(ByPlv(), pool).recipients != decide(ByPlv(), Pool(CROWD[:1])).recipients


def test_recipients_and_rules_are_named_once() -> None:
    with pytest.raises(OptionError, match="names two recipients"):
        Pool([*CROWD, CROWD[0]])
    with pytest.raises(OptionError, match="names two of them"):
        Pool(CROWD, rules=(HasExpertise(), HasExpertise(("deal_type",))))


def test_a_value_without_fixed_form_has_no_fingerprint() -> None:
    class Loose:
        def __init__(self) -> None:
            self.luck = 1

    with pytest.raises(OptionError, match="has no fixed form"):
        fingerprint(Loose())


def test_recipients_with_other_days_off_have_another_fingerprint() -> None:
    def hours(days: Any) -> WorkingHours:
        return WorkingHours.parse({"mon-fri": "09:00-17:00"}, holidays=days)

    def told(days: Any) -> str:
        return Pool([Recipient(recipient_id="acme", hours=hours(days))]).recipients_fingerprint

    first, second = date(2026, 3, 4), date(2026, 3, 5)

    assert told({first}) != told(())
    assert told({first}) != told({second})
    assert told({first, second}) == told([second, first])


def test_recipients_with_other_hours_have_another_fingerprint() -> None:
    def told(spans: str) -> str:
        hours = WorkingHours.parse({"mon-fri": spans})
        return Pool([Recipient(recipient_id="acme", hours=hours)]).recipients_fingerprint

    assert told("09:00-17:00") == told(" 09:00-17:00")
    assert told("09:00-17:00") != told("09:00-18:00")


def test_a_calendar_of_another_package_is_told_by_its_kind() -> None:
    class Calendar(dict[date, str]):
        """Fills itself in as it is asked, so that what it holds by now says nothing."""

    hours = WorkingHours((), holidays=Calendar({date(2026, 3, 4): "Holi"}))

    assert canonical_json(hours) == (
        '{"":"WorkingHours","days":[],"holidays":{"":"' + Calendar.__qualname__ + '"},"tz":"UTC"}'
    )


def test_values_are_written_in_one_form() -> None:
    @dataclass(frozen=True)
    class Dated:
        on: Any

    class Bare:
        pass

    value = [None, True, 1, 0.5, Dated(NOW), Bare(), timedelta(hours=1), Decimal("1.50"), {2: "b"}]

    assert (
        '[null,true,1,0.5,{"":"' + Dated.__qualname__ + '","on":"2026-03-04T14:00:00+00:00"},'
        '{"":"' + Bare.__qualname__ + '"},"1:00:00","1.50",{"2":"b"}]'
    ) == canonical_json(value)


SCRIPT = """
from datetime import UTC, datetime
from partnerleads import Lead
from partnerleads.routing import *
crowd = [Recipient(recipient_id=n, expertise={"steel", "wood", n}, weight=w, territories={n, "DE"})
         for n, w in (("a", 5), ("b", 0.5), ("c", 1))]
pool = Pool(crowd, rules=(IsActive(), HasExpertise(("industry", "deal_type")), NotExcluded(
    {"globex": frozenset({"x", "y", "z"})})))
context = RoutingContext(as_of=datetime(2026, 3, 4, tzinfo=UTC), scores={"plv": {"a": .1, "c": .3}})
for router in (RoundRobin(), ByPlv(), Thompson(), Fallback([ByTier(("x",))])):
    for number in range(3):
        lead = Prospect(lead_id=f"L{number}", facts=Lead(industry="steel", deal_type="wood"))
        decision = route(lead, pool=pool, router=router, context=context)
        context = context.after(decision)
        print(decision.record())
"""


def test_the_record_is_the_same_in_every_process() -> None:
    def printed(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        return done.stdout

    first = printed("0")

    assert 12 == len(first.splitlines())
    assert [first, first] == [printed("1"), printed("4711")]


def test_a_fallback_asks_the_next_about_those_who_are_left() -> None:
    chain = Fallback((Says([Ranked("beta", {"luck": 1})]), ByPlv()))

    decision = decide(chain)

    assert ("beta", "acme") == (decision.chosen, decision.runner_up)
    first = Fallback((ByPlv(), Says([Ranked("corp", {"luck": 1})])))
    assert ["acme", "beta"] == [
        place.recipient_id for place in first.rank(LEAD, Pool(CROWD).recipients, CONTEXT)
    ]
    short = Fallback((Says([Ranked("beta", {"luck": 1})]),))
    assert None is decide(short).runner_up


def test_scores_are_not_compared_in_a_draw_or_between_routers_of_a_chain() -> None:
    low, high = Ranked("acme", {"luck": 1}), Ranked("beta", {"luck": 2})
    drawn = decide(Says([evolve(low, propensities={"acme": 0.5, "beta": 0.5}), high]))
    chained = decide(Fallback([Says([low]), Fallback([Says([high])])]))
    level = decide(Fallback([Says([low]), LeastLoaded(), Says([high])]))

    assert ("acme", "beta") == (drawn.chosen, drawn.runner_up)
    assert [(0,), (1, 0)] == [place.step for place in chained.ranked]
    told = chained.explain()
    assert (
        "L1 goes to acme by Fallback; beta is next, by a later router of the chain."
        == told.headline
    )
    assert ("an earlier router of the chain would have to name it",) == told.case("beta").changes
    assert None is level.tie_break


def test_scores_that_differ_by_rounding_alone_are_in_order() -> None:
    places = [Ranked("acme", {"luck": 0.3}), Ranked("beta", {"luck": 0.1 + 0.2})]

    assert "acme" == decide(Says(places)).chosen


def test_scores_whose_exact_parts_cancel_are_compared_exactly() -> None:
    great = Fraction(10**9) + Fraction(1, 3)
    places = [Ranked("acme", {"luck": great, "fee": -(10**9)}), Ranked("beta", {"luck": 0.25})]
    equal = evolve(places[1], parts={"luck": Fraction(1, 3)})
    large = [Ranked("acme", {"luck": 10**20, "fee": 1 - 10**20}), places[1]]

    for said in (places, [places[0], equal], [equal, places[0]], large):
        assert said[0].recipient_id == decide(Says(said)).chosen


@pytest.mark.parametrize("router", ["RoundRobin", RoundRobin, None])
def test_a_name_or_a_class_is_no_router(router: Any) -> None:
    with pytest.raises(OptionError, match=r"pass an object with a method `rank`, such as Round"):
        decide(router)


def test_a_list_is_no_pool() -> None:
    with pytest.raises(OptionError, match=r"is no pool; pass Pool\(recipients"):
        route(LEAD, pool=CROWD, router=ByPlv(), context=CONTEXT)  # type: ignore[arg-type]


@pytest.mark.parametrize("crowd", [CROWD[0], "acme", ["acme"]])
def test_a_pool_is_made_of_recipients(crowd: Any) -> None:
    with pytest.raises(OptionError, match="pass a list of `Recipient` objects"):
        Pool(crowd)


@pytest.mark.parametrize("name", ["rules", "preferences"])
@pytest.mark.parametrize("value", [IsActive(), (IsActive,)])
def test_rules_and_wishes_come_as_a_tuple_of_objects(name: str, value: Any) -> None:
    with pytest.raises(OptionError, match=f"{name}=.*pass a tuple of objects"):
        Pool(CROWD, **{name: value})


def test_a_score_is_made_of_named_parts() -> None:
    with pytest.raises(OptionError, match="name the parts of the score"):
        Ranked("acme", 5)  # type: ignore[arg-type]


def test_parts_of_arrays_are_numbers() -> None:
    chosen = route(
        LEAD,
        pool=Pool(CROWD),
        router=Says([Ranked("acme", {"fit": np.int64(2), "more": 0.5})]),  # type: ignore[dict-item]
        context=CONTEXT,
    )

    assert isinstance(chosen.outcome, Ranked)
    assert {"fit": 2, "more": 0.5} == chosen.outcome.parts
    assert int is type(chosen.outcome.parts["fit"])
    assert 2.5 == chosen.outcome.score


class Breaks:
    """A router that breaks off, at once or after its first place."""

    def __init__(self, *, late: bool) -> None:
        self.late = late

    def rank(self, *_: object) -> Any:
        if not self.late:
            raise ZeroDivisionError("no share")
        return (Ranked("acme", {"fit": 1 // number}) for number in (1, 0))


@pytest.mark.parametrize("late", [False, True])
def test_what_breaks_off_in_a_router_stays_what_it_is_and_names_the_lead(late: bool) -> None:  # noqa: FBT001
    with pytest.raises(ZeroDivisionError) as caught:
        route(LEAD, pool=Pool(CROWD), router=Breaks(late=late), context=CONTEXT)

    assert ["Breaks was asked about lead 'L1'"] == caught.value.__notes__
