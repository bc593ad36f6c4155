"""Arguments that a newcomer mistakes for others are refused in words that say what to pass."""

from __future__ import annotations

from typing import Any

import pytest

from partnerleads import fold, testing
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import OptionError
from partnerleads.routing import (
    ByPlv,
    HasExpertise,
    IsActive,
    NotExcluded,
    OfferPolicy,
    OfferState,
    Pool,
    Preference,
    Prospect,
    Recipient,
    RoundRobin,
    RoutingContext,
    assign_batch,
    lint,
    offer_deadline,
    offer_step,
    prospect_of,
    replay,
    route,
    route_all,
    routing_context,
)
from partnerleads.testing import at

ACME = Recipient(recipient_id="acme")
NOW = RoutingContext(as_of=at("2026-03-02"))
ASKED = Pool([ACME], rules=(NotExcluded(),))
OFFERS = OfferPolicy()
ROUND = RoundRobin()


def test_recipients_are_no_pool() -> None:
    some: Any = [ACME]

    for mistaken in (
        lambda: lint(some),
        lambda: assign_batch([], pool=some, value={}, context=NOW),
        lambda: replay([], pool=some, router=RoundRobin(), as_of=NOW.as_of),
        lambda: route(Prospect(lead_id="L1"), pool=some, router=RoundRobin(), context=NOW),
        lambda: step(pool=some),
    ):
        with pytest.raises(OptionError, match="is no pool; pass Pool"):
            mistaken()


def step(
    *, pool: Any = ASKED, context: Any = NOW, policy: Any = OFFERS, router: Any = ROUND
) -> None:
    offer_step(
        OfferState("L1"), NOW.as_of, pool=pool, router=router, context=context, policy=policy
    )


def test_lifecycles_are_no_context() -> None:
    lives: Any = fold(testing.history("2026-03-01 L1 captured"), as_of=at("2026-03-02"))
    lead = Prospect(lead_id="L1")

    for mistaken in (
        lambda: assign_batch([], pool=Pool([ACME]), value={}, context=lives),
        lambda: route(lead, pool=Pool([ACME]), router=ROUND, context=lives),
        lambda: route_all([lead], pool=Pool([ACME]), router=ROUND, context=lives),
        lambda: step(context=lives),
    ):
        with pytest.raises(OptionError, match=r"is no context; pass routing_context\(lives\)"):
            mistaken()


@pytest.mark.parametrize("policy", [None, "first", AttributionPolicy()])
def test_what_is_no_policy_of_offers_is_refused(policy: Any) -> None:
    with pytest.raises(OptionError, match=r"policy=.*: is no policy of offers; pass OfferPolicy\("):
        step(policy=policy)


def test_an_id_or_a_lifecycle_is_no_lead_to_route() -> None:
    lives = fold(testing.history("2026-03-01 L1 captured"), as_of=at("2026-03-02"))

    for mistaken in ("L1", lives["L1"], None):
        lead: Any = mistaken
        with pytest.raises(OptionError, match=r"is no prospect; pass Prospect\(lead_id=...\)"):
            route(lead, pool=Pool([ACME]), router=ROUND, context=NOW)


@pytest.mark.parametrize("leads", ["L1", Prospect(lead_id="L1"), None])
def test_one_lead_is_not_several(leads: Any) -> None:
    with pytest.raises(OptionError, match=r"leads=.*: pass a list of `Prospect` objects"):
        route_all(leads, pool=Pool([ACME]), router=ROUND, context=NOW)


@pytest.mark.parametrize("history", [{"L1": 3}, [{"lead_id": "L1"}], 3])
def test_what_is_no_history_is_refused(history: Any) -> None:
    for mistaken in (
        lambda: routing_context(history, as_of=NOW.as_of),
        lambda: replay(history, pool=Pool([ACME]), router=ROUND, as_of=NOW.as_of),
    ):
        with pytest.raises(OptionError, match=r"history=.*: pass events, or their lifecycles"):
            mistaken()


def test_facts_and_values_of_a_prospect_are_objects() -> None:
    facts: Any = {"country": "DE"}
    value: Any = 9000

    with pytest.raises(OptionError, match=r"pass a Lead, such as Lead\(country='DE'\)"):
        Prospect(lead_id="L1", facts=facts)
    with pytest.raises(OptionError, match="expected_value=9000: pass Money"):
        Prospect(lead_id="L1", expected_value=value)


def test_a_prospect_is_made_of_one_lifecycle() -> None:
    lives: Any = fold(testing.history("2026-03-01 L1 captured"), as_of=at("2026-03-02"))

    assert "L1" == prospect_of(lives["L1"]).lead_id
    for mistaken in ("L1", lives):
        with pytest.raises(OptionError, match=r"such as lives\['L1'\]"):
            prospect_of(mistaken)


def test_a_rule_is_no_wish_and_a_wish_no_rule() -> None:
    rule: Any = HasExpertise()
    wish: Any = Preference(HasExpertise())

    with pytest.raises(OptionError, match=r"such as \(Preference\(HasExpertise\(\)\),\)"):
        Pool([ACME], preferences=(rule,))
    with pytest.raises(OptionError, match=r"such as \(IsActive\(\),\)"):
        Pool([ACME], rules=(wish,))


@pytest.mark.parametrize("given", [IsActive, "expertise"])
def test_a_wish_is_made_of_a_rule(given: Any) -> None:
    with pytest.raises(OptionError, match=r"pass a rule, such as HasExpertise\(\)"):
        Preference(given)


def test_a_context_without_tables_shows_how_to_pass_one() -> None:
    with pytest.raises(OptionError, match=r"none; pass it as scores=\{'plv': \{'acme': 30\.0\}\}"):
        route(Prospect(lead_id="L1"), pool=Pool([ACME]), router=ByPlv(), context=NOW)
    scored = RoutingContext(as_of=NOW.as_of, scores={"plv": {}})
    with pytest.raises(OptionError, match=r"there are: 'plv'$"):
        route(Prospect(lead_id="L1"), pool=Pool([ACME]), router=ByPlv(table="x"), context=scored)


def test_places_of_the_order_are_counted_in_whole_numbers() -> None:
    lead = Prospect(lead_id="L1")

    for depth in (1, 2.5, None, "3", True):
        mistaken: Any = depth
        with pytest.raises(OptionError, match=r"depth=.* whole number of at least 2; two places"):
            route(lead, pool=Pool([ACME]), router=ROUND, context=NOW, depth=mistaken)


@pytest.mark.parametrize("turn", [-5, 1.5, "x", True, None])
def test_turns_of_a_context_are_counts(turn: Any) -> None:
    with pytest.raises(OptionError, match=r"turn=.* must be a whole number of at least 0"):
        RoutingContext(as_of=NOW.as_of, turn=turn)
    with pytest.raises(OptionError, match=r"last_turns=.*'acme'.* must be whole numbers of turns"):
        RoutingContext(as_of=NOW.as_of, last_turns={"acme": turn})


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"fallback": ""}, "fallback='': must be the id of a person or queue, or None"),
        ({"fallback": 5}, "fallback=5: must be the id of a person or queue, or None"),
        ({"attribution": None}, r"attribution=None: is no policy; pass AttributionPolicy\(\)"),
        ({"attribution": OFFERS}, r"is no policy; pass AttributionPolicy\(\)"),
        ({"relax_after": None}, "relax_after=None: write counts by the names of wishes, or {}"),
        ({"refunded": None}, "refunded=None: write a list of names; an empty one for none"),
        ({"agents": None}, "agents=None: write a list of names; an empty one for none"),
    ],
)
def test_a_policy_of_offers_says_what_each_part_is(named: Any, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        OfferPolicy(**named)


def test_an_offer_stands_for_a_span_of_time() -> None:
    hours: Any = 4

    with pytest.raises(OptionError, match="within=4: pass a timedelta"):
        offer_deadline(NOW.as_of, within=hours)


def test_an_account_has_one_owner() -> None:
    owners: Any = {"Big": ["acme"], "Small": "acme"}

    with pytest.raises(OptionError, match=r"owners=\{'Big': \['acme'\]\}: must be the id of one"):
        RoutingContext(as_of=NOW.as_of, owners=owners)


def test_an_offer_that_never_lapses_has_no_deadline() -> None:
    never: Any = None

    with pytest.raises(OptionError, match="within=None: an offer that never lapses has no dead"):
        offer_deadline(NOW.as_of, within=never)
