"""Scores from the results known, by hand."""

from __future__ import annotations

import pytest

from partnerleads import Lead, Money
from partnerleads.routing import KnownResult, Prospect, Recipient, observed_scores

STEEL = Prospect(lead_id="L1", facts=Lead(industry="steel"), expected_value=Money("1000", "EUR"))
PLAIN = Prospect(lead_id="L2", expected_value=Money("1000", "EUR"))
PAIR = [
    Recipient(recipient_id="knows", expertise=["steel"]),
    Recipient(recipient_id="other", expertise=["glass"]),
]


def results(name: str, lead: Prospect, *, wins: int, losses: int) -> list[KnownResult]:
    return [KnownResult(name, lead, place < wins) for place in range(wins + losses)]


def test_at_the_start_those_who_know_the_industry_count_twice() -> None:
    scores = observed_scores([], PAIR)

    assert {"knows": 0.25, "other": 0.125} == scores(STEEL)["close_rate"]
    assert {"knows": 0.25, "other": 0.25} == scores(PLAIN)["close_rate"]
    assert {"knows": 0.25, "other": 0.25} == scores(STEEL)["usual"]
    assert {"knows": 0.0, "other": 0.0} == scores(STEEL)["plv"]


def test_wins_are_held_against_those_that_the_kinds_of_leads_let_expect() -> None:
    known = [
        *results("knows", STEEL, wins=8, losses=12),
        *results("other", STEEL, wins=2, losses=18),
    ]

    found = observed_scores(known, PAIR)(STEEL)

    # averages: (8 + 2.5) / 30 = 0.35 where it is known, (2 + 1.25) / 30 = 13/120 where not
    good, poor = (8 + 10) / (20 * 0.35 + 10), (2 + 10) / (20 * 13 / 120 + 10)
    assert pytest.approx({"knows": good * 0.35, "other": poor * 13 / 120}) == found["close_rate"]
    # over all: (10 + 2.5) / 50
    assert pytest.approx({"knows": good * 0.25, "other": poor * 0.25}) == found["usual"]
    # revenue of 10 wins over 40 leads is 250 a lead
    assert {"knows": (8_000 + 2_500) / 30, "other": (2_000 + 2_500) / 30} == found["plv"]


def test_a_newcomer_is_taken_to_be_average() -> None:
    people = [*PAIR, Recipient(recipient_id="new", expertise=["steel"])]
    known = results("knows", STEEL, wins=15, losses=15)

    found = observed_scores(known, people)(STEEL)

    average = (15 + 2.5) / 40
    assert average == found["close_rate"]["new"]
    assert 500.0 == found["plv"]["new"]


def test_results_of_those_who_are_not_there_are_left_out() -> None:
    known = results("gone", STEEL, wins=30, losses=0)

    assert observed_scores([], PAIR)(STEEL) == observed_scores(known, PAIR)(STEEL)


def test_no_close_rate_exceeds_one() -> None:
    glass = Prospect(lead_id="L4", facts=Lead(industry="glass"))
    people = [*PAIR, Recipient(recipient_id="poor", expertise=["timber"])]
    known = [
        *results("knows", STEEL, wins=900, losses=0),
        *results("other", STEEL, wins=100, losses=0),
        *results("poor", STEEL, wins=0, losses=900),
    ]

    found = observed_scores(known, people)(glass)

    assert (1.0, 1.0) == (found["close_rate"]["other"], found["usual"]["other"])


def test_a_lead_without_a_value_brings_nothing() -> None:
    bare = Prospect(lead_id="L3")

    assert [0.0, 0.0, 1000.0] == [
        KnownResult("a", bare, won=True).revenue,
        KnownResult("a", STEEL, won=False).revenue,
        KnownResult("a", STEEL, won=True).revenue,
    ]
