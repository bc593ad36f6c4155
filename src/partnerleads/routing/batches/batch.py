"""Many leads at once: who gets which, so that all of them together are worth most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from partnerleads.errors import OptionError
from partnerleads.model import FrozenMap, RecipientId
from partnerleads.routing.arguments import check_context, check_pool
from partnerleads.routing.batches.asked import Batch, batch_of
from partnerleads.routing.batches.greedy import greedy
from partnerleads.routing.batches.prices import bound_by, prices_of
from partnerleads.routing.batches.problem import (
    BatchSolver,
    checked_choice,
    pairs_of_leads,
    total,
)
from partnerleads.routing.batches.result import Assignment, BatchResult, PassedOver, Slots
from partnerleads.routing.batches.values import PairValues
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.pool import Pool
from partnerleads.routing.prospect import Prospect

__all__ = ["assign_batch"]


def assign_batch(
    leads: Iterable[Prospect],
    *,
    pool: Pool,
    value: PairValues,
    context: RoutingContext,
    solver: BatchSolver | None = None,
) -> BatchResult:
    """Give many leads away at once, each to one recipient at most, none to one that is full.

    The pool says who may take which lead as of the moment; a recipient takes as many as its
    capacity leaves beside what it has open, whether or not capacity is a rule of the pool. The sum
    of the values is to be as large as can be: without a solver the pair worth most goes first,
    which is quick and deterministic; the result says how far it can be from the best. A solver
    finds the best, and what it answers is verified. A lead that it leaves over though somebody
    has room for it, at no loss, is assigned after all. A pair worth less than nothing never is.

    Leads that were decided before keep their decision, as in :func:`route`. A wish narrows down
    whom a lead can go to before anybody is full; where that leaves a lead over, pass it again with
    the context after the decisions.

    Args:
        leads: The leads, in any order.
        pool: The recipients, with rules and wishes.
        value: What each pair is worth: a function of lead and recipient that answers a number of
            at most 1e300, or None where the pair may not be; the same as
            ``{lead_id: {recipient_id: number}}``, which may name more than there are; or the name
            of a table of scores in the context, to be multiplied by the expected values of the
            leads, where one without a score has 0.
        context: What varies: moment, loads, decisions, scores.
        solver: What chooses the pairs, such as ``partnerleads.solvers.optimal``.

    Raises:
        OptionError: When two leads have one id; when *pool*, *context*, *solver*, *value* or one of
            its answers is none; or when a map names recipients who are not in the pool, while it
            says nothing of one who may take a lead: then names are likely misspelt, and all are
            told.
        MixedCurrencyError: When scores would multiply expected values in several currencies.
        SolverError: When what the solver answers cannot be followed.

    >>> from datetime import UTC, datetime
    >>> from partnerleads.routing import Prospect, Recipient
    >>> pool = Pool([Recipient(recipient_id="acme", capacity=1), Recipient(recipient_id="beta")])
    >>> made = assign_batch(
    ...     [Prospect(lead_id="L1"), Prospect(lead_id="L2")],
    ...     pool=pool,
    ...     value={"L1": {"acme": 9.0, "beta": 8.0}, "L2": {"acme": 7.0, "beta": 1.0}},
    ...     context=RoutingContext(as_of=datetime(2026, 3, 4, tzinfo=UTC)),
    ... )
    >>> print(made)
    2 of 2 leads assigned by greedy as of 2026-03-04 00:00 UTC
      value 10, at most 33.37 % below the best (no more than 15.008)
      L1 goes to acme, worth 9
      L2 goes to beta, worth 1: acme, worth 7, is full
      acme is full with 1; a slot costs 6.008
    """
    check_pool(pool)
    check_context(context)
    if solver is not None and not callable(solver):
        raise OptionError("solver", solver, "pass a solver such as partnerleads.solvers.optimal")
    batch = batch_of(leads, pool=pool, value=value, context=context)
    problem, name = batch.problem, "greedy"
    if solver is None:
        chosen = sorted(greedy(problem))
    else:
        name = getattr(solver, "__name__", type(solver).__name__)
        asked = checked_choice(name, problem, solver(problem))
        chosen = sorted(greedy(problem, taken=asked))
    prices, worth = prices_of(problem, chosen), total(problem, chosen)
    slots = _slots(batch, chosen, prices)
    made = [*_before(batch), *_assignments(batch, chosen, slots)]
    return BatchResult(
        as_of=context.as_of,
        method=name,
        assignments=tuple(sorted(made, key=lambda one: one.lead.lead_id)),
        value=worth,
        upper_bound=max(bound_by(problem, prices), worth),
        slots=slots,
        batch=batch,
    )


def _slots(
    batch: Batch, chosen: Iterable[int], prices: Sequence[float]
) -> FrozenMap[RecipientId, Slots]:
    problem = batch.problem
    taken = Counter(problem.recipients[pair] for pair in chosen)
    rows = zip(batch.recipients, problem.slots, prices, strict=True)
    made = {
        one.recipient_id: Slots(None if one.capacity is None else free, taken[place], price)
        for place, (one, free, price) in enumerate(rows)
    }
    return FrozenMap({name: made[name] for name in sorted(made)})


def _before(batch: Batch) -> Iterator[Assignment]:
    """The leads that were decided before."""
    for known in batch.decided:
        words = f"decided before, as of {known.as_of:%Y-%m-%d %H:%M} UTC"
        yield Assignment(lead=known.lead, recipient_id=known.chosen, reasons=(words,))


def _assignments(
    batch: Batch, chosen: Iterable[int], slots: FrozenMap[RecipientId, Slots]
) -> Iterator[Assignment]:
    problem = batch.problem
    taken = {problem.leads[pair]: pair for pair in chosen}
    rows = zip(batch.leads, pairs_of_leads(problem), strict=True)
    for number, (lead, pairs) in enumerate(rows):
        pair = taken.get(number)
        low = None if pair is None else problem.values[pair]
        better = sorted(
            (one for one in pairs if low is None or problem.values[one] > low),
            key=lambda one: -problem.values[one],
        )
        names = [batch.recipients[problem.recipients[one]].recipient_id for one in better]
        over = tuple(
            PassedOver(name, problem.values[one], slots[name].full)
            for name, one in zip(names, better, strict=True)
        )
        if pair is None:
            reasons = () if pairs else _no_pair(batch, number)
            yield Assignment(lead=lead, recipient_id=None, passed_over=over, reasons=reasons)
            continue
        recipient_id = batch.recipients[problem.recipients[pair]].recipient_id
        yield Assignment(
            lead=lead,
            recipient_id=recipient_id,
            value=low,
            price=slots[recipient_id].price,
            passed_over=over,
        )


def _no_pair(batch: Batch, number: int) -> tuple[str, ...]:
    """Why a lead has no pair to choose from."""
    lead, entitled = batch.leads[number], batch.entitled[number]
    if entitled.candidates:
        count = len(entitled.candidates)
        return (f"none of the {count} that may take it is said to be worth 0 or more with it",)
    return _nobody_may(lead, batch.pool, batch.context)


def _nobody_may(lead: Prospect, pool: Pool, context: RoutingContext) -> tuple[str, ...]:
    """Whom the rules leave over, one after the other."""
    if not pool.recipients:
        return ("the pool has no recipient",)
    steps = pool.funnel(lead, context)
    return tuple(str(step) for step in steps if step.count < step.before)
