"""Points for what a lead is."""

from __future__ import annotations

import pytest
from attrs import evolve

from partnerleads.errors import OptionError
from partnerleads.scoring import AtLeast, AtMost, Equals, LeadFeatures, Missing, OneOf, Reason, Rule
from partnerleads.testing import at

LEAD = LeadFeatures(
    lead_id="L1",
    captured_at=at("2026-01-01"),
    as_of=at("2026-02-01"),
    values={"industry": "steel", "attributes.seats": "many", "attributes.budget": "5e3"},
    numbers={"company_size": 100, "expected_value.EUR": 0.5},
)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (Equals(name="industry", value="steel", points=3), "steel"),
        (OneOf(name="industry", values=["retail", "steel"], points=3), "steel"),
        (AtLeast(name="company_size", least=100, points=3), "100"),
        (AtMost(name="company_size", most=100, points=3), "100"),
        (AtMost(name="expected_value.EUR", most=1, points=3), "0.5"),
        (AtLeast(name="attributes.budget", least=5000, points=3), "5000"),
        (Missing(name="country", points=3), None),
        (Missing(name="expected_value.USD", points=3), None),
    ],
)
def test_a_rule_that_matches_tells_what_it_saw(rule: Rule, value: str | None) -> None:
    name = getattr(rule, "name", "")

    assert Reason(name=name, value=value, points=3) == rule.reason(LEAD)


@pytest.mark.parametrize(
    "rule",
    [
        Equals(name="industry", value="Steel", points=3),
        Equals(name="country", value="DE", points=3),
        OneOf(name="industry", values=["retail"], points=3),
        OneOf(name="country", values=["DE"], points=3),
        AtLeast(name="company_size", least=100.5, points=3),
        AtMost(name="company_size", most=99.5, points=3),
        AtLeast(name="stated_probability", least=0, points=3),
        AtMost(name="stated_probability", most=1, points=3),
        AtLeast(name="attributes.seats", least=1, points=3),
        Missing(name="industry", points=3),
        Missing(name="company_size", points=3),
    ],
)
def test_a_rule_that_does_not_match_gives_nothing(rule: Rule) -> None:
    assert rule.reason(LEAD) is None


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        (Equals, "industri", r"name='industri': did you mean 'industry'\?"),
        (Equals, "company_size", "name='company_size': is a number; texts are 'region'"),
        (Equals, "expected_value.EUR", "offered are"),
        (AtLeast, "industry", "name='industry': is a text; numbers are 'company_size'"),
        (AtMost, "criteria.need", "offered are"),
        (Missing, "Country", "did you mean 'country'"),
        (Missing, None, "name=None: "),
        (Equals, ["industry"], "offered are"),
    ],
)
def test_a_name_that_can_never_match_is_refused(kind: type, name: object, message: str) -> None:
    options = {
        Equals: {"value": "x"},
        AtLeast: {"least": 1},
        AtMost: {"most": 1},
    }

    with pytest.raises(OptionError, match=message):
        kind(name=name, points=1, **options.get(kind, {}))


@pytest.mark.parametrize("points", [1000.5, -1001, float("nan"), None])
def test_points_have_a_range(points: float) -> None:
    with pytest.raises(OptionError, match="points="):
        Equals(name="industry", value="steel", points=points)


def test_options_that_make_no_sense_are_refused() -> None:
    with pytest.raises(OptionError, match="values='steel': is one text"):
        OneOf(name="industry", values="steel", points=1)
    with pytest.raises(OptionError, match=r"values=.*: names none; pass at least one text"):
        OneOf(name="industry", values=[], points=1)
    for wrong in (3, None):
        with pytest.raises(OptionError, match=f"value={wrong}: must be a text"):
            Equals(name="industry", value=wrong, points=1)  # type: ignore[arg-type]
        with pytest.raises(OptionError, match=f"values={wrong}: must be a text"):
            OneOf(name="industry", values=["steel", wrong], points=1)  # type: ignore[list-item]
    with pytest.raises(OptionError, match="least=inf"):
        AtLeast(name="company_size", least=float("inf"), points=1)
    with pytest.raises(OptionError, match="most=nan"):
        AtMost(name="company_size", most=float("nan"), points=1)


def test_a_text_with_an_underscore_is_no_number() -> None:
    rule = AtLeast(name="attributes.staff", least=50, points=10)

    assert rule.reason(evolve(LEAD, values={"attributes.staff": "10_20"})) is None
