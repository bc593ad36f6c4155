"""Feedback to a partner, worked by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads.incentives import Qualification, RateRow, RateTable, commissions
from partnerleads.scoring import (
    AtLeast,
    Criterion,
    Equals,
    Missing,
    PartnerFeedback,
    QualificationModel,
    RuleGroup,
    RuleModel,
    Stated,
    lead_features,
    partner_feedback,
    qualify,
)
from partnerleads.testing import at, history

NOW = at("2026-04-01")

# The scores by hand: steel 40, 100 employees 20, no budget stated -10, never below 0.
#   A1 40 + 20 = 60; A2 -10, so 0; A3 40 - 10 = 30; A4 0
#   B1 60; B2 -10, so 0; C1 40; D1 20
EVENTS = history("""
    2026-01-01  acme  onboarded name="Acme Ltd"
    2026-01-02  A1  captured by acme industry=steel company_size=150 attributes.budget=yes
    2026-01-03  A2  captured by acme
    2026-01-04  A3  captured by acme industry=steel
    2026-01-05  A4  captured by acme company_size=80 attributes.budget=no
    2026-01-06  B1  captured by beta industry=steel company_size=200 attributes.budget=yes
    2026-01-07  B2  captured by beta
    2026-01-08  C1  captured by gamma industry=steel attributes.budget=yes
    2026-01-09  D1  captured by delta company_size=120 attributes.budget=yes
    2026-01-10  E1  captured industry=steel company_size=900 attributes.budget=yes
    2026-02-01  A1  won 9000 EUR
    2026-02-02  A2  lost reason=price
    2026-02-03  A2  lead_updated attributes.budget=yes industry=steel
    2026-02-04  A3  disqualified
    2026-02-05  B1  won 5000 EUR
    2026-03-01  C1  lost reason=budget
""")

SCORER = RuleModel(
    name="by hand",
    groups=[
        RuleGroup(
            name="fit",
            rules=[
                Equals(name="industry", value="steel", points=40),
                AtLeast(name="company_size", least=100, points=20),
                Missing(name="attributes.budget", points=-10),
            ],
        )
    ],
)
CRITERIA = QualificationModel(
    name="by hand",
    criteria=[
        Criterion(name="budget", signs=[Stated(name="attributes.budget", values=["yes"])]),
        Criterion(name="size", signs=[Stated(name="company_size", least=100)]),
    ],
)


@pytest.fixture(scope="module")
def found() -> PartnerFeedback:
    return partner_feedback(
        EVENTS, partner_id="acme", as_of=NOW, scorer=SCORER, qualification=CRITERIA
    )


def test_scores_against_the_programme(found: PartnerFeedback) -> None:
    own, others = found.score.own, found.score.others

    assert (4, 22.5, 15.0) == (own.n, own.mean, own.median)  # 60, 30, 0, 0
    assert others is not None
    assert (4, 30.0, 30.0) == (others.n, others.mean, others.median)  # 60, 40, 20, 0
    assert 3 == found.others


def test_welch_s_interval_by_hand(found: PartnerFeedback) -> None:
    # variances 825 and 666.67, over 4 leads each: 206.25 + 166.67 = 372.92, its root 19.311;
    # 372.92^2 / (206.25^2 / 3 + 166.67^2 / 3) = 5.933 degrees, for which tables of t interpolate
    # to 2.453 (2.571 at 5, 2.447 at 6)
    difference = found.score.difference

    assert -7.5 == difference.value
    assert difference.interval is not None
    low, high = difference.interval
    assert -7.5 - 2.453 * 19.311 == pytest.approx(low, abs=0.05)
    assert -7.5 + 2.453 * 19.311 == pytest.approx(high, abs=0.05)


def test_the_budget_by_hand(found: PartnerFeedback) -> None:
    # yes, not stated before the loss, not stated, no; of the others yes, not stated, yes, yes
    budget = found["budget"]

    assert (1, 1, 2) == (budget.own.met, budget.own.not_met, budget.own.not_known)
    assert (0.25, 0.5) == (budget.own.share, budget.own.missing)
    assert budget.others is not None
    assert (3, 0, 1) == (budget.others.met, budget.others.not_met, budget.others.not_known)
    # Wilson's limits of 1 of 4 are .0456 and .6994; of 3 of 4 1 less these. Newcombe:
    # from -.5 less the root of .2044^2 + .2044^2 to -.5 and the root of .4494^2 + .4494^2
    assert budget.interval is not None
    assert (0.0456, 0.6994) == pytest.approx(budget.interval, abs=1e-4)
    assert -0.5 == budget.difference.value
    assert budget.difference.interval is not None
    assert (-0.7891, 0.1355) == pytest.approx(budget.difference.interval, abs=1e-3)


def test_the_verdicts_by_hand(found: PartnerFeedback) -> None:
    # A1 yes, A4 no; of A2 and A3 it is not known
    own, others = found.qualified.own, found.qualified.others

    assert (1, 1, 2) == (own.met, own.not_met, own.not_known)
    assert others is not None
    assert (2, 0, 2) == (others.met, others.not_met, others.not_known)  # B1 and D1


def test_what_would_raise_the_score_by_hand(found: PartnerFeedback) -> None:
    # industry: A2 from 0 to 30, A4 from 0 to 40. Size where missing: A2 from 0 to 10, A3 from 30
    # to 50; where it is another: A4 from 0 to 20. Budget: A3 from 30 to 40, while A2 stays at 0.
    assert [
        ("state industry: steel", 2, 17.5),
        ("state company_size: 100", 2, 7.5),
        ("send leads whose company_size is 100", 1, 5.0),
        ("state attributes.budget: any", 1, 2.5),
    ] == [(one.words, one.leads, one.gain) for one in found.changes]


def test_what_became_of_them(found: PartnerFeedback) -> None:
    assert {"won": 1, "lost": 1, "disqualified": 1, "open": 1} == found.outcomes.counts
    assert {"": 1, "price": 1} == found.outcomes.reasons
    assert found.others_outcomes is not None
    assert {"won": 1, "lost": 1, "disqualified": 0, "open": 2} == found.others_outcomes.counts


def test_read_at_a_moment_of_their_own() -> None:
    # a month after their capture, budget and industry of a lead that is open by then would count
    events = history("""
        2026-01-02  L1  captured by acme
        2026-01-12  L1  lead_updated industry=steel
        2026-01-22  L1  lead_updated attributes.budget=yes
        2026-03-25  L2  captured by acme industry=steel
    """)
    means = {
        days: partner_feedback(
            events,
            partner_id="acme",
            as_of=NOW,
            scorer=SCORER,
            read_after=timedelta(days=days),
        ).score.own
        for days in (0, 7, 10, 20)
    }

    assert [(2, 15.0), (2, 15.0), (1, 30.0), (1, 40.0)] == [
        (one.n, one.mean) for one in means.values()
    ]


def test_the_page() -> None:
    found = partner_feedback(
        EVENTS,
        partner_id="acme",
        as_of=NOW,
        scorer=SCORER,
        qualification=CRITERIA,
        read_after=timedelta(days=7),
    )
    lines = str(found).split("\n")
    marks = ("scored by", "criteria of")

    assert PAGE == "\n".join(line for line in lines if not line.strip().startswith(marks))


PAGE = """\
Leads of Acme Ltd (acme), as of 2026-04-01 00:00 UTC
4 leads whose capture names the partner; read 7 days after the capture, and before any outcome

Score, 0 to 100
  these leads                mean 22.5    median 15.0         n 4
  leads of 3 other partners  mean 30.0    median 30.0         n 4
  difference of the means    -7.5 points  95 % -54.9 to 39.9

Criteria met
  budget     1 of 4  25.0 %  95 % 4.6 to 69.9  others 75.0 %  -50.0 points  95 % -78.9 to 13.5
  size       1 of 4  25.0 %  95 % 4.6 to 69.9  others 50.0 %  -25.0 points  95 % -65.5 to 32.0
  qualified  1 of 4  25.0 %  95 % 4.6 to 69.9  others 50.0 %  -25.0 points  95 % -65.5 to 32.0

What was missing
  budget  not known of 2 of 4 leads  others 25.0 %
  size    not known of 2 of 4 leads  others 50.0 %

What would raise the mean score most
  state industry: steel                 +17.5  in 2 leads
  state company_size: 100               +7.5   in 2 leads
  send leads whose company_size is 100  +5.0   in 1 lead
  state attributes.budget: any          +2.5   in 1 lead

What became of them so far
  won                1  25.0 %  others 25.0 %
  lost               1  25.0 %  others 25.0 %
  disqualified       1  25.0 %  others 0.0 %
  open               1  25.0 %  others 50.0 %
    no reason given  1
    price            1

Notes
  small: n < 30
  small: the programme's other leads are fewer than 30"""


def test_qualification_decides_who_earns() -> None:
    # 10 % of 9000; L2 is won without a size, which is told too late
    events = history("""
        2026-01-02  L1  captured by acme company_size=150 attributes.budget=yes
        2026-02-01  L1  won 9000 EUR
        2026-02-10  L2  captured by acme attributes.budget=yes
        2026-02-20  L2  won 1000 EUR
        2026-02-21  L2  lead_updated company_size=500
    """)
    table = RateTable(
        name="2026", rows=[RateRow(name="sourced", rate="0.10")], qualification=Qualification()
    )
    verdicts = qualify(lead_features(events, as_of=NOW), qualification=CRITERIA).to_events()
    owed = commissions([*events, *verdicts], table=table, as_of=NOW)

    assert [("L1", "EUR 900.00")] == [(one.lead_id, str(one.amount)) for one in owed.lines]
    assert [("L2", "it was not qualified before the win")] == [
        (one.lead_id, one.reason) for one in owed.refusals
    ]
