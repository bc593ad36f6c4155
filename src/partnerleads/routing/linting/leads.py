"""Checks of a policy against leads as they are expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrs import evolve, field, frozen

from partnerleads.model.figure import counted
from partnerleads.routing.checks import Rule, SteeringRule
from partnerleads.routing.context import RoutingContext
from partnerleads.routing.linting.case import LintCase
from partnerleads.routing.linting.report import LintFinding, finding
from partnerleads.routing.moment_rules import HasCapacity, InWorkingHours, NotExcluded
from partnerleads.routing.pool import Pool
from partnerleads.routing.prospect import stated
from partnerleads.routing.recipient import Recipient
from partnerleads.routing.rules import HasExpertise

__all__ = ["check_leads"]

_OF_THE_MOMENT = (HasCapacity, InWorkingHours)


def check_leads(case: LintCase) -> Iterator[LintFinding]:
    """Whether every lead finds somebody, everybody some lead, and every rule and wish a use.

    Capacity and working hours are left out, as they depend on the moment.
    """
    context = case.context
    if context is None or not case.leads:
        return
    lasting = tuple(rule for rule in case.pool.rules if not isinstance(rule, _OF_THE_MOMENT))
    pool = evolve(case.pool, rules=lasting, preferences=())
    yield from _room(case, context)
    yield from _unasked(case)
    seen = _Seen()
    for lead in case.leads:
        left = pool.entitled(lead, context).candidates
        if not left:
            steps = pool.funnel(lead, context)
            why = "; ".join(str(step) for step in steps if step.count < step.before)
            yield finding("lead_unroutable", lead.lead_id, why or "the pool has no recipient")
            continue
        seen.may.update(one.recipient_id for one in left)
        for wish in case.pool.preferences:
            reached = [wish.level(one, lead, context) for one in left]
            best = max(reached)
            kept = [one for one, level in zip(left, reached, strict=True) if level == best]
            seen.narrowed[wish.name] += len(kept) < len(left)
            left = kept
        seen.stay.update(one.recipient_id for one in left)
    yield from _unreached(case, pool, seen, context)
    yield from _idle(case, lasting, seen, context)


@frozen
class _Seen:
    """What was seen over all leads.

    Attributes:
        may: Who passed the rules for one of them.
        stay: Who was left by the wishes, too.
        narrowed: For how many leads each wish narrowed anybody down.
    """

    may: set[str] = field(factory=set)
    stay: set[str] = field(factory=set)
    narrowed: Counter[str] = field(factory=Counter)


def _room(case: LintCase, context: RoutingContext) -> Iterator[LintFinding]:
    active = case.active
    free = sum(
        max(one.capacity - context.load.get(one.recipient_id, 0), 0)
        for one in active
        if one.capacity is not None
    )
    if active and all(one.capacity is not None for one in active) and free < len(case.leads):
        yield finding(
            "capacity_short", "pool", f"room for {free} of {counted(len(case.leads), 'lead')}"
        )


def _unasked(case: LintCase) -> Iterator[LintFinding]:
    rules = case.rules(HasExpertise)
    if not rules:
        return
    asked = {topic for rule in rules for lead in case.leads for topic in stated(lead, rule.facts)}
    for topic in sorted({topic for one in case.active for topic in one.expertise} - asked):
        names = [one.recipient_id for one in case.active if topic in one.expertise]
        evidence = f"none of {counted(len(case.leads), 'lead')}; known by {', '.join(names)}"
        yield finding("expertise_unasked", topic, evidence)


def _unreached(
    case: LintCase, pool: Pool, seen: _Seen, context: RoutingContext
) -> Iterator[LintFinding]:
    none = f"none of {counted(len(case.leads), 'lead')}"
    for one in case.active:
        name = one.recipient_id
        if name not in seen.may:
            evidence = f"{none}; {_stopped(case, pool, one, context)}"
            yield finding("recipient_unreached", name, evidence)
        elif name not in seen.stay:
            yield finding("recipient_never_preferred", name, none)


def _stopped(case: LintCase, pool: Pool, one: Recipient, context: RoutingContext) -> str:
    """How many leads each rule keeps from a recipient."""
    stops = {
        rule.name: sum(not rule.passes(one, lead, context) for lead in case.leads)
        for rule in pool.rules
    }
    return ", ".join(f"{name} stops {count}" for name, count in stops.items() if count)


def _idle(
    case: LintCase, rules: tuple[Rule, ...], seen: _Seen, context: RoutingContext
) -> Iterator[LintFinding]:
    """Rules and wishes without effect; claims and exclusions wait for a case, and are left out."""
    for rule in rules:
        waits = isinstance(rule, SteeringRule | NotExcluded) or rule.name == "active"
        if (
            case.active
            and not waits
            and all(rule.passes(one, lead, context) for lead in case.leads for one in case.active)
        ):
            yield finding(
                "rule_idle", rule.name, f"all pass it for {counted(len(case.leads), 'lead')}"
            )
    for wish in case.pool.preferences:
        if not seen.narrowed[wish.name] and seen.may:
            evidence = f"for none of {counted(len(case.leads), 'lead')} does anybody meet it better"
            yield finding("wish_idle", wish.name, evidence)
