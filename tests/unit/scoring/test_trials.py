"""What would raise scores."""

from __future__ import annotations

from typing import Any

import pytest

from partnerleads.model import Caution
from partnerleads.scoring import (
    AtLeast,
    AtMost,
    Behaviour,
    Calibrated,
    Change,
    Criterion,
    Done,
    Equals,
    Happened,
    Hybrid,
    LeadFeatures,
    LeadScore,
    Missing,
    OneOf,
    PlattMap,
    QualificationModel,
    Reason,
    RuleGroup,
    RuleModel,
    StandIn,
    Stated,
)
from partnerleads.scoring.trials import changes_of
from partnerleads.testing import at

NOW = at("2026-02-01")
NOTHING = QualificationModel(
    name="nothing", criteria=[Criterion(name="country", signs=[Stated(name="country")])]
)


def lead(**given: Any) -> LeadFeatures:
    return LeadFeatures(lead_id="L1", captured_at=at("2026-01-01"), as_of=NOW, **given)


def model(*rules: Any) -> RuleModel:
    return RuleModel(name="m", groups=[RuleGroup(name="g", rules=rules)])


def told(*changes: Change) -> list[tuple[str, float]]:
    return [(one.words, one.gain) for one in changes]


def changes(scorer: Any, *leads: LeadFeatures, **options: Any) -> list[tuple[str, float]]:
    options = {"qualification": NOTHING, **options}
    return told(*changes_of(leads, scorer=scorer, **options))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([Equals(name="industry", value="steel", points=9)], "state industry: steel"),
        ([OneOf(name="industry", values=["a", "b"], points=9)], "state industry: a"),
        ([AtLeast(name="company_size", least=50, points=9)], "state company_size: 50"),
        ([AtMost(name="company_size", most=50, points=9)], "state company_size: less than 50"),
        (
            [Missing(name="company_size", points=-9), Equals(name="country", value="", points=9)],
            "state company_size: any",
        ),
        (
            [
                Missing(name="company_size", points=-18),
                AtMost(name="company_size", most=50, points=-9),
            ],
            "state company_size: more than 50",
        ),
        (
            [
                Missing(name="industry", points=-18),
                Equals(name="industry", value="any*", points=-9),
            ],
            "state industry: any",
        ),
    ],
)
def test_what_is_missing_is_tried_with_every_value_that_differs(
    rules: list[Any], expected: str
) -> None:
    # so that what a missing value costs shows above 0
    base = Missing(name="region", points=40)

    assert expected in [words for words, _ in changes(model(base, *rules), lead())]


def test_of_a_feature_the_value_that_adds_most_is_told() -> None:
    rules = [
        Equals(name="industry", value="wood", points=10),
        Equals(name="industry", value="steel", points=30),
        AtLeast(name="company_size", least=10, points=10),
        AtMost(name="company_size", most=20, points=10),
        AtLeast(name="company_size", least=15, points=5),
    ]
    leads = lead(values={"industry": "wood"}), lead(numbers={"company_size": 100})

    assert [
        ("state industry: steel", 15.0),
        ("state company_size: 15", 12.5),
        ("send leads whose industry is steel", 10.0),
        ("send leads whose company_size is 15", 5.0),
    ] == changes(model(*rules), *leads)


def test_a_number_that_an_attribute_states_as_text_may_be_another() -> None:
    rule = AtLeast(name="attributes.budget", least=5000, points=10)

    assert [("send leads whose attributes.budget is 5000", 10.0)] == changes(
        model(rule), lead(values={"attributes.budget": "100"})
    )
    assert [("send leads whose attributes.budget is yes", 10.0)] == changes(
        model(Equals(name="attributes.budget", value="yes", points=10)),
        lead(numbers={"attributes.budget": 100}),
    )


def test_any_value_but_those_that_cost_points_is_another_one() -> None:
    rule = Equals(name="industry", value="wood", points=-10)
    base = Missing(name="region", points=40)

    assert [("send leads whose industry is another one", 10.0)] == changes(
        model(base, rule), lead(values={"industry": "wood"})
    )


def test_behaviours_are_tried_once_more_and_not_at_all() -> None:
    demo = Behaviour(kind="activity.demo", occurred_at=at("2026-01-05"))
    back = Behaviour(kind="lead_returned", occurred_at=at("2026-01-06"))
    rules = model(
        Happened(behaviour="activity.demo", points=20, most=1),
        Happened(behaviour="activity", points=5, most=2),
        Happened(behaviour="lead_returned", points=-10),
    )

    # 20 + 5 - 10 = 15; again adds 5; without the return 25
    assert [("lead_returned: none", 10.0), ("activity: once more", 5.0),
            ("activity.demo: once more", 5.0)] == changes(
        rules, lead(behaviours=[demo, back])
    )  # fmt: skip
    unwanted = model(Missing(name="region", points=50), Happened(behaviour="activity", points=-10))
    assert [("activity: none", 10.0)] == changes(unwanted, lead(behaviours=[demo]))


def test_who_brought_or_holds_a_lead_is_not_tried() -> None:
    rules = [
        Equals(name=name, value="beta", points=20)
        for name in ("originator", "holder", "account", "source")
    ]

    assert [] == changes(model(*rules), lead())


def test_limits_at_the_end_of_what_a_float_holds_are_tried() -> None:
    rule = AtLeast(name="company_size", least=1.7976931348623157e308, points=5)

    assert [5.0] == [gain for _, gain in changes(model(rule), lead())]


def test_leads_that_do_not_gain_stay_as_they_are() -> None:
    rules = model(
        Equals(name="industry", value="steel", points=10), Missing(name="industry", points=30)
    )
    found = changes_of(
        [lead(), lead(values={"industry": "wood"})], scorer=rules, qualification=NOTHING
    )

    # the first would fall from 30 to 10
    assert [("send leads whose industry is steel", 1, 5.0)] == [
        (one.words, one.leads, one.gain) for one in found
    ]


def test_no_lead_nothing_to_gain() -> None:
    assert [] == changes(model(Equals(name="industry", value="steel", points=10)))


def test_rules_inside_other_scorers_are_tried() -> None:
    fit = model(Equals(name="industry", value="steel", points=10))
    engagement = model(Happened(behaviour="contact_made", points=10))
    stand_in = StandIn(scorer=fit, because=Caution("c", "too little"))
    platt = PlattMap(slope=1.0, base=0.0, learned_for="1", won=1, lost=1)

    assert [("contact_made: once more", 5.0), ("state industry: steel", 5.0)] == changes(
        Hybrid(fit=fit, engagement=engagement), lead()
    )
    assert [("state industry: steel", 10.0)] == changes(stand_in, lead())
    assert [("state industry: steel", 10.0)] == changes(
        Calibrated(scorer=fit, calibrator=platt), lead()
    )


class Own:
    """A stranger's scorer: likes a budget and talks."""

    def score(self, lead: LeadFeatures, /) -> LeadScore:
        points = 10.0 * ("attributes.budget" in lead.values) + 5.0 * len(lead.behaviours)
        reasons = [Reason(name="all", points=points)]
        return LeadScore(
            lead_id=lead.lead_id,
            as_of=lead.as_of,
            score=points,
            reasons=reasons,
            scorer="own",
            fingerprint="1",
        )


def test_other_scorers_are_tried_with_what_the_criteria_name() -> None:
    criteria = [
        Criterion(name="budget", signs=[Stated(name="attributes.budget", values=["yes"])]),
        Criterion(name="size", signs=[Stated(name="company_size", least=5, most=9)]),
        Criterion(name="talk", signs=[Done(behaviour="contact_made")]),
    ]
    model = QualificationModel(name="q", criteria=criteria)

    assert [("state attributes.budget: any", 10.0), ("contact_made: once more", 5.0)] == changes(
        Own(), lead(), qualification=model
    )
