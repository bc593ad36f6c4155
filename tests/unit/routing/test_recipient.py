"""Recipients: one shape, exact weights, and houses that are asked as one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from partnerleads import fold, testing
from partnerleads.errors import OptionError
from partnerleads.model import Partner
from partnerleads.routing import Recipient, recipient_of, recipients_of
from partnerleads.testing import at


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), True])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(OptionError, match="at least 0"):
        Recipient(recipient_id="acme", weight=weight)


@pytest.mark.parametrize("capacity", [-1, 1.5, True])
def test_a_capacity_that_is_none_is_refused(capacity: Any) -> None:
    with pytest.raises(OptionError, match="whole number of leads"):
        Recipient(recipient_id="acme", capacity=capacity)


def test_numbers_and_truth_values_of_arrays_are_plain_ones() -> None:
    made = Recipient(recipient_id="acme", capacity=np.int64(3), active=np.bool_(0))  # type: ignore[arg-type]

    assert Recipient(recipient_id="acme", capacity=3, active=False) == made
    assert (int, bool) == (type(made.capacity), type(made.active))
    with pytest.raises(OptionError, match="pass True or False"):
        Recipient(recipient_id="acme", active=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["territories", "expertise", "affiliates"])
def test_one_name_is_no_list_of_names(name: str) -> None:
    for given in ("DE", 7):
        some: Any = {name: given}
        with pytest.raises(OptionError, match=rf"^{name}='?{given}'?: .*such as \['{given}'\]$"):
            Recipient(recipient_id="acme", **some)
    numbers: Any = {name: [7]}
    with pytest.raises(OptionError, match=f"^{name}=7: must be text; write '7'"):
        Recipient(recipient_id="acme", **numbers)


def test_names_may_be_none_or_of_any_kind_of_list() -> None:
    names: Any = iter(["DE", "FR"])
    nothing: Any = None

    assert {"DE", "FR"} == Recipient(recipient_id="acme", territories=names).territories
    assert frozenset() == Recipient(recipient_id="acme", territories=nothing).territories


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_id_names_nobody(name: str) -> None:
    with pytest.raises(OptionError, match=r"^recipient_id='.*': must name somebody"):
        Recipient(recipient_id=name)
    with pytest.raises(OptionError, match=r"^parent='.*': must name somebody"):
        Recipient(recipient_id="acme", parent=name)


def test_a_partner_becomes_a_recipient_with_all_that_its_events_say() -> None:
    log = testing.history("""
        2026-01-02 acme onboarded regions=DE,FR expertise=steel tier=gold capacity=3 weight=0.1
        2026-01-03 acme partner_updated working_hours.mon-fri=09:00-17:00 time_zone=Europe/Berlin
        2026-01-03 acme partner_updated parent=holding
    """)
    partner = fold(log, as_of=at("2026-02-01")).partners["acme"]

    made = recipient_of(partner)

    assert {"DE", "FR"} == made.territories
    assert {"steel"} == made.expertise
    assert ("gold", 3, Fraction(1, 10), "holding") == (
        made.tier,
        made.capacity,
        made.weight,
        made.parent,
    )
    assert made.active
    assert made.hours is not None
    assert "Europe/Berlin" == str(made.hours.tz)


def test_a_partner_that_states_nothing_serves_nothing_and_has_the_weight_one() -> None:
    made = recipient_of(Partner(partner_id="acme"))

    assert Recipient(recipient_id="acme", active=False) == made


def test_working_hours_without_a_zone_are_in_utc() -> None:
    hours: Any = {"mon": "09:00-17:00"}

    made = recipient_of(Partner(partner_id="acme", working_hours=hours))

    assert made.hours is not None
    assert "UTC" == str(made.hours.tz)


def test_all_below_one_firm_are_affiliates_however_far_down() -> None:
    partners = [
        Partner(partner_id="acme", parent="holding"),
        Partner(partner_id="beta", parent="holding"),
        Partner(partner_id="corp"),
    ]
    agent = Recipient(recipient_id="ann", parent="acme")

    made = {one.recipient_id: one for one in recipients_of(partners, others=[agent])}

    assert ["acme", "ann", "beta", "corp"] == [*made]
    assert {"ann", "acme", "beta"} == made["ann"].house
    assert {"acme", "ann", "beta", "holding"} == made["acme"].house
    assert {"corp"} == made["corp"].house


def test_parents_in_a_circle_are_one_house() -> None:
    ring = [
        Partner(partner_id="a", parent="b"),
        Partner(partner_id="b", parent="a"),
        Partner(partner_id="c", parent="b"),
    ]

    assert [{"a", "b", "c"}] * 3 == [one.house for one in recipients_of(ring)]


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(OptionError, match="names two recipients"):
        recipients_of([Partner(partner_id="a")], others=[Recipient(recipient_id="a")])


def test_an_agent_acts_for_its_partner_and_itself() -> None:
    agent = Recipient(recipient_id="ann", parent="acme")

    assert [True, True, False] == [agent.acts_for(name) for name in ("ann", "acme", "beta")]


def test_names_that_are_no_text_are_refused_with_the_text_to_write() -> None:
    with pytest.raises(OptionError, match="recipient_id=7: must be text; write '7'"):
        Recipient(recipient_id=7)  # type: ignore[arg-type] # as ids of a database are
    with pytest.raises(OptionError, match="tier=1: must be text"):
        Recipient(recipient_id="acme", tier=1)  # type: ignore[arg-type] # as above


def test_a_weight_in_words_is_refused() -> None:
    with pytest.raises(OptionError, match="weight='2': must be a finite number of at least 0"):
        Recipient(recipient_id="acme", weight="2")  # type: ignore[arg-type] # from a CSV cell


def test_a_weight_may_be_a_decimal() -> None:
    exact: Any = Decimal("0.1")

    assert Fraction(1, 10) == Recipient(recipient_id="acme", weight=exact).weight


@pytest.mark.parametrize("weight", [np.float64(0.1), np.float32(0.1)])
def test_a_weight_of_a_data_frame_is_taken_as_it_is_written(weight: Any) -> None:
    assert Fraction(1, 10) == Recipient(recipient_id="acme", weight=weight).weight


def test_a_weight_of_an_array_does_not_overflow() -> None:
    weight: Any = np.int64(2**62)

    assert 2**64 == 4 * Recipient(recipient_id="acme", weight=weight).weight


@pytest.mark.parametrize("weight", [10**400, Decimal("sNaN")])
def test_a_weight_beyond_all_numbers_is_refused(weight: Any) -> None:
    with pytest.raises(OptionError, match="must be a finite number of at least 0"):
        Recipient(recipient_id="acme", weight=weight)
