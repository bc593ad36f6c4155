"""The pair that is worth most first, then the next one that is still free."""

from __future__ import annotations

from collections.abc import Iterable

from partnerleads.routing.batches.problem import BatchProblem

__all__ = ["greedy"]


def greedy(problem: BatchProblem, /, *, taken: Iterable[int] = ()) -> list[int]:
    """Go through the pairs by what they are worth, and take each that still fits.

    At equal worth the order of the pairs decides. The result is at least half of the best one,
    since each pair taken shuts out at most two that are worth no more; it may be worth less than
    taking the leads one by one as they come. Pairs worth less than nothing are never taken.

    Args:
        problem: What may be paired.
        taken: Numbers of the pairs that stand already.

    >>> problem = BatchProblem(slots=[1, 1], count=2, leads=[0, 0, 1], recipients=[0, 1, 0],
    ...                        values=[9.0, 8.0, 7.0])
    >>> greedy(problem)  # 9 alone, where 8 and 7 were to be had
    [0]
    """
    leads, recipients = problem.leads.tolist(), problem.recipients.tolist()
    values = problem.values.tolist()
    free, waiting = list(problem.slots), [True] * problem.count
    found = list(taken)
    for pair in found:
        free[recipients[pair]] -= 1
        waiting[leads[pair]] = False
    for pair in sorted(range(len(values)), key=values.__getitem__, reverse=True):
        if values[pair] < 0:
            break
        lead, recipient = leads[pair], recipients[pair]
        if waiting[lead] and free[recipient] > 0:
            waiting[lead] = False
            free[recipient] -= 1
            found.append(pair)
    return found
