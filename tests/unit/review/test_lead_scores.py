"""The open leads to follow up first, in a review, and how far their scores held."""

from __future__ import annotations

import json

from attrs import evolve

from partnerleads import fold, kpis
from partnerleads.review import programme_review
from partnerleads.review.lead_scores import LeadScores, lead_score_lines, lead_scores
from partnerleads.scoring import AtLeast, Equals, RuleGroup, RuleModel
from partnerleads.testing import at, history

NOW = at("2026-10-01")
SIZE = RuleModel(
    name="size",
    groups=[
        RuleGroup(name="fit", rules=[AtLeast(name="company_size", least=100, points=40)]),
    ],
)
OPEN = """
    2026-09-01 L1 captured company_size=50
    2026-09-02 L2 captured company_size=500
"""
CLOSED = """
    2026-01-02 L3 captured company_size=500
    2026-03-02 L3 won 900 EUR
    2026-01-02 L4 captured company_size=50
    2026-03-02 L4 lost
    2026-01-02 L5 captured company_size=50
    2026-01-05 L5 lost
"""


def scored(text: str) -> LeadScores:
    return lead_scores(kpis.history_of(fold(history(text), as_of=NOW)), scorer=SIZE)


def test_the_most_promising_open_lead_comes_first_with_its_reason() -> None:
    head, first, second, held = lead_score_lines(scored(OPEN))

    assert "Leads to follow up first, by size, of 2 open" == head
    assert ["1", "L2", "C", "40.0"] == first.split()[:4]
    assert "company_size 500 +40.0" in first
    assert ["2", "L1", "D", "0.0"] == second.split()[:4]
    assert (
        "no lead was on record 30 days after its capture and decided later, so nobody knows yet"
        in held
    )


def test_scores_are_held_against_outcomes_of_leads_as_they_were_at_thirty_days() -> None:
    found = scored(OPEN + CLOSED)

    assert found.calibration is not None
    assert (2, 1, 1.0) == (found.calibration.n, found.calibration.won, found.calibration.auc)
    *_, held = lead_score_lines(found)
    assert held == (
        "  such scores at 30 days, held against 2 outcomes: too little data, 1 won and 1 not won "
        "to learn from, at least 30 of each are needed"
    )


def decided(number: int, *, won: bool) -> str:
    outcome, size = ("won 900 EUR", 500) if won else ("lost", 50)
    captured = f"2026-01-02 {outcome[0]}{number} captured company_size={size}\n"
    return f"{captured}2026-03-02 {outcome[0]}{number} {outcome}\n"


ENOUGH = "".join(decided(number, won=won) for number in range(30) for won in (True, False))


def test_of_enough_outcomes_it_tells_how_far_the_scores_held() -> None:
    *_, held = lead_score_lines(scored(OPEN + ENOUGH))

    assert held == (
        "  such scores at 30 days, held against 60 outcomes: AUC 1.00, the top tenth won 2.00 "
        "times as often as all; read as chances: recalibrate"
    )


def test_without_an_open_lead_it_still_tells_how_far_the_scores_held() -> None:
    head, held = lead_score_lines(scored(ENOUGH))

    assert "Leads to follow up first: none, since none is open" == head
    assert "  such scores at 30 days, held against 60 outcomes: AUC 1.00" in held


def test_a_long_list_is_cut_in_print_only() -> None:
    found = scored("".join(f"2026-09-01 L{n:02} captured\n" for n in range(12)))

    assert found.priorities is not None
    assert 12 == len(found.priorities)
    assert 12 == len(list(lead_score_lines(found)))


def test_a_part_of_a_history_has_no_scores() -> None:
    part = kpis.only(fold(history(OPEN), as_of=NOW), kpis.OPEN)

    (line,) = lead_score_lines(lead_scores(part))

    assert "Leads to follow up first: none, since they read every event of a lead" in line


def test_a_review_takes_a_scorer_and_its_json_has_no_number_that_is_none() -> None:
    zero_but_won = "2026-01-02 L6 captured company_size=50\n2026-03-02 L6 won 900 EUR\n"
    review = programme_review(history(OPEN + CLOSED + zero_but_won), as_of=NOW, lead_scorer=SIZE)

    told = json.loads(json.dumps(review.to_json(), allow_nan=False))["lead_scores"]

    assert ["L2", "L1"] == [one["lead_id"] for one in told["priorities"]]
    assert "size" == told["calibration"]["scorer"]
    assert told["calibration"]["log_loss"] is None
    assert "Leads to follow up first, by size, of 2 open" in str(review)


def test_open_leads_that_were_recorded_afterwards_are_listed_too() -> None:
    late = [evolve(one, recorded_at=at("2026-11-01")) for one in history(OPEN + CLOSED)]
    found = lead_scores(kpis.history_of(fold(late, as_of=NOW)), scorer=SIZE)
    head, first, _, held = lead_score_lines(found)

    assert "Leads to follow up first, by size, of 2 open" == head
    assert ["1", "L2", "C", "40.0"] == first.split()[:4]
    assert "no lead was on record 30 days after its capture and decided later" in held


def test_a_value_with_a_separator_of_lines_stays_on_its_line() -> None:
    rule = Equals(name="industry", value="a\u2028b", points=10)
    model = RuleModel(name="odd", groups=[RuleGroup(name="fit", rules=[rule])])
    events = history('2026-09-01 L1 captured industry="a\u2028b"'.replace("\u2028", "?"))
    odd = [evolve(one, lead=evolve(one.lead, industry="a\u2028b")) for one in events]
    found = lead_scores(kpis.history_of(fold(odd, as_of=NOW)), scorer=model)

    assert 3 == len(list(lead_score_lines(found)))
