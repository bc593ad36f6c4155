"""Models of rules: data that is saved, checked and told apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from attrs import evolve, frozen

from partnerleads.errors import BadInputError, OptionError
from partnerleads.scoring import (
    DEFAULT_RULES,
    Equals,
    LeadFeatures,
    Reason,
    RuleGroup,
    RuleModel,
    lead_features,
)
from partnerleads.testing import at, history

NOW = at("2026-02-01")
BARE = LeadFeatures(lead_id="L1", captured_at=NOW, as_of=NOW)


@frozen
class Weekend:
    """A stranger's rule: captured on a weekend."""

    kind = "weekend"
    points: float

    def reason(self, lead: LeadFeatures, /) -> Reason | None:
        late = lead.captured_at.weekday() > 4
        return Reason(name="weekend", points=self.points) if late else None


def model(*rules: Any, **limits: Any) -> RuleModel:
    return RuleModel(name="m", groups=[RuleGroup(name="g", rules=rules, **limits)])


def test_a_stranger_s_rule_counts_but_stays_in_code() -> None:
    own = model(Weekend(7))

    assert 7 == own.score(BARE).score  # 1 February 2026 is a Sunday
    assert own.fingerprint != model(Weekend(8)).fingerprint
    with pytest.raises(OptionError, match="keep it in code"):
        own.to_json()


def test_group_limits_are_reasons() -> None:
    assert [("weekend", 7), ("cap of g", -4)] == [
        (one.name, one.points) for one in model(Weekend(7), most=3).score(BARE).reasons
    ]
    assert [("weekend", -7), ("floor of g", 9)] == [
        (one.name, one.points) for one in model(Weekend(-7), least=2).score(BARE).reasons
    ]
    assert [("floor of g", 2)] == [
        (one.name, one.points) for one in model(Weekend(0), least=2).score(BARE).reasons
    ]


def test_the_default_rules_score_a_plain_lead() -> None:
    events = history("""
        2026-01-01 L1 captured company_size=300 industry=steel country=DE
        2026-01-02 L1 qualified criteria=need,budget,authority,timeline
        2026-02-01 L1 progressed
        2026-02-01 L1 contact by own_team
        2026-02-01 L1 lead_activity visit count=9
    """)
    score = DEFAULT_RULES.score(lead_features(events, as_of=NOW)["L1"])

    # fit 2 * 10 + 4 * 10 = 60, capped at 50; engagement 10 + 5 + 3 * 2
    assert 71 == score.score
    assert -10 == next(one.points for one in score.reasons if one.name == "cap of fit")


def test_a_bare_lead_scores_0_by_the_default_rules() -> None:
    assert 0 == DEFAULT_RULES.score(BARE).score


def test_json_names_its_rules_and_states_spans_in_words() -> None:
    table = json.loads(DEFAULT_RULES.to_json())

    assert {
        "kind": "happened",
        "behaviour": "activity",
        "points": 2,
        "half_life": "30 days",
        "most": 3,
        "per": "1 days",
        "within": None,
    } == table["groups"][1]["rules"][3]
    assert DEFAULT_RULES == RuleModel.from_json(json.dumps(table))


def test_what_has_a_default_may_be_left_out() -> None:
    text = """{"name": "m", "groups": [{"name": "g", "rules": [
        {"kind": "happened", "behaviour": "activity.demo", "points": 1}
    ]}]}"""

    assert 100 == RuleModel.from_json(text).groups[0].rules[0].most  # type: ignore[attr-defined]


def test_every_fault_of_a_bad_text_is_told_with_its_path() -> None:
    text = """{"name": "m", "groups": [{"name": "g", "most": "x", "rules": [
        {"kind": "hapened", "behaviour": "activity.demo", "points": 1},
        {"kind": "happened", "behaviour": "lead_progresed", "points": 1, "half_life": 30},
        {"kind": "happened", "behaviour": "lead_progressed", "points": 1, "most": 2.5},
        {"kind": "equals", "name": "industry", "value": 3, "points": 2000}
    ]}]}"""
    with pytest.raises(BadInputError) as caught:
        RuleModel.from_json(text)

    rules = "$.groups[0].rules"
    assert {
        "$.groups[0].most": "must be a number",
        f"{rules}[0].kind": "did you mean 'happened'? offered are equals, one_of, at_least, "
        "at_most, missing, happened",
        f"{rules}[1].half_life": "must be a span of time such as '90 days' or '12 hours'",
        f"{rules}[2].most": "must be a whole number",
        f"{rules}[3].value": "must be a text",
        f"{rules}[3].points": "must be at least -1000 and at most 1000",
    } == {one.path: one.reason for one in caught.value.faults if not one.path.endswith("behaviour")}
    assert any("lead_progressed" in one.reason for one in caught.value.faults)


def test_equal_models_have_one_fingerprint_and_every_change_another() -> None:
    assert DEFAULT_RULES.fingerprint == RuleModel.from_json(DEFAULT_RULES.to_json()).fingerprint
    fit, engagement = DEFAULT_RULES.groups
    others = [
        evolve(DEFAULT_RULES, name="x"),
        evolve(DEFAULT_RULES, groups=[fit]),
        evolve(DEFAULT_RULES, groups=[evolve(fit, most=49), engagement]),
        evolve(DEFAULT_RULES, groups=[evolve(fit, rules=fit.rules[1:]), engagement]),
    ]
    assert 5 == len({one.fingerprint for one in (*others, DEFAULT_RULES)})


def test_a_group_without_rules_is_refused_wherever_it_comes_from() -> None:
    with pytest.raises(OptionError, match=r"rules=\(\): needs a rule, such as Equals\(...\)"):
        RuleGroup(name="g", rules=[], least=5)
    with pytest.raises(BadInputError) as caught:
        RuleModel.from_json('{"name": "m", "groups": [{"name": "g", "rules": []}]}')

    assert [("$.groups[0].rules", "needs a rule, such as Equals(...)")] == [
        (one.path, one.reason) for one in caught.value.faults
    ]


def test_models_that_make_no_sense_are_refused() -> None:
    with pytest.raises(OptionError, match="groups='g': names two groups"):
        RuleModel(name="m", groups=[RuleGroup(name="g", rules=[Weekend(1)])] * 2)
    with pytest.raises(OptionError, match=r"groups=\(\): needs a group of rules"):
        RuleModel(name="m", groups=[])
    with pytest.raises(OptionError, match="least=3: must be at most the most, 2"):
        RuleGroup(name="g", rules=[Weekend(1)], least=3, most=2)
    with pytest.raises(OptionError, match="most=1001"):
        RuleGroup(name="g", rules=[Weekend(1)], most=1001)
    with pytest.raises(OptionError, match=r"groups=.*: is a single one"):
        RuleModel(name="m", groups=DEFAULT_RULES.groups[0])  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"rules=.*: is a single one"):
        RuleGroup(name="g", rules=Weekend(1))  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="is no RuleGroup; put rules into groups"):
        RuleModel(name="m", groups=[Weekend(1)])  # type: ignore[list-item]
    for wrong in (Equals, "equals"):
        with pytest.raises(OptionError, match="is no rule; pass objects"):
            RuleGroup(name="g", rules=[wrong])  # type: ignore[list-item]


@pytest.mark.parametrize(("what", "shown"), [("L1", "L1"), (None, "NoneType"), ({}, "dict")])
def test_what_is_no_features_is_refused(what: Any, shown: str) -> None:
    with pytest.raises(
        OptionError, match=f"lead='{shown}': is no LeadFeatures; lead_features reads"
    ):
        DEFAULT_RULES.score(what)
