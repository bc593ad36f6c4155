"""Every rule: what it sees, what it asks for, and when it passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from partnerleads import Lead, Money
from partnerleads.errors import OptionError
from partnerleads.model import WorkingHours
from partnerleads.routing import (
    Check,
    HasCapacity,
    HasExpertise,
    HasTier,
    InTerritory,
    InWorkingHours,
    IsActive,
    KeepsAccountOwner,
    KeepsRegistration,
    MostSpecific,
    NotExcluded,
    Preference,
    Prospect,
    Protection,
    Recipient,
    RoutingContext,
    Rule,
    TerritoryTree,
    checked,
)

NOW = datetime(2026, 3, 4, 14, tzinfo=UTC)
CONTEXT = RoutingContext(as_of=NOW)
TREE = TerritoryTree({"DE-BY": "DE"})
LEAD = Prospect(lead_id="L1", facts=Lead(region="DE-BY", industry="steel", account="globex"))
BARE = Prospect(lead_id="L2")
ACME = Recipient(recipient_id="acme", territories=["DE"], expertise=["steel"], tier="silver")
OFFICE = WorkingHours.parse({"mon-fri": "09:00-17:00"}, time_zone="Asia/Tokyo")
HELD = evolve(
    CONTEXT, protections={"L1": (Protection("acme", "r1", datetime(2026, 4, 1, tzinfo=UTC)),)}
)
OWNED = evolve(CONTEXT, owners={"globex": "acme"})
TIER = HasTier(ladder=("gold", "silver", "bronze"), at_least="silver")
LARGE = evolve(TIER, from_value=Money("1000", "EUR"))


def worth(text: str) -> Prospect:
    return evolve(LEAD, expected_value=Money.parse(text))


CASES: list[tuple[Rule, dict[str, Any], Prospect, RoutingContext, str]] = [
    (IsActive(), {}, LEAD, CONTEXT, "active passes: active; needed is active"),
    (IsActive(), {"active": False}, LEAD, CONTEXT, "active FAILS: not active; needed is active"),
    (InTerritory(TREE), {}, LEAD, CONTEXT, "territory passes: serves DE; needed is DE-BY or DE"),
    (
        InTerritory(TREE),
        {"territories": []},
        LEAD,
        CONTEXT,
        "territory FAILS: serves nothing; needed is DE-BY or DE",
    ),
    (
        InTerritory(TREE),
        {"territories": []},
        BARE,
        CONTEXT,
        "territory passes: serves nothing; needed is any territory",
    ),
    (HasExpertise(), {}, LEAD, CONTEXT, "expertise passes: knows steel; needed is steel"),
    (
        HasExpertise(),
        {"expertise": []},
        BARE,
        CONTEXT,
        "expertise passes: knows nothing; needed is",
    ),
    (
        HasExpertise(("industry", "attributes.size")),
        {},
        evolve(LEAD, facts=Lead(industry="steel", attributes={"size": "large"})),
        CONTEXT,
        "expertise FAILS: knows steel; needed is large, steel",
    ),
    (TIER, {}, LEAD, CONTEXT, "tier passes: silver; needed is gold or silver"),
    (TIER, {"tier": None}, LEAD, CONTEXT, "tier FAILS: no tier; needed is gold or silver"),
    (TIER, {"tier": "lead"}, LEAD, CONTEXT, "tier FAILS: lead; needed is gold or silver"),
    (LARGE, {"tier": None}, LEAD, CONTEXT, "tier passes: no tier; needed is any tier"),
    (LARGE, {"tier": None}, worth("999 EUR"), CONTEXT, "tier passes: no tier; needed is any tier"),
    (LARGE, {"tier": None}, worth("9999 USD"), CONTEXT, "tier passes: no tier; needed is any"),
    (LARGE, {"tier": None}, worth("1000 EUR"), CONTEXT, "tier FAILS: no tier; needed is gold or"),
    (HasCapacity(), {}, LEAD, CONTEXT, "capacity passes: 0 open of any number; needed is room"),
    (HasCapacity(), {"capacity": 0}, LEAD, CONTEXT, "capacity FAILS: 0 open of 0; needed is room"),
    (
        HasCapacity(),
        {"capacity": 3},
        LEAD,
        evolve(CONTEXT, load={"acme": 2}),
        "capacity passes: 2 open of 3",
    ),
    (InWorkingHours(), {}, LEAD, CONTEXT, "working hours passes: no hours stated, so always open"),
    (
        InWorkingHours(),
        {"hours": OFFICE},
        LEAD,
        CONTEXT,
        "working hours FAILS: closed at Wed 23:00 its time; needed is open at 2026-03-04 14:00 UTC",
    ),
    (
        InWorkingHours(),
        {"hours": OFFICE},
        LEAD,
        evolve(CONTEXT, as_of=datetime(2026, 3, 4, 0, tzinfo=UTC)),
        "working hours passes: open at Wed 09:00 its time",
    ),
    (NotExcluded(), {}, LEAD, CONTEXT, "exclusion passes: nobody excluded; needed is nobody"),
    (
        NotExcluded(),
        {"affiliates": ["beta"]},
        LEAD,
        evolve(CONTEXT, excluded={"L1": frozenset({"beta"})}),
        "exclusion FAILS: beta excluded",
    ),
    (
        NotExcluded({"globex": frozenset({"holding"})}),
        {"parent": "holding"},
        LEAD,
        CONTEXT,
        "exclusion FAILS: holding excluded",
    ),
    (KeepsRegistration(), {}, LEAD, CONTEXT, "registration passes: no registration in force"),
    (
        KeepsRegistration(),
        {},
        LEAD,
        HELD,
        (
            "registration passes: acts for the one that registered it; "
            "needed is to act for acme (registration r1 until 2026-04-01 00:00 UTC)"
        ),
    ),
    (
        KeepsRegistration(),
        {"recipient_id": "beta"},
        LEAD,
        evolve(HELD, protections={"L1": (Protection("acme", "r1"),)}),
        "registration FAILS: did not register it; needed is to act for acme (registration r1)",
    ),
    (
        KeepsRegistration(),
        {"recipient_id": "ann", "parent": "acme"},
        LEAD,
        HELD,
        "registration passes: acts for",
    ),
    (KeepsAccountOwner(), {}, LEAD, CONTEXT, "account owner passes: nobody owns the account"),
    (KeepsAccountOwner(), {}, LEAD, OWNED, "account owner passes: owns the account; needed is to"),
    (
        KeepsAccountOwner(),
        {"recipient_id": "beta"},
        LEAD,
        OWNED,
        "account owner FAILS: does not own the account; needed is to act for acme, the owner of",
    ),
    (
        KeepsAccountOwner(),
        {"recipient_id": "beta"},
        LEAD,
        evolve(OWNED, protections=HELD.protections),
        "account owner passes: does not own the account; needed is nothing",
    ),
]


@pytest.mark.parametrize(("rule", "changes", "lead", "context", "told"), CASES)
def test_a_rule_tells_what_it_saw_and_what_it_needs(
    rule: Rule, changes: dict[str, Any], lead: Prospect, context: RoutingContext, told: str
) -> None:
    check = checked(rule, evolve(ACME, **changes), lead, context)

    assert told == str(check)[: len(told)]


@pytest.mark.parametrize("at_least", ["gold", None])
def test_a_text_is_no_ladder_whatever_tier_is_asked_for(at_least: Any) -> None:
    with pytest.raises(OptionError, match="list the tiers, the highest first"):
        HasTier(ladder="gold", at_least=at_least)  # type: ignore[arg-type]


def test_a_tier_that_is_not_on_the_ladder_is_refused() -> None:
    with pytest.raises(OptionError, match="is not on the ladder"):
        HasTier(ladder=("gold",), at_least="silver")


def test_a_holiday_is_told_apart_from_the_same_hours_without_it() -> None:
    open_, closed = (
        evolve(ACME, hours=WorkingHours.parse({"wed": "00:00-24:00"}, holidays=days))
        for days in ((), [NOW.date()])
    )

    assert open_ != closed
    assert InWorkingHours().passes(open_, LEAD, CONTEXT)
    assert not InWorkingHours().passes(closed, LEAD, CONTEXT)


def test_at_the_end_of_the_calendar_nobody_works() -> None:
    context = RoutingContext(as_of=datetime.max.replace(tzinfo=UTC))

    assert not InWorkingHours().passes(evolve(ACME, hours=OFFICE), LEAD, context)


@pytest.mark.parametrize(
    ("utc", "works"), [("00:29", 0), ("00:30", 1), ("01:15", 1), ("01:30", 1), ("01:31", 0)]
)
def test_hours_go_from_the_first_to_the_second_time_of_a_repeated_hour(
    utc: str, works: int
) -> None:
    night = WorkingHours.parse({"sun": "02:30-02:31"}, time_zone="Europe/Berlin")
    context = RoutingContext(as_of=datetime.fromisoformat(f"2026-10-25T{utc}+00:00"))

    assert works == InWorkingHours().passes(evolve(ACME, hours=night), LEAD, context)


def test_other_registrations_in_force_are_conflicts() -> None:
    claims = (Protection("acme", "r1"), Protection("beta", "r2"), Protection("acme", "r3"))
    context = evolve(CONTEXT, protections={"L1": claims}, owners={"globex": "beta"})

    assert KeepsRegistration().steers(LEAD, context)
    assert ("registration r2 of beta is in force too",) == KeepsRegistration().conflicts(
        LEAD, context
    )
    assert ("beta owns globex, which acme has registered",) == KeepsAccountOwner().conflicts(
        LEAD, context
    )
    assert not KeepsAccountOwner().steers(LEAD, context)


def test_a_registration_protects_up_to_its_end_and_not_at_it() -> None:
    ends = NOW + timedelta(microseconds=1)
    held = {"L1": (Protection("acme", "r1", ends), Protection("beta", "r2"))}
    before, after = (RoutingContext(as_of=moment, protections=held) for moment in (NOW, ends))
    lead, rule = Prospect(lead_id="L1"), KeepsRegistration()
    beta = Recipient(recipient_id="beta")

    assert (False, True) == (rule.passes(beta, lead, before), rule.passes(beta, lead, after))
    assert (1, 0) == (len(rule.conflicts(lead, before)), len(rule.conflicts(lead, after)))


def test_without_a_claim_there_is_no_conflict_and_no_steering() -> None:
    for rule in (KeepsRegistration(), KeepsAccountOwner()):
        assert not rule.steers(LEAD, CONTEXT)
        assert () == rule.conflicts(LEAD, CONTEXT)
    assert KeepsAccountOwner().steers(LEAD, OWNED)
    assert () == KeepsAccountOwner().conflicts(LEAD, OWNED)
    both = evolve(OWNED, protections=HELD.protections)
    assert () == KeepsAccountOwner().conflicts(LEAD, both)


@pytest.mark.parametrize("account", [None, "", "globex", "initech"])
def test_a_rule_that_does_not_concern_a_lead_fails_nobody_and_steers_nobody(
    account: str | None,
) -> None:
    rules = (NotExcluded(accounts={"": {"acme"}, "globex": {"acme"}}), KeepsAccountOwner())
    context = evolve(CONTEXT, owners={"": "beta", "globex": "beta"})
    lead = Prospect(lead_id="L1", facts=Lead(account=account))
    failed = [not rule.passes(ACME, lead, context) for rule in rules]

    assert failed == [rule.concerns(lead, context) for rule in rules]
    assert failed == [account in ("", "globex")] * 2
    assert failed[1] == KeepsAccountOwner().steers(lead, context)


def test_a_preference_passes_everybody_once_it_was_relaxed() -> None:
    wish = Preference(HasExpertise())
    stranger = Recipient(recipient_id="beta")

    assert [1, 0] == [wish.level(one, LEAD, CONTEXT) for one in (ACME, stranger)]
    assert Check("preferred expertise", True, "knows nothing", "steel") == wish.check(  # noqa: FBT003
        stranger, LEAD, CONTEXT, level=0
    )
    assert not wish.check(stranger, LEAD, CONTEXT, level=1).passed


def test_the_most_specific_territory_stays() -> None:
    wish = MostSpecific(TREE)
    near = Recipient(recipient_id="beta", territories=["DE-BY"])
    far = Recipient(recipient_id="corp", territories=["FR"])

    assert [1, 2, 0] == [wish.level(one, LEAD, CONTEXT) for one in (ACME, near, far)]
    assert ("DE", "DE-BY", False) == told(wish, ACME, LEAD, 2)
    assert ("DE-BY", "DE-BY", True) == told(wish, near, LEAD, 2)
    assert ("nothing above it", "anything", True) == told(wish, far, LEAD, 0)
    assert ("anything", "anything", True) == told(wish, far, BARE, 1)


def told(wish: MostSpecific, one: Recipient, lead: Prospect, level: int) -> tuple[str, str, bool]:
    check = wish.check(one, lead, CONTEXT, level=level)
    return check.observed, check.required, check.passed


def test_one_text_in_place_of_those_kept_from_an_account_is_refused() -> None:
    names: Any = "acme"

    with pytest.raises(OptionError, match=r"^accounts=\{'globex': 'acme'\}: .* lists of names"):
        NotExcluded(accounts={"globex": names, "initech": ["acme"]})
