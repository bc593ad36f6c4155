"""Signs that a criterion is met."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partnerleads.errors import OptionError
from partnerleads.scoring import Behaviour, Done, LeadFeatures, Stated
from partnerleads.testing import at

LEAD = LeadFeatures(
    lead_id="L1",
    captured_at=at("2026-01-01"),
    as_of=at("2026-01-31"),
    values={"attributes.role": "cfo", "attributes.budget": "25000"},
    numbers={"company_size": 100, "expected_value.EUR": 0.5},
    behaviours=[
        Behaviour(kind="contact_made", occurred_at=at("2026-01-01")),
        Behaviour(kind="activity.demo", occurred_at=at("2026-01-21"), count=2),
        Behaviour(kind="activity.visit", occurred_at=at("2026-01-31")),
    ],
)


@pytest.mark.parametrize(
    ("sign", "met", "text"),
    [
        (Stated(name="attributes.role"), True, "cfo"),
        (Stated(name="attributes.role", values=["cfo", "ceo"]), True, "cfo"),
        (Stated(name="attributes.role", values=["ceo"]), False, "cfo"),
        (Stated(name="company_size"), True, "100"),
        (Stated(name="company_size", least=100), True, "100"),
        (Stated(name="company_size", least=101), False, "100"),
        (Stated(name="company_size", most=100), True, "100"),
        (Stated(name="company_size", most=99), False, "100"),
        (Stated(name="company_size", least=0, most=99), False, "100"),
        (Stated(name="attributes.budget", least=20_000), True, "25000"),
        (Stated(name="expected_value.EUR", least=0), True, "0.5"),
        (Done(behaviour="contact_made"), True, "once"),
        (Done(behaviour="contact_made", times=2), False, "once"),
        (Done(behaviour="contact_made", within=timedelta(days=29)), False, "0 times"),
        (Done(behaviour="contact_made", within=timedelta(days=30)), True, "once"),
        (Done(behaviour="activity", times=3), True, "3 times"),
        (Done(behaviour="activity.demo", times=3), False, "2 times"),
        (Done(behaviour="lead_progressed"), False, "0 times"),
    ],
)
def test_a_sign_tells_what_it_saw(sign: Stated | Done, met: bool, text: str) -> None:  # noqa: FBT001 - a table
    assert (met, text) == sign.seen(LEAD)


@pytest.mark.parametrize(
    "sign",
    [
        Stated(name="industry"),
        Stated(name="industry", values=["steel"]),
        Stated(name="expected_value.USD", least=0),
        Stated(name="stated_probability"),
        Stated(name="attributes.role", least=5),  # a text that is no number
    ],
)
def test_what_is_not_stated_is_not_known(sign: Stated) -> None:
    assert sign.seen(LEAD) is None


def test_an_attribute_that_was_read_as_a_number_meets_its_text() -> None:
    lead = LeadFeatures(
        lead_id="L1",
        captured_at=LEAD.captured_at,
        as_of=LEAD.as_of,
        numbers={"attributes.seats": 5},
    )

    assert (True, "5") == Stated(name="attributes.seats", values=["5"]).seen(lead)
    assert (False, "5") == Stated(name="attributes.seats", values=["50"]).seen(lead)
    assert (True, "5") == Stated(name="attributes.seats").seen(lead)


@pytest.mark.parametrize(
    ("cls", "options", "reason"),
    [
        (Stated, {"name": "industri"}, "did you mean 'industry'"),
        (Stated, {"name": "industry", "least": 5}, "is a text; numbers are"),
        (Stated, {"name": "company_size", "values": ["5"]}, "is a number; texts are"),
        (Stated, {"name": "attributes.a", "values": ["5"], "least": 5}, "leave them out"),
        (Stated, {"name": "attributes.a", "values": "yes"}, "is one text"),
        (Stated, {"name": "attributes.a", "values": [5]}, "must be a text"),
        (Stated, {"name": "company_size", "least": 5, "most": 4}, "at most the most, 4"),
        (Stated, {"name": "company_size", "least": "5"}, "least='5'"),
        (Stated, {"name": "company_size", "most": float("nan")}, "most=nan"),
        (Done, {"behaviour": "lead_won"}, "offered are"),
        (Done, {"behaviour": "activity", "times": 0}, "at least 1"),
        (Done, {"behaviour": "activity", "times": 1.0}, "at least 1"),
        (Done, {"behaviour": "activity", "within": 3}, "within=3"),
    ],
)
def test_slips_are_refused(cls: Any, options: dict[str, object], reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        cls(**options)
