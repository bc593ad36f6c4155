"""Budgets split by hand."""

from __future__ import annotations

from fractions import Fraction

from partnerleads.incentives import allocate
from partnerleads.testing import money


def test_a_budget_is_split_by_score_to_the_cent() -> None:
    # 100 x 1/3 = 33.33 each, and a cent is left for the first of three equals
    split = allocate(money("100 EUR"), {"core": 50.0, "acme": 50.0, "beta": 50.0})

    assert {
        "acme": money("33.34 EUR"),
        "beta": money("33.33 EUR"),
        "core": money("33.33 EUR"),
    } == split.amounts


def test_cents_left_over_go_to_the_largest_remainders() -> None:
    # of 1.00: 47.62, 33.33 and 19.05 cents, so the remainders are .62, .33 and .05
    split = allocate(money("1 EUR"), {"acme": 50, "beta": 35, "core": 20})

    assert [money("0.48 EUR"), money("0.33 EUR"), money("0.19 EUR")] == [*split.amounts.values()]


def test_a_yen_is_not_split() -> None:
    split = allocate(money("10 JPY"), {"acme": 1, "beta": 1, "core": 1})

    assert [money("4 JPY"), money("3 JPY"), money("3 JPY")] == [*split.amounts.values()]


def test_what_a_cap_holds_back_goes_to_the_others_by_their_weights() -> None:
    # 10 000 by 6 : 3 : 1 is 6 000, 3 000, 1 000; capped at 4 000 leaves 6 000 for 3 : 1
    split = allocate(
        money("10000 EUR"), {"acme": 6, "beta": 3, "core": 1}, caps={"acme": money("4000 EUR")}
    )

    assert [money("4000 EUR"), money("4500 EUR"), money("1500 EUR")] == [*split.amounts.values()]
    assert ["cap", "", ""] == [one.bound_by for one in split.values()]


def test_a_cap_that_is_reached_only_after_another_one_holds_too() -> None:
    # 10 000 by 5 : 3 : 1 : 1, caps of 3 000: first acme is held, then beta gets 4 200 and is held;
    # 4 000 are left for two equals
    split = allocate(
        money("10000 EUR"),
        {"acme": 5, "beta": 3, "core": 1, "dart": 1},
        caps=money("3000 EUR"),
    )

    assert [money("3000 EUR")] * 2 + [money("2000 EUR")] * 2 == [*split.amounts.values()]


def test_floors_are_paid_out_of_what_the_others_would_have() -> None:
    # the floor of 2 000 takes core out; 8 000 are split 3 : 1
    split = allocate(
        money("10000 EUR"), {"acme": 60, "beta": 20, "core": 1}, floors=money("2000 EUR")
    )

    assert [money("6000 EUR"), money("2000 EUR"), money("2000 EUR")] == [*split.amounts.values()]


def test_a_budget_is_split_by_tier() -> None:
    split = allocate(
        money("9000 EUR"),
        {"acme": "gold", "beta": "silver", "core": None},
        by="tier",
        tier_weights={"gold": 2, "silver": Fraction(1)},
    )

    assert [money("6000 EUR"), money("3000 EUR"), money("0 EUR")] == [*split.amounts.values()]
    assert ["no tier stated, so weight 0: core"] == [str(one) for one in split.warnings]


def test_a_budget_is_split_by_value_of_which_losses_count_nothing() -> None:
    values = {"acme": money("7500 USD"), "beta": money("2500 USD"), "core": money("-100 USD")}

    split = allocate(money("1000 EUR"), values, by="value")

    assert [money("750 EUR"), money("250 EUR"), money("0 EUR")] == [*split.amounts.values()]
    assert ["value below 0, so weight 0: core"] == [str(one) for one in split.warnings]
