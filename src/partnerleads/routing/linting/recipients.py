"""Checks of a policy that need nothing but the policy."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from partnerleads.model import RecipientId
from partnerleads.model.figure import counted
from partnerleads.routing.linting.case import LintCase
from partnerleads.routing.linting.report import LintFinding, finding
from partnerleads.routing.moment_rules import HasCapacity, InWorkingHours, NotExcluded
from partnerleads.routing.rules import HasExpertise, HasTier, InTerritory, words

__all__ = [
    "check_names",
    "check_places",
    "check_reach",
    "check_room",
    "check_rules",
    "check_unasked",
]

_NAMED = 5


def check_room(case: LintCase) -> Iterator[LintFinding]:
    """Whether there is anybody, with capacity and weight."""
    active = case.active
    if not active:
        count = counted(len(case.pool.recipients), "recipient")
        yield finding("empty_pool", "pool", f"{count}, none of them active")
    for one in active:
        if one.capacity == 0:
            yield finding("capacity_zero", one.recipient_id, "capacity 0")
    weightless = [one.recipient_id for one in active if not one.weight]
    if weightless and len(weightless) == len(active):
        evidence = f"weight 0 for all of {', '.join(weightless)}"
        yield finding("weights_all_zero", "pool", evidence)
        return
    for name in weightless:
        yield finding("weight_zero", name, "weight 0")


def check_reach(case: LintCase) -> Iterator[LintFinding]:
    """Whether every active recipient can pass the rules for some lead."""
    tiers = [rule for rule in case.rules(HasTier) if rule.from_value is None]
    for one in case.active:
        for rule in tiers:
            high = rule.ladder[: rule.ladder.index(rule.at_least) + 1]
            if one.tier not in high:
                evidence = f"tier {one.tier or 'none'}; every lead needs {' or '.join(high)}"
                yield finding("recipient_unreachable", one.recipient_id, evidence)
        if case.rules(InWorkingHours) and one.hours is not None and not any(one.hours.days):
            evidence = "its working hours have no hour"
            yield finding("recipient_unreachable", one.recipient_id, evidence)
        if case.rules(InTerritory) and not one.territories:
            yield finding("serves_nowhere", one.recipient_id, "no territory stated")
        if case.rules(HasExpertise) and not one.expertise:
            yield finding("knows_nothing", one.recipient_id, "no expertise stated")


def check_unasked(case: LintCase) -> Iterator[LintFinding]:
    """Whether a rule or a wish asks for the capacity and the hours that recipients state."""
    limited = [one.recipient_id for one in case.active if one.capacity is not None]
    if limited and not case.asks(HasCapacity):
        yield finding("capacity_unasked", "pool", _told(case, "one", limited))
    working = [one.recipient_id for one in case.active if one.hours is not None]
    if working and not case.asks(InWorkingHours):
        yield finding("hours_unasked", "pool", _told(case, "some", working))


def check_places(case: LintCase) -> Iterator[LintFinding]:
    """Whether somebody serves each place, and whether the places that are served exist."""
    trees = {tree: where for where, tree in case.trees().items() if tree.parents}
    hard = [rule.tree for rule in case.rules(InTerritory)]
    for tree, where in trees.items():
        there = {*tree.parents, *tree.parents.values()}
        for one in case.active:
            if strange := one.territories - there:
                evidence = f"{words(strange)}, not in the tree of {where}"
                yield finding("place_unknown", one.recipient_id, evidence)
        covered = tree.coverage(evolve(one, active=True) for one in case.active)
        for place, names in covered.overlaps.items():
            yield finding("places_overlap", place, ", ".join(names))
        for place in covered.gaps if tree in hard else ():
            path = " or ".join(tree.path(place))
            yield finding("place_unserved", place, f"nobody active serves {path}")


def check_names(case: LintCase) -> Iterator[LintFinding]:
    """Whether tiers and exclusions name what there is."""
    ladders = case.ladders()
    for one in case.active:
        lost = [where for where, ladder in ladders.items() if one.tier not in (None, *ladder)]
        if lost:
            evidence = f"tier {one.tier}, not on the ladder of {', '.join(lost)}"
            yield finding("tier_unknown", one.recipient_id, evidence)
    known = {name for one in case.pool.recipients for name in one.house}
    for rule in case.rules(NotExcluded):
        for account, names in sorted(rule.accounts.items()):
            for name in sorted(names - known):
                yield finding("excluded_unknown", name, f"kept from the account {account}")


def check_rules(case: LintCase) -> Iterator[LintFinding]:
    """Whether rules and wishes repeat or contradict one another."""
    for one, other in case.same():
        yield finding("rule_duplicate", other.name, f"the same as {one.name}")
    for wish, rule in case.implied():
        yield finding("wish_implied", wish.name, f"the rule {rule.name} asks for the same")
    trees, ladders = case.trees(), case.ladders()
    if len({*trees.values()}) > 1:
        yield finding("trees_differ", "pool", f"{len({*trees.values()})} trees: {', '.join(trees)}")
    if len({*ladders.values()}) > 1:
        each = "; ".join(f"{where}: {', '.join(ladder)}" for where, ladder in ladders.items())
        yield finding("ladders_differ", "pool", each)


def _told(case: LintCase, what: str, names: list[RecipientId]) -> str:
    """Who states something, in words."""
    shown = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
    return f"{len(names)} of {len(case.active)} state {what}: {shown}"
