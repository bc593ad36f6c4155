from __future__ import annotations

import copy
import pickle
from array import array
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from partnerleads import Lead, Money, solvers
from partnerleads.errors import MixedCurrencyError, OptionError, SolverError
from partnerleads.routing import (
    BatchProblem,
    HasCapacity,
    InTerritory,
    IsActive,
    KeepsRegistration,
    Pool,
    Prospect,
    Protection,
    Recipient,
    RoutingContext,
    TerritoryTree,
    assign_batch,
)
from partnerleads.routing.batches.greedy import greedy
from partnerleads.routing.batches.prices import bound_by, prices_of
from partnerleads.routing.batches.problem import total
from partnerleads.routing.batches.result import BatchResult

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
CONTEXT = RoutingContext(as_of=NOW)
VALUES = {"L1": {"acme": 9.0, "beta": 8.0}, "L2": {"acme": 7.0, "beta": 1.0}}
POOL = Pool([Recipient(recipient_id="acme", capacity=1), Recipient(recipient_id="beta")])


def leads(*names: str, **given: Any) -> list[Prospect]:
    return [Prospect(lead_id=name, **given) for name in names]


def best(problem: BatchProblem, /) -> list[int]:
    """The second and the third of the three pairs of VALUES: L1 to beta, L2 to acme."""
    return [1, 2] if len(problem) > 2 else []


def batch(**given: Any) -> BatchResult:
    asked = {"pool": POOL, "value": VALUES, "context": CONTEXT, **given}
    return assign_batch(asked.pop("leads", leads("L2", "L1")), **asked)


def problem(**given: Any) -> BatchProblem:
    asked = {
        "slots": [1, 1],
        "count": 2,
        "leads": [0, 0, 1],
        "recipients": [0, 1, 0],
        "values": [9.0, 8.0, 7.0],
    }
    return BatchProblem(**{**asked, **given})


def test_greedy_takes_the_best_pair_first_and_tells_what_it_passed_over() -> None:
    made = batch()

    assert [("L1", "acme", 9.0), ("L2", "beta", 1.0)] == [
        (one.lead.lead_id, one.recipient_id, one.value) for one in made.assignments
    ]
    assert "L2 goes to beta, worth 1: acme, worth 7, is full" == str(made.assignment("L2"))
    assert (10.0, "greedy") == (made.value, made.method)
    assert 15.0 <= made.upper_bound <= 15.02
    assert repr(made) == str(made)


def test_a_solver_finds_more_and_the_prices_prove_that_there_is_no_more() -> None:
    made = batch(solver=best)

    assert (15.0, 15.0, 0.0) == (made.value, made.upper_bound, made.gap)
    assert str(made) == (
        "2 of 2 leads assigned by best as of 2026-03-04 14:00 UTC\n"
        "  value 15, the most there is\n"
        "  L1 goes to beta, worth 8: acme, worth 9, is full\n"
        "  L2 goes to acme, worth 7\n"
        "  acme is full with 1; one slot more would add 1"
    )
    assert {"acme": (1, 1, 1.0), "beta": (None, 1, 0.0)} == {
        name: (room.free, room.taken, room.price) for name, room in made.slots.items()
    }


def test_a_solver_without_a_name_goes_by_its_class() -> None:
    class Choice:
        def __call__(self, problem: BatchProblem, /) -> list[int]:
            return best(problem)

    assert "Choice" == batch(solver=Choice()).method


def test_what_a_poor_solver_left_is_told_and_given_away_where_there_is_room() -> None:
    made = batch(solver=lambda _: [1])

    assert "acme" == made.assignment("L2").recipient_id
    made = batch(
        pool=Pool([Recipient(recipient_id="acme"), Recipient(recipient_id="beta")]),
        solver=lambda _: [1],
    )

    assert "L1 goes to beta, worth 8: acme, worth 9, is left out by the solver" == str(
        made.assignment("L1")
    )
    assert 16.0 <= made.upper_bound
    assert made.gap > 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([0, 2], "gave recipient number 0 more leads than its 1 free slots"),
        ([0, 1], "gave lead number 0 away twice"),
        ([4], "chose pair 4, but there are 4, from 0"),
        ([-1], "chose pair -1"),
        (["L1"], "must name pairs by their numbers"),
        (None, "must name pairs by their numbers"),
    ],
)
def test_a_solver_that_cannot_be_followed_is_refused(answer: Any, words: str) -> None:
    with pytest.raises(SolverError, match=words):
        batch(solver=lambda _: answer)


def test_open_leads_take_room_even_without_a_rule_of_capacity() -> None:
    made = batch(context=RoutingContext(as_of=NOW, load={"acme": 4}))

    assert ["beta", "beta"] == [one.recipient_id for one in made.assignments]
    assert (0, 0) == (made.slots["acme"].free, made.slots["acme"].taken)
    assert made.slots["acme"].full
    assert made.gap == 0


def test_leads_that_find_nobody_say_why() -> None:
    tree = TerritoryTree({"DE": "EMEA"})
    pool = Pool(
        [
            Recipient(recipient_id="acme", capacity=1, territories={"DE"}),
            Recipient(recipient_id="beta", capacity=1, territories={"DE"}),
        ],
        rules=(InTerritory(tree), HasCapacity()),
    )
    listed = [*leads("L1", "L2", "L3", "L4"), Prospect(lead_id="L5", facts=Lead(region="FR"))]
    values = {**VALUES, "L3": {"acme": 2, "beta": 0.5}, "L4": {"acme": -1}}
    made = batch(leads=listed, pool=pool, value=values)

    assert [
        "L3 goes to nobody: acme, worth 2, is full; beta, worth 0.5, is full",
        "L4 goes to nobody: none of the 2 that may take it is said to be worth 0 or more with it",
        "L5 goes to nobody: territory leaves 0 of 2; needed is FR",
    ] == [str(one) for one in made.unassigned]
    assert made.decisions[3].outcome.reasons == made.unassigned[1].reasons  # type: ignore[union-attr]
    assert "L1 goes to nobody: the pool has no recipient" == str(
        batch(leads=leads("L1"), pool=Pool([])).assignments[0]
    )


def test_leads_decided_before_keep_their_decision_unless_it_was_turned_down() -> None:
    first = batch(leads=leads("L1"))
    context = CONTEXT.after(first.decisions[0])
    again = batch(context=context)
    refused = batch(
        context=RoutingContext(
            as_of=NOW, decided=context.decided, excluded={"L1": frozenset({"acme"})}
        )
    )

    assert "L1 goes to acme: decided before, as of 2026-03-04 14:00 UTC" == str(
        again.assignment("L1")
    )
    assert (1.0, "beta") == (again.value, again.assignment("L2").recipient_id)
    assert first.decisions[0] == again.decisions[0]
    assert refused.assignment("L1").value is not None


def test_decisions_of_a_batch_are_decisions_like_others() -> None:
    made = batch(solver=best)
    one, other = made.decisions

    assert ("beta", 8.0, 0) == (one.chosen, one.score, one.turn)
    assert ("acme", 1, "assign_batch by best") == (other.chosen, other.turn, other.router)
    assert {"acme": 0.0, "beta": 1.0} == dict(one.propensities)
    assert "beta" == one.charge.payer
    assert made.decisions is made.decisions
    assert "L1 goes to beta by assign_batch by best" in str(one.explain())
    assert batch().decisions[0].policy != one.policy
    assert one.event().chosen == "beta"


def test_a_lead_that_nobody_got_is_explained_too() -> None:
    made = batch(leads=leads("L3"))

    assert "L3 goes to nobody." in str(made.decisions[0].explain())


def test_a_lead_that_somebody_has_a_right_to_takes_no_turn() -> None:
    context = RoutingContext(as_of=NOW, protections={"L1": (Protection("beta", "r-1"),)})
    rules = (KeepsRegistration(),)
    free = batch(context=context, pool=Pool(POOL.recipients, rules=rules))
    charged = batch(context=context, pool=Pool(POOL.recipients, rules=rules, charge_steered=True))

    assert "beta" == free.decisions[0].chosen == charged.decisions[0].chosen
    assert (None, "beta") == (free.decisions[0].charge.payer, charged.decisions[0].charge.payer)


def test_a_batch_is_rows_too() -> None:
    assert {
        "lead_id": "L2",
        "recipient_id": "beta",
        "value": 1.0,
        "price": 0.0,
        "passed_over": ["acme"],
        "reasons": [],
    } == batch().to_dicts()[1]


def test_a_large_batch_prints_its_beginning() -> None:
    names = [f"L{number:02}" for number in range(23)]
    made = batch(leads=leads(*names), value=lambda _, __: 1)

    assert str(made).endswith(
        "\n  L19 goes to beta, worth 1\n  and 3 more\n"
        "  acme is full with 1; one slot more would add 0"
    )
    assert "0 of 0 leads" in str(batch(leads=[]))


def test_a_lead_that_passed_many_over_names_three_of_them() -> None:
    crowd = [Recipient(recipient_id=f"p{number}", capacity=0) for number in range(5)]
    made = batch(leads=leads("L1"), pool=Pool(crowd), value=lambda _, one: int(one.recipient_id[1]))

    assert (
        "L1 goes to nobody: p4, worth 4, is full; p3, worth 3, is full; p2, worth 2, is full; "
        "and 2 more"
    ) == str(made.assignments[0])
    assert 5 == len(made.assignments[0].passed_over)


def test_values_are_numbers_of_any_exact_kind_and_none_where_a_pair_may_not_be() -> None:
    kinds = {"acme": Fraction(1, 2), "beta": Decimal("0.25")}

    made = batch(leads=leads("L1", "L2"), value=lambda _, one: kinds[one.recipient_id])
    barred = batch(value=lambda _, one: None if one.recipient_id == "acme" else 1)

    assert 0.75 == made.value
    assert ["beta", "beta"] == [one.recipient_id for one in barred.assignments]


def test_scores_are_multiplied_by_the_expected_values_of_the_leads() -> None:
    context = RoutingContext(as_of=NOW, scores={"close_rate": {"acme": 0.5}})
    listed = [
        Prospect(lead_id="L1", expected_value=Money("100", "EUR")),
        Prospect(lead_id="L2", expected_value=Money("300", "EUR")),
    ]
    made = batch(leads=listed, value="close_rate", context=context)
    plain = batch(value="close_rate", context=context)

    assert [("beta", 0.0), ("acme", 150.0)] == [
        (one.recipient_id, one.value) for one in made.assignments
    ]
    assert 0.5 == plain.value


def test_expected_values_that_cannot_be_compared_are_refused() -> None:
    context = RoutingContext(as_of=NOW, scores={"close_rate": {"acme": 0.5}})
    euro = Prospect(lead_id="L1", expected_value=Money("100", "EUR"))
    dollar = Prospect(lead_id="L2", expected_value=Money("100", "USD"))

    with pytest.raises(MixedCurrencyError, match="EUR, USD"):
        batch(leads=[euro, dollar], value="close_rate", context=context)
    with pytest.raises(OptionError, match="lead 'L3' states no expected value"):
        batch(leads=[euro, *leads("L3")], value="close_rate", context=context)
    with pytest.raises(OptionError, match="no table of scores"):
        batch(value="plv", context=context)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "9", Money("9", "EUR")])
def test_values_that_are_no_numbers_are_refused(value: Any) -> None:
    with pytest.raises(OptionError, match="is no finite number, for lead 'L1'"):
        batch(value=lambda _, __: value)


@pytest.mark.parametrize(
    "value",
    [1.7e308, 10**400, Fraction(10**400), Decimal("1e400"), Decimal("1e301")],
    ids=["float", "int", "Fraction", "Decimal", "small Decimal"],
)
def test_values_too_large_to_be_added_up_are_refused(value: Any) -> None:
    with pytest.raises(OptionError, match=r"is more than 1e\+300, for lead 'L1'; count in a"):
        batch(value=lambda _, __: value)


@pytest.mark.parametrize("kind", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")])
def test_decimals_that_are_no_numbers_are_refused(kind: Decimal) -> None:
    with pytest.raises(OptionError, match="is no finite number, for lead 'L1'"):
        batch(value=lambda _, __: kind)


@pytest.mark.parametrize("solver", [None, solvers.optimal, solvers.optimal_by_scipy])
def test_the_largest_values_are_added_up(solver: Any) -> None:
    names = [f"L{number}" for number in range(30)]
    made = batch(leads=leads(*names), value=lambda _, __: 1e300, solver=solver)

    assert pytest.approx(30e300) == made.value
    assert made.value <= made.upper_bound < 30.1e300


@pytest.mark.parametrize(
    "value", [-1.7e308, -(10**400), Decimal("-1e400")], ids=["float", "int", "Decimal"]
)
def test_a_pair_may_be_worse_than_nothing_by_any_amount(value: Any) -> None:
    made = batch(value=lambda _, one: value if one.recipient_id == "acme" else 1)

    assert ["beta", "beta"] == [one.recipient_id for one in made.assignments]


def test_misspelt_recipients_are_refused_together() -> None:
    values = {"L1": {"Acme": 9.0, "beta": 8.0}, "L2": {"acme ": 7.0, "zeta": 1.0}}

    with pytest.raises(OptionError) as caught:
        batch(value=values)

    assert str(caught.value) == (
        "value=['Acme', 'acme ', 'zeta']: not in the pool, while nothing is said of acme; "
        "correct the names, or leave out who is not in the pool"
    )


def test_of_many_recipients_that_no_value_names_the_first_are_told() -> None:
    crowd = Pool([Recipient(recipient_id=f"p{number}") for number in range(9)])

    with pytest.raises(OptionError, match=r"nothing is said of p0, p1, p2, p3, p4, \.\.\.;"):
        batch(pool=crowd)


def test_one_map_does_for_several_pools_and_batches() -> None:
    shared = {
        "L1": {"acme": 9.0, "beta": 8.0, "zeta": 99.0},
        "L2": {"acme": 7.0, "beta": 1.0},
        "L9": {"acme": 5.0, "zeta": 99.0},
    }

    assert 10.0 == batch(value=shared).value
    assert 9.0 == batch(value=shared, leads=leads("L1")).value
    assert 9.0 == batch(value=shared, pool=Pool(POOL.recipients[:1])).value


def test_who_may_take_none_of_the_leads_need_not_be_named() -> None:
    pool = Pool(
        [Recipient(recipient_id="acme"), Recipient(recipient_id="idle", active=False)],
        rules=(IsActive(),),
    )

    assert 9.0 == batch(pool=pool, value={"L1": {"acme": 9.0, "zeta": 99.0}}).value


def test_slips_are_refused_with_what_to_pass() -> None:
    with pytest.raises(OptionError, match="is no pool"):
        batch(pool=[])
    with pytest.raises(OptionError, match="list of `Prospect`"):
        batch(leads=["L1"])
    with pytest.raises(OptionError, match="list of `Prospect`"):
        batch(leads=7)
    with pytest.raises(OptionError, match="names two leads"):
        batch(leads=leads("L1", "L1"))
    with pytest.raises(OptionError, match="pass a function of lead and recipient"):
        batch(value=Recipient)
    with pytest.raises(OptionError, match=r"value=3: is no map from recipients .* lead 'L1'"):
        batch(value={"L1": 3})
    with pytest.raises(OptionError, match="solver='optimal': pass a solver"):
        batch(solver="optimal")
    with pytest.raises(OptionError, match="is not in the batch"):
        batch().assignment("L9")


def test_at_equal_worth_the_least_recently_chosen_comes_first_then_the_smaller_id() -> None:
    pool = Pool([Recipient(recipient_id=name) for name in ("acme", "beta", "corp")])
    context = RoutingContext(as_of=NOW, last_turns={"acme": 3, "corp": 1})
    first = batch(leads=leads("L1"), pool=pool, value=lambda _, __: 1, context=context)

    assert "beta" == first.assignments[0].recipient_id
    assert "acme" == batch(leads=leads("L1"), value=lambda _, __: 1).assignments[0].recipient_id


@pytest.mark.parametrize(
    "columns",
    [
        {"values": array("d", [9.0, 8.0, 7.0]), "leads": array("q", [0, 0, 1])},
        {"values": np.array([9.0, 8.0, 7.0]), "leads": np.array([0, 0, 1])},
        {"values": np.array([9, 8, 7], np.float32), "leads": np.array([0, 0, 1], np.int16)},
        {"values": iter((9, 8, 7)), "leads": (0, 0, 1)},
        {"values": np.array([9.0, 0.0, 8.0, 0.0, 7.0])[::2]},
    ],
)
def test_columns_come_as_lists_or_arrays_of_any_kind(columns: dict[str, Any]) -> None:
    made = problem(**columns)

    assert problem() == made
    assert made.values.readonly
    assert ([9.0, 8.0, 7.0], [0, 0, 1]) == (made.values.tolist(), made.leads.tolist())


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"leads": [0, 0]}, "differ in length"),
        ({"leads": [0, 0, 2]}, "leads=2: is none of the 2"),
        ({"recipients": [0, -1, 0]}, "recipients=-1: is none of the 2"),
        ({"slots": [1, -1]}, "slots=-1: must be at least 0"),
        ({"values": [1.0, float("nan"), 2.0]}, "values=nan: must be finite"),
        ({"values": ["9", 8, 7]}, "must hold numbers"),
        ({"leads": 3}, "must hold numbers"),
        ({"leads": [0.5, 0, 1]}, "must hold numbers"),
        ({"leads": [2**70, 0, 1]}, "must hold numbers"),
    ],
)
def test_a_problem_that_is_none_is_refused(columns: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        problem(**columns)


def test_greedy_never_takes_a_pair_worth_less_than_nothing() -> None:
    poor = problem(values=[-1.0, 0.0, 2.0])

    assert [2, 1] == greedy(poor)
    assert bound_by(poor, prices_of(poor, greedy(poor))) == 2.0 == total(poor, greedy(poor))


def test_a_problem_without_leads_or_recipients_is_worth_nothing() -> None:
    empty = BatchProblem(slots=[], count=0, leads=[], recipients=[], values=[])

    assert ([], [], 0.0) == (greedy(empty), prices_of(empty, []), bound_by(empty, []))


def test_a_batch_survives_pickling_and_copying() -> None:
    made = batch(value=VALUES, solver=best)
    again = pickle.loads(pickle.dumps(made))  # noqa: S301

    assert made == again == copy.deepcopy(made)
    assert made.batch.problem == again.batch.problem
    assert made.decisions == again.decisions


def test_a_recipient_that_was_full_before_does_not_loosen_the_bound() -> None:
    known = {"L1": {"acme": 9.0, "beta": 8.0, "full": 50.0}, "L2": {"acme": 7.0, "full": 50.0}}
    members = [
        Recipient(recipient_id=name, capacity=room)
        for name, room in (("acme", 1), ("beta", 1), ("full", 0))
    ]
    made = batch(pool=Pool(members), value=known)

    assert 9.0 == made.value
    assert 15.0 == pytest.approx(made.upper_bound, abs=0.0161)  # a thousandth of 9 and 7
    assert 50.0 == made.slots["full"].price  # L2, which gets nothing, would pay all it is worth


def test_a_notebook_shows_a_batch_as_a_table() -> None:
    crowd = Pool([Recipient(recipient_id="a<", capacity=1)])
    made = batch(pool=crowd, value={"L1": {"a<": 9.0}, "L2": {"a<": 7.0}})
    full = "a&lt; is full with 1; one slot more would add 7"

    assert made._repr_html_() == (
        "<table><caption>1 of 2 leads assigned by greedy as of 2026-03-04 14:00 UTC: "
        "value 9, the most there is</caption>"
        "<tr><th>lead</th><th>goes to</th><th>worth</th><th>why</th></tr>"
        "<tr><td>L1</td><td>a&lt;</td><td>9</td><td></td></tr>"
        "<tr><td>L2</td><td>nobody</td><td></td><td>a&lt;, worth 7, is full</td></tr>"
        f"</table><p>{full}</p>"
    )


def test_a_notebook_shows_the_beginning_of_a_large_batch() -> None:
    names = [f"L{number:02}" for number in range(25)]
    made = batch(leads=leads(*names), value=lambda *_: 1.0)
    page = made._repr_html_()

    assert ("<td>L19</td>" in page, "<td>L20</td>" in page) == (True, False)
    assert "<p>and 5 more</p>" in page


def test_the_best_choice_has_its_own_prices_however_often_they_rise() -> None:
    """Slot 5 raises slots 1 to 4, each of which raises slot 0, after all had raised it before."""
    rows = [(0, 0, 100.0), (5, 5, 100.0), (7, 5, 10.0)]
    for slot in range(1, 5):
        own = [(slot, slot, 100.0), (slot, 0, 100.0 + slot / 8)]
        rows += [*own, (5, slot, 95.0), (6, slot, 1.0)]
    taken = [place for place, (lead, slot, _) in enumerate(rows) if lead == slot]
    columns = (list(column) for column in zip(*rows, strict=True))
    asked = dict(zip(("leads", "recipients", "values"), columns, strict=True))
    made = problem(slots=[1] * 6, count=8, **asked)

    assert [5.5, 5.0, 5.0, 5.0, 5.0, 10.0] == prices_of(made, taken)
    assert 600.0 == bound_by(made, prices_of(made, taken)) == total(made, taken)


def test_prices_are_as_fine_as_the_values_with_whom_has_room() -> None:
    # lead 2 would pay 100 for lead 1's slot, and lead 1 then 100 more for lead 0's
    made = BatchProblem(
        slots=[1, 1, 0],
        count=3,
        leads=[0, 1, 1, 2, 2],
        recipients=[0, 0, 1, 1, 2],
        values=[900.0, 800.0, 700.0, 100.0, 1e12],
    )

    assert [200.0, 100.0, 1e12] == prices_of(made, [0, 2])
    assert 1600.0 == bound_by(made, prices_of(made, [0, 2])) == total(made, [0, 2])


def test_an_auction_over_the_smallest_numbers_there_are_comes_to_an_end() -> None:
    tiny = 5e-324
    made = problem(
        slots=[1, 1],
        count=3,
        leads=[0, 0, 1, 1, 2, 2],
        recipients=[0, 1] * 3,
        values=[3 * tiny] * 6,
    )
    poor = [0]  # two leads and a slot are left over, so there are no own prices

    assert 6 * tiny <= bound_by(made, prices_of(made, poor)) <= 9 * tiny
