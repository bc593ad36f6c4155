"""What holds of every batch, and a slow twin that tries every assignment."""

from __future__ import annotations

from itertools import product
from math import fsum, isclose

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerleads import solvers
from partnerleads.routing import (
    BatchProblem,
    BatchResult,
    BatchSolver,
    ByPlv,
    HasCapacity,
    Pool,
    Prospect,
    Recipient,
    RoutingContext,
    assign_batch,
    route,
)
from tests.properties.routing_cases import NOW, RULES, WISHES, contexts, crowds, prospects, scores

METHODS: dict[str, BatchSolver | None] = {
    "greedy": None,
    "or-tools": solvers.optimal,
    "scipy": solvers.optimal_by_scipy,
}
BEST = {name: solver for name, solver in METHODS.items() if solver is not None}
every_method = pytest.mark.parametrize("solver", METHODS.values(), ids=METHODS)
every_solver = pytest.mark.parametrize("solver", BEST.values(), ids=BEST)
FEW = settings(max_examples=settings().max_examples // 2)
Values = dict[str, dict[str, float]]


@st.composite
def small(draw: st.DrawFn) -> tuple[list[int], list[dict[int, float]]]:
    """Free slots of up to three recipients, and of up to five leads what each pair is worth."""
    slots = draw(st.lists(st.integers(0, 2), min_size=1, max_size=3))
    worth = st.integers(-3, 12).map(lambda eighths: eighths / 8)
    pairs = st.dictionaries(st.sampled_from(range(len(slots))), worth, max_size=len(slots))
    return slots, draw(st.lists(pairs, min_size=1, max_size=5))


def named(slots: list[int], worth: list[dict[int, float]]) -> tuple[list[Recipient], Values]:
    crowd = [Recipient(recipient_id=f"p{n}", capacity=room) for n, room in enumerate(slots)]
    values = {
        f"L{n}": {f"p{one}": value for one, value in pairs.items()} for n, pairs in enumerate(worth)
    }
    return crowd, values


def best_value(slots: list[int], worth: list[dict[int, float]]) -> float:
    """The value of the best assignment, by trying all of them."""
    best = 0.0
    for choice in product(*([None, *pairs] for pairs in worth)):
        taken = [one for one in choice if one is not None]
        if all(taken.count(one) <= room for one, room in enumerate(slots)):
            value = sum(w[one] for w, one in zip(worth, choice, strict=True) if one is not None)
            best = max(best, value)
    return best


def assigned(crowd: list[Recipient], values: Values, solver: BatchSolver | None) -> BatchResult:
    return assign_batch(
        [Prospect(lead_id=name) for name in values],
        pool=Pool(crowd, rules=(HasCapacity(),)),
        value=values,
        context=RoutingContext(as_of=NOW),
        solver=solver,
    )


@every_method
@FEW
@given(case=small())
def test_no_recipient_gets_more_than_fit_and_no_pair_that_may_not_be(
    solver: BatchSolver | None, case: tuple[list[int], list[dict[int, float]]]
) -> None:
    crowd, values = named(*case)
    made = assigned(crowd, values, solver)
    given_to = [one.recipient_id for one in made.assignments]

    assert all(given_to.count(one.recipient_id) <= (one.capacity or 0) for one in crowd)
    assert all(
        one.recipient_id is None or values[one.lead.lead_id][one.recipient_id] == one.value >= 0
        for one in made.assignments
    )
    assert isclose(fsum(one.value or 0 for one in made.assignments), made.value, abs_tol=1e-12)


@every_method
@FEW
@given(case=small())
def test_the_best_value_lies_between_the_value_and_the_bound(
    solver: BatchSolver | None, case: tuple[list[int], list[dict[int, float]]]
) -> None:
    made = assigned(*named(*case), solver)
    best = best_value(*case)

    assert made.value <= best + 1e-9
    assert best <= made.upper_bound + 1e-9
    assert 2 * made.value >= best


@every_solver
@FEW
@given(case=small())
def test_a_solver_finds_the_best_and_the_bound_proves_it(
    solver: BatchSolver, case: tuple[list[int], list[dict[int, float]]]
) -> None:
    made = assigned(*named(*case), solver)

    assert isclose(best_value(*case), made.value, abs_tol=1e-9)
    assert made.gap == 0


@every_solver
@FEW
@given(case=small())
def test_the_price_of_a_full_recipient_is_what_one_slot_more_adds(
    solver: BatchSolver, case: tuple[list[int], list[dict[int, float]]]
) -> None:
    slots, worth = case
    made = assigned(*named(slots, worth), solver)
    one_more = {
        f"p{n}": best_value([room + (n == place) for place, room in enumerate(slots)], worth)
        for n in range(len(slots))
    }
    added = {name: one_more[name] - best_value(slots, worth) for name in made.slots}

    assert added == pytest.approx({name: room.price for name, room in made.slots.items()})


@every_solver
@FEW
@given(case=small(), more=st.integers(1, 9), place=st.integers(0, 2))
def test_more_worth_with_every_lead_never_costs_a_recipient_a_lead(
    solver: BatchSolver,
    case: tuple[list[int], list[dict[int, float]]],
    more: int,
    place: int,
) -> None:
    slots, worth = case
    raised = [
        {one: value + more / 8 if one == place else value for one, value in pairs.items()}
        for pairs in worth
    ]

    def got(values: list[dict[int, float]]) -> int:
        made = assigned(*named(slots, values), solver)
        return sum(one.recipient_id == f"p{place}" for one in made.assignments)

    assert got(raised) >= got(worth)


@every_method
@FEW
@given(case=small(), data=st.data())
def test_the_order_of_leads_and_recipients_changes_nothing(
    solver: BatchSolver | None,
    case: tuple[list[int], list[dict[int, float]]],
    data: st.DataObject,
) -> None:
    crowd, values = named(*case)
    shuffled = {name: values[name] for name in data.draw(st.permutations(sorted(values)))}
    made = assigned(crowd, values, solver)
    again = assigned(data.draw(st.permutations(crowd)), shuffled, solver)

    assert made == again
    assert [one.record() for one in made.decisions] == [one.record() for one in again.decisions]


@given(crowd=crowds(), lead=prospects(), context=contexts())
def test_one_lead_goes_where_it_goes_one_by_one(
    crowd: list[Recipient], lead: Prospect, context: RoutingContext
) -> None:
    pool = Pool(crowd, rules=RULES, preferences=WISHES)
    table = context.scores["plv"]
    batch = assign_batch(
        [lead], pool=pool, value=lambda _, one: table.get(one.recipient_id, 0.0), context=context
    )
    alone = route(lead, pool=pool, router=ByPlv(), context=context)
    decision = batch.decisions[0]

    assert alone.chosen == batch.assignments[0].recipient_id == decision.chosen
    assert (alone.eligible, alone.levels, alone.steered, alone.charge) == (
        decision.eligible,
        decision.levels,
        decision.steered,
        decision.charge,
    )
    assert alone.outcome == decision.outcome or alone.chosen is not None


@every_method
@FEW
@given(
    crowd=crowds(),
    drawn=st.tuples(*(prospects(f"L{n}") for n in range(4))),
    context=contexts(),
    worth=st.dictionaries(st.sampled_from(["acme", "beta", "corp", "dorn"]), scores),
)
def test_nobody_gets_a_lead_that_a_rule_keeps_from_it_or_more_than_fit(
    solver: BatchSolver | None,
    crowd: list[Recipient],
    drawn: tuple[Prospect, ...],
    context: RoutingContext,
    worth: dict[str, float],
) -> None:
    pool = Pool(crowd, rules=RULES, preferences=WISHES)
    made = assign_batch(
        drawn,
        pool=pool,
        value=lambda _, one: worth.get(one.recipient_id, 0.5),
        context=context,
        solver=solver,
    )
    after = context
    for decision in made.decisions:
        after = after.after(decision)

    for one in made.assignments:
        may = {r.recipient_id for r in pool.entitled(one.lead, context).candidates}
        assert one.recipient_id is None or one.recipient_id in may
    assert all(
        one.capacity is None
        or after.load.get(one.recipient_id, 0)
        <= max(one.capacity, context.load.get(one.recipient_id, 0))
        for one in crowd
    )
    assert evolve(context) == context


@given(case=small(), data=st.data())
def test_a_solvers_leftovers_are_given_away_where_there_is_room(
    case: tuple[list[int], list[dict[int, float]]], data: st.DataObject
) -> None:
    def lazy(problem: BatchProblem, /) -> list[int]:
        first = {lead: pair for pair, lead in reversed(list(enumerate(problem.leads)))}
        free = list(problem.slots)
        kept = []
        for lead in data.draw(st.sets(st.sampled_from(range(problem.count)))):
            pair = first.get(lead)
            if pair is not None and free[problem.recipients[pair]]:
                free[problem.recipients[pair]] -= 1
                kept.append(pair)
        return kept

    made = assigned(*named(*case), lazy)
    room = {name for name, slots in made.slots.items() if not slots.full}

    assert all(
        {over.recipient_id for over in one.passed_over}.isdisjoint(room) for one in made.unassigned
    )
