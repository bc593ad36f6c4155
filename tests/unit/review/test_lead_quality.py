"""How good the leads of each partner are, in a review."""

from __future__ import annotations

import json

from attrs import evolve

from partnerleads import Period, fold, kpis
from partnerleads.review import programme_review
from partnerleads.review.lead_quality import LeadQuality, lead_quality, lead_quality_lines
from partnerleads.scoring import AtLeast, RuleGroup, RuleModel
from partnerleads.testing import at, history

NOW = at("2026-10-01")
QUARTER = Period.quarter(2026, 3)
SIZE = RuleModel(
    name="size",
    groups=[RuleGroup(name="fit", rules=[AtLeast(name="company_size", least=100, points=40)])],
)
LOG = """
    2026-08-01 L1 captured by acme company_size=500
    2026-08-01 L1 lead_qualified criteria=need,budget,authority,timeline
    2026-08-02 L2 captured by acme company_size=50
    2026-08-02 L2 lead_qualified criteria=need
    2026-08-03 L3 captured by beta company_size=500
    2026-08-03 L4 captured company_size=500
    2026-06-03 L5 captured by beta company_size=500
    2026-10-03 L6 captured by beta
"""


def found(text: str) -> LeadQuality:
    known = kpis.history_of(fold(history(text), as_of=NOW))
    return lead_quality(known, period=QUARTER, scorer=SIZE)


def test_leads_count_for_the_partner_that_their_capture_names_in_the_period() -> None:
    quality = found(LOG)

    assert quality.score is not None
    assert "26.7" == f"{quality.score:.1f}"
    assert [("acme", 2, 20.0, 1, "budget", 1), ("beta", 1, 40.0, 0, "need", 1)] == [
        (one.partner_id, one.n, one.score, one.qualified, one.missing, one.missing_n)
        for one in quality.partners
    ]
    assert [
        "Leads that partners submitted in Q3 2026: mean score 26.7",
        "  acme  mean score 20.0 of 2 leads, 1 qualified; budget not known of 1",
        "  beta  mean score 40.0 of 1 lead, 0 qualified; need not known of 1",
        "  note: the mean of fewer than 30 leads says little",
    ] == list(lead_quality_lines(quality))


def test_where_everything_is_known_nothing_is_missing() -> None:
    leads = "".join(
        f"2026-08-01 L{n} captured by acme\n"
        f"2026-08-01 L{n} lead_qualified criteria=need,budget,authority,timeline\n"
        for n in range(30)
    )

    assert [
        "Leads that partners submitted in Q3 2026: mean score 0.0",
        "  acme  mean score 0.0 of 30 leads, 30 qualified",
    ] == list(lead_quality_lines(found(leads)))


def test_many_partners_are_cut_in_print_only() -> None:
    quality = found("".join(f"2026-08-01 L{n} captured by p{n:02}\n" for n in range(12)))

    assert 12 == len(quality.partners)
    assert "  and 2 more partners" == list(lead_quality_lines(quality))[-2]


def test_without_such_leads_it_says_so() -> None:
    (line,) = lead_quality_lines(found("2026-08-01 L1 captured"))

    assert "Leads that partners submitted in Q3 2026: none" == line


def test_a_part_of_a_history_is_not_scored() -> None:
    part = kpis.only(fold(history(LOG), as_of=NOW), kpis.OPEN)

    (line,) = lead_quality_lines(lead_quality(part, period=QUARTER))

    assert line.endswith("not scored, since scores read every event of a lead; fold the events")


def test_a_review_has_them_as_json() -> None:
    review = programme_review(history(LOG), as_of=NOW, period=QUARTER, lead_scorer=SIZE)

    told = json.loads(json.dumps(review.to_json(), allow_nan=False))["lead_quality"]

    assert ["acme", "beta"] == [one["partner_id"] for one in told["partners"]]


def recorded_late(text: str) -> LeadQuality:
    late = [evolve(one, recorded_at=at("2026-11-01")) for one in history(text)]
    return lead_quality(kpis.history_of(fold(late, as_of=NOW)), period=QUARTER, scorer=SIZE)


def test_open_leads_that_were_recorded_afterwards_count_and_closed_ones_are_told() -> None:
    quality = recorded_late(LOG + "2026-08-05 L3 lost\n")

    assert [("acme", 2)] == [(one.partner_id, one.n) for one in quality.partners]
    assert 1 == quality.left_out
    *_, last = lead_quality_lines(quality)
    assert "  note: left out: 1 not on record before the outcome, by recorded_at" == last


def test_where_nothing_was_on_record_before_the_outcomes_it_says_so() -> None:
    quality = recorded_late("2026-08-01 L1 captured by acme\n2026-08-05 L1 lost\n")

    title = "Leads that partners submitted in Q3 2026"
    assert [f"{title}: 1 not on record before the outcome, by recorded_at"] == list(
        lead_quality_lines(quality)
    )


def test_an_invented_calendar_is_in_no_quarter_and_told() -> None:
    quality = found(f"{LOG}    2026-08-01 L7 captured by acme company_size=500 precision=relative")

    assert (3, 1) == (sum(one.n for one in quality.partners), quality.invented)
    assert "  note: left out: 1 whose calendar is invented" in lead_quality_lines(quality)


def test_where_every_calendar_is_invented_none_is_scored_and_all_are_told() -> None:
    quality = found("2026-08-01 L1 captured by acme company_size=500 precision=relative")

    assert [
        "Leads that partners submitted in Q3 2026: none",
        "  note: left out: 1 whose calendar is invented",
    ] == list(lead_quality_lines(quality))
