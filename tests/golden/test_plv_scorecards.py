"""Published patterns of partner scorecards as data, with scores worked out by hand.

The capability score (learn.microsoft.com/partner-center/membership/partner-capability-score):
points in proportion up to a target and no more, trailing twelve months, 2 points for each customer
won up to 20; a partner qualifies with 70 points when every metric is above 0.

The weighted scorecard (xAmplify's partner scorecard): revenue 40, competency 25, engagement 20,
customer success 15; green from 80, yellow from 50, red below.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerleads import plv
from partnerleads.testing import at, history

CARDS = Path(__file__).parent / "scorecards"


def card(name: str) -> plv.PlvModel:
    return plv.PlvModel.from_json((CARDS / f"{name}.json").read_text(encoding="utf-8"))


def wins(partner_id: str, count: int) -> str:
    return "\n".join(
        f"2026-02-01 {partner_id}{n} captured by {partner_id}\n2026-03-01 {partner_id}{n} won"
        for n in range(count)
    )


SKILLED = "\n".join(f"2026-02-01 acme certified c{n}" for n in range(4))
RATED = "2026-04-01 acme rated score=4 scale_min=0 scale_max=5"


@pytest.mark.parametrize(
    ("story", "points", "value", "tier"),
    [
        # 5 customers at 2 points, 4 of 4 certifications, 0.8 of 0.8
        (f"{wins('acme', 5)}\n{SKILLED}\n{RATED}", (10, 40, 40), 90.0, "qualified"),
        # 12 customers earn no more than 10 do
        (f"{wins('acme', 12)}\n{SKILLED}\n{RATED}", (20, 40, 40), 100.0, "qualified"),
        # 80 points, but no customer was won: not every metric is above 0
        (f"{SKILLED}\n{RATED}", (0, 40, 40, -11), 69.0, None),
        # no rating is 0 here, too
        (f"{wins('acme', 10)}\n{SKILLED}", (20, 40, 0), 60.0, None),
    ],
)
def test_the_capability_score_needs_70_points_and_every_metric_above_0(
    story: str, points: tuple[float, ...], value: float, tier: str | None
) -> None:
    score = plv.plv_scores(history(story), as_of=at("2026-06-01"), model=card("capability"))["acme"]

    assert points == tuple(round(part.points, 9) for part in score.parts)
    assert (value, tier) == (round(score.value or 0, 9), score.tier)


def test_the_trailing_twelve_months_pass_and_certifications_stay() -> None:
    story = f"{wins('acme', 10)}\n{SKILLED}\n{RATED}"
    capability = card("capability")
    kept = plv.plv_scores(history(story), as_of=at("2027-02-28"), model=capability)["acme"]
    later = plv.plv_scores(history(story), as_of=at("2027-03-01"), model=capability)["acme"]

    assert (100.0, 69.0) == (kept.value, later.value)


def test_the_weighted_scorecard_by_hand() -> None:
    story = """
        2026-01-10 L1 captured by acme
        2026-02-01 L1 won 150000 EUR
        2026-01-10 L2 captured
        2026-01-11 L2 influenced by acme
        2026-02-01 L2 won 30000 EUR
        2026-03-01 L2 refunded 10000 EUR
        2026-02-01 acme certified cloud
        2026-02-01 acme certified data expires_at=2026-05-01
        2026-02-01 acme certified security
        2026-03-03 acme campaign spring
        2026-06-01 acme campaign summer
        2026-04-01 acme rated score=5 scale_min=1 scale_max=5
        2026-05-01 acme rated score=10 scale_min=0 scale_max=10
    """
    score = plv.plv_scores(history(story), as_of=at("2026-06-01"), model=card("weighted"))["acme"]

    # revenue (170 000 - 20 000) / 200 000 = 0.75; 2 of 5; (1 + 1/2) / 4; (1 + 1 + 2 * 0.5) / 4
    assert {
        "revenue": 30.0,
        "competency": 10.0,
        "engagement": 7.5,
        "customer success": 11.25,
    } == {part.name: part.points for part in score.parts}
    assert (58.75, "yellow", 1.0) == (score.value, score.tier, score.coverage)


def test_the_default_model_by_hand() -> None:
    story = """
        2025-06-01 acme onboarded
        2025-07-01 L1 captured by acme
        2025-08-01 L1 won 100000 EUR margin=30000 EUR
        2025-07-01 L2 captured by acme
        2025-08-01 L2 lost
        2025-07-01 L3 captured by acme
        2025-08-01 L3 won 20000 EUR margin=6000 EUR
        2025-09-01 L3 refunded 10000 EUR
        2026-01-01 acme training basics
        2026-06-30 acme training advanced
        2026-06-30 acme co_sell spring
        2026-01-01 acme certified cloud
        2026-06-01 acme rated score=3 scale_min=1 scale_max=5
        2026-06-01 acme business_plan next
    """
    score = plv.plv_scores(history(story), as_of=at("2026-06-30"))["acme"]
    by_hand = {
        "revenue": 20 * 110_000 / 250_000,
        "deal_frequency": 10 * ((2 + 1) / (1 + 0.5)) / 12,
        "deal_size": 5 * 0.870181,  # (log10(55 000) - 3) / 2
        "margin": 10 * 0.3 / 0.4,
        "conversion": 15 * ((2 + 1) / (3 + 4)) / 0.5,
        "training": 8 * 1.5 / 4,
        "campaigns": 0.0,
        "co_selling": 5 * 1 / 3,
        "certifications": 7 * 1 / 3,
        "satisfaction": 10 * ((0.5 + 3 * 0.7) / 4 - 0.4) / 0.5,
        "sourced_leads": 3 * (3 / 1.25) / 12,
        "business_plans": 2.0,
    }

    assert {name: round(points, 5) for name, points in by_hand.items()} == {
        part.name: round(part.points, 5) for part in score.parts
    }
    assert round(sum(by_hand.values()), 4) == round(score.value or 0, 4)
