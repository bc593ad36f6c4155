"""What is read of leads, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerleads.errors import AsOfError, OptionError
from partnerleads.lifecycle import fold
from partnerleads.scoring import NAMES, features_of, lead_features, training_examples
from partnerleads.testing import at, history

NOW = at("2026-03-01")

RICH = history("""
    2026-01-02 L1 captured by acme 10000 EUR source=crm account=steelworks region=DACH country=DE \
deal_type=new industry=steel company_size=120 attributes.role=buyer attributes.budget=5000
    2026-01-03 L1 registered by acme
    2026-01-04 L1 contact by own_team
    2026-01-05 L1 offered to acme
    2026-01-06 L1 accepted by acme
    2026-01-07 L1 lead_activity demo count=3
    2026-01-08 L1 qualified criteria=need,budget
    2026-01-09 L1 progressed proposal probability=0.4 expected_value="12000.5 EUR"
    2026-01-10 L1 progressed probability=0.5 expected_close_at=2026-02-27T12:00Z
    2026-01-11 L1 lead_updated country=AT attributes.role=owner
    2026-01-12 L1 routed acme eligible=acme
""")


def test_everything_that_is_known_is_read() -> None:
    lead = lead_features(RICH, as_of=NOW)["L1"]

    assert {
        "attributes.budget": "5000",
        "attributes.role": "owner",
        "country": "AT",
        "criteria.budget": "met",
        "criteria.need": "met",
        "deal_type": "new",
        "holder": "acme",
        "industry": "steel",
        "originator": "acme",
        "region": "DACH",
        "source": "crm",
        "stage": "proposal",
    } == lead.values
    assert {
        "company_size": 120.0,
        "days_to_expected_close": -1.5,  # 1 March is a day and a half later
        "expected_value.EUR": 12000.5,
        "stated_probability": 0.5,
    } == lead.numbers
    assert [
        ("deal_registered", 1),
        ("contact_made", 1),
        ("lead_offered", 1),
        ("lead_accepted", 1),
        ("activity.demo", 3),
        ("lead_qualified", 1),
        ("lead_progressed", 1),
        ("lead_progressed", 1),
    ] == [(one.kind, one.count) for one in lead.behaviours]
    assert (at("2026-01-02"), NOW) == (lead.captured_at, lead.as_of)


def test_every_documented_name_is_one_that_is_read() -> None:
    lead = lead_features(RICH, as_of=NOW, keys=[*NAMES])["L1"]

    assert {*NAMES} == {*lead.values, *lead.numbers}


def test_an_earlier_moment_sees_what_was_in_force_then() -> None:
    lead = lead_features(RICH, as_of=at("2026-01-04"))["L1"]

    assert "DE" == lead.values["country"]
    assert "buyer" == lead.values["attributes.role"]
    assert "stage" not in lead.values
    assert {"company_size": 120.0, "expected_value.EUR": 10000.0} == lead.numbers
    assert ["deal_registered", "contact_made"] == [one.kind for one in lead.behaviours]


def test_a_later_qualification_replaces_the_criteria_and_an_empty_one_states_none() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-03 L1 qualified criteria=need,budget
        2026-01-04 L1 qualified criteria=authority
        2026-01-05 L1 qualified reason="as before"
    """)

    assert {"criteria.authority": "met"} == lead_features(events, as_of=NOW)["L1"].values


def test_only_named_features_are_read() -> None:
    lead = lead_features(RICH, as_of=NOW, keys=["account", "attributes.role", "company_size"])["L1"]

    assert {"account": "steelworks", "attributes.role": "owner"} == lead.values
    assert {"company_size": 120.0} == lead.numbers


def test_attributes_can_be_numbers_and_a_text_that_is_none_stays_a_text() -> None:
    numeric = ["attributes.budget", "attributes.role", "attributes.unknown"]
    lead = lead_features(RICH, as_of=NOW, numeric=numeric)["L1"]

    assert 5000.0 == lead.numbers["attributes.budget"]
    assert "attributes.budget" not in lead.values
    assert "owner" == lead.values["attributes.role"]


@pytest.mark.parametrize("text", ["nan", "inf", "1e999"])
def test_a_text_that_is_no_finite_number_is_no_number(text: str) -> None:
    events = history(f"2026-01-02 L1 captured attributes.budget={text}")
    lead = lead_features(events, as_of=NOW, numeric=["attributes.budget"])["L1"]

    assert {"attributes.budget": text} == lead.values
    assert {} == lead.numbers


def test_the_segment_is_the_value_of_a_feature_also_of_one_that_is_not_read() -> None:
    read = {
        name: lead_features(RICH, as_of=NOW, keys=["industry"], segment_by=name)["L1"].segment
        for name in ("region", "account", "attributes.absent")
    }

    assert {"region": "DACH", "account": "steelworks", "attributes.absent": None} == read


LEAK = history("""
    2026-01-02 L1 captured industry=steel
    2026-01-20 L1 progressed proposal
    2026-02-01 L1 lead_updated attributes.contract=C17
    2026-02-01 L1 won 9000 EUR
    2026-02-02 L1 lead_updated attributes.invoice=I17
""")


def test_a_closed_lead_is_read_before_its_outcome() -> None:
    lead = lead_features(LEAK, as_of=NOW)["L1"]

    assert {"industry": "steel", "stage": "proposal"} == lead.values
    assert at("2026-02-01") - timedelta(microseconds=1) == lead.as_of


def test_one_that_was_won_reopened_and_lost_is_read_before_it_was_won() -> None:
    events = (
        *LEAK,
        *history("""
            2026-02-10 L1 reopened id=r1
            2026-02-20 L1 lost id=r2
        """),
    )

    assert {"industry", "stage"} == {*lead_features(events, as_of=NOW)["L1"].values}


def test_one_that_was_reopened_and_is_open_is_read_as_of_the_moment() -> None:
    events = (*LEAK, *history("2026-02-10 L1 reopened id=r1"))
    lead = lead_features(events, as_of=NOW)["L1"]

    assert {"attributes.contract", "attributes.invoice"} < {*lead.values}
    assert NOW == lead.as_of


def test_one_that_closed_as_it_was_captured_has_no_features() -> None:
    events = history("""
        2026-01-02 L1 captured
        2026-01-02 L1 lost
        2026-01-02 L2 captured
    """)

    assert ["L2"] == [*lead_features(events, as_of=NOW)]


def test_what_is_dated_back_is_known_when_it_was_recorded() -> None:
    events = history("""
        2026-01-02 L1 captured industry=steel
        2026-01-02 L1 lead_updated attributes.contract=C17 recorded=2026-02-03
        2026-02-01 L1 won 9000 EUR
    """)
    strict, trusting = (
        lead_features(events, as_of=NOW, as_recorded=as_recorded)["L1"].values
        for as_recorded in (True, False)
    )

    assert {"industry": "steel"} == strict
    assert {"industry": "steel", "attributes.contract": "C17"} == trusting


def test_a_version_that_was_revised_later_is_known_as_it_was() -> None:
    events = history("""
        2026-01-02 L1 captured id=a source=crm industry=steal
        2026-01-02 L1 captured id=a source=crm industry=steel recorded=2026-01-20
        2026-01-10 L1 lost
    """)

    assert "steal" == lead_features(events, as_of=NOW)["L1"].values["industry"]
    # lifecycles keep the last version alone
    lives = fold(events, as_of=NOW)
    assert "steel" == lead_features(lives)["L1"].values["industry"]
    assert ["from_lifecycles"] == [one.code for one in training_examples(lives).warnings]
    assert () == training_examples(events, as_of=NOW).warnings


def test_a_version_that_named_another_lead_is_remembered_there() -> None:
    events = history("""
        2026-01-02 L1 captured id=a source=crm industry=steel
        2026-01-02 L2 captured id=a source=crm industry=steel recorded=2026-01-20
        2026-01-03 L1 captured id=b source=crm industry=retail
        2026-01-10 L1 lost id=c source=crm
    """)
    leads = lead_features(events, as_of=NOW)

    assert "steel" == leads["L1"].values["industry"]
    assert "steel" == leads["L2"].values["industry"]


def test_what_was_taken_back_by_then_is_not_known() -> None:
    events = history("""
        2026-01-02 L1 captured id=a source=crm
        2026-01-03 L1 lead_updated id=b source=crm industry=steel
        2026-01-05 b retracted id=c source=crm
        2026-01-10 L1 lost id=d source=crm
    """)

    assert {"source": "crm"} == lead_features(events, as_of=NOW)["L1"].values


TAKEN_BACK = history("""
    2026-01-01 L1 captured id=a source=crm industry=steel
    2026-01-05 L1 won id=b source=crm
    2026-01-06 L1 lead_updated id=c source=crm attributes.contract=C17
    2026-02-01 b retracted id=d source=crm
    2026-02-10 L1 lost id=e source=crm
""")


def test_what_came_with_an_outcome_that_was_taken_back_since_is_not_seen() -> None:
    lead = lead_features(TAKEN_BACK[:3] + TAKEN_BACK[4:], as_of=NOW)["L1"]
    assert {"industry", "source"} == {*lead.values}

    then = lead_features(TAKEN_BACK, as_of=NOW)["L1"]
    assert at("2026-02-10") - timedelta(microseconds=1) == then.as_of


def test_lifecycles_give_what_events_give() -> None:
    more = """
        2026-01-01 acme onboarded id=w
        2026-01-05 L2 captured id=x
        2026-01-07 L2 lost id=y
    """
    events = (*RICH, *history(more))
    lives = fold(events, as_of=NOW)

    assert lead_features(events, as_of=NOW) == lead_features(lives)
    assert lead_features(lives) == lead_features(lives, as_of=NOW)
    assert lead_features(iter(events), as_of=NOW) == lead_features(lives)


def test_a_single_lead_is_read_as_it_was_folded() -> None:
    lives = fold(LEAK, as_of=NOW)

    assert {"attributes.contract", "attributes.invoice"} < {*features_of(lives["L1"]).values}
    with pytest.raises(OptionError, match="was not captured by then"):
        features_of(fold(history("2026-01-02 L1 won"), as_of=NOW)["L1"])


def test_histories_and_moments_that_do_not_fit_are_refused() -> None:
    lives = fold(RICH, as_of=NOW)

    with pytest.raises(AsOfError, match="required"):
        lead_features(RICH)
    with pytest.raises(AsOfError, match="differs"):
        lead_features(lives, as_of=at("2026-01-01"))
    for wrong in ("events.jsonl", 3, lives.leads, [{"lead_id": "L1"}]):
        with pytest.raises(OptionError, match=r"history=.*events"):
            lead_features(wrong, as_of=NOW)  # type: ignore[arg-type]


def test_names_that_no_feature_has_are_refused() -> None:
    with pytest.raises(OptionError, match=r"keys='industri': did you mean 'industry'\?"):
        lead_features(RICH, as_of=NOW, keys=["industri"])
    with pytest.raises(OptionError, match="segment_by='company_size': is a number; texts are"):
        lead_features(RICH, as_of=NOW, segment_by="company_size")
    with pytest.raises(OptionError, match=r"segment_by='expected_value.EUR'"):
        lead_features(RICH, as_of=NOW, segment_by="expected_value.EUR")
    with pytest.raises(OptionError, match="is no attribute"):
        lead_features(RICH, as_of=NOW, numeric=["country"])
    with pytest.raises(OptionError, match="numeric=3: is no attribute"):
        lead_features(RICH, as_of=NOW, numeric=[3])  # type: ignore[list-item]
    with pytest.raises(OptionError, match="is one text"):
        lead_features(RICH, as_of=NOW, keys="industry")
    with pytest.raises(OptionError, match="is one text"):
        lead_features(RICH, as_of=NOW, numeric="attributes.budget")
