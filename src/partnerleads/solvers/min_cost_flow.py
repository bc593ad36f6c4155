"""The best assignment as a flow of least cost, by OR-tools."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, log2
from typing import Any

from partnerleads.errors import MissingExtraError, SolverError
from partnerleads.routing import BatchProblem
from partnerleads.solvers.columns import columns

__all__ = ["optimal"]

_LARGEST = 59
"""Costs times nodes must stay below two to this power: the solver counts in 64 bits."""


def optimal(problem: BatchProblem, /) -> Iterable[int]:
    """The pairs that are worth most together, found as a flow of least cost.

    The solver counts in whole numbers, so values are multiplied by a power of two and rounded. It
    is as large as 64 bits allow: with 10 000 leads and 1 000 recipients a value is rounded by less
    than one part in 10^13 of the largest one. Pairs worth nothing or
    less are left out.

    Args:
        problem: What may be paired.

    Returns:
        The numbers of the chosen pairs.

    Raises:
        MissingExtraError: When OR-tools is not installed.
        SolverError: When the solver finds no answer.

    Source:
        The cost-scaling push-relabel algorithm, Goldberg and Tarjan 1990.
    """
    try:
        import numpy as np  # noqa: PLC0415 - an extra
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("ortools", "optimize") from error
    leads, recipients, values, slots = columns(problem)
    pairs = np.flatnonzero(values > 0)
    if not len(pairs):
        return ()
    count, ends = problem.count, len(slots)
    sink = count + ends
    power = _power(float(values.max()), sink + 1)
    costs = np.rint(np.ldexp(values[pairs], power)).astype(np.int64)
    every, each = np.arange(count), np.arange(ends)
    flow: Any = SimpleMinCostFlow()  # its stubs state arrays of the wrong kind
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((leads[pairs], count + each, every)),
        np.concatenate((count + recipients[pairs], np.full(ends + count, sink))),
        np.concatenate((np.ones(len(pairs), np.int64), slots, np.ones(count, np.int64))),
        np.concatenate((-costs, np.zeros(ends + count, np.int64))),
    )
    flow.set_nodes_supplies(every, np.ones(count, np.int64))
    flow.set_node_supply(sink, -count)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SolverError("optimal", f"found no answer: OR-tools says {status}")
    taken = flow.flows(arcs[: len(pairs)])
    return list(pairs[taken > 0].tolist())


def _power(largest: float, nodes: int) -> int:
    """To which power two is that values are multiplied by."""
    return floor(_LARGEST - log2(largest) - log2(nodes))
