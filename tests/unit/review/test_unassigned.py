"""The leads that nobody has, in a review: which they are, and who would get them."""

from __future__ import annotations

import json

from partnerleads import fold, kpis
from partnerleads.lifecycle import Lifecycles
from partnerleads.review import programme_review
from partnerleads.review.unassigned import (
    UnassignedLeads,
    partner_pool,
    routed_leads,
    scores_of,
    unassigned_leads,
    unassigned_lines,
)
from partnerleads.routing import ByPlv
from partnerleads.testing import at, history

NOW = at("2026-10-01")
PARTNERS = """
    2026-01-02 acme onboarded regions=DE expertise=steel
    2026-01-02 beta onboarded regions=FR
"""


def folded(text: str, partners: str = PARTNERS) -> Lifecycles:
    return fold(history(f"{partners}\n{text}"), as_of=NOW)


def routed(text: str, partners: str = PARTNERS) -> UnassignedLeads:
    return routed_leads(kpis.history_of(folded(text, partners)))


def test_a_lead_that_somebody_has_or_works_on_is_not_among_them() -> None:
    lives = folded("""
        2026-09-02 L1 captured region=DE
        2026-09-01 L2 captured region=DE
        2026-09-01 L3 captured
        2026-09-02 L3 accepted by acme
        2026-09-01 L4 captured
        2026-09-02 L4 offered to acme
        2026-09-01 L5 captured
        2026-09-02 L5 lost
        2026-09-01 L6 captured
        2026-09-02 L6 progressed
        2026-09-01 L7 captured
        2026-09-02 L7 responded by cem
        2026-09-01 L8 registered by acme
        2026-09-01 L9 captured by acme
    """)

    assert ["L2", "L1"] == [lead.lead_id for lead in unassigned_leads(lives)]


def test_a_region_that_was_stated_later_lies_in_its_country_too() -> None:
    found = routed("""
        2026-09-01 L1 captured region=DE-BY
        2026-09-02 L1 lead_updated region=FR-75
    """)

    assert ["beta"] == [decision.chosen for decision in found.decisions]


def test_each_goes_where_its_territory_is_served_and_a_region_lies_in_its_country() -> None:
    found = routed("""
        2026-09-01 L1 captured region=DE-BY
        2026-09-02 L2 captured region=FR
        2026-09-03 L3 captured region=IT
    """)

    assert ["acme", "beta", None] == [one.chosen for one in found.decisions]
    assert [
        "Leads that nobody has: 3, as RoundRobin would give them away; 1 of them to nobody",
        "  L3 goes to nobody.",
        "    territory leaves 0 of 2; needed is IT",
        "  L1 goes to acme by RoundRobin; no other was in its order.",
        "  L2 goes to beta by RoundRobin; no other was in its order.",
    ] == list(unassigned_lines(found))


def test_where_no_partner_states_regions_all_may_take_a_lead() -> None:
    partners = "2026-01-02 acme onboarded\n2026-01-02 beta onboarded"

    found = routed("2026-09-01 L1 captured region=IT", partners)

    assert [("acme", "beta")] == [one.eligible for one in found.decisions]


def test_leads_are_given_away_in_turn() -> None:
    partners = "2026-01-02 acme onboarded\n2026-01-02 beta onboarded"
    leads = "".join(f"2026-09-0{n} L{n} captured\n" for n in range(1, 5))

    found = routed(leads, partners)

    assert ["acme", "beta", "acme", "beta"] == [one.chosen for one in found.decisions]
    assert [0, 1, 2, 3] == [one.turn for one in found.decisions]


def test_a_long_list_is_cut_in_print_only() -> None:
    found = routed("".join(f"2026-09-01 L{n:02} captured region=DE\n" for n in range(12)))

    assert 12 == len(found.decisions)
    assert "  and 2 more leads" == list(unassigned_lines(found))[-1]


def test_without_leads_or_partners_it_says_so() -> None:
    none = (
        "Leads that nobody has: none; every open lead has somebody, an offer, an answer or progress"
    )
    assert [none] == list(unassigned_lines(routed("")))

    nobody = routed("2026-09-01 L1 captured", partners="")

    (line,) = unassigned_lines(nobody)
    assert line.endswith("partner_onboarded of those who may take leads")
    assert "not routed, since no event tells of a partner" in line


def test_a_part_of_a_history_is_not_routed() -> None:
    part = kpis.history_start(folded("2026-09-01 L1 captured"), at("2026-01-01"))

    (line,) = unassigned_lines(routed_leads(part))

    assert line.endswith("routing reads every event of a lead; fold the events")


def test_a_review_routes_by_the_router_that_it_is_given_and_by_its_own_scores() -> None:
    lives = folded("2026-09-01 L1 captured region=DE\n2026-08-01 L2 captured by acme region=DE")
    review = programme_review(lives, router=ByPlv())

    assert "ByPlv" == review.unassigned.router
    assert review.unassigned.decisions[0].score == scores_of(review.partner_scores.ranking)[
        "plv"
    ].get("acme")
    told = json.loads(json.dumps(review.to_json(), allow_nan=False))["unassigned"]
    assert ["acme"] == [one["chosen"] for one in told["decisions"]]
    assert "Leads that nobody has: 1, as ByPlv would give them away" in str(review)


def test_no_scores_make_no_table() -> None:
    assert {} == scores_of(None)


def test_the_pool_is_made_of_what_partners_state() -> None:
    pool = partner_pool(folded(""))

    assert ["acme", "beta"] == [one.recipient_id for one in pool.recipients]
    assert "territory" in [rule.name for rule in pool.rules]
    assert ["preferred expertise"] == [wish.name for wish in pool.preferences]
    assert () == partner_pool(folded("", "2026-01-02 acme onboarded")).preferences
