"""What is wrong with a routing policy, before it goes live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from partnerleads.errors import OptionError
from partnerleads.model import Period
from partnerleads.model.period import check_period
from partnerleads.routing.arguments import check_pool
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.linting.case import LintCase, inner_routers
from partnerleads.routing.linting.hours import check_hours
from partnerleads.routing.linting.leads import check_leads
from partnerleads.routing.linting.recipients import (
    check_names,
    check_places,
    check_reach,
    check_room,
    check_rules,
    check_unasked,
)
from partnerleads.routing.linting.report import LintFinding, LintReport
from partnerleads.routing.linting.router import check_router
from partnerleads.routing.moment_rules import InWorkingHours
from partnerleads.routing.pool import Pool
from partnerleads.routing.prospect import Prospect
from partnerleads.routing.protocol import Router, checked_router

__all__ = ["lint"]

_CHECKS: tuple[Callable[[LintCase], Iterator[LintFinding]], ...] = (
    check_room,
    check_reach,
    check_unasked,
    check_places,
    check_names,
    check_rules,
    check_router,
    check_hours,
    check_leads,
)


def lint(
    pool: Pool,
    *,
    router: Router | None = None,
    leads: Iterable[Prospect] = (),
    context: RoutingContext | None = None,
    period: Period | None = None,
) -> LintReport:
    """Find what is wrong with a policy before leads depend on it.

    Everything that the arguments allow is looked at, and the report says what was not. Leads that
    are typical, such as those of the last quarter, tell most: who gets none of them, which of them
    find nobody, which rules and wishes never matter. For these, capacity and working hours are
    left out; hours are looked at over the period.

    Args:
        pool: The recipients, with rules and wishes.
        router: The router; parts of chains are looked at one by one.
        leads: Leads as they are expected.
        context: What varies: scores for the router, loads, claims and exclusions for the leads.
        period: When leads come; somebody must be at work in every hour of it.

    Returns:
        The findings, the worst first; each has a code of ``LINT_CODES``, evidence and a remedy.

    Raises:
        OptionError: When an argument is not what it must be, or leads come without a context.

    >>> from partnerleads.routing import HasCapacity, Recipient
    >>> pool = Pool([Recipient(recipient_id="acme", capacity=0)], rules=(HasCapacity(),))
    >>> print(lint(pool).findings[0])
    warning capacity_zero: acme: capacity 0
    """
    check_pool(pool)
    if router is not None:
        checked_router(router)
    given: Any = leads
    listed: tuple[Any, ...] = tuple(given) if isinstance(given, Iterable) else (None,)
    if not all(isinstance(lead, Prospect) for lead in listed):
        raise OptionError("leads", leads, "pass a list of `Prospect` objects")
    if listed and context is None:
        reason = "leads are judged as of a moment; pass context=RoutingContext(as_of=...)"
        raise OptionError("context", context, reason)
    check_period("period", period)
    case = LintCase(pool=pool, router=router, leads=listed, context=context, period=period)
    found = tuple(one for check in _CHECKS for one in check(case))
    return LintReport(findings=found, unchecked=tuple(_unchecked(case)))


def _unchecked(case: LintCase) -> Iterator[str]:
    if not case.leads:
        yield "whom leads reach, and which rules and wishes matter; pass leads and a context"
    if case.router is None:
        yield "the router; pass it as router"
    elif case.context is None and any(hasattr(one, "table") for one in inner_routers(case.router)):
        yield "whether the scores that the router reads are there; pass a context"
    if case.period is None and case.rules(InWorkingHours):
        yield "whether somebody is always at work; pass a period"
