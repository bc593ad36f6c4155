"""What is known of one lead."""

from __future__ import annotations

import pickle
from datetime import datetime

import pytest

from partnerleads.errors import NaiveInstantError, OptionError
from partnerleads.scoring import Behaviour, LeadFeatures
from partnerleads.testing import at

NOW = at("2026-02-01")


def lead(**changed: object) -> LeadFeatures:
    return LeadFeatures(
        **{"lead_id": "L1", "captured_at": at("2026-01-01"), "as_of": NOW, **changed}
    )


def test_behaviours_stand_in_order_however_they_come() -> None:
    late = Behaviour(kind="contact_made", occurred_at=at("2026-01-09"))
    early = Behaviour(kind="lead_progressed", occurred_at=at("2026-01-02"))

    assert (early, late) == lead(behaviours=[late, early]).behaviours


def test_names_stand_in_alphabetical_order() -> None:
    found = lead(values={"region": "DACH", "country": "DE"}, numbers={"b": 2, "a": 1})

    assert ["country", "region"] == [*found.values]
    assert ["a", "b"] == [*found.numbers]


def test_numbers_are_floats_without_a_signed_zero() -> None:
    found = lead(numbers={"company_size": -0.0, "expected_value.EUR": 3})

    assert "0.0 3.0" == " ".join(map(str, found.numbers.values()))


def test_features_hash_and_pickle() -> None:
    found = lead(
        values={"country": "DE"}, behaviours=[Behaviour(kind="contact_made", occurred_at=NOW)]
    )

    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert (found, hash(found)) == (again, hash(again))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "3", True, None])
def test_what_is_no_finite_number_is_refused(number: object) -> None:
    with pytest.raises(OptionError, match=r"numbers.company_size.* must be a finite number"):
        lead(numbers={"company_size": number})


def test_a_value_that_is_no_text_is_refused() -> None:
    with pytest.raises(OptionError, match=r"values.seats=3: must be a text"):
        lead(values={"seats": 3})


def test_what_is_no_behaviour_is_refused() -> None:
    with pytest.raises(OptionError, match="behaviours='contact_made': is no Behaviour"):
        lead(behaviours=["contact_made"])


def test_nothing_is_known_of_later() -> None:
    later = Behaviour(kind="contact_made", occurred_at=at("2026-02-02"))

    with pytest.raises(OptionError, match=r"contact_made at 2026-02-02.* later than the moment"):
        lead(behaviours=[later])
    with pytest.raises(OptionError, match=r"captured_at.* later than the moment"):
        lead(captured_at=at("2026-02-02"))


@pytest.mark.parametrize("count", [0, -1, 1.0, True, 10**9 + 1])
def test_a_count_is_a_whole_number_from_1(count: object) -> None:
    with pytest.raises(OptionError, match="must be a whole number, at least 1"):
        Behaviour(kind="contact_made", occurred_at=NOW, count=count)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["as_of", "captured_at"])
def test_an_instant_without_an_offset_is_refused_by_name(name: str) -> None:
    with pytest.raises(NaiveInstantError, match=name):
        lead(**{name: datetime(2026, 1, 1)})  # noqa: DTZ001 - that is the point


def test_features_print_what_is_known_and_give_rows() -> None:
    progressed = [
        Behaviour(kind="lead_progressed", occurred_at=at("2026-01-02"), count=2),
        Behaviour(kind="contact_made", occurred_at=at("2026-01-03")),
        Behaviour(kind="lead_progressed", occurred_at=at("2026-01-09")),
    ]
    found = lead(
        values={"industry": "<steel>\nworks"},
        numbers={"company_size": 80},
        behaviours=progressed,
        segment="DACH",
    )

    moments = "captured 2026-01-01 00:00 UTC, as of 2026-02-01 00:00 UTC"
    expected = rf"""features of L1 ({moments}, segment DACH)
  industry         <steel>\nworks
  company_size     80
  lead_progressed  3 times, last 2026-01-09 00:00 UTC
  contact_made     once, last 2026-01-03 00:00 UTC"""
    assert expected == str(found)
    assert repr(found).startswith("LeadFeatures(lead_id='L1', as_of=")
    assert "<td>company_size</td><td>80</td>" in found._repr_html_()
    assert "&lt;steel&gt;" in found._repr_html_()
    assert [
        ("industry", "<steel>\nworks", None, None, None),
        ("company_size", None, 80.0, None, None),
        ("lead_progressed", None, None, at("2026-01-02"), 2),
        ("contact_made", None, None, at("2026-01-03"), 1),
        ("lead_progressed", None, None, at("2026-01-09"), 1),
    ] == [
        (row["feature"], row["text"], row["number"], row["occurred_at"], row["count"])
        for row in found.to_dicts()
    ]
    assert {("L1", "DACH", NOW)} == {
        (row["lead_id"], row["segment"], row["as_of"]) for row in found.to_dicts()
    }


def test_features_of_which_nothing_is_known_print_their_head_alone() -> None:
    assert "features of L1 (captured 2026-01-01 00:00 UTC, as of 2026-02-01 00:00 UTC)" == str(
        lead()
    )
    assert [] == lead().to_dicts()
