"""What raises a score: golden gains by hand, what gains nothing, and how it is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from partnerleads import plv
from partnerleads.attribution import AttributionPolicy
from partnerleads.errors import AsOfError, MixedCurrencyError, OptionError
from partnerleads.lifecycle import fold
from partnerleads.model import Money
from partnerleads.testing import at, history

AS_OF = at("2026-07-01")


def criterion(metric: plv.Metric, target: float, weight: float = 1.0) -> plv.Criterion:
    return plv.Criterion(metric=metric, normaliser=plv.CappedTarget(target), weight=weight)


MODEL = plv.PlvModel(
    name="small",
    criteria=(
        criterion(plv.Revenue(), 100_000, 5),
        criterion(plv.Certifications(), 2, 3),
        criterion(plv.BusinessPlans(), 1, 2),
    ),
    tiers=(plv.Tier(name="silver", at_least=40), plv.Tier(name="gold", at_least=75)),
)

EVENTS = history("""
    2026-01-02 acme onboarded
    2026-01-05 acme certified security
    2026-01-06 acme business_plan 2026
    2026-01-09 L1 captured by acme
    2026-02-01 L1 won 10000 EUR margin=3000 EUR
    2026-03-01 L2 captured by acme
    2026-03-02 L3 captured
    2026-03-03 L3 accepted by acme
""")
"""By hand: 10 000 of 100 000 is .1 of 5, 1 of 2 certifications .5 of 3, the plan all of 2: 40."""


def test_the_gains_are_those_by_hand() -> None:
    found = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=MODEL)

    gains = {one.name: round(one.gain, 9) for one in found}
    assert 40.0 == pytest.approx(found.score.value)
    assert gains == {
        "certification": 15.0,
        "new_deal": 5.0,
        "open_lead": 5.0,
        "sourced_lead": 0.0,
        "training": 0.0,
        "campaign": 0.0,
        "co_selling": 0.0,
        "business_plan": 0.0,
        "rating": 0.0,
    }


def test_gold_takes_seven_deals_of_five_points_and_no_number_of_certifications() -> None:
    found = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=MODEL)

    assert 7 == found["new_deal"].times_to_next_tier
    assert found["certification"].times_to_next_tier is None
    assert 14 == len(found["new_deal"].path)
    assert found.missing == pytest.approx(35)


def test_an_action_is_tried_no_more_often_than_asked() -> None:
    found = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=MODEL, most=6)

    assert found["new_deal"].times_to_next_tier is None


def test_no_more_leads_are_won_than_are_open_and_sourced_ones_come_first() -> None:
    found = plv.improvements(
        EVENTS, partner_id="acme", as_of=AS_OF, model=MODEL, deal=Money("90000", "EUR")
    )
    small = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=MODEL)

    assert "win L2, open since 2026-03-01 00:00 UTC, for EUR 90 000.00" == found["open_lead"].words
    assert 1 == found["open_lead"].times_to_next_tier
    assert small["open_lead"].times_to_next_tier is None


def test_what_gains_nothing_says_why() -> None:
    found = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=MODEL)

    assert "capped: business_plans already at the most" == found["business_plan"].because
    assert "nothing that the model measures changes" == found["training"].because
    assert found["certification"].because is None


def test_a_gate_and_a_step_too_high_are_told_apart() -> None:
    steps = plv.PointsTable(((10, 0.5), (20, 1)), between="step")
    model = plv.PlvModel(
        name="gated",
        criteria=(
            plv.Criterion(metric=plv.Training(), normaliser=steps, weight=1),
            criterion(plv.Certifications(), 2),
        ),
        gates=(plv.Gate(names="training", cap=20),),
    )
    found = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=model)

    assert 20.0 == found.score.value
    assert "a gate holds the score at 20.0" == found["certification"].because
    assert "too little to move the share of training" == found["training"].because


def test_a_first_mediocre_record_can_cost_points() -> None:
    model = plv.PlvModel(
        name="ratings",
        criteria=(
            criterion(plv.BusinessPlans(), 1),
            plv.Criterion(metric=plv.Satisfaction(), normaliser=plv.Goalposts(0, 1), weight=1),
        ),
    )
    found = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=model)

    assert -11.25 == pytest.approx(found["rating"].gain)
    assert "-11.2" == found["rating"].gain_text()
    assert "rating" == found.actions[-1].name


def test_wins_are_left_out_where_no_deal_tells_their_size() -> None:
    found = plv.improvements(EVENTS[:2], partner_id="acme", as_of=AS_OF, model=MODEL)

    assert {"new_deal", "open_lead"}.isdisjoint(one.name for one in found)
    assert 1 == len(found.left_out)
    with pytest.raises(KeyError):
        _ = found["new_deal"]


def test_a_deal_without_a_margin_is_drafted_without_one() -> None:
    events = history("2026-01-09 L1 captured by acme\n2026-02-01 L1 won 10000 EUR")
    found = plv.improvements(events, partner_id="acme", as_of=AS_OF, model=MODEL)

    assert found["new_deal"].events[-1].margin is None  # type: ignore[union-attr]
    assert (
        30_000
        == plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF)["new_deal"]
        .events[-1]
        .margin.minor
        / 10
    )  # type: ignore[union-attr]


def test_it_prints_gains_and_what_they_lead_to() -> None:
    found = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=MODEL)

    nothing = " +0.0  nothing that the model measures changes"
    because = found["business_plan"].because
    expected = f"""\
acme 40.0; gold from 75, 35.0 to go
  earn one more certification                                 +15.0
  bring and win a deal of EUR 10 000.00                        +5.0  gold after 7
  win L2, open since 2026-03-01 00:00 UTC, for EUR 10 000.00   +5.0
  bring a lead                                                {nothing}
  complete a training                                         {nothing}
  join a campaign                                             {nothing}
  sell together once                                          {nothing}
  file a business plan                                         +0.0  {because}
  get the best rating from a customer                         {nothing}"""
    assert expected == str(found)
    assert f"<{found}>" == repr(found)
    assert "silver at once" in str(
        plv.improvements(
            EVENTS[:3], partner_id="acme", as_of=AS_OF, model=MODEL, deal=Money("90000", "EUR")
        )
    )


def test_it_says_where_no_tier_is_above() -> None:
    bare = attrs.evolve(MODEL, tiers=())
    low = attrs.evolve(MODEL, tiers=MODEL.tiers[:1])

    assert "the model has no tiers" in str(
        plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=bare)
    )
    top = plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, model=low)
    assert "no tier is above" in str(top)
    assert top.missing is None


def test_rows_and_html_show_every_action() -> None:
    found = plv.improvements(EVENTS[:2], partner_id="acme", as_of=AS_OF, model=MODEL)
    rows = found.to_dicts()

    assert [one.name for one in found] == [row["action"] for row in rows]
    assert {"silver"} == {row["next_tier"] for row in rows}
    assert {None} == {
        row["next_tier"]
        for row in plv.improvements(
            EVENTS, partner_id="acme", as_of=AS_OF, model=attrs.evolve(MODEL, tiers=())
        ).to_dicts()
    }
    page = found._repr_html_()
    assert len(rows) + 1 == page.count("<tr>")
    assert "<p>no deal of the partner" in page


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(OptionError, match="most=0"):
        plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, most=0)
    with pytest.raises(OptionError, match=r"is named by no event by then; did you mean 'acme'\?"):
        plv.improvements(EVENTS, partner_id="acmee", as_of=AS_OF)
    with pytest.raises(OptionError, match=r"is named by no event by then$"):
        plv.improvements(EVENTS, partner_id="zz", as_of=AS_OF)
    with pytest.raises(AsOfError):
        plv.improvements(EVENTS, partner_id="acme")
    with pytest.raises(MixedCurrencyError):
        plv.improvements(EVENTS, partner_id="acme", as_of=AS_OF, deal=Money("9", "USD"))


@pytest.mark.parametrize(
    ("policy", "kinds"),
    [
        (AttributionPolicy(), ["lead_captured"]),
        (AttributionPolicy(claims="registration"), ["lead_captured", "deal_registered"]),
        (AttributionPolicy(contact_required=True), ["lead_captured", "contact_made"]),
    ],
)
def test_a_lead_is_brought_as_the_policy_wants_it(
    policy: AttributionPolicy, kinds: list[str]
) -> None:
    lives = fold(EVENTS, as_of=AS_OF, policy=policy)
    found = plv.improvements(lives, partner_id="acme")

    assert kinds == [event.type for event in found["sourced_lead"].events]
    assert found["sourced_lead"].gain > 0
    assert len(found.actions) == len(found)


def _tiered(*criteria: plv.Criterion, gold: float = 60) -> plv.PlvModel:
    return plv.PlvModel(
        name="tiered", criteria=criteria, tiers=(plv.Tier(name="gold", at_least=gold),)
    )


JOINED = history("2026-01-02 acme onboarded")


def test_an_action_that_gains_only_by_the_third_time_reaches_the_tier_after_three() -> None:
    steps = plv.PointsTable(((3, 1.0),), between="step")
    model = _tiered(plv.Criterion(metric=plv.Training(), normaliser=steps, weight=1))
    found = plv.improvements(JOINED, partner_id="acme", as_of=AS_OF, model=model)["training"]
    after = plv.plv_scores([*JOINED, *found.path], as_of=AS_OF, model=model)["acme"]

    assert (0.0, 3) == (found.gain, found.times_to_next_tier)
    assert ("gold", 100.0) == (after.tier, after.value)


def test_ratings_that_gain_nothing_at_first_reach_the_tier_later() -> None:
    events = (*JOINED, *history("2026-02-01 acme training basics"))
    model = _tiered(
        criterion(plv.Training(half_life=timedelta(days=150)), 1),
        plv.Criterion(
            metric=plv.Satisfaction(prior=0.0, strength=1), normaliser=plv.Goalposts(0, 1), weight=9
        ),
        gold=85,
    )
    found = plv.improvements(events, partner_id="acme", as_of=AS_OF, model=model)["rating"]

    assert 50.0 == pytest.approx(found.before)
    assert 50.0 == pytest.approx(found.after)
    assert 8 == found.times_to_next_tier


def test_the_rounding_of_floats_keeps_nobody_from_the_tier_that_is_promised() -> None:
    model = _tiered(
        criterion(plv.Training(), 1, 197),
        criterion(plv.Certifications(), 1, 0.1),
        criterion(plv.BusinessPlans(), 1, 0.2),
        gold=100 * (197 + 0.1) / (197 + 0.1 + 0.2),
    )
    events = (*JOINED, *history("2026-03-01 acme certified security"))
    found = plv.improvements(events, partner_id="acme", as_of=AS_OF, model=model)["training"]

    assert model.tiers[0].at_least > found.after
    assert 1 == found.times_to_next_tier


def test_what_stays_at_0_because_of_another_criterion_says_so() -> None:
    model = plv.PlvModel(
        name="all or nothing",
        criteria=(criterion(plv.Training(), 1), criterion(plv.Certifications(), 2)),
        aggregator=plv.FlooredGeometric(floor=0),
    )
    found = plv.improvements(JOINED, partner_id="acme", as_of=AS_OF, model=model)

    because = "the score stays at 0 while nothing comes of certifications"
    assert because == found["training"].because


def test_what_has_no_weight_or_is_known_and_still_at_0_says_so() -> None:
    lost = history("2026-01-01 L1 captured\n2026-01-05 L1 registered by acme")
    model = plv.PlvModel(
        name="mixed",
        criteria=(criterion(plv.Training(), 1, 0), criterion(plv.Certifications(), 2)),
    )
    plain = plv.improvements(JOINED, partner_id="acme", as_of=AS_OF, model=model)
    first = plv.improvements(lost, partner_id="acme", as_of=AS_OF, model=model)

    assert "the model gives no weight to training" == plain["training"].because
    assert "certifications known, and still at 0" == first["campaign"].because


def test_a_tier_that_is_missed_by_less_than_is_shown_is_not_said_to_be_0_away() -> None:
    model = _tiered(criterion(plv.Certifications(), 3), gold=33.34)
    events = (*JOINED, *history("2026-03-01 acme certified security"))
    found = plv.improvements(events, partner_id="acme", as_of=AS_OF, model=model)

    assert found.score.tier is None
    assert "gold from 33.34, less than 0.1 to go" == found.tier_text()


def test_what_moves_a_share_and_not_the_score_says_so() -> None:
    model = plv.PlvModel(
        name="huge and tiny",
        criteria=(criterion(plv.Training(), 10, 1e-20), criterion(plv.Certifications(), 1)),
    )
    events = (*JOINED, *history("2026-03-01 acme certified security"))
    found = plv.improvements(events, partner_id="acme", as_of=AS_OF, model=model)

    assert "too little to move the score by training" == found["training"].because


LEFT = """
    2026-01-02 acme onboarded
    2026-01-05 acme certified security
    2026-05-01 acme terminated
"""


def test_a_partner_that_left_gets_no_advice() -> None:
    # of 60 points that are known 7 / 3 for the certification, and 10 x 1 deal / (.5 + 180 / 365)
    # years / 12 for the prior of the deal frequency
    found = plv.improvements(history(LEFT), partner_id="acme", as_of=at("2026-07-01"))

    assert ((), None, None) == (found.actions, found.next_tier, found.missing)
    assert at("2026-05-01") == found.terminated_at
    assert "acme 5.3; it left the programme on 2026-05-01 00:00 UTC, so nothing is advised" == str(
        found
    )
    assert [] == found.to_dicts()
    assert "what raises the score" not in found._repr_html_()
    assert "left the programme on 2026-05-01 00:00 UTC" in found._repr_html_()


def test_a_partner_is_advised_before_it_leaves_and_once_it_is_back() -> None:
    back = history(LEFT + "    2026-06-01 acme onboarded\n")
    for events, as_of in ((history(LEFT), at("2026-04-30")), (back, at("2026-07-01"))):
        found = plv.improvements(events, partner_id="acme", as_of=as_of)

        assert found.terminated_at is None
        assert "certification" in [one.name for one in found]
        assert found.next_tier is not None


@pytest.mark.parametrize("value", ["0 EUR", "-50 EUR"])
def test_deals_of_nothing_tell_not_what_a_win_would_bring(value: str) -> None:
    events = history(f"2026-01-02 L1 captured by acme\n2026-01-05 L1 won {value}")
    found = plv.improvements(events, partner_id="acme", as_of=at("2026-07-01"))

    assert "new_deal" not in [one.name for one in found]
    assert "pass deal=" in found.left_out[0]


@pytest.mark.parametrize("deal", [Money("0", "EUR"), Money("-1", "EUR"), 30000])
def test_a_deal_of_nothing_is_refused(deal: Any) -> None:
    events = history("2026-01-02 acme onboarded")

    with pytest.raises(OptionError, match=r"deal=.*: pass Money above 0"):
        plv.improvements(events, partner_id="acme", as_of=at("2026-07-01"), deal=deal)
