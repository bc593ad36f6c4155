"""Leads scored by rules, worked by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from partnerleads.scoring import (
    AtLeast,
    Behaviour,
    Equals,
    Happened,
    Hybrid,
    LeadFeatures,
    Missing,
    OneOf,
    RuleGroup,
    RuleModel,
    lead_features,
    priorities,
    score_leads,
)
from partnerleads.testing import at, history

DAYS = timedelta(days=1)

FIT = RuleGroup(
    name="fit",
    most=40,
    rules=(
        OneOf(name="industry", values=("steel", "chemicals"), points=20),
        AtLeast(name="company_size", least=50, points=15),
        AtLeast(name="company_size", least=500, points=15),
        Equals(name="attributes.role", value="student", points=-30),
        Missing(name="country", points=-5),
    ),
)
ENGAGEMENT = RuleGroup(
    name="engagement",
    most=50,
    rules=(
        Happened(behaviour="activity.demo", points=16, half_life=30 * DAYS),
        Happened(behaviour="activity.visit", points=2, most=3, per=7 * DAYS),
        Happened(behaviour="activity.unsubscribed", points=-25, most=1),
    ),
)
MODEL = RuleModel(name="by hand", groups=(FIT, ENGAGEMENT))

EVENTS = history("""
    2026-01-01 A captured industry=steel company_size=600 country=DE
    2026-01-01 A lead_activity demo
    2026-01-31 A lead_activity demo
    2026-02-20 A lead_activity visit count=5
    2026-02-28 A lead_activity visit count=2

    2026-01-01 B captured industry=retail company_size=60
    2026-02-28 B lead_activity visit

    2026-02-28 C captured industry=chemicals country=DE attributes.role=student
    2026-02-28 C lead_activity unsubscribed count=3
""")
NOW = at("2026-03-02")  # 60 days after 1 January, 30 after 31 January


def points_of(lead_id: str) -> list[tuple[str, float]]:
    lead = lead_features(EVENTS, as_of=NOW)[lead_id]
    return [(one.name, one.points) for one in MODEL.score(lead).reasons]


def test_fit_is_capped_and_demos_fade() -> None:
    # fit 20 + 15 + 15 = 50, capped at 40; demos 16 / 4 + 16 / 2 = 12;
    # visits: 2 of 28 February, 3 of 20 February, which lie 8 days apart: 5 * 2 = 10
    expected = [
        ("industry", 20),
        ("company_size", 15),
        ("company_size", 15),
        ("cap of fit", -10),
        ("activity.demo", 12),
        ("activity.visit", 10),
    ]

    assert expected == points_of("A")


def test_what_is_missing_takes_points() -> None:
    expected = [("company_size", 15), ("country", -5), ("activity.visit", 2)]

    assert expected == points_of("B")


def test_below_0_the_floor_gives_back() -> None:
    # 20 - 30 - 25 = -35
    expected = [
        ("industry", 20),
        ("attributes.role", -30),
        ("activity.unsubscribed", -25),
        ("floor", 35),
    ]

    assert expected == points_of("C")


def test_the_scores_and_their_order() -> None:
    scores = score_leads(lead_features(EVENTS, as_of=NOW), scorer=MODEL)
    listed = priorities(scores, history=EVENTS, as_of=NOW, sla=58 * DAYS)

    expected = [("A", 62.0, "B", -2.0), ("B", 12.0, "D", -2.0), ("C", 0.0, "D", 56.0)]
    found = [
        (one.lead_id, one.score, one.grade, (one.sla_left or timedelta()) / DAYS) for one in listed
    ]
    assert expected == found


def test_more_than_100_is_capped_and_the_cap_is_a_reason() -> None:
    model = RuleModel(
        name="generous",
        groups=[
            RuleGroup(name="a", rules=[Equals(name="country", value="DE", points=70)]),
            RuleGroup(name="b", rules=[Equals(name="country", value="DE", points=70)]),
        ],
    )
    lead = LeadFeatures(
        lead_id="L", captured_at=NOW, as_of=NOW, values={"country": "DE"}, numbers={}
    )
    score = model.score(lead)

    assert 100 == score.score
    assert [70, 70, -40] == [one.points for one in score.reasons]


def test_a_half_life_halves() -> None:
    rule = Happened(behaviour="activity.demo", points=64, half_life=10 * DAYS)
    demo = Behaviour(kind="activity.demo", occurred_at=at("2026-01-01"))
    found = [
        rule.reason(
            LeadFeatures(
                lead_id="L",
                captured_at=at("2026-01-01"),
                as_of=at("2026-01-01") + age * DAYS,
                behaviours=[demo],
            )
        )
        for age in (0, 5, 10, 20, 60)
    ]

    points = [one.points for one in found if one is not None]
    assert points == pytest.approx([64, 64 / 2**0.5, 32, 16, 1], abs=1e-12)


def test_the_blend_weighs_the_points() -> None:
    fit, engagement = (RuleModel(name=one.name, groups=[one]) for one in (FIT, ENGAGEMENT))
    hybrid = Hybrid(fit=fit, engagement=engagement, fit_weight=0.75)
    lead = lead_features(EVENTS, as_of=NOW)["A"]
    score = hybrid.score(lead)

    # 0.75 * 40 + 0.25 * 22
    assert score.score == pytest.approx(35.5)
    assert ("fit: cap of fit", -7.5) in [(one.name, one.points) for one in score.reasons]
    assert "B3" == hybrid.cell(lead).name


def test_thirds_are_shown_so_that_they_add_up() -> None:
    model = RuleModel(
        name="thirds",
        groups=[
            RuleGroup(
                name="a",
                rules=[
                    Equals(name=name, value="x", points=100 / 3)
                    for name in ("country", "region", "industry")
                ],
            )
        ],
    )
    lead = LeadFeatures(
        lead_id="L",
        captured_at=NOW,
        as_of=NOW,
        values={"country": "x", "region": "x", "industry": "x"},
    )
    shown = [points for _, points in model.score(lead).rounded()]

    assert [Decimal("33.4"), Decimal("33.3"), Decimal("33.3")] == shown
