from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from partnerleads.errors import MissingExtraError, SolverError
from partnerleads.routing import BatchProblem, BatchSolver
from partnerleads.solvers import optimal, optimal_by_scipy

SOLVERS = pytest.mark.parametrize("solver", [optimal, optimal_by_scipy])


def problem(**given: list[float]) -> BatchProblem:
    values = given.get("values", [9.0, 8.0, 7.0])
    return BatchProblem(slots=[1, 1], count=2, leads=[0, 0, 1], recipients=[0, 1, 0], values=values)


@SOLVERS
def test_a_solver_finds_the_best_pairs(solver: BatchSolver) -> None:
    assert [1, 2] == sorted(solver(problem()))


@SOLVERS
def test_pairs_worth_nothing_or_less_are_left_out(solver: BatchSolver) -> None:
    assert [2] == list(solver(problem(values=[-9.0, 0.0, 0.5])))
    assert [] == list(solver(problem(values=[-9.0, 0.0, -1.0])))
    assert [] == list(solver(BatchProblem(slots=[], count=0, leads=[], recipients=[], values=[])))


@SOLVERS
@pytest.mark.parametrize("unit", [1e-300, 1e-9, 1.0, 1e12, 1e300])
def test_the_unit_of_the_values_changes_nothing(solver: BatchSolver, unit: float) -> None:
    assert [1, 2] == sorted(solver(problem(values=[9 * unit, 8 * unit, 7 * unit])))


@pytest.mark.parametrize("unit", [1e-300, 1.0, 1e300])
def test_values_that_differ_by_little_are_told_apart(unit: float) -> None:
    """9 + 1.0000000001 against 8 + 2: the difference is one part in 10^11 of the largest."""
    close = BatchProblem(
        slots=[1, 1],
        count=2,
        leads=[0, 0, 1, 1],
        recipients=[0, 1, 0, 1],
        values=[one * unit for one in (9.0, 8.0, 2.0, 1.0000000001)],
    )

    assert [0, 3] == sorted(optimal(close))


@pytest.mark.parametrize(
    ("solver", "module", "words"),
    [
        (optimal, "ortools.graph.python.min_cost_flow", "ortools is not installed"),
        (optimal_by_scipy, "scipy.optimize", "scipy is not installed"),
        (optimal, "numpy", "ortools is not installed"),
        (optimal_by_scipy, "numpy", "scipy is not installed"),
    ],
)
def test_a_missing_package_names_what_to_install(
    solver: Callable[[BatchProblem], object],
    module: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingExtraError, match=rf"{words}; run: pip install 'partnerleads\[opti"):
        solver(problem())


def test_a_flow_that_is_not_solved_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from ortools.graph.python import min_cost_flow

    class Stuck(min_cost_flow.SimpleMinCostFlow):  # type: ignore[misc,name-defined]
        def solve(self) -> str:
            return "INFEASIBLE"

    monkeypatch.setattr(min_cost_flow, "SimpleMinCostFlow", Stuck)

    with pytest.raises(SolverError, match="found no answer: OR-tools says INFEASIBLE"):
        optimal(problem())


def test_a_programme_that_is_not_solved_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy import optimize

    stuck = SimpleNamespace(success=False, message="out of time")
    monkeypatch.setattr(optimize, "linprog", lambda *_, **__: stuck)

    with pytest.raises(SolverError, match="found no answer: out of time"):
        optimal_by_scipy(problem())
