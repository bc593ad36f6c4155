"""A pool: its indexes, its funnel, and the turns it charges."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from attrs import frozen

from partnerleads import Lead
from partnerleads.routing import (
    ByPlv,
    HasCapacity,
    HasTier,
    InTerritory,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    NotExcluded,
    Pool,
    Prospect,
    Recipient,
    RoundRobin,
    RoutingContext,
    TerritoryTree,
    route,
)

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
CONTEXT = RoutingContext(as_of=NOW, scores={"plv": {}})
LEAD = Prospect(lead_id="L1", facts=Lead(region="DE"))
LADDER = ("gold", "silver")


@frozen
class SpeaksGerman:
    """A rule of a stranger: it has no index, and is asked about those who are left."""

    name: str = "language"

    def passes(self, recipient: Recipient, *_: object) -> bool:
        return "german" in recipient.expertise

    def observed(self, recipient: Recipient, *_: object) -> str:
        return ", ".join(sorted(recipient.expertise))

    def required(self, *_: object) -> str:
        return "german"


def test_rules_that_can_be_looked_up_and_others_are_one() -> None:
    crowd = [
        Recipient(recipient_id="acme", tier="gold", territories=["DE"], expertise=["german"]),
        Recipient(recipient_id="beta", tier="silver", territories=["DE"], expertise=["german"]),
        Recipient(recipient_id="corp", territories=["DE"], expertise=["german"]),
        Recipient(recipient_id="dorn", tier="gold", territories=["DE"]),
        Recipient(recipient_id="eden", tier="gold", territories=["FR"], expertise=["german"]),
    ]
    rules = (
        SpeaksGerman(),
        InTerritory(TerritoryTree()),
        HasTier(ladder=LADDER, at_least="silver"),
    )
    pool = Pool(crowd, rules=rules)

    assert ["acme", "beta"] == [one.recipient_id for one in pool.entitled(LEAD, CONTEXT).candidates]
    assert [
        "territory leaves 4 of 5; needed is DE",
        "tier leaves 3 of 4; needed is gold or silver",
        "language leaves 2 of 3; needed is german",
    ] == [str(step) for step in pool.funnel(LEAD, CONTEXT)]


@frozen
class StopsAccount(SpeaksGerman):
    """A rule of a stranger that concerns the leads of one account."""

    account: str = "globex"

    def concerns(self, lead: Prospect, _: RoutingContext) -> bool:
        return lead.facts.account == self.account


def test_a_rule_is_asked_about_the_leads_that_it_concerns() -> None:
    crowd = [
        Recipient(recipient_id="acme", expertise=["german"]),
        Recipient(recipient_id="beta"),
    ]
    pool = Pool(crowd, rules=(StopsAccount(),))

    def entitled(account: str) -> list[str]:
        lead = Prospect(lead_id="L1", facts=Lead(account=account))
        return [one.recipient_id for one in pool.entitled(lead, CONTEXT).candidates]

    assert ["acme"] == entitled("globex")
    assert ["acme", "beta"] == entitled("initech")


@frozen
class TakesNoneOfGlobex(NotExcluded):
    """A stricter rule of a stranger, which does not say which leads it concerns."""

    def passes(self, recipient: Recipient, lead: Prospect, context: RoutingContext, /) -> bool:
        allowed = super().passes(recipient, lead, context)
        return allowed and lead.facts.account != "globex"


class Steers:
    """A mixin that gives everybody a right to every lead."""

    __slots__ = ()

    def steers(self, _lead: Prospect, _context: RoutingContext, /) -> bool:
        return True


@frozen
class KeepsAll(Steers, KeepsAccountOwner):
    """A rule that steers more leads than those that it says it concerns."""


@frozen
class OnlyGold(HasTier):
    """A stricter rule of a stranger, which has the tokens and clauses of the one before."""

    def passes(self, recipient: Recipient, _lead: Prospect, _: RoutingContext, /) -> bool:
        return recipient.tier == "gold"


def test_a_stricter_rule_made_of_another_is_asked_about_every_lead() -> None:
    lead = Prospect(lead_id="L1", facts=Lead(account="globex"))
    pool = Pool([Recipient(recipient_id="acme")], rules=(TakesNoneOfGlobex(),))

    assert () == pool.entitled(lead, CONTEXT).candidates
    assert 1 == len(pool.entitled(LEAD, CONTEXT).candidates)
    rule = KeepsAll()
    assert [rule] == Pool([], rules=(rule,)).rights(lead, CONTEXT)


def test_a_rule_may_say_as_an_object_which_leads_it_concerns() -> None:
    strict = SpeaksGerman()
    rule: Any = SimpleNamespace(
        name="german",
        passes=strict.passes,
        observed=strict.observed,
        required=strict.required,
        concerns=lambda lead, _: lead.lead_id == "L9",
    )
    pool = Pool([Recipient(recipient_id="acme")], rules=(rule,))

    assert [1, 0] == [
        len(pool.entitled(Prospect(lead_id=name), CONTEXT).candidates) for name in ("L1", "L9")
    ]


def test_a_stricter_rule_made_of_one_that_is_looked_up_is_asked_about_everybody() -> None:
    crowd = [Recipient(recipient_id=tier, tier=tier) for tier in ("gold", "silver")]
    rule = OnlyGold(ladder=LADDER, at_least="silver")
    pool = Pool(crowd, rules=(rule,))

    assert ["gold"] == [one.recipient_id for one in pool.entitled(LEAD, CONTEXT).candidates]
    assert [1] == [step.count for step in pool.funnel(LEAD, CONTEXT)]


def test_the_rights_to_a_lead_are_those_of_the_rules_that_concern_it() -> None:
    owned, registered = KeepsAccountOwner(), KeepsRegistration()
    pool = Pool([], rules=(registered, owned, IsActive()))
    context = RoutingContext(as_of=NOW, owners={"globex": "acme"})

    assert [owned] == pool.rights(Prospect(lead_id="L1", facts=Lead(account="globex")), context)
    assert [] == pool.rights(LEAD, context)


def test_the_rules_after_the_one_that_leaves_nobody_are_not_told() -> None:
    pool = Pool([Recipient(recipient_id="acme", active=False)], rules=(IsActive(), HasCapacity()))

    assert ["active leaves 0 of 1; needed is active"] == [
        str(step) for step in pool.funnel(LEAD, CONTEXT)
    ]


def test_a_token_that_nobody_has_leaves_nobody() -> None:
    pool = Pool([Recipient(recipient_id="acme")], rules=(InTerritory(),))

    assert () == pool.entitled(LEAD, CONTEXT).candidates


def test_a_lead_that_asks_for_nothing_may_go_to_anybody() -> None:
    pool = Pool([Recipient(recipient_id="acme")], rules=(InTerritory(),))

    assert ("acme",) == route(
        Prospect(lead_id="L1"), pool=pool, router=ByPlv(), context=CONTEXT
    ).eligible


def test_a_decision_on_record_is_returned_and_changes_nothing() -> None:
    pool = Pool([Recipient(recipient_id=name) for name in ("acme", "beta")])
    first = route(LEAD, pool=pool, router=RoundRobin(), context=CONTEXT)
    later = CONTEXT.after(first)

    again = route(LEAD, pool=pool, router=ByPlv(), context=later)

    assert first == again
    assert later is later.after(again)
    assert 12 == len(pool.recipients_fingerprint)


def test_without_any_weight_a_turn_is_shared_alike() -> None:
    pool = Pool([Recipient(recipient_id=name, weight=0) for name in ("acme", "beta")])

    decision = route(LEAD, pool=pool, router=RoundRobin(), context=CONTEXT)

    assert {"acme": Fraction(1, 2), "beta": Fraction(1, 2)} == decision.charge.shares
